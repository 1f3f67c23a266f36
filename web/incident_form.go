package web

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
	"article41/monitor"
	"article41/record"
	"article41/symbol"
)

// draftForm is the form of a draft: its fields as text, so that what was typed is
// there again whatever was wrong with it.
type draftForm struct {
	url.Values
	Problems []problem
}

func (f *draftForm) text(name string) string { return strings.TrimSpace(f.Get(name)) }

func (f *draftForm) wrong(name, format string, args ...any) {
	f.Problems = append(f.Problems, problem{name, fmt.Sprintf(format, args...)})
}

func (f *draftForm) problem(name string) string {
	for _, p := range f.Problems {
		if p.Field == name {
			return p.Says
		}
	}
	return ""
}

// mostRows bounds the rows of one part of a form.
const mostRows = 200

// rows are the numbered rows of a part that say anything: "claim.0", "claim.3".
// What a choice or a box says by itself does not count.
func (f *draftForm) rows(part string) []string {
	var numbers []int
	for k, v := range f.Values {
		n, field, ok := strings.Cut(strings.TrimPrefix(k, part+"."), ".")
		i, err := strconv.Atoi(n)
		if !ok || err != nil || i < 0 || i >= mostRows || !strings.HasPrefix(k, part+".") || strings.TrimSpace(v[0]) == "" || slices.Contains(chosen, field[strings.LastIndexByte(field, '.')+1:]) || slices.Contains(numbers, i) {
			continue
		}
		numbers = append(numbers, i)
	}
	slices.Sort(numbers)
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = fmt.Sprintf("%s.%d", part, n)
	}
	return out
}

// tooMany says which rows are beyond what a form is read for.
func (f *draftForm) tooMany() {
	for _, k := range slices.Sorted(maps.Keys(f.Values)) {
		for _, n := range strings.Split(k, ".") {
			if i, err := strconv.Atoi(n); err == nil && i >= mostRows && strings.TrimSpace(f.Get(k)) != "" {
				f.wrong(k, "A part of a draft has at most %d rows, and this is row %d: enter what is more as another incident, and link the two", mostRows, i+1)
			}
		}
	}
}

// chosen are fields that hold a value without anybody having typed it.
var chosen = []string{"hedge", "sure", "role", "level", "kind", "counts", "sort", "id", "was"}

func (f *draftForm) count(name string) *int {
	t := f.text(name)
	if t == "" {
		return nil
	}
	n, err := strconv.Atoi(t)
	if err != nil || n < 0 || n > 100_000_000 {
		f.wrong(name, "%q is no count: a whole number, or nothing where the speaker gives none", clip(t))
		return nil
	}
	return &n
}

func (f *draftForm) degrees(name string) *float64 {
	t := f.text(name)
	if t == "" {
		return nil
	}
	n, err := strconv.ParseFloat(t, 64)
	if err != nil || n != n || n > 180 || n < -180 {
		f.wrong(name, "%q: want degrees, such as 14.35", clip(t))
		return nil
	}
	return &n
}

func (f *draftForm) day(name string) date.Day {
	t := f.text(name)
	if t == "" {
		return date.Day{}
	}
	d, err := date.ParseDay(t)
	if err != nil {
		f.wrong(name, "%q is not a day: write it as 2024-05-02", clip(t))
	}
	return d
}

func (f *draftForm) about(name string) date.About {
	t := f.text(name)
	if t == "" {
		return date.About{}
	}
	d, err := date.ParseAbout(t)
	if err != nil {
		f.wrong(name, "%s: want 2024, 2024-05, 2024-05-02, two of them with / between, or ~ before for about", capital(err.Error()))
	}
	return d
}

func (f *draftForm) digest(name string) (d record.Digest) {
	if t := strings.ToLower(f.text(name)); t != "" {
		if err := d.UnmarshalText([]byte(t)); err != nil {
			f.wrong(name, "a SHA-256 has 64 hexadecimal digits")
		}
	}
	return d
}

