package eu

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// quality is how a remark grades a name: "low quality alias", "good quality
// alias; as previously listed", "qood quality alias".
var quality = regexp.MustCompile(`(?i)\b(low|g[o0]+d|qood|weak|strong)[ -]quality(?:\s+alias)?\b\s*[;,.]?\s*`)

// alias reads one name with the title, office and gender that stand with it.
func (p *page) alias(a alias) {
	e := p.Entry
	n := record.Name{Text: p.Read("names", "wholeName", a.Whole), Quality: record.Good, Lang: strings.ToLower(p.Read("names", "nameLanguage", a.Language))}
	for _, s := range []string{p.Read("names", "firstName", a.First), p.Read("names", "middleName", a.Middle), p.Read("names", "lastName", a.Last)} {
		if s != "" {
			n.Parts = append(n.Parts, s)
		}
	}
	if n.Text == "" {
		n.Text = strings.Join(n.Parts, " ")
	}
	if foreign(n.Text) {
		n.Quality = record.Original
	}
	n.Note = p.remarks("names", "nameAlias", a.Remarks)
	low := strings.EqualFold(strings.TrimSpace(a.Strong), "false")
	if m := quality.FindStringSubmatch(n.Note); m != nil {
		low = strings.EqualFold(m[1], "low") || strings.EqualFold(m[1], "weak")
		n.Note = strings.TrimSpace(quality.ReplaceAllString(n.Note, ""))
	}
	if low {
		n.Quality = record.Low
	}
	p.name(n)
	sheet.Once(&e.Titles, p.Read("titles", "title", a.Title))
	sheet.Once(&e.Positions, p.Read("positions", "function", a.Function))
	if g := p.Read("gender", "gender", a.Gender); e.Gender == "" && g != "" {
		switch strings.ToUpper(g) {
		case "M":
			e.Gender = "male"
		case "F":
			e.Gender = "female"
		default:
			e.Gender = strings.ToLower(g)
		}
	}
}

func (p *page) remarks(ours, theirs string, raw []string) string {
	var out []string
	for _, s := range raw {
		if s = p.Read(ours, theirs+": remark", s); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "; ")
}

// country is the country as described. "UNKNOWN" says nothing.
func (p *page) country(ours, theirs string, at place) string {
	s := p.Read(ours, theirs+": countryDescription", at.Country)
	if strings.EqualFold(s, "unknown") || at.ISO == "00" {
		return ""
	}
	if s == "" {
		return p.Read(ours, theirs+": countryIso2Code", at.ISO)
	}
	return s
}

// code is the country's code, which other lists share; the description is of the
// Commission's own wording. "CS" has stood for two countries: there the
// description says which.
func (p *page) code(ours, theirs string, at place) string {
	if s := p.Read(ours, theirs+": countryIso2Code", at.ISO); len(s) == 2 && s != "00" && s != "CS" {
		return s
	}
	return p.country(ours, theirs, at)
}

// born reads a date and place of birth. A date in another calendar than ours
// counts only where it is given in ours too.
func (p *page) born(b birth) {
	const of = "birthdate"
	out := record.Birth{City: p.Read("births", of, b.City), State: p.Read("births", of, b.Region), Country: p.country("births", of, b.place)}
	if s := p.Read("births", of, b.Place); s != "" {
		if out.City != "" {
			s += ", " + out.City
		}
		out.City = s
	}
	out.Note = p.remarks("births", of, b.Remarks)
	ours := b.Calendar == "" || strings.EqualFold(b.Calendar, "GREGORIAN")
	if !ours {
		out.Type = strings.ToLower(p.Read("births", "calendarType", b.Calendar)) + " calendar: " +
			strings.Trim(strings.Join([]string{b.Year, b.Month, b.Day}, "-"), "-")
	}
	iso := ""
	switch {
	case b.Date != "":
		iso = b.Date
	case !ours:
	case b.Year != "":
		iso = b.Year
		if b.Month != "" {
			if iso += "-" + two(b.Month); b.Day != "" {
				iso += "-" + two(b.Day)
			}
		}
	case b.From != "" && b.To != "":
		iso = b.From + "/" + b.To
	default:
		iso = b.From + b.To
	}
	if iso != "" {
		if s, _, ok := sheet.Text(iso, 100); ok {
			if d, ok := sheet.Day(s); ok {
				out.On = date.Exactly(d)
			} else if on, err := date.ParseAbout(s); err == nil {
				out.On = on
			}
		}
		if out.On.IsZero() {
			p.Drop("births", of, fmt.Sprintf("not a date: %.30q", iso))
		}
	}
	if strings.EqualFold(b.Circa, "true") && !out.On.From.IsZero() {
		out.On.Circa = true
	}
	sheet.Once(&p.Entry.Births, out)
}

