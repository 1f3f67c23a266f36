package ofac

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// party is a person, body, ship or aircraft of the Advanced XML.
type party struct {
	Ref      string `xml:"FixedRef,attr"`
	Comment  string `xml:"Comment"`
	Profiles []struct {
		ID         string     `xml:"ID,attr"`
		Sub        string     `xml:"PartySubTypeID,attr"`
		Identities []identity `xml:"Identity"`
		Features   []feature  `xml:"Feature"`
	} `xml:"Profile"`
}

type identity struct {
	ID      string     `xml:"ID,attr"`
	False   string     `xml:"False,attr"`
	Aliases []alias    `xml:"Alias"`
	Groups  []partType `xml:"NamePartGroups>MasterNamePartGroup>NamePartGroup"`
}

type partType struct {
	ID   string `xml:"ID,attr"`
	Type string `xml:"NamePartTypeID,attr"`
}

type alias struct {
	Type    string `xml:"AliasTypeID,attr"`
	Primary string `xml:"Primary,attr"`
	Low     string `xml:"LowQuality,attr"`
	Names   []struct {
		Parts []struct {
			Group  string `xml:"NamePartGroupID,attr"`
			Script string `xml:"ScriptID,attr"`
			Text   string `xml:",chardata"`
		} `xml:"DocumentedNamePart>NamePartValue"`
	} `xml:"DocumentedName"`
}

type feature struct {
	Type     string `xml:"FeatureTypeID,attr"`
	Versions []struct {
		Comment string   `xml:"Comment"`
		Periods []period `xml:"DatePeriod"`
		Details []struct {
			Reference string `xml:"DetailReferenceID,attr"`
			Text      string `xml:",chardata"`
		} `xml:"VersionDetail"`
		Locations []struct {
			ID string `xml:"LocationID,attr"`
		} `xml:"VersionLocation"`
	} `xml:"FeatureVersion"`
}

// ymd is a day in three elements; a month or a day may be missing.
type ymd struct{ Year, Month, Day string }

func (d ymd) String() string { return strings.Trim(d.Year+"-"+d.Month+"-"+d.Day, "-") }

func (d ymd) day() (date.Day, bool) {
	y, err1 := strconv.Atoi(strings.TrimSpace(d.Year))
	m, err2 := strconv.Atoi(strings.TrimSpace(d.Month))
	n, err3 := strconv.Atoi(strings.TrimSpace(d.Day))
	if err1 != nil || err2 != nil || err3 != nil || y < 1000 {
		return date.Day{}, false
	}
	day, err := date.New(y, time.Month(m), n)
	return day, err == nil
}

// bounds are the first and last day that a day, month or year may be.
func (d ymd) bounds() (first, last date.Day, ok bool) {
	if day, ok := d.day(); ok {
		return day, day, true
	}
	if d.Day != "" || d.Year == "" {
		return first, last, false
	}
	text := strings.TrimSpace(d.Year)
	if m := strings.TrimSpace(d.Month); m != "" {
		text += "-" + strings.Repeat("0", max(0, 2-len(m))) + m
	}
	a, err := date.ParseAbout(text)
	return a.From, a.To, err == nil
}

// period is a span whose beginning and end may themselves be spans. A year is
// written as one from 1 January to 31 December.
type period struct {
	Start, End *limit
}

type limit struct {
	Approximate string `xml:"Approximate,attr"`
	From, To    ymd
}

func (p period) about() (date.About, bool) {
	var a date.About
	for _, l := range []*limit{p.Start, p.End} {
		if l == nil {
			continue
		}
		a.Circa = a.Circa || l.Approximate == "true"
		for _, d := range []ymd{l.From, l.To} {
			if d.Year == "" {
				continue
			}
			first, last, ok := d.bounds()
			if !ok {
				return date.About{}, false
			}
			if a.From.IsZero() || first.Before(a.From) {
				a.From = first
			}
			if a.To.Before(last) {
				a.To = last
			}
		}
	}
	return a, !a.From.IsZero()
}