func lines(s string) []string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// draft reads the form; what cannot be read is a problem with its field.
func (f *draftForm) draft() (monitor.Draft, *monitor.Withheld) {
	f.tooMany()
	x := monitor.Draft{Embargo: f.day("embargo"), Why: f.text("why")}
	in := &x.Incident
	in.ID, in.Title, in.Summary, in.When = record.IncidentID(strings.ToLower(f.text("id"))), f.text("title"), f.text("summary"), f.about("when")
	in.Place = record.IncidentPlace{Name: f.text("place"), Within: f.text("within"), Lat: f.degrees("lat"), Lon: f.degrees("lon"), Precision: f.text("precision")}
	if t := f.text("country"); t != "" {
		c, err := country.Parse(t)
		if err != nil {
			f.wrong("country", "%s", capital(err.Error()))
		}
		in.Place.Country = c
	}
	in.Acts = append(in.Acts, f.Values["acts"]...)
	in.Licence = f.text("licence")
	for i, r := range f.rows("actor") {
		in.Actors = append(in.Actors, record.Actor{ID: f.id(r, "a", i), Name: f.text(r + ".name"), Role: f.text(r + ".role"), By: f.text(r + ".by")})
	}
	for i, r := range f.rows("claim") {
		in.Claims = append(in.Claims, record.Testimony{ID: f.id(r, "c", i), Claim: record.Claim{About: f.text(r + ".about"), Says: f.text(r + ".says"), Speaker: f.text(r + ".speaker"),
			Hedge: record.Hedge(f.text(r + ".hedge")), On: f.day(r + ".on"), Symbol: f.text(r + ".symbol"), Source: f.text(r + ".source"), Sure: record.Sureness(f.text(r + ".sure"))},
			Wording: f.text(r + ".wording"), Place: f.text(r + ".place"), Actor: f.text(r + ".actor"), Level: f.text(r + ".level"),
			Low: f.count(r + ".low"), Best: f.count(r + ".best"), High: f.count(r + ".high")})
		c := &in.Claims[len(in.Claims)-1]
		if c.Low != nil || c.Best != nil || c.High != nil {
			c.Counts = f.text(r + ".counts")
		}
	}
	in.Links = f.links("link")
	for i, r := range f.rows("evidence") {
		in.Evidence = append(in.Evidence, record.Evidence{ID: f.id(r, "e", i), Title: f.text(r + ".title"), Type: f.text(r + ".type"), Ref: f.text(r + ".ref"),
			SHA256: f.digest(r + ".sha256"), Layer: record.LayerPublic})
	}
	for _, r := range f.rows("cite") {
		in.Cites = append(in.Cites, record.Cite{Source: f.text(r + ".source"), Place: f.text(r + ".place"), Sure: record.Sureness(f.text(r + ".sure"))})
	}
	for _, r := range f.rows("reply") {
		in.Replies = append(in.Replies, record.Reply{Of: f.text(r + ".of"), On: f.day(r + ".on"), Sort: f.text(r + ".sort"), Says: f.text(r + ".says"),
			Cite: record.Cite{Source: f.text(r + ".source"), Sure: record.Verified}})
	}
	f.findings(&x)
	w := &monitor.Withheld{Names: lines(f.Get("withheld.names")), Notes: f.text("withheld.notes")}
	for i, r := range f.rows("sealed") {
		e := record.Evidence{ID: f.id(r, "w", i), Title: f.text(r + ".title"), SHA256: f.digest(r + ".sha256")}
		monitor.Under(&e, f.day(r+".until"))
		w.Evidence = append(w.Evidence, e)
	}
	return x, w
}

// id is a row's own id, kept through every change, or a new one.
func (f *draftForm) id(row, prefix string, i int) string {
	if id := f.text(row + ".id"); id != "" {
		return id
	}
	part, _, _ := cutLast(row)
	for n := i + 1; ; n++ {
		id, taken := fmt.Sprintf("%s%d", prefix, n), false
		for k, v := range f.Values {
			taken = taken || strings.HasPrefix(k, part+".") && strings.HasSuffix(k, ".id") && v[0] == id
		}
		if !taken {
			f.Set(row+".id", id)
			return id
		}
	}
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	return s[:max(i, 0)], s[i+1:], i >= 0
}

