package ch

import (
	"article41/sheet"
	"encoding/xml"
	"fmt"
	"strings"
)

// target is an entry of the file as it stands now. What the modifications added
// and removed before is not read.
type target struct {
	line          int
	Number        string         `xml:"ssid,attr"`
	SetAttr       string         `xml:"sanctions-set-id,attr"`
	Sets          []string       `xml:"sanctions-set-id"`
	Foreign       []string       `xml:"foreign-identifier"`
	Person        *subject       `xml:"individual"`
	Body          *subject       `xml:"entity"`
	Object        *subject       `xml:"object"`
	Modifications []modification `xml:"modification"`
	Rest          []other        `xml:",any"`
}

type modification struct {
	Type      string `xml:"modification-type,attr"`
	Enacted   string `xml:"enactment-date,attr"`
	Published string `xml:"publication-date,attr"`
	Effective string `xml:"effective-date,attr"`
}

type subject struct {
	Sex            string     `xml:"sex,attr"`
	Type           string     `xml:"object-type,attr"`
	Identities     []identity `xml:"identity"`
	Justifications []string   `xml:"justification"`
	Informations   []string   `xml:"other-information"`
	Relations      []relation `xml:"relation"`
	Rest           []other    `xml:",any"`
}

type relation struct {
	To     string `xml:"target-id,attr"`
	Type   string `xml:"relation-type,attr"`
	Remark string `xml:"remark"`
}

type identity struct {
	Main          string   `xml:"main,attr"`
	Names         []named  `xml:"name"`
	Births        []born   `xml:"day-month-year"`
	Birthplaces   []lives  `xml:"place-of-birth"`
	Addresses     []lives  `xml:"address"`
	Nationalities []nation `xml:"nationality"`
	Papers        []paper  `xml:"identification-document"`
	Rest          []other  `xml:",any"`
}

type named struct {
	Type    string `xml:"name-type,attr"`
	Quality string `xml:"quality,attr"`
	Lang    string `xml:"lang,attr"`
	Parts   []part `xml:"name-part"`
}

type part struct {
	Order    string `xml:"order,attr"`
	Type     string `xml:"name-part-type,attr"`
	Value    string `xml:"value"`
	Variants []struct {
		Lang   string `xml:"lang,attr"`
		Script string `xml:"script,attr"`
		Text   string `xml:",chardata"`
	} `xml:"spelling-variant"`
}

type born struct {
	Day      string `xml:"day,attr"`
	Month    string `xml:"month,attr"`
	Year     string `xml:"year,attr"`
	Calendar string `xml:"calendar,attr"`
	Quality  string `xml:"quality,attr"`
}

type nation struct {
	Country country `xml:"country"`
}

type country struct {
	ISO  string `xml:"iso-code,attr"`
	Text string `xml:",chardata"`
}

// lives is an address or a place of birth: the number of a place, and details.
type lives struct {
	Place   string `xml:"place-id,attr"`
	CareOf  string `xml:"c-o"`
	Details string `xml:"address-details"`
	POBox   string `xml:"p-o-box"`
	Zip     string `xml:"zip-code"`
	Remarks string `xml:"remarks"`
}

type place struct {
	Number   string  `xml:"ssid,attr"`
	Location string  `xml:"location"`
	Area     string  `xml:"area"`
	Country  country `xml:"country"`
}

type paper struct {
	Type   string `xml:"document-type,attr"`
	Number string `xml:"number"`
	Issuer struct {
		Code string `xml:"code,attr"`
		ISO  string `xml:"iso-code,attr"`
		Text string `xml:",chardata"`
	} `xml:"issuer"`
	Issued  string `xml:"date-of-issue"`
	Expires string `xml:"expiry-date"`
	Remark  string `xml:"remark"`
}

// other is an element that has no place of its own.
type other struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

// program is an ordinance, as far as an annex of it names it.
type program struct{ key, name, set string }

type said struct {
	Lang   string `xml:"lang,attr"`
	Number string `xml:"ssid,attr"`
	Text   string `xml:",chardata"`
}

// inEnglish picks the English text, else the first.
func inEnglish(of []said) string {
	for _, s := range of {
		if s.Lang == "eng" {
			return s.Text
		}
	}
	if len(of) > 0 {
		return of[0].Text
	}
	return ""
}

// headed reads what the root says of the list.
func (x *reading) headed(line int, root xml.StartElement) error {
	for _, a := range root.Attr {
		switch a.Name.Local {
		case "date":
			if d, ok := sheet.Day(a.Value); ok {
				x.List.Date, x.List.Basis = d, "stated"
			} else {
				x.Complain(fmt.Sprintf("line %d: date", line), "not a date: %.40q", a.Value)
			}
		case "list-type":
			if a.Value != "whole-list" {
				if err := x.Cut(fmt.Sprintf("line %d", line), "the list says that it is %.40q, not the whole list", a.Value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// element reads one child of the root.
func (x *reading) element(d *xml.Decoder, line int, t xml.StartElement) error {
	switch t.Name.Local {
	case "sanctions-program":
		var raw struct {
			Keys  []said `xml:"program-key"`
			Names []said `xml:"program-name"`
			Sets  []said `xml:"sanctions-set"`
		}
		if err := d.DecodeElement(&raw, &t); err != nil {
			return err
		}
		for _, s := range raw.Sets {
			if _, known := x.sets[s.Number]; !known || s.Lang == "eng" {
				x.sets[s.Number] = program{inEnglish(raw.Keys), inEnglish(raw.Names), s.Text}
			}
		}
		return nil
	case "place":
		var p place
		if err := d.DecodeElement(&p, &t); err != nil {
			return err
		}
		x.places[p.Number] = p
		return nil
	case "target":
		raw := target{line: line}
		if err := d.DecodeElement(&raw, &t); err != nil {
			return err
		}
		x.targets = append(x.targets, raw)
		return nil
	}
	return x.Skip(d, line, t)
}

// latest is the newest of the modifications: by the day on which it takes
// effect, else of its publication or enactment; of one day the first, as the file
// has the newest first.
func latest(all []modification) modification {
	when := func(m modification) string {
		for _, s := range []string{m.Effective, m.Published, m.Enacted} {
			if d, ok := sheet.Day(strings.TrimSpace(s)); ok {
				return d.String()
			}
		}
		return ""
	}
	var newest modification
	for i, m := range all {
		if i == 0 || when(m) > when(newest) {
			newest = m
		}
	}
	return newest
}

var sortOf = map[string]string{"vessel": "vessel", "aircraft": "aircraft"}

// sort gives what a target is.
func (t target) sort() (*subject, string) {
	switch {
	case t.Person != nil:
		return t.Person, "person"
	case t.Body != nil:
		return t.Body, "entity"
	case t.Object != nil:
		return t.Object, sortOf[strings.ToLower(t.Object.Type)]
	}
	return nil, ""
}
