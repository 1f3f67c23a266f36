package ofac

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// The Advanced XML (sdn_advanced.xml, cons_advanced.xml) is the sanctions data model
// that was drawn up for the UN: every word stands once, among the reference values,
// and all else points to it by number, as a party points to its places, papers and
// programmes. Sections come in the order of the schema: reference values, places,
// papers, parties, relations, entries. What is pointed to is held, a party is an
// entry as soon as it is read, and what comes behind is added to it.

// maxHeld bounds each of what a party may point to; the real file has some tens of
// thousands of places and papers.
const maxHeld = 1_000_000

func isAdvanced(head string) bool { return strings.Contains(head, "<sanctions") }

// advanced is what parties point to.
type advanced struct {
	x       *reading
	section string
	words   map[string]refValue          // by the kind and number of a reference value
	places  map[string]record.Address    // by number
	papers  map[string][]record.Document // by the number of an identity
	party   map[string]string            // reference, by the number of a profile
	entered map[string]bool              // parties that an entry stands behind
}

// refValue is a reference value: its word, and the number of the value above it.
type refValue struct{ word, above string }

// sections are the containers of the schema.
var sections = []string{"ReferenceValueSets", "Locations", "IDRegDocuments", "DistinctParties", "ProfileRelationships", "SanctionsEntries", "SanctionsEntryLinks"}

func (x *reading) advanced(f sheet.Opened) error {
	a := &advanced{x: x, words: map[string]refValue{}, places: map[string]record.Address{}, papers: map[string][]record.Document{}, party: map[string]string{}, entered: map[string]bool{}}
	err := x.Walk(f, sheet.XML{What: "a list of OFAC", Entry: "entry", Root: "Sanctions", Element: a.element, Count: func() int { return len(x.Entries) }})
	if err != nil {
		return err
	}
	for i, e := range x.Entries {
		if a.entered[e.Ref] {
			continue
		}
		p := &page{x: x, entry: &x.Entries[i], place: fmt.Sprintf("line %d: %s", x.Line(i), e.Ref)}
		p.complain("SanctionsEntry", "none stands behind the party: its programme and day of listing are unknown")
		p.drop("programme", "SanctionsEntry", "none stands behind the party")
		if err := x.TooMany(p.place); err != nil {
			return err
		}
	}
	return nil
}

// element reads one child of a section, or descends into a container.
func (a *advanced) element(d *xml.Decoder, line int, t xml.StartElement) error {
	name := t.Name.Local
	if slices.Contains(sections, name) {
		a.section = name
		return nil
	}
	if len(a.words)+len(a.places)+len(a.papers) > maxHeld {
		return fmt.Errorf("%w: line %d: more than %d reference values, places and papers", record.ErrInvalid, line, maxHeld)
	}
	switch {
	case name == "DateOfIssue":
		return read(d, t, func(raw ymd) error {
			if day, ok := raw.day(); ok {
				a.x.List.Date, a.x.List.Basis = day, "stated"
			} else {
				a.x.Complain(fmt.Sprintf("line %d: DateOfIssue", line), "not a date: %.40q", raw.String())
			}
			return nil
		})
	case a.section == "ReferenceValueSets" && strings.HasSuffix(name, "Values"):
		return nil
	case a.section == "ReferenceValueSets":
		return read(d, t, func(raw struct {
			ID        string `xml:"ID,attr"`
			PartyType string `xml:"PartyTypeID,attr"`
			Script    string `xml:"ScriptCode,attr"`
			Described string `xml:"Description,attr"`
			ShortRef  string `xml:"LegalBasisShortRef,attr"`
			Text      string `xml:",chardata"`
		}) error {
			word, problem, ok := sheet.Text(raw.Text, a.x.Opt.MaxElement)
			if !ok {
				a.x.Complain(fmt.Sprintf("line %d: %s", line, name), "%s", problem)
			}
			switch name {
			case "AreaCode":
				word = strings.TrimSpace(raw.Described)
			case "LegalBasis":
				if word == "" {
					word = strings.TrimSpace(raw.ShortRef)
				}
			}
			a.words[name+" "+raw.ID] = refValue{word, raw.PartyType + raw.Script}
			return nil
		})
	case name == "Location":
		return read(d, t, func(raw location) error { a.places[raw.ID] = a.place(line, raw); return nil })
	case name == "IDRegDocument":
		return read(d, t, func(raw paper) error { return a.paper(line, raw) })
	case name == "DistinctParty":
		return read(d, t, func(raw party) error { return a.read(line, raw) })
	case name == "ProfileRelationship":
		return read(d, t, func(raw relation) error { return a.relation(line, raw) })
	case name == "SanctionsEntry":
		return read(d, t, func(raw sanction) error { return a.sanction(line, raw) })
	case name == "SanctionsEntryLink":
		return d.Skip() // says again what the relations say
	}
	return a.x.Skip(d, line, t)
}