func (f *draftForm) findings(x *monitor.Draft) {
	for i, r := range f.rows("finding") {
		k := record.Finding{ID: record.FindingID(f.text(r + ".id")), Incidents: []record.IncidentID{x.Incident.ID}, Title: f.text(r + ".title"), Text: f.text(r + ".text"), By: f.text(r + ".by"),
			On: f.about(r + ".on"), Level: f.text(r + ".level"), LevelSaid: f.text(r + ".said"), Claims: strings.Fields(f.text(r + ".claims")), Evidence: strings.Fields(f.text(r + ".evidence"))}
		if k.ID == "" {
			k.ID = record.FindingID(fmt.Sprintf("%s-f%d", x.Incident.ID, i+1))
		}
		if t := f.text(r + ".report"); t != "" {
			s, err := symbol.Parse(t)
			if err != nil {
				f.wrong(r+".report", "%s", capital(err.Error()))
			}
			k.Report = s
		}
		for _, l := range lines(f.Get(r + ".criteria")) {
			where, acts, ok := strings.Cut(l, ":")
			id, letter, ok2 := strings.Cut(strings.TrimSpace(where), "/")
			if !ok || !ok2 {
				f.wrong(r+".criteria", "%q: want regime/letter: acts, such as mali/f: killing of civilians", clip(l))
				continue
			}
			k.Meets = append(k.Meets, record.CriterionCase{Regime: record.RegimeID(id), Letter: letter, Acts: strings.TrimSpace(acts)})
		}
		for _, n := range f.rows(r + ".named") {
			p := record.NamedPerson{Name: f.text(n + ".name"), Acts: lines(f.Get(n + ".acts"))}
			if s := f.text(n + ".sort"); s != "" {
				p.Reply = &record.Reply{Of: p.Name, On: f.day(n + ".replied"), Sort: s, Says: f.text(n + ".answer"), Cite: record.Cite{Source: string(monitor.DeskSource), Sure: record.Verified}}
			}
			k.Named = append(k.Named, p)
		}
		k.Links = f.links(r + ".link")
		for _, id := range strings.Fields(f.text(r + ".also")) {
			k.Incidents = append(k.Incidents, record.IncidentID(id))
		}
		if why := f.text(r + ".raised"); why != "" {
			k.Raised = append(k.Raised, record.LevelChange{On: f.day(r + ".raised_on"), From: f.text(r + ".was"), To: k.Level, Why: why})
		}
		if s := f.text(r + ".source"); s != "" {
			k.Cites = []record.Cite{{Source: s, Place: f.text(r + ".place"), Sure: record.Verified}}
		}
		x.Findings = append(x.Findings, k)
	}
}

// links are the links of an incident or a finding, each with its own attributes.
func (f *draftForm) links(part string) (out []record.IncidentLink) {
	for _, r := range f.rows(part) {
		l := record.IncidentLink{Kind: f.text(r + ".kind"), To: f.text(r + ".to"), As: f.text(r + ".as"), On: f.about(r + ".on"), By: f.text(r + ".by"), Hedge: record.Hedge(f.text(r + ".hedge")),
			Cite: record.Cite{Source: f.text(r + ".source"), Place: f.text(r + ".place"), Sure: record.Sureness(f.text(r + ".sure"))}}
		if l.Cite.Sure == "" {
			l.Cite.Sure = record.Unverified
		}
		if l.By == "" {
			l.Hedge = "" // a hedge without a speaker was only the first of the choice
		}
		out = append(out, l)
	}
	return out
}