func two(s string) string {
	if n, err := strconv.Atoi(s); err == nil {
		return fmt.Sprintf("%02d", n)
	}
	return s
}

func (p *page) address(a address) {
	const of = "address"
	joined := func(parts ...string) string {
		var out []string
		for _, s := range parts {
			if s = p.Read("addresses", of, s); s != "" {
				out = append(out, s)
			}
		}
		return strings.Join(out, ", ")
	}
	if a.POBox != "" && !strings.Contains(strings.ToLower(a.POBox), "box") {
		a.POBox = "PO Box " + a.POBox
	}
	at := record.Address{Street: joined(a.Street, a.POBox, a.Place), City: joined(a.City), State: joined(a.Region), Zip: joined(a.Zip),
		Country: p.country("addresses", of, a.place), Note: p.remarks("addresses", of, a.Remarks)}
	if strings.EqualFold(a.Listing, "true") {
		at.Note = strings.Trim("as at the time of listing; "+at.Note, "; ")
	}
	sheet.Once(&p.Entry.Addresses, at)
	for _, c := range a.Contacts {
		p.Extra(strings.ToLower(p.Read("extra", "contactInfo", c.Key)), p.Read("extra", "contactInfo", c.Value))
	}
}

// paperNames are the kinds of papers as other lists call them.
var paperNames = map[string]string{"passport": "Passport", "id": "National Identification Number", "imo": "IMO", "swiftbic": "SWIFT/BIC", "regnumber": "Registration Number"}

// paper reads an identity paper or another number. What is known against it is in
// the note; the number stays, because whom it was found on is listed.
func (p *page) paper(d identification) {
	const of = "identification"
	read := func(s string) string { return p.Read("documents", of, s) }
	out := record.Document{Type: read(d.Described), Issued: read(d.Issued), City: read(d.By), Country: p.code("documents", of, d.place)}
	if ours, ok := paperNames[strings.ToLower(read(d.Code))]; ok {
		out.Type, out.Type2 = ours, out.Type
	} else if out.Type == "" {
		out.Type = read(d.Code)
	}
	var note []string
	say := func(label, s string) {
		if s = read(s); s != "" {
			note = append(note, label+s)
		}
	}
	for _, f := range []struct{ word, is string }{{"diplomatic", d.Diplomatic}, {"known to be expired", d.Expired}, {"known to be false", d.False},
		{"reported lost", d.Lost}, {"revoked by its issuer", d.Revoked}} {
		if strings.EqualFold(f.is, "true") {
			note = append(note, f.word)
		}
	}
	say("valid from ", d.From)
	say("valid to ", d.To)
	say("", d.Name)
	say("", d.Region)
	if s := p.remarks("documents", of, d.Remarks); s != "" {
		note = append(note, s)
	}
	out.Note = strings.Join(note, "; ")
	number, latin := read(d.Number), read(d.Latin)
	if out.Number = number; number != "" || latin == "" && out.Note != "" {
		sheet.Once(&p.Entry.Documents, out)
	}
	if out.Number = latin; latin != "" && latin != number {
		sheet.Once(&p.Entry.Documents, out)
	}
}
