package eu

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// sanctionEntity is an entry of the XML.
type sanctionEntity struct {
	Logical     string   `xml:"logicalId,attr"`
	Reference   string   `xml:"euReferenceNumber,attr"`
	UN          string   `xml:"unitedNationId,attr"`
	Designated  string   `xml:"designationDate,attr"`
	Details     string   `xml:"designationDetails,attr"`
	Remarks     []string `xml:"remark"`
	Subject     subject  `xml:"subjectType"`
	Regulations []act    `xml:"regulation"`
	Names       []alias  `xml:"nameAlias"`
	Births      []birth  `xml:"birthdate"`
	Citizens    []struct {
		place
		Remarks []string `xml:"remark"`
	} `xml:"citizenship"`
	Addresses []address        `xml:"address"`
	Papers    []identification `xml:"identification"`
	Attrs     []xml.Attr       `xml:",any,attr"`
	Rest      []other          `xml:",any"`
}

type subject struct {
	Code  string `xml:"code,attr"`
	Class string `xml:"classificationCode,attr"`
}

type act struct {
	Type      string `xml:"regulationType,attr"`
	By        string `xml:"organisationType,attr"`
	Published string `xml:"publicationDate,attr"`
	InForce   string `xml:"entryIntoForceDate,attr"`
	Number    string `xml:"numberTitle,attr"`
	Programme string `xml:"programme,attr"`
	URL       string `xml:"publicationUrl"`
}

type alias struct {
	Whole    string   `xml:"wholeName,attr"`
	First    string   `xml:"firstName,attr"`
	Middle   string   `xml:"middleName,attr"`
	Last     string   `xml:"lastName,attr"`
	Title    string   `xml:"title,attr"`
	Function string   `xml:"function,attr"`
	Gender   string   `xml:"gender,attr"`
	Language string   `xml:"nameLanguage,attr"`
	Strong   string   `xml:"strong,attr"`
	Remarks  []string `xml:"remark"`
}

// place is what several elements say of where.
type place struct {
	City    string `xml:"city,attr"`
	Place   string `xml:"place,attr"`
	Region  string `xml:"region,attr"`
	Zip     string `xml:"zipCode,attr"`
	ISO     string `xml:"countryIso2Code,attr"`
	Country string `xml:"countryDescription,attr"`
}

type birth struct {
	place
	Date     string   `xml:"birthdate,attr"`
	Year     string   `xml:"year,attr"`
	Month    string   `xml:"monthOfYear,attr"`
	Day      string   `xml:"dayOfMonth,attr"`
	From     string   `xml:"yearRangeFrom,attr"`
	To       string   `xml:"yearRangeTo,attr"`
	Circa    string   `xml:"circa,attr"`
	Calendar string   `xml:"calendarType,attr"`
	Remarks  []string `xml:"remark"`
}

type address struct {
	place
	Street   string   `xml:"street,attr"`
	POBox    string   `xml:"poBox,attr"`
	Listing  string   `xml:"asAtListingTime,attr"`
	Remarks  []string `xml:"remark"`
	Contacts []struct {
		Key   string `xml:"key,attr"`
		Value string `xml:"value,attr"`
	} `xml:"contactInfo"`
}

type identification struct {
	place
	Code       string   `xml:"identificationTypeCode,attr"`
	Described  string   `xml:"identificationTypeDescription,attr"`
	Number     string   `xml:"number,attr"`
	Latin      string   `xml:"latinNumber,attr"`
	Issued     string   `xml:"issueDate,attr"`
	By         string   `xml:"issuedBy,attr"`
	From       string   `xml:"validFrom,attr"`
	To         string   `xml:"validTo,attr"`
	Name       string   `xml:"nameOnDocument,attr"`
	Diplomatic string   `xml:"diplomatic,attr"`
	Expired    string   `xml:"knownExpired,attr"`
	False      string   `xml:"knownFalse,attr"`
	Lost       string   `xml:"reportedLost,attr"`
	Revoked    string   `xml:"revokedByIssuer,attr"`
	Remarks    []string `xml:"remark"`
}

// other is an element that has no place of its own.
type other struct {
	XMLName xml.Name
	Text    string     `xml:",chardata"`
	Attrs   []xml.Attr `xml:",any,attr"`
}