// read decodes an element and hands it on.
func read[T any](d *xml.Decoder, t xml.StartElement, then func(T) error) error {
	var raw T
	if err := d.DecodeElement(&raw, &t); err != nil {
		return err
	}
	return then(raw)
}

// word is a reference value; what OFAC calls unknown or undetermined is none.
func (a *advanced) word(kind, id string) string {
	w := a.words[kind+" "+id].word
	switch strings.ToLower(w) {
	case "unknown", "undetermined", "none":
		return ""
	}
	return w
}

// pointed is a reference value that has to be there.
func (a *advanced) pointed(p *page, ours, kind, id string) string {
	if _, known := a.words[kind+" "+id]; !known && id != "" {
		p.complain(kind, fmt.Sprintf("no reference value %.20q", id))
		p.drop(ours, kind, fmt.Sprintf("no reference value %.20q", id))
	}
	return a.word(kind, id)
}

type location struct {
	ID       string `xml:"ID,attr"`
	AreaCode struct {
		ID string `xml:"AreaCodeID,attr"`
	} `xml:"LocationAreaCode"`
	Country struct {
		ID string `xml:"CountryID,attr"`
	} `xml:"LocationCountry"`
	Parts []struct {
		Type   string `xml:"LocPartTypeID,attr"`
		Values []struct {
			Primary string `xml:"Primary,attr"`
			Comment string `xml:"Comment"`
			Value   string `xml:"Value"`
		} `xml:"LocationPartValue"`
	} `xml:"LocationPart"`
}

// place reads an address; a text that has no part of its own ("Unknown") stands in
// Street, where a country or a place of birth is read from it. Spellings beside the
// first stand in the note.
func (a *advanced) place(line int, raw location) record.Address {
	p := &page{x: a.x, entry: &record.Listed{}, place: fmt.Sprintf("line %d: Location %.20s", line, raw.ID)}
	country := a.word("Country", raw.Country.ID)
	if country == "" {
		country = a.word("AreaCode", raw.AreaCode.ID)
	}
	at := record.Address{Country: country}
	streets := map[string]string{}
	var notes []string
	for _, part := range raw.Parts {
		kind, text := strings.ToUpper(a.words["LocPartType "+part.Type].word), ""
		for i, v := range part.Values {
			s := p.read("addresses", "LocationPartValue", v.Value)
			switch c := p.read("addresses", "Comment", v.Comment); {
			case s == "":
			case v.Primary == "true" || i == 0 && len(part.Values) == 1 || text == "" && i == len(part.Values)-1:
				text = s
			case c != "":
				notes = append(notes, c+": "+s)
			default:
				notes = append(notes, s)
			}
		}
		switch kind {
		case "CITY":
			at.City = text
		case "STATE/PROVINCE", "REGION":
			at.State = strings.Trim(at.State+", "+text, ", ")
		case "POSTAL CODE":
			at.Zip = text
		default:
			streets[kind] = text
		}
	}
	var street []string
	for _, kind := range []string{"ADDRESS1", "ADDRESS2", "ADDRESS3", "UNKNOWN", ""} {
		sheet.Once(&street, streets[kind])
	}
	at.Street, at.Note = strings.Join(street, ", "), strings.Join(notes, "; ")
	return at
}

type paper struct {
	ID        string  `xml:"ID,attr"`
	Type      string  `xml:"IDRegDocTypeID,attr"`
	Identity  string  `xml:"IdentityID,attr"`
	Country   string  `xml:"IssuedBy-CountryID,attr"`
	Validity  string  `xml:"ValidityID,attr"`
	Number    string  `xml:"IDRegistrationNo"`
	Authority string  `xml:"IssuingAuthority"`
	Comment   string  `xml:"Comment"`
	Dates     []dated `xml:"DocumentDate"`
}

type dated struct {
	Type   string `xml:"IDRegDocDateTypeID,attr"`
	Period period `xml:"DatePeriod"`
}

// paper reads a passport, a registration or a ship's number; the party it belongs to
// comes behind it.
func (a *advanced) paper(line int, raw paper) error {
	p := &page{x: a.x, entry: &record.Listed{}, place: fmt.Sprintf("line %d: IDRegDocument %.20s", line, raw.ID)}
	doc := record.Document{Type: a.word("IDRegDocType", raw.Type), Country: a.word("Country", raw.Country), Number: p.read("documents", "IDRegistrationNo", raw.Number)}
	if doc.Number == "" {
		return a.x.TooMany(p.place)
	}
	var notes []string
	for _, d := range raw.Dates {
		on, ok := d.Period.about()
		switch kind := strings.ToLower(a.word("IDRegDocDateType", d.Type)); {
		case !ok:
		case strings.HasPrefix(kind, "issue"):
			doc.Issued = on.String()
		case strings.HasPrefix(kind, "expir"):
			notes = append(notes, "expires "+on.String())
		default:
			notes = append(notes, strings.TrimSpace(kind+" "+on.String()))
		}
	}
	sheet.Once(&notes, p.read("documents", "IssuingAuthority", raw.Authority), p.read("documents", "Comment", raw.Comment))
	if v := a.word("Validity", raw.Validity); v != "" && !strings.EqualFold(v, "valid") {
		notes = append(notes, strings.ToLower(v))
	}
	doc.Note = strings.Join(notes, "; ")
	if doc = numbered(doc); doc.Note == "IMO "+doc.Number {
		doc.Note = "" // the comment says the number again
	}
	a.papers[raw.Identity] = append(a.papers[raw.Identity], doc)
	return a.x.TooMany(p.place)
}