// read makes a party an entry.
func (a *advanced) read(line int, raw party) error {
	place := fmt.Sprintf("line %d", line)
	ref := strings.TrimSpace(raw.Ref)
	if !number.MatchString(ref) {
		return a.x.Cut(place, "the entry's number cannot be read: %.40q", ref)
	}
	e := record.Listed{List: a.x.Opt.List, Ref: ref}
	p := &page{x: a.x, entry: &e, place: place + ": " + ref}
	for _, profile := range raw.Profiles {
		if e.Sort == "" {
			e.Sort = a.sort(profile.Sub)
		}
		for _, who := range profile.Identities {
			a.identity(p, who)
		}
		for _, f := range profile.Features {
			a.feature(p, f)
		}
	}
	if e.Sort == "" {
		p.complain("PartySubTypeID", "it is not said what the entry is")
	}
	e.Comments = p.read("comments", "Comment", raw.Comment)
	for _, item := range split(e.Comments) {
		p.item(item)
	}
	if len(e.Names) == 0 {
		return a.x.Cut(p.place, "the party has no name")
	}
	if err := a.x.take(p.place, line, e, ""); err != nil {
		return err
	}
	for _, profile := range raw.Profiles {
		a.party[strings.TrimSpace(profile.ID)] = ref
	}
	return nil
}

// sort reads a subtype, or the type above it where it is "Unknown".
func (a *advanced) sort(sub string) string {
	v := a.words["PartySubType "+sub]
	for _, w := range []string{v.word, a.words["PartyType "+v.above].word} {
		if s, known := sorts[strings.ToLower(w)]; known && w != "" {
			return s
		}
	}
	return ""
}

// Where the parts of a name stand: what of a person's name is the surname, as the
// other shapes of the list have it. From memory: the schema does not say it.
var surname = []string{"last name", "maiden name", "matronymic"}

func (a *advanced) identity(p *page, who identity) {
	if who.False == "true" {
		p.extra("false_identity", "one of the identities is said to be false")
	}
	types := map[string]string{}
	for _, g := range who.Groups {
		types[g.ID] = strings.ToLower(a.words["NamePartType "+g.Type].word)
	}
	for _, al := range who.Aliases {
		kind := a.words["AliasType "+al.Type].word
		for i, n := range al.Names {
			var last, given, all []string
			script := ""
			for _, part := range n.Parts {
				s := p.read("names", "NamePartValue", part.Text)
				if s == "" {
					continue
				}
				script = part.Script
				all = append(all, s)
				if slices.Contains(surname, types[part.Group]) {
					last = append(last, s)
				} else {
					given = append(given, s)
				}
			}
			text := strings.Join(all, " ")
			if len(last) > 0 && len(given) > 0 && p.entry.Sort == "person" {
				text = strings.Join(last, " ") + ", " + strings.Join(given, " ")
			}
			a.named(p, text, kind, al.Primary == "true" && i == 0, al.Low == "true", script)
		}
	}
	p.entry.Documents = slices.Concat(p.entry.Documents, a.papers[who.ID])
	delete(a.papers, who.ID)
}

// named files a name under its quality: the flag of low quality goes before all, a
// name in another script than Latin is kept as the original.
func (a *advanced) named(p *page, text, kind string, primary, low bool, script string) {
	v := a.words["Script "+script]
	foreign := v.word != "" && !strings.EqualFold(v.word, "latin") && !strings.EqualFold(v.above, "latn")
	switch {
	case text == "":
	case foreign:
		n := p.name(text, record.Original, "in the script: "+v.word)
		switch v.above {
		case "Hans", "Hant", "Hani", "Jpan", "Kore", "Hang":
			n.Text = strings.ReplaceAll(text, ", ", " ") // the surname stands first
		}
		if low {
			n.Quality = record.Low
		}
		if !strings.EqualFold(kind, "name") {
			n.Note = strings.ToLower(kind) + "; " + n.Note
		}
		p.keep(n)
	case primary && !low:
		p.primaryName(text)
	case strings.EqualFold(kind, "name"):
		p.otherName(text, "aka", low, "")
	default:
		p.otherName(text, kind, low, "")
	}
}

