package ofac

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"article41/date"
	"article41/record"
)

// longest is how many characters of remarks sdn.csv holds; what is longer goes
// on in sdn_comments.csv.
const longest = 1000

// readRemarks reads the remarks of an entry into their places. unread says that
// the file they go on in was not given.
func (x *reading) readRemarks(i int, unread bool) {
	raw := x.remarks[i]
	if raw == "" {
		return
	}
	e := &x.Entries[i]
	p := &page{x: x, entry: e, place: fmt.Sprintf("line %d: %s", x.Line(i), e.Ref), at: i}
	broken := unread && len(raw) >= longest && !strings.HasSuffix(strings.TrimSpace(raw), ".")
	s := p.read("comments", "Remarks", raw)
	if s == "" {
		return
	}
	e.Comments = s
	items := split(s)
	if broken {
		// The last item is half of one: a number cut short is another number.
		problem := fmt.Sprintf("goes on in %s, which was not given: its last item is left unread", setOf(x.Opt.List)[3].name)
		p.complain("Remarks", problem)
		p.drop("comments", "Remarks", problem)
		items = items[:len(items)-1]
	}
	for _, item := range items {
		p.item(item)
	}
}

// split parts remarks into their items. The full stop behind the last is the
// file's, not the item's.
func split(s string) []string {
	var out []string
	for item := range strings.SplitSeq(strings.TrimSuffix(s, "."), ";") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

var (
	quoted    = regexp.MustCompile(`^([afnd]\.[kb]\.a\.) '(.+)'$`)
	directive = regexp.MustCompile(`^((?:Executive Order|Listing Date|Effective Date|CAATSA|PEESA|IFCA)[^:]*?(?::| -)) (.+)$`)
)

// item reads one item of the remarks. What is no known fact stays in Comments.
func (p *page) item(s string) {
	e := p.entry
	s = strings.TrimPrefix(s, "alt. ")
	if in, ok := strings.CutPrefix(s, "("); ok && strings.HasPrefix(in, "Linked To: ") {
		s = strings.TrimSuffix(in, ")") // so in the XML
	}
	switch word, rest, _ := strings.Cut(s, " "); word {
	case "DOB":
		p.birth(rest)
		return
	case "POB":
		e.Births = append(e.Births, p.x.birthplace(rest))
		return
	case "nationality", "citizen":
		if rest != "" && !slices.Contains(e.Nationalities, rest) {
			e.Nationalities = append(e.Nationalities, rest)
		}
		return
	case "Gender":
		e.Gender = strings.ToLower(rest)
		return
	case "Linked":
		if to, ok := strings.CutPrefix(rest, "To: "); ok {
			p.link(to)
			return
		}
	}
	if m := quoted.FindStringSubmatch(s); m != nil {
		p.otherName(m[2], m[1], true, "")
		return
	}
	if l, rest, ok := labelled(s); ok {
		p.fact(l.words, rest, "", l.number)
		return
	}
	if m := directive.FindStringSubmatch(s); m != nil {
		p.fact(m[1], m[2], "", false)
	}
}

// fact files a labelled value: an identifier among the documents, any other
// word among the extra fields.
func (p *page) fact(label, rest, issuer string, isNumber bool) {
	if !isNumber {
		p.extra(label, strings.TrimPrefix(rest, "- "))
		return
	}
	d := p.x.document(label, rest)
	if issuer != "" {
		d = numbered(record.Document{Type: label, Number: rest, Country: issuer})
	}
	if d.Number != "" && !slices.Contains(p.entry.Documents, d) {
		p.entry.Documents = append(p.entry.Documents, d)
	}
}

// link keeps a tie to another entry, by the name the list gives it.
func (p *page) link(to string) {
	r := record.Relation{To: to, Kind: "linked to"}
	if to != "" && !slices.Contains(p.entry.Links, r) {
		p.entry.Links = append(p.entry.Links, r)
	}
}

func (p *page) birth(s string) {
	if s == "" {
		return
	}
	b := record.Birth{}
	on, ok := about(s)
	if b.On = on; !ok {
		b.Note = s // in words that are no date
	}
	if !slices.Contains(p.entry.Births, b) {
		p.entry.Births = append(p.entry.Births, b)
	}
}

// birthplace parts "Culiacan, Sinaloa, Mexico": the country is what stands
// last, if it is one ("Pyongyang, Korea, North").
func (x *reading) birthplace(s string) record.Birth {
	last := strings.LastIndex(s, ", ")
	if last < 0 {
		if x.isCountry(s) {
			return record.Birth{Country: s}
		}
		return record.Birth{City: s}
	}
	if c := s[last+2:]; x.isCountry(c) {
		return record.Birth{City: s[:last], Country: c}
	}
	before := strings.LastIndex(s[:last], ", ")
	if c := s[max(before+2, 0):]; before < 0 && x.isCountry(s) {
		return record.Birth{Country: s}
	} else if before >= 0 && x.isCountry(c) {
		return record.Birth{City: s[:before], Country: c}
	}
	return record.Birth{City: s}
}

// about reads a date as OFAC writes it: "14 Jun 1975", "Jun 1975", "1975",
// "circa 1975", "1975 to 1977", "circa 1979-1982".
func about(s string) (date.About, bool) {
	s, circa := strings.CutPrefix(s, "circa ")
	from, to, span := strings.Cut(s, " to ")
	if !span {
		from, to, span = strings.Cut(s, "-")
	}
	iso, ok := day(from)
	if span && ok {
		var until string
		until, ok = day(strings.TrimPrefix(to, "circa "))
		iso += "/" + until
	}
	if !ok {
		return date.About{}, false
	}
	a, err := date.ParseAbout(iso)
	if err != nil {
		return date.About{}, false
	}
	a.Circa = circa
	return a, true
}

func day(s string) (iso string, ok bool) {
	for _, as := range []struct{ theirs, ours string }{{"2 Jan 2006", "2006-01-02"}, {"Jan 2006", "2006-01"}, {"2006", "2006"}} {
		if t, err := time.Parse(as.theirs, s); err == nil {
			return t.Format(as.ours), true
		}
	}
	return "", false
}
