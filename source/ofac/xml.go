package ofac

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// sdnEntry is an entry of sdn.xml or consolidated.xml.
type sdnEntry struct {
	UID       string   `xml:"uid"`
	First     string   `xml:"firstName"`
	Last      string   `xml:"lastName"`
	Title     string   `xml:"title"`
	Type      string   `xml:"sdnType"`
	Remarks   string   `xml:"remarks"`
	Programs  []string `xml:"programList>program"`
	IDs       []id     `xml:"idList>id"`
	Akas      []aka    `xml:"akaList>aka"`
	Addresses []struct {
		One     string `xml:"address1"`
		Two     string `xml:"address2"`
		Three   string `xml:"address3"`
		City    string `xml:"city"`
		State   string `xml:"stateOrProvince"`
		Postal  string `xml:"postalCode"`
		Country string `xml:"country"`
	} `xml:"addressList>address"`
	Nationalities []string `xml:"nationalityList>nationality>country"`
	Citizenships  []string `xml:"citizenshipList>citizenship>country"`
	Births        []string `xml:"dateOfBirthList>dateOfBirthItem>dateOfBirth"`
	Places        []string `xml:"placeOfBirthList>placeOfBirthItem>placeOfBirth"`
	Vessel        struct {
		CallSign string `xml:"callSign"`
		Type     string `xml:"vesselType"`
		Flag     string `xml:"vesselFlag"`
		Owner    string `xml:"vesselOwner"`
		Tonnage  string `xml:"tonnage"`
		Gross    string `xml:"grossRegisteredTonnage"`
	} `xml:"vesselInfo"`
	Rest []other `xml:",any"`
}

type id struct {
	Type    string `xml:"idType"`
	Number  string `xml:"idNumber"`
	Country string `xml:"idCountry"`
	Issued  string `xml:"issueDate"`
	Expires string `xml:"expirationDate"`
}

type aka struct {
	Type     string `xml:"type"`
	Category string `xml:"category"`
	First    string `xml:"firstName"`
	Last     string `xml:"lastName"`
}

// other is an element that has no place of its own.
type other struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

// xml reads the list as sdn.xml has it.
func (x *reading) xml(f sheet.Opened) error {
	stated := ""
	err := x.Walk(f, sheet.XML{What: "a list of OFAC", Entry: "entry", Root: "sdnList", Count: func() int { return len(x.Entries) },
		Element: func(d *xml.Decoder, line int, t xml.StartElement) error {
			switch t.Name.Local {
			case "publshInformation": // so spelt
				var said struct {
					Date  string `xml:"Publish_Date"`
					Count string `xml:"Record_Count"`
				}
				if err := d.DecodeElement(&said, &t); err != nil {
					return err
				}
				x.published(line, said.Date)
				stated = strings.TrimSpace(said.Count)
				return nil
			case "sdnEntry":
				var raw sdnEntry
				if err := d.DecodeElement(&raw, &t); err != nil {
					return err
				}
				return x.entryXML(line, raw)
			}
			return x.Skip(d, line, t)
		}})
	if err != nil || x.List.Partial {
		return err
	}
	end := fmt.Sprintf("line %d", x.End)
	if n, err := strconv.Atoi(stated); err == nil && n > len(x.Entries) {
		return x.Cut(end, "the list says that it holds %d entries and holds %d", n, len(x.Entries))
	} else if stated != "" && n != len(x.Entries) {
		x.Complain(end, "the list says that it holds %.20q entries and holds %d", stated, len(x.Entries))
	}
	return nil
}

// published reads the list's date, which is written month first: 04/06/2018 is
// 6 April.
func (x *reading) published(line int, s string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	t, err := time.Parse("1/2/2006", s)
	if err == nil {
		if d, err := date.New(t.Year(), t.Month(), t.Day()); err == nil {
			x.List.Date, x.List.Basis = d, "stated"
			return
		}
	}
	x.Complain(fmt.Sprintf("line %d: Publish_Date", line), "not a date: %.40q", s)
}