// feature reads one characteristic; what has no place of its own is an identifier or
// an extra field, as labels.csv has it.
func (a *advanced) feature(p *page, f feature) {
	e := p.entry
	label := a.pointed(p, "extra", "FeatureType", f.Type)
	for _, v := range f.Versions {
		note := p.read("extra", label, v.Comment)
		var said []string
		for _, d := range v.Details {
			sheet.Once(&said, p.read("extra", label, d.Text))
			if d.Reference != "" {
				sheet.Once(&said, a.pointed(p, "extra", "DetailReference", d.Reference))
			}
		}
		for _, l := range v.Locations {
			at, known := a.places[l.ID]
			if !known {
				p.complain(label, fmt.Sprintf("no Location %.20q", l.ID))
				p.drop("addresses", label, fmt.Sprintf("no Location %.20q", l.ID))
				continue
			}
			a.at(p, label, at)
		}
		for _, when := range v.Periods {
			on, ok := when.about()
			switch {
			case strings.EqualFold(label, "birthdate") && ok:
				sheet.Once(&e.Births, record.Birth{On: on, Note: note})
			case strings.EqualFold(label, "birthdate"):
				p.complain(label, "not a date")
				p.drop("births", label, "not a date")
			case ok:
				sheet.Once(&said, on.String())
			}
		}
		for _, s := range said {
			a.said(p, label, s, note)
		}
	}
}

// at files a place that a characteristic points to.
func (a *advanced) at(p *page, label string, at record.Address) {
	country := at.Country
	if country == "" && at.City == "" {
		country = at.Street
	}
	switch l := strings.ToLower(label); {
	case l == "location" && at != (record.Address{}):
		sheet.Once(&p.entry.Addresses, at)
	case strings.HasPrefix(l, "nationality of"), l == "location":
		p.extra(label, country)
	case strings.HasPrefix(l, "nationality"), strings.HasPrefix(l, "citizenship"):
		sheet.Once(&p.entry.Nationalities, country)
	case strings.HasPrefix(l, "place of birth"):
		b := record.Birth{City: at.City, State: at.State, Country: at.Country}
		if at.City == "" && at.Street != "" {
			b = p.x.birthplace(at.Street)
		}
		sheet.Once(&p.entry.Births, b)
	default:
		p.extra(label, country)
	}
}

// said files the words of a characteristic.
func (a *advanced) said(p *page, label, s, note string) {
	switch l := strings.ToLower(label); l {
	case "gender":
		p.entry.Gender = strings.ToLower(s)
	case "title":
		p.positions(s)
	case "place of birth":
		sheet.Once(&p.entry.Births, p.x.birthplace(s))
	case "vessel call sign", "call sign":
		sheet.Once(&p.entry.Documents, record.Document{Type: "Call Sign", Number: s, Note: note})
	case "vessel owner":
		sheet.Once(&p.entry.Links, record.Relation{To: s, Kind: "vessel owner", Note: note})
	case "vessel type", "vessel flag", "vessel tonnage", "tonnage", "vessel gross registered tonnage", "gross registered tonnage":
		p.extra(map[string]string{"vessel type": "vessel_type", "vessel flag": "vessel_flag"}[l], s)
		if strings.HasSuffix(l, "registered tonnage") {
			p.extra("gross_registered_tonnage", s)
		} else if strings.HasSuffix(l, "tonnage") {
			p.extra("tonnage", s)
		}
	case "nationality country", "nationality", "citizenship country", "citizenship":
		sheet.Once(&p.entry.Nationalities, s)
	case "location":
		sheet.Once(&p.entry.Addresses, record.Address{Street: s, Note: note})
	default:
		if known, _, ok := labelled(label + " ?"); ok && known.number && known.words == label {
			d := numbered(record.Document{Type: label, Number: s, Note: note})
			sheet.Once(&p.entry.Documents, d)
			return
		}
		p.extra(label, s)
	}
}