// xml reads the consolidated list. A bare "&" is read as text, as elsewhere.
func (x *reading) xml(r io.Reader, in *sheet.Bounded) error {
	// The XML reader stops at a character that XML does not know; one that is
	// marked instead loses its field only.
	d := xml.NewDecoder(transform.NewReader(r, runes.Map(sheet.Legal)))
	d.Strict = false
	d.CharsetReader = sheet.Charset
	root, closed := false, false
	for {
		in.Next()
		line, _ := d.InputPos()
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return x.broken(line, "", err) // nil where a cut list is accepted
		}
		switch t := t.(type) {
		case xml.Directive:
			if strings.HasPrefix(strings.ToLower(string(t)), "doctype html") {
				return fmt.Errorf("%w: line %d: an HTML page, not a list of the EU", record.ErrInvalid, line)
			}
			return fmt.Errorf("%w: line %d: a document type declaration: refused, the list has none", record.ErrInvalid, line)
		case xml.EndElement:
			closed = closed || t.Name.Local == "export"
		case xml.StartElement:
			if !root {
				if t.Name.Local != "export" || t.Name.Space != "" && !strings.Contains(t.Name.Space, "/fsd/export") {
					return fmt.Errorf("%w: not the EU's list: its root is <%.40s>, not <export>", record.ErrInvalid, t.Name.Local)
				}
				root = true
				x.generated(line, t.Attr)
				continue
			}
			if t.Name.Local != "sanctionEntity" {
				x.complain(fmt.Sprintf("line %d", line), "unknown element <%.40s>: passed over", t.Name.Local)
				if err := d.Skip(); err != nil {
					return x.broken(line, "", err)
				}
				if err := x.tooMany(fmt.Sprintf("line %d", line)); err != nil {
					return err
				}
				continue
			}
			var raw sanctionEntity
			if err := d.DecodeElement(&raw, &t); err != nil {
				return x.broken(line, attr(t.Attr, "euReferenceNumber"), err)
			}
			if err := x.sanctioned(line, raw); err != nil {
				return err
			}
		}
	}
	if line, _ := d.InputPos(); !root || !closed {
		return x.cut(fmt.Sprintf("line %d", line), "the input ends before </export>, after %d entries", len(x.entries))
	}
	return nil
}

// broken is the answer to XML that cannot be read on.
func (x *reading) broken(line int, ref string, err error) error {
	if errors.Is(err, sheet.ErrLong) {
		return fmt.Errorf("%w: the entry that begins at line %d is larger than %d bytes", record.ErrInvalid, line, x.opt.MaxEntry)
	}
	var wrong *xml.SyntaxError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("%w: line %d: %w", record.ErrInvalid, line, err)
	}
	if len(x.entries) == 0 && ref == "" {
		return fmt.Errorf("%w: not a list of the EU: %w", record.ErrInvalid, err)
	}
	if ref != "" {
		if s, _, ok := sheet.Text(ref, maxRef); ok && x.opt.AcceptPartial {
			x.complain(fmt.Sprintf("line %d", line), "entry %s left out: it is cut", s)
		}
	}
	return x.cut(fmt.Sprintf("line %d", wrong.Line), "cannot be read on, after %d entries: %s", len(x.entries), wrong.Msg)
}

