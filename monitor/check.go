package monitor

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
	"article41/record"
)

// Problem is something wrong with an incident or a finding, with its place.
type Problem struct {
	Field string `json:"field"` // such as claims[2].low
	Says  string `json:"detail"`
}

func (p Problem) String() string { return p.Field + ": " + p.Says }

// Problems is the error of a record that has some.
func Problems(ps []Problem) error {
	if len(ps) == 0 {
		return nil
	}
	words := make([]string, len(ps))
	for i, p := range ps {
		words[i] = p.String()
	}
	return fmt.Errorf("%w: %s", record.ErrInvalid, strings.Join(words, "; "))
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,99}$`)

type checker struct{ out []Problem }

func (c *checker) say(field, format string, args ...any) {
	c.out = append(c.out, Problem{field, fmt.Sprintf(format, args...)})
}

func (c *checker) word(field string, rows []Word, code string) {
	if _, ok := Find(rows, code); !ok {
		c.say(field, "%q is no code of its table", clip(code))
	}
}

// Check says what is wrong with an incident as it is to be published; all of it
// at once. today bounds the dates.
func Check(in record.Incident, today date.Day) []Problem {
	c := &checker{}
	if !idForm.MatchString(string(in.ID)) {
		c.say("id", "%q: want small letters, digits, dots and dashes, such as moura-2022", clip(string(in.ID)))
	}
	if strings.TrimSpace(in.Title) == "" {
		c.say("title", "an incident needs a title")
	}
	c.when(in, today)
	c.place(in.Place)
	if len(in.Acts) == 0 {
		c.say("violations", "say what was done: at least one code")
	}
	for i, v := range in.Acts {
		c.word(fmt.Sprintf("violations[%d]", i), Violations(), v)
	}
	actors := map[string]bool{}
	for i, a := range in.Actors {
		f := fmt.Sprintf("actors[%d]", i)
		if a.ID == "" || actors[a.ID] {
			c.say(f+".id", "%q: want an id of its own", a.ID)
		}
		actors[a.ID] = true
		if strings.TrimSpace(a.Name) == "" {
			c.say(f+".name", "an actor needs a name, such as \"not identified\"")
		}
		c.word(f+".role", Roles(), a.Role)
	}
	if len(in.Claims) == 0 {
		c.say("claims", "nobody says anything: an incident needs a claim with a source")
	}
	ids := map[string]bool{}
	for i, t := range in.Claims {
		f := fmt.Sprintf("claims[%d]", i)
		if t.ID == "" || ids[t.ID] {
			c.say(f+".id", "%q: want an id of its own", t.ID)
		}
		ids[t.ID] = true
		c.testimony(f, t, today)
	}
	held := map[string]bool{}
	for i, e := range in.Evidence {
		c.evidence(fmt.Sprintf("evidence[%d]", i), e)
		held[e.ID] = true
	}
	c.links(in.Links, today)
	for i, l := range in.Links {
		if l.Kind == "evidence" && !held[l.To] {
			c.say(fmt.Sprintf("links[%d].to", i), "this record has no evidence %q", clip(l.To))
		}
	}
	for i, r := range in.Replies {
		c.reply(fmt.Sprintf("replies[%d]", i), r, today)
	}
	if len(in.Cites) == 0 {
		c.say("cites", "no source: nothing is published without one")
	}
	for i, k := range in.Cites {
		c.cite(fmt.Sprintf("cites[%d]", i), k)
	}
	return c.out
}

func (c *checker) when(in record.Incident, today date.Day) {
	w := in.When
	switch {
	case w.From.IsZero():
		c.say("when", "an incident needs a date: a day, a month, a year, or two with / between them")
	case w.To.Before(w.From):
		c.say("when", "ends on %s, before it begins on %s", w.To, w.From)
	case !today.IsZero() && w.From.After(today):
		c.say("when", "%s lies in the future", w.From)
	}
}

func (c *checker) place(p record.IncidentPlace) {
	if strings.TrimSpace(p.Name) == "" {
		c.say("place.name", "where was it? A country will do")
	}
	if _, ok := country.Of(p.Country); !ok && p.Country != "" {
		c.say("place.country", "%q is no code of a state", p.Country)
	}
	if (p.Lat == nil) != (p.Lon == nil) {
		c.say("place.lat", "a latitude goes with a longitude")
	}
	if p.Lat != nil && (*p.Lat < -90 || *p.Lat > 90 || *p.Lat != *p.Lat) {
		c.say("place.lat", "%v: want degrees from -90 to 90", *p.Lat)
	}
	if p.Lon != nil && (*p.Lon < -180 || *p.Lon > 180 || *p.Lon != *p.Lon) {
		c.say("place.lon", "%v: want degrees from -180 to 180", *p.Lon)
	}
	c.word("place.precision", Precisions(), p.Precision)
}

func (c *checker) testimony(f string, t record.Testimony, today date.Day) {
	if strings.TrimSpace(t.Speaker) == "" {
		c.say(f+".speaker", "who says so?")
	}
	if strings.TrimSpace(t.Says) == "" {
		c.say(f+".says", "what is said?")
	}
	if strings.TrimSpace(t.Source) == "" {
		c.say(f+".source", "on which source? A claim without one is not published")
	}
	if !ladderHas(t.Hedge) {
		c.say(f+".hedge", "%q: want reported, alleged, believed, assessed, established, or stated where none was used", t.Hedge)
	}
	if t.Level != "" {
		c.word(f+".level", Levels(), t.Level)
	}
	if !slices.Contains([]record.Sureness{record.Verified, record.Unverified, record.Unknown}, t.Sure) {
		c.say(f+".sureness", "%q: want verified, unverified or unknown", t.Sure)
	}
	if !today.IsZero() && t.On.After(today) {
		c.say(f+".on", "%s lies in the future", t.On)
	}
	c.numbers(f, t.Low, t.Best, t.High)
	if (t.Low != nil || t.Best != nil || t.High != nil) && t.Counts == "" {
		c.say(f+".counts", "what do the numbers count?")
	}
}

// numbers checks low <= best <= high, each where it is given.
func (c *checker) numbers(f string, low, best, high *int) {
	for _, n := range []struct {
		name string
		v    *int
	}{{"low", low}, {"best", best}, {"high", high}} {
		if n.v != nil && *n.v < 0 {
			c.say(f+"."+n.name, "%d is no count", *n.v)
		}
	}
	over := func(a, b *int) bool { return a != nil && b != nil && *a > *b }
	switch {
	case over(low, high):
		c.say(f+".low", "low is %d and high is %d: low may not be above high", *low, *high)
	case over(low, best):
		c.say(f+".low", "low is %d and best is %d: low may not be above best", *low, *best)
	case over(best, high):
		c.say(f+".best", "best is %d and high is %d: best may not be above high", *best, *high)
	}
}

func (c *checker) cite(f string, k record.Cite) {
	if strings.TrimSpace(k.Source) == "" {
		c.say(f+".source", "no source")
	}
	if !slices.Contains([]record.Sureness{record.Verified, record.Unverified, record.Unknown}, k.Sure) {
		c.say(f+".sureness", "%q: want verified, unverified or unknown", k.Sure)
	}
}

func (c *checker) evidence(f string, e record.Evidence) {
	if e.SHA256.IsZero() {
		c.say(f+".sha256", "evidence needs the SHA-256 of the file")
	}
	if e.Title == "" {
		c.say(f+".title", "evidence needs a title")
	}
	if e.Layer != record.LayerPublic {
		c.say(f+".layer", "%q is not published: only public evidence stands in the open record", e.Layer)
	}
	if err := SafeName(e.Ref); e.Ref != "" && err != nil {
		c.say(f+".ref", "%v", err)
	}
}

// CheckFinding says what is wrong with a finding. was is the finding as it stood
// before, if it did: a standard of proof is never raised in silence.
func CheckFinding(f record.Finding, was *record.Finding, today date.Day) []Problem {
	c := &checker{}
	if !idForm.MatchString(string(f.ID)) {
		c.say("id", "%q: want small letters, digits, dots and dashes", clip(string(f.ID)))
	}
	for _, t := range []struct{ field, text, says string }{{"title", f.Title, "a finding needs a title"}, {"text", f.Text, "what is found?"}, {"by", f.By, "whose finding is it?"}} {
		if strings.TrimSpace(t.text) == "" {
			c.say(t.field, "%s", t.says)
		}
	}
	c.word("level", Levels(), f.Level)
	if len(f.Incidents) == 0 {
		c.say("incidents", "a finding is about an incident: name it")
	}
	if len(f.Claims)+len(f.Evidence) == 0 {
		c.say("claims", "on what does it rest? Name claims or evidence")
	}
	if len(f.Cites) == 0 {
		c.say("cites", "no source: nothing is published without one")
	}
	for i, k := range f.Cites {
		c.cite(fmt.Sprintf("cites[%d]", i), k)
	}
	for i, v := range f.Acts {
		c.word(fmt.Sprintf("violations[%d]", i), Violations(), v)
	}
	if !today.IsZero() && f.On.From.After(today) {
		c.say("on", "%s lies in the future", f.On.From)
	}
	c.links(f.Links, today)
	c.named(f.Named, today)
	if was != nil {
		c.raised(f, *was)
	}
	return c.out
}

// named holds the naming rule, for each person by themselves: only with specific
// acts of theirs, and with what they answered (Stockholm Process, paragraph 92).
func (c *checker) named(all []record.NamedPerson, today date.Day) {
	seen := map[string]bool{}
	for i, p := range all {
		at := fmt.Sprintf("named[%d]", i)
		switch k := plain(p.Name); {
		case k == "":
			c.say(at+".name", "who is named?")
		case seen[k]:
			c.say(at+".name", "%q is named twice: put their acts together", clip(p.Name))
		default:
			seen[k] = true
		}
		if len(p.Acts) == 0 || slices.ContainsFunc(p.Acts, func(s string) bool { return strings.TrimSpace(s) == "" }) {
			c.say(at+".acts", "a person is named only with specific acts")
		}
		if p.Reply == nil {
			c.say(at+".reply", "say what they answered, that they did not, or why they were not asked")
			continue
		}
		if !samePerson(p.Reply.Of, p.Name) {
			c.say(at+".reply.of", "the reply of %q stands with %q", clip(p.Reply.Of), clip(p.Name))
		}
		c.reply(at+".reply", *p.Reply, today)
	}
}

func (c *checker) reply(f string, r record.Reply, today date.Day) {
	c.word(f+".sort", ReplySorts(), r.Sort)
	switch {
	case r.Sort == "not-asked" && strings.TrimSpace(r.Says) == "":
		c.say(f+".says", "say why they were not asked")
	case (r.Sort == "reply" || r.Sort == "correction") && strings.TrimSpace(r.Says) == "":
		c.say(f+".says", "what did they answer?")
	case r.Sort != "not-asked" && r.On.IsZero():
		c.say(f+".on", "on which day?")
	case !today.IsZero() && r.On.After(today):
		c.say(f+".on", "%s lies in the future", r.On)
	}
}

func (c *checker) links(ls []record.IncidentLink, today date.Day) {
	for i, l := range ls {
		f := fmt.Sprintf("links[%d]", i)
		c.word(f+".kind", LinkKinds(), l.Kind)
		if strings.TrimSpace(l.To) == "" {
			c.say(f+".to", "to what?")
		}
		if l.Hedge != "" && !ladderHas(l.Hedge) {
			c.say(f+".hedge", "%q: want reported, alleged, believed, assessed, established, or stated", l.Hedge)
		}
		if l.Hedge != "" && strings.TrimSpace(l.By) == "" {
			c.say(f+".by", "whose hedge is it? A hedge has a speaker")
		}
		if l.On.To.Before(l.On.From) {
			c.say(f+".on", "ends on %s, before it begins on %s", l.On.To, l.On.From)
		} else if !today.IsZero() && l.On.From.After(today) {
			c.say(f+".on", "%s lies in the future", l.On.From)
		}
		c.cite(f+".cite", l.Cite)
	}
}

// raised refuses a standard of proof above the one before without an open row
// that says from what, to what, when and why.
func (c *checker) raised(f, was record.Finding) {
	if !slices.Equal(f.Raised[:min(len(f.Raised), len(was.Raised))], was.Raised) {
		c.say("raised", "earlier changes of the standard of proof stay as they were")
	}
	now, _ := Find(Levels(), f.Level)
	before, _ := Find(Levels(), was.Level)
	if now.Code == before.Code || now.Rank <= before.Rank && now.Rank != 0 {
		return
	}
	for _, r := range f.Raised[min(len(was.Raised), len(f.Raised)):] {
		if r.From == was.Level && r.To == f.Level && strings.TrimSpace(r.Why) != "" && !r.On.IsZero() {
			return
		}
	}
	c.say("raised", "the standard of proof goes from %q to %q: say when and why", before.Words, now.Words)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