// draftFormOf are a draft's fields as text.
func draftFormOf(x monitor.Draft) *draftForm {
	f := &draftForm{Values: url.Values{}}
	set := func(name, v string) {
		if v != "" {
			f.Set(name, v)
		}
	}
	n := func(p *int) string {
		if p == nil {
			return ""
		}
		return strconv.Itoa(*p)
	}
	deg := func(p *float64) string {
		if p == nil {
			return ""
		}
		return strconv.FormatFloat(*p, 'f', -1, 64)
	}
	in := x.Incident
	for k, v := range map[string]string{"id": string(in.ID), "title": in.Title, "summary": in.Summary, "when": in.When.String(), "place": in.Place.Name, "within": in.Place.Within,
		"country": string(in.Place.Country), "lat": deg(in.Place.Lat), "lon": deg(in.Place.Lon), "precision": in.Place.Precision, "embargo": dayOrNone(x.Embargo), "why": x.Why, "licence": in.Licence} {
		set(k, v)
	}
	f.Values["acts"] = in.Acts
	row := func(part string, i int, fields map[string]string) {
		for k, v := range fields {
			set(fmt.Sprintf("%s.%d.%s", part, i, k), v)
		}
	}
	for i, a := range in.Actors {
		row("actor", i, map[string]string{"id": a.ID, "name": a.Name, "role": a.Role, "by": a.By})
	}
	for i, c := range in.Claims {
		row("claim", i, map[string]string{"id": c.ID, "about": c.About, "says": c.Says, "speaker": c.Speaker, "hedge": string(c.Hedge), "on": dayOrNone(c.On), "symbol": c.Symbol, "source": c.Source,
			"sure": string(c.Sure), "wording": c.Wording, "place": c.Place, "actor": c.Actor, "level": c.Level, "low": n(c.Low), "best": n(c.Best), "high": n(c.High), "counts": c.Counts})
	}
	linked := func(part string, ls []record.IncidentLink) {
		for i, l := range ls {
			row(part, i, map[string]string{"kind": l.Kind, "to": l.To, "as": l.As, "on": l.On.String(), "by": l.By, "hedge": string(l.Hedge), "source": l.Cite.Source, "place": l.Cite.Place, "sure": string(l.Cite.Sure)})
		}
	}
	linked("link", in.Links)
	for i, e := range in.Evidence {
		row("evidence", i, map[string]string{"id": e.ID, "title": e.Title, "type": e.Type, "ref": e.Ref, "sha256": e.SHA256.String()})
	}
	for i, c := range in.Cites {
		row("cite", i, map[string]string{"source": c.Source, "place": c.Place, "sure": string(c.Sure)})
	}
	for i, p := range in.Replies {
		row("reply", i, map[string]string{"of": p.Of, "on": dayOrNone(p.On), "sort": p.Sort, "says": p.Says, "source": p.Cite.Source})
	}
	for i, k := range x.Findings {
		m := map[string]string{"id": string(k.ID), "title": k.Title, "text": k.Text, "by": k.By, "on": k.On.String(), "level": k.Level, "said": k.LevelSaid, "claims": strings.Join(k.Claims, " "),
			"evidence": strings.Join(k.Evidence, " "), "report": string(k.Report)}
		var meets []string
		for _, c := range k.Meets {
			meets = append(meets, fmt.Sprintf("%s/%s: %s", c.Regime, c.Letter, c.Acts))
		}
		m["criteria"] = strings.Join(meets, "\n")
		for j, p := range k.Named {
			n := map[string]string{"name": p.Name, "acts": strings.Join(p.Acts, "\n")}
			if p.Reply != nil {
				n["sort"], n["replied"], n["answer"] = p.Reply.Sort, dayOrNone(p.Reply.On), p.Reply.Says
			}
			row(fmt.Sprintf("finding.%d.named", i), j, n)
		}
		linked(fmt.Sprintf("finding.%d.link", i), k.Links)
		var also []string
		for _, id := range k.Incidents[min(1, len(k.Incidents)):] {
			also = append(also, string(id))
		}
		m["also"] = strings.Join(also, " ")
		if len(k.Raised) > 0 {
			r := k.Raised[len(k.Raised)-1]
			m["raised"], m["raised_on"], m["was"] = r.Why, dayOrNone(r.On), r.From
		}
		if len(k.Cites) > 0 {
			m["source"], m["place"] = k.Cites[0].Source, k.Cites[0].Place
		}
		row("finding", i, m)
	}
	if w := x.Withheld; w != nil {
		set("withheld.names", strings.Join(w.Names, "\n"))
		set("withheld.notes", w.Notes)
		for i, e := range w.Evidence {
			row("sealed", i, map[string]string{"id": e.ID, "title": e.Title, "sha256": e.SHA256.String(), "until": dayOrNone(e.Until)})
		}
	}
	return f
}

