package uk

import (
	"regexp"
	"strings"

	"article41/record"
)

// ConList puts what has no column of its own into Other Information, each
// under a marker since 2021: "(UK Sanctions List Ref):SYR0306 (UN Ref):IRe.043
// (Gender):Male". Before that it says "UN Ref QDe.004." in plain words.

// unRef is a permanent reference of the UN (QDi.129), or one as it was until
// 2015 (QI.A.202.05, E.29.I.9).
const unRef = `(?:[A-Z]{2}[ei]\.[0-9]{3}\b|[A-Z]{1,2}(?:\.[A-Z0-9]{1,4}){2,5})`

var (
	markers    = regexp.MustCompile(`\((UK Sanctions List Ref|UN Ref|UK Statement of Reasons|Gender|Phone number|Email address|Type of entity|Website|Parent company|Subsidiaries|Business Reg No|IMO number|Flag of ship|Type of ship|Tonnage of ship|Length of ship|Year built|Current owners|Previous flags|Fax)\):\s*`)
	unInText   = regexp.MustCompile(`(?i)\bUN\s*(?:SC\s*)?(?:Permanent\s+)?Ref(?:erence)?s?\b\.?\s*(?:No\b\.?|Number|#)?\s*[:.]?\s*(` + unRef + `(?:(?:\s*(?:,|/|&|and)\s*)` + unRef + `)*)`)
	oneUN      = regexp.MustCompile(`(?i)` + unRef)
	manyUN     = regexp.MustCompile(`(?i)^` + unRef + `(?:(?:\s*(?:,|;|/|&|and)\s*)` + unRef + `)*`)
	manyUK     = regexp.MustCompile(`^[A-Z]{2,6}[0-9]{2,6}(?:(?:\s*(?:,|;|/|&|and)\s*)[A-Z]{2,6}[0-9]{2,6})*`)
	oneUK      = regexp.MustCompile(`[A-Z]{2,6}[0-9]{2,6}`)
	permanent  = regexp.MustCompile(`(?i)^([A-Z]{2})([ei])\.?([0-9]{3})$`)
	imoInText  = regexp.MustCompile(`(?i)\bIMO(?:\s+(?:number|no\.?))?\)?\s*:?\s*([0-9]{7})\b`)
	mmsiInText = regexp.MustCompile(`(?i)\bMMSI(?:\s+number)?\s*:?\s*([0-9]{9})\b`)
)

// unReference writes a permanent reference as the UN does: KPI.067 is KPi.067.
// An old one ("QI.A.202.05") stays as it is.
func unReference(s string) string {
	s = strings.Trim(s, " .")
	if m := permanent.FindStringSubmatch(s); m != nil {
		return strings.ToUpper(m[1]) + strings.ToLower(m[2]) + "." + m[3]
	}
	return s
}

// unReferences keeps the references of a text that holds nothing else: "QDi.042
// and SOi.002" is one person on two of the UN's lists.
func (p *page) unReferences(s string) {
	for _, ref := range oneUN.FindAllString(s, -1) {
		p.extra("un_reference", unReference(ref))
	}
}

// other takes the facts out of Other Information. The whole stays in Comments.
func (p *page) other(s string) {
	at := markers.FindAllStringSubmatchIndex(s, -1)
	for i, m := range at {
		end := len(s)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		p.marked(s[m[2]:m[3]], strings.TrimSpace(s[m[1]:end]))
	}
	// Where there are markers, a reference in the text is another's: "Listed as
	// asset of … (UN Ref KPe.062)". Without them the first is the entry's own.
	if len(at) == 0 {
		if m := unInText.FindStringSubmatch(s); m != nil {
			p.unReferences(m[1])
		}
	}
	for _, m := range imoInText.FindAllStringSubmatch(s, -1) {
		p.document(record.Document{Type: "IMO", Number: m[1]})
	}
	for _, m := range mmsiInText.FindAllStringSubmatch(s, -1) {
		p.document(record.Document{Type: "MMSI", Number: m[1]})
	}
}

// marked files a marked value. Behind a reference, and behind the gender, free
// text may follow.
func (p *page) marked(marker, value string) {
	first, _, _ := strings.Cut(value, " ")
	switch marker {
	case "UK Sanctions List Ref":
		for _, ref := range oneUK.FindAllString(manyUK.FindString(value), -1) {
			p.extra("uk_reference", ref)
		}
	case "UN Ref":
		p.unReferences(manyUN.FindString(value))
	case "Gender":
		p.entry.Gender = strings.ToLower(strings.Trim(first, ".,;"))
	case "UK Statement of Reasons", "IMO number":
		// the one is a text, the other is found wherever it stands
	case "Business Reg No":
		p.business(value)
	case "Parent company", "Subsidiaries", "Current owners":
		kind := map[string]string{"Parent company": "parent company", "Subsidiaries": "subsidiary", "Current owners": "vessel owner"}[marker]
		for _, to := range numbered(value) {
			p.link(strings.TrimSuffix(to, "."), kind)
		}
	default:
		if value != "" {
			p.extra(strings.ReplaceAll(strings.ToLower(marker), " ", "_"), value)
		}
	}
}

var registered = regexp.MustCompile(`^(?:([A-Z][A-Za-z ./]*?(?:No\.?|Number|ID|Code)):?\s+)?([A-Z0-9][A-Z0-9/-]{3,})(?:\s*\(([A-Z][A-Za-z ]+)\))?$`)

// business reads "1117746568829 (Russia). Tax ID No. 7735579027 (Russia)".
func (p *page) business(s string) {
	for _, item := range numbered(s) {
		item = strings.NewReplacer("). ", ")\n", "; ", "\n").Replace(item)
		for one := range strings.SplitSeq(item, "\n") {
			one = strings.Trim(one, " .;,")
			d := record.Document{Type: "Business Registration Number", Number: one}
			if m := registered.FindStringSubmatch(one); m != nil {
				d.Number, d.Country = m[2], m[3]
				if m[1] != "" {
					d.Type = m[1]
				}
			}
			p.document(d)
		}
	}
}