func attr(attrs []xml.Attr, name string) string {
	for _, a := range attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// generated reads the list's date: the calendar date, whatever the zone.
func (x *reading) generated(line int, attrs []xml.Attr) {
	s := attr(attrs, "generationDate")
	if s == "" {
		return
	}
	if d, ok := sheet.Day(s); ok {
		x.list.Date, x.list.Basis = d, "stated"
		return
	}
	x.complain(fmt.Sprintf("line %d: generationDate", line), "not a date: %.40q", s)
}

// maxRef bounds a reference; a real one has some ten bytes.
const maxRef = 100

// sanctioned reads one entity.
func (x *reading) sanctioned(line int, raw sanctionEntity) error {
	at := fmt.Sprintf("line %d", line)
	ref, _, ok := sheet.Text(raw.Reference, maxRef)
	logical, _, okToo := sheet.Text(raw.Logical, maxRef)
	switch {
	case ok && ref != "":
	case okToo && logical != "":
		ref = "logicalId:" + logical
		x.complain(at, "the entity has no readable euReferenceNumber: kept under its logicalId %s", logical)
	default:
		return x.cut(at, "the entity's reference cannot be read: %.40q", raw.Reference)
	}
	e := record.Listed{Ref: ref}
	if okToo {
		e.DataID = logical
	}
	p := &page{x: x, entry: &e, place: at + ": " + ref}
	switch kind := strings.ToLower(p.read("sort", "subjectType", raw.Subject.Code)); {
	case kind == "person", kind == "" && raw.Subject.Class == "P":
		e.Sort = "person"
	case kind == "enterprise", kind == "" && raw.Subject.Class == "E":
		e.Sort = "entity"
	default:
		p.complain("subjectType", fmt.Sprintf("unknown kind of an entry: %.40q", kind))
	}
	p.designated(raw)
	for _, s := range raw.Remarks {
		p.comment(p.read("comments", "remark", s))
	}
	for _, n := range raw.Names {
		p.alias(n)
	}
	p.primary()
	if len(e.Names) == 0 {
		p.complain("nameAlias", "the entry has no name")
	}
	for _, b := range raw.Births {
		p.born(b)
	}
	for _, c := range raw.Citizens {
		add(&e.Nationalities, p.code("nationalities", "citizenship", c.place))
		p.extra("citizenship", p.remarks("extra", "citizenship", c.Remarks))
	}
	for _, a := range raw.Addresses {
		p.address(a)
	}
	for _, d := range raw.Papers {
		p.paper(d)
	}
	for _, a := range raw.Attrs {
		p.extra(a.Name.Local, p.read("extra", a.Name.Local, a.Value))
	}
	for _, o := range raw.Rest {
		p.extra(o.XMLName.Local, p.read("extra", o.XMLName.Local, o.Text))
		for _, a := range o.Attrs {
			p.extra(o.XMLName.Local+"/"+a.Name.Local, p.read("extra", o.XMLName.Local, a.Value))
		}
	}
	by := ""
	for _, a := range raw.Regulations {
		by += a.Programme + " " + a.Number + "; "
	}
	return x.add(p.place, line, by, e)
}

// designated reads since when and by which act.
func (p *page) designated(raw sanctionEntity) {
	e := p.entry
	if s := p.read("extra", "unitedNationId", raw.UN); s != "" {
		p.extra("un_reference", s)
		if !isUN.MatchString(s) {
			p.complain("unitedNationId", fmt.Sprintf("not a reference of the UN's list: %.40q", s))
		}
	}
	designated := p.date("listed_on", "designationDate", raw.Designated)
	if !designated.IsZero() {
		p.extra("designation_date", designated.String())
	}
	p.extra("designation_details", p.read("extra", "designationDetails", raw.Details))
	var inForce date.Day
	founding := false
	for _, a := range raw.Regulations {
		if s := p.read("programme", "programme", a.Programme); s != "" {
			add(&e.Programme, s)
		}
		inForce = earlier(inForce, p.date("listed_on", "entryIntoForceDate", a.InForce))
		var said []string
		for _, f := range []struct{ label, value string }{{"", a.Number}, {"programme ", a.Programme}, {"", a.Type}, {"", a.By},
			{"published ", a.Published}, {"in force ", a.InForce}, {"", a.URL}} {
			if s := p.read("extra", "regulation", f.value); s != "" {
				said = append(said, f.label+s)
			}
		}
		p.extra("regulation", strings.Join(said, "; "))
		founding = founding || a.Type == "regulation"
	}
	e.ListedOn = earlier(designated, inForce)
	if designated.IsZero() && !inForce.IsZero() && !founding {
		add(&e.Extra, late)
	}
}

func (p *page) date(ours, theirs, raw string) date.Day {
	s := p.read(ours, theirs, raw)
	if s == "" {
		return date.Day{}
	}
	d, ok := sheet.Day(s)
	if !ok {
		p.drop(ours, theirs, fmt.Sprintf("not a date: %.30q", s))
	}
	return d
}