// entryXML reads one entry.
func (x *reading) entryXML(line int, raw sdnEntry) error {
	place := fmt.Sprintf("line %d", line)
	ref := strings.TrimSpace(raw.UID)
	if !number.MatchString(ref) {
		return x.Cut(place, "the entry's number cannot be read: %.40q", ref)
	}
	e := record.Listed{List: x.Opt.List, Ref: ref}
	p := &page{x: x, entry: &e, place: place + ": " + ref, at: len(x.Entries)}
	kind := p.read("sort", "sdnType", raw.Type)
	sort, known := sorts[strings.ToLower(kind)]
	if !known || kind == "" {
		p.complain("sdnType", fmt.Sprintf("unknown type of an entry: %.40q", kind))
	}
	e.Sort = sort
	p.primaryName(p.full("firstName, lastName", raw.First, raw.Last))
	for _, s := range raw.Programs {
		if s = p.read("programme", "program", s); s != "" && !slices.Contains(e.Programme, s) {
			e.Programme = append(e.Programme, s)
		}
	}
	p.positions(p.read("positions", "title", raw.Title))
	for _, a := range raw.Akas {
		p.otherName(p.full("aka", a.First, a.Last), p.read("names", "type", a.Type), strings.EqualFold(strings.TrimSpace(a.Category), "weak"), "")
	}
	for _, s := range raw.Births {
		p.birth(p.read("births", "dateOfBirth", s))
	}
	for _, s := range raw.Places {
		if s = p.read("births", "placeOfBirth", s); s != "" {
			e.Births = append(e.Births, x.birthplace(s))
		}
	}
	for _, s := range slices.Concat(raw.Nationalities, raw.Citizenships) {
		if s = p.read("nationalities", "country", s); s != "" && !slices.Contains(e.Nationalities, s) {
			e.Nationalities = append(e.Nationalities, s)
		}
	}
	for _, a := range raw.Addresses {
		at := record.Address{
			City: p.read("addresses", "city", a.City), State: p.read("addresses", "stateOrProvince", a.State),
			Zip: p.read("addresses", "postalCode", a.Postal), Country: p.read("addresses", "country", a.Country),
		}
		var street []string
		for _, s := range []string{a.One, a.Two, a.Three} {
			if s = p.read("addresses", "address", s); s != "" {
				street = append(street, s)
			}
		}
		at.Street = strings.Join(street, ", ")
		if at != (record.Address{}) && !slices.Contains(e.Addresses, at) {
			e.Addresses = append(e.Addresses, at)
		}
	}
	for _, d := range raw.IDs {
		p.identifier(d)
	}
	v := raw.Vessel
	if s := p.read("documents", "callSign", v.CallSign); s != "" {
		e.Documents = append(e.Documents, record.Document{Type: "Call Sign", Number: s})
	}
	p.extra("vessel_type", p.read("extra", "vesselType", v.Type))
	p.extra("tonnage", p.read("extra", "tonnage", v.Tonnage))
	p.extra("gross_registered_tonnage", p.read("extra", "grossRegisteredTonnage", v.Gross))
	p.extra("vessel_flag", p.read("extra", "vesselFlag", v.Flag))
	if s := p.read("links", "vesselOwner", v.Owner); s != "" {
		e.Links = append(e.Links, record.Relation{To: s, Kind: "vessel owner"})
	}
	for _, o := range raw.Rest {
		p.extra(o.XMLName.Local, p.read("extra", o.XMLName.Local, o.Text))
	}
	// Here the remarks hold sentences and "(Linked To: …)"; the facts of the CSV
	// set's remarks have elements of their own.
	if s := p.read("comments", "remarks", raw.Remarks); s != "" {
		e.Comments = s
		for _, item := range split(s) {
			p.item(item)
		}
	}
	return x.take(place, line, e, "")
}

// full joins a name's two elements the way the CSV set writes them.
func (p *page) full(theirs, first, last string) string {
	first, last = p.read("names", theirs, first), p.read("names", theirs, last)
	if first == "" || last == "" {
		return first + last
	}
	if p.entry.Sort != "person" {
		return first + " " + last
	}
	return last + ", " + first
}

// identifier reads an id, which here is any labelled fact: a passport, the
// gender, a directive. A label we do not know is an identifier unless it ends
// like the head of a sentence.
func (p *page) identifier(d id) {
	label := p.read("documents", "idType", d.Type)
	n := p.read("documents", "idNumber", d.Number)
	if n == "" || label == "" {
		return
	}
	if label == "Gender" {
		p.entry.Gender = strings.ToLower(n)
		return
	}
	if isWord(label) {
		p.extra(label, n)
		return
	}
	doc := numbered(record.Document{Type: label, Number: n, Country: p.read("documents", "idCountry", d.Country), Issued: p.read("documents", "issueDate", d.Issued)})
	if s := p.read("documents", "expirationDate", d.Expires); s != "" {
		doc.Note = "expires " + s
	}
	if !slices.Contains(p.entry.Documents, doc) {
		p.entry.Documents = append(p.entry.Documents, doc)
	}
}

func isWord(s string) bool {
	if strings.HasSuffix(s, ":") || strings.HasSuffix(s, "-") {
		return true
	}
	l, _, ok := labelled(s + " ?")
	return ok && l.words == s && !l.number
}