// numbered are the rows a part is shown with: those that are there, and one empty
// one.
func (f *draftForm) numbered(part string, empty int) []string {
	rows := f.rows(part)
	next := 0
	if len(rows) > 0 {
		_, n, _ := strings.Cut(rows[len(rows)-1], ".")
		next, _ = strconv.Atoi(n)
		next++
	}
	for range empty {
		rows = append(rows, fmt.Sprintf("%s.%d", part, next))
		next++
	}
	return rows
}

// merged puts back what the form cannot show of a draft that is changed: the
// publisher's codes, custody, context, and what of a record has more than one line.
func merged(x, held monitor.Draft) monitor.Draft {
	in, was := &x.Incident, held.Incident
	in.Context, in.Codes, in.Merged, in.Errata = was.Context, was.Codes, was.Merged, was.Errata
	in.Place.Note = was.Place.Note
	if sorted := slices.Sorted(slices.Values(was.Acts)); slices.Equal(sorted, slices.Sorted(slices.Values(in.Acts))) {
		in.Acts = was.Acts // the boxes have an order of their own
	}
	for i := range in.Claims {
		for _, o := range was.Claims {
			if o.ID == in.Claims[i].ID {
				in.Claims[i].Known, in.Claims[i].Note = o.Known, o.Note
			}
		}
	}
	for i := range in.Actors {
		for _, o := range was.Actors {
			if o.ID == in.Actors[i].ID {
				in.Actors[i].Note = o.Note
			}
		}
	}
	for i := range in.Evidence {
		for _, o := range was.Evidence {
			if o.ID == in.Evidence[i].ID {
				in.Evidence[i].Custody, in.Evidence[i].Size = o.Custody, o.Size
			}
		}
	}
	noted(in.Links, was.Links)
	for i := range in.Cites {
		for _, o := range was.Cites {
			if o.Source == in.Cites[i].Source && o.Place == in.Cites[i].Place {
				in.Cites[i].Note = o.Note
			}
		}
	}
	for i := range in.Replies {
		for _, o := range was.Replies {
			if o.Of == in.Replies[i].Of && o.On == in.Replies[i].On {
				in.Replies[i].Cite = o.Cite
			}
		}
	}
	for i := range x.Findings {
		for _, o := range held.Findings {
			if o.ID != x.Findings[i].ID {
				continue
			}
			k := &x.Findings[i]
			k.Acts, k.Errata = o.Acts, o.Errata
			if len(o.Raised) > 0 {
				fresh := k.Raised
				k.Raised = slices.Clone(o.Raised)
				for _, r := range fresh {
					if !slices.ContainsFunc(o.Raised, func(p record.LevelChange) bool { return p.Why == r.Why && p.On == r.On }) {
						k.Raised = append(k.Raised, r)
					}
				}
			}
			noted(k.Links, o.Links)
			for n := range k.Named {
				for _, p := range o.Named {
					if r := k.Named[n].Reply; r != nil && p.Reply != nil && p.Name == k.Named[n].Name && r.Sort == p.Reply.Sort && r.Says == p.Reply.Says {
						r.Cite = p.Reply.Cite
					}
				}
			}
			if len(o.Cites) > 0 && len(k.Cites) > 0 && o.Cites[0].Source == k.Cites[0].Source {
				k.Cites = append([]record.Cite{o.Cites[0]}, o.Cites[1:]...)
			}
		}
	}
	return x
}

// noted puts back what the form does not show of the sources that links had.
func noted(links, was []record.IncidentLink) {
	for i := range links {
		for _, o := range was {
			if o.Kind == links[i].Kind && o.To == links[i].To && o.As == links[i].As && o.Cite.Source == links[i].Cite.Source {
				links[i].Cite.Note, links[i].Cite.Place = o.Cite.Note, o.Cite.Place
			}
		}
	}
}