type relation struct {
	From    string `xml:"From-ProfileID,attr"`
	To      string `xml:"To-ProfileID,attr"`
	Type    string `xml:"RelationTypeID,attr"`
	Quality string `xml:"RelationQualityID,attr"`
	Former  string `xml:"Former,attr"`
	Comment string `xml:"Comment"`
}

// relation ties two parties, by reference, as the list words it: "owned or
// controlled by", "acting for or on behalf of".
func (a *advanced) relation(line int, raw relation) error {
	place := fmt.Sprintf("line %d: ProfileRelationship", line)
	i, _, from := a.x.Held(a.party[raw.From])
	to, known := a.party[raw.To]
	kind := strings.ToLower(a.words["RelationType "+raw.Type].word)
	if !from || !known || kind == "" {
		a.x.Complain(place, "of %.20q to %.20q, of the type %.20q: one of them is not in the list: left out", raw.From, raw.To, raw.Type)
		return a.x.TooMany(place)
	}
	p := &page{x: a.x, entry: &a.x.Entries[i], place: place}
	if raw.Former == "true" {
		kind = "formerly " + kind
	}
	l := record.Relation{To: to, Kind: kind, Note: p.read("links", "Comment", raw.Comment)}
	if q := a.word("RelationQuality", raw.Quality); q != "" {
		l.Note = strings.Trim(l.Note+"; "+strings.ToLower(q), "; ")
	}
	sheet.Once(&p.entry.Links, l)
	return nil
}

type sanction struct {
	Profile string `xml:"ProfileID,attr"`
	List    string `xml:"ListID,attr"`
	Events  []struct {
		Type    string `xml:"EntryEventTypeID,attr"`
		Basis   string `xml:"LegalBasisID,attr"`
		Comment string `xml:"Comment"`
		Date    ymd    `xml:"Date"`
	} `xml:"EntryEvent"`
	Measures []struct {
		Type    string `xml:"SanctionsTypeID,attr"`
		Comment string `xml:"Comment"`
		Period  period `xml:"DatePeriod"`
	} `xml:"SanctionsMeasure"`
}

// sanction adds programmes, legal basis and days of listing to a party. A measure of
// the type "Program" has the programme in its comment; any other type ("Block") is
// kept as an extra field.
func (a *advanced) sanction(line int, raw sanction) error {
	place := fmt.Sprintf("line %d: SanctionsEntry", line)
	i, _, known := a.x.Held(a.party[raw.Profile])
	if !known {
		return a.x.Cut(place, "of the party %.20q, which the list does not hold", raw.Profile)
	}
	e := &a.x.Entries[i]
	a.entered[e.Ref] = true
	p := &page{x: a.x, entry: e, place: place + " of " + e.Ref}
	p.extra("list", a.pointed(p, "extra", "List", raw.List))
	for _, event := range raw.Events {
		p.extra("legal_basis", a.pointed(p, "extra", "LegalBasis", event.Basis))
		p.extra("entry_event", p.read("extra", "EntryEvent", event.Comment))
		if event.Date.Year == "" {
			continue
		}
		day, ok := event.Date.day()
		switch {
		case !ok:
			p.complain("EntryEvent", fmt.Sprintf("not a date: %.40q", event.Date.String()))
			p.drop("listed_on", "EntryEvent", "not a date")
		case e.ListedOn.IsZero():
			e.ListedOn = day
		case day.Before(e.ListedOn):
			e.ListedOn, day = day, e.ListedOn
			sheet.Once(&e.Updated, day)
		case day != e.ListedOn:
			sheet.Once(&e.Updated, day)
		}
	}
	slices.SortFunc(e.Updated, date.Day.Compare)
	for _, m := range raw.Measures {
		comment := p.read("programme", "SanctionsMeasure", m.Comment)
		switch kind := a.pointed(p, "extra", "SanctionsType", m.Type); {
		case strings.EqualFold(kind, "program"):
			sheet.Once(&e.Programme, comment)
		case comment == "":
			p.extra("sanctions_type", kind)
		default:
			p.extra("sanctions_type", kind+": "+comment)
		}
	}
	return a.x.TooMany(place)
}
