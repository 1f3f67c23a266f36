package eu

import (
	"encoding/xml"
	"fmt"
	"strings"

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

// consolidated reads the list as XML.
func (x *reading) consolidated(f sheet.Opened) error {
	return x.Walk(f, sheet.XML{What: "the EU's list", Entry: "entry", Root: "export", Rooted: x.generated, Element: x.element, Count: func() int { return len(x.Entries) }})
}

// element reads one child of the root.
func (x *reading) element(d *xml.Decoder, line int, t xml.StartElement) error {
	if t.Name.Local != "sanctionEntity" {
		return x.Skip(d, line, t)
	}
	var raw sanctionEntity
	if err := d.DecodeElement(&raw, &t); err != nil {
		if s, _, ok := sheet.Text(attr(t.Attr, "euReferenceNumber"), maxRef); ok && s != "" {
			x.Complain(fmt.Sprintf("line %d", line), "entry %s left out: it is cut", s)
		}
		return err
	}
	return x.sanctioned(line, raw)
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
func (x *reading) generated(line int, root xml.StartElement) error {
	if space := root.Name.Space; space != "" && !strings.Contains(space, "/fsd/export") {
		return fmt.Errorf("%w: not the EU's list: its root is <%.40s> of %.60s", record.ErrInvalid, root.Name.Local, space)
	}
	s := attr(root.Attr, "generationDate")
	if s == "" {
		return nil
	}
	if d, ok := sheet.Day(s); ok {
		x.List.Date, x.List.Basis = d, "stated"
		return nil
	}
	x.Complain(fmt.Sprintf("line %d: generationDate", line), "not a date: %.40q", s)
	return nil
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
		x.Complain(at, "the entity has no readable euReferenceNumber: kept under its logicalId %s", logical)
	default:
		return x.Cut(at, "the entity's reference cannot be read: %.40q", raw.Reference)
	}
	e := record.Listed{Ref: ref}
	if okToo {
		e.DataID = logical
	}
	p := &page{Page: sheet.Page{Of: &x.Reading, Entry: &e, Place: at + ": " + ref}, x: x}
	switch kind := strings.ToLower(p.Read("sort", "subjectType", raw.Subject.Code)); {
	case kind == "person", kind == "" && raw.Subject.Class == "P":
		e.Sort = "person"
	case kind == "enterprise", kind == "" && raw.Subject.Class == "E":
		e.Sort = "entity"
	default:
		p.Complain("subjectType", fmt.Sprintf("unknown kind of an entry: %.40q", kind))
	}
	p.designated(raw)
	for _, s := range raw.Remarks {
		p.Comment(p.Read("comments", "remark", s))
	}
	for _, n := range raw.Names {
		p.alias(n)
	}
	p.primary()
	if len(e.Names) == 0 {
		p.Complain("nameAlias", "the entry has no name")
	}
	for _, b := range raw.Births {
		p.born(b)
	}
	for _, c := range raw.Citizens {
		sheet.Once(&e.Nationalities, p.code("nationalities", "citizenship", c.place))
		p.Extra("citizenship", p.remarks("extra", "citizenship", c.Remarks))
	}
	for _, a := range raw.Addresses {
		p.address(a)
	}
	for _, d := range raw.Papers {
		p.paper(d)
	}
	for _, a := range raw.Attrs {
		p.Extra(a.Name.Local, p.Read("extra", a.Name.Local, a.Value))
	}
	for _, o := range raw.Rest {
		p.Extra(o.XMLName.Local, p.Read("extra", o.XMLName.Local, o.Text))
		for _, a := range o.Attrs {
			p.Extra(o.XMLName.Local+"/"+a.Name.Local, p.Read("extra", o.XMLName.Local, a.Value))
		}
	}
	by := ""
	for _, a := range raw.Regulations {
		by += a.Programme + " " + a.Number + "; "
	}
	return x.add(p.Place, line, by, e)
}

// designated reads since when and by which act.
func (p *page) designated(raw sanctionEntity) {
	e := p.Entry
	if s := p.Read("extra", "unitedNationId", raw.UN); s != "" {
		p.Extra("un_reference", s)
		if !isUN.MatchString(s) {
			p.Complain("unitedNationId", fmt.Sprintf("not a reference of the UN's list: %.40q", s))
		}
	}
	designated := p.date("listed_on", "designationDate", raw.Designated)
	if !designated.IsZero() {
		p.Extra("designation_date", designated.String())
	}
	p.Extra("designation_details", p.Read("extra", "designationDetails", raw.Details))
	var inForce date.Day
	founding := false
	for _, a := range raw.Regulations {
		if s := p.Read("programme", "programme", a.Programme); s != "" {
			sheet.Once(&e.Programme, s)
		}
		inForce = earlier(inForce, p.date("listed_on", "entryIntoForceDate", a.InForce))
		var said []string
		for _, f := range []struct{ label, value string }{{"", a.Number}, {"programme ", a.Programme}, {"", a.Type}, {"", a.By},
			{"published ", a.Published}, {"in force ", a.InForce}, {"", a.URL}} {
			if s := p.Read("extra", "regulation", f.value); s != "" {
				said = append(said, f.label+s)
			}
		}
		p.Extra("regulation", strings.Join(said, "; "))
		founding = founding || a.Type == "regulation"
	}
	e.ListedOn = earlier(designated, inForce)
	if designated.IsZero() && !inForce.IsZero() && !founding {
		sheet.Once(&e.Extra, late)
	}
}

func (p *page) date(ours, theirs, raw string) date.Day {
	s := p.Read(ours, theirs, raw)
	if s == "" {
		return date.Day{}
	}
	d, ok := sheet.Day(s)
	if !ok {
		p.Drop(ours, theirs, fmt.Sprintf("not a date: %.30q", s))
	}
	return d
}
