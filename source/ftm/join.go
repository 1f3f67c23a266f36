package ftm

import (
	"fmt"
	"slices"
	"strings"

	"article41/record"
)

// pointed reads what a subject points at: an address by its id, or, in a nested
// file, an entity that stands in the value itself.
func (p *page) pointed(theirs string, vs values) {
	var ids []string
	for _, v := range vs {
		switch {
		case v.nested != nil:
			e, err := parse(v.nested)
			if err != nil || e.Schema == "" {
				p.drop("extra", theirs, "an entity in it that cannot be read")
				continue
			}
			p.within(theirs, e)
		case theirs == "addressEntity":
			if id := p.id(theirs, v); id != "" {
				ids = append(ids, id)
			}
		}
		// What else points back stands at the entity that points here.
	}
	slices.Sort(ids)
	for _, id := range ids {
		found, _ := p.x.sides.of(id, p.x.opt.MaxEntry)
		known := false
		for _, e := range found {
			if schemas()[e.Schema].role == address {
				p.lives(e)
				known = true
			}
		}
		if !known {
			p.extra(theirs, id)
		}
	}
}

// within joins an entity that stood inside the subject, where the property that
// points back is left out.
func (p *page) within(theirs string, e entity) {
	s := schemas()[e.Schema]
	switch s.role {
	case sanction:
		e.Properties["entity"] = values{{text: p.entry.Ref}}
	case document, occupancy:
		e.Properties["holder"] = values{{text: p.entry.Ref}}
	case subject:
		if e.Schema == wallet {
			e.Properties["holder"] = values{{text: p.entry.Ref}}
			break
		}
		p.link(record.Relation{To: p.id(theirs, value{text: e.ID}), Kind: "linked to", Note: theirs})
		return
	case link:
		t := ties()[e.Schema]
		for _, end := range []string{t.from, t.to} {
			if len(e.Properties[end]) == 0 {
				e.Properties[end] = values{{text: p.entry.Ref}}
				break
			}
		}
	case address:
		p.lives(e)
		return
	default:
		p.extra(theirs, p.read("extra", theirs, value{text: e.ID}))
		return
	}
	p.join(e)
}

// join reads an entity that is told of the subject.
func (p *page) join(e entity) {
	switch schemas()[e.Schema].role {
	case sanction:
		p.sanction(e)
	case document:
		p.paper(e)
	case occupancy:
		p.office(e)
	case link:
		p.tied(e)
	case subject:
		for _, key := range p.all("documents", "publicKey", e) {
			p.document(record.Document{Type: "Crypto Wallet", Number: key, Note: p.one("documents", "currency", e)})
		}
		p.link(record.Relation{To: e.ID, Kind: "holds", Note: e.Schema})
	}
}

// one gives a property's texts as one.
func (p *page) one(ours, name string, e entity) string {
	return strings.Join(p.all(ours, name, e), "; ")
}

// A sanction's properties in the order in which they are kept as one text; what
// else it has follows.
var ofSanction = []string{"programId", "program", "authority", "country", "listingDate", "startDate", "endDate", "status", "provisions", "duration", "authorityId", "unscId"}

// sanction reads a designation. Its listingDate is the day of listing; its
// startDate, on which it takes effect, is not, and both are kept.
func (p *page) sanction(s entity) {
	e := p.entry
	which := p.all("programme", "programId", s)
	if len(which) == 0 {
		which = p.all("programme", "program", s)
	}
	for _, id := range which {
		if !slices.Contains(e.Programme, id) {
			e.Programme = append(e.Programme, id)
		}
	}
	for _, d := range p.all("listed_on", "listingDate", s) {
		if on, ok := day(d); !ok {
			p.drop("listed_on", "listingDate", fmt.Sprintf("not a date: %.30q", d))
		} else if e.ListedOn.IsZero() || on.Before(e.ListedOn) {
			e.ListedOn = on
		}
	}
	for _, id := range p.all("extra", "unscId", s) {
		p.extra("un_reference", id)
	}
	p.comment(p.all("comments", "reason", s)...)
	var said []string
	rest := names(s, append([]string{"entity", "reason"}, ofSanction...))
	for _, name := range append(slices.Clone(ofSanction), rest...) {
		if v := p.one("extra", name, s); v != "" {
			said = append(said, name+": "+v)
		}
	}
	p.extra("sanction", strings.Join(said, "; "))
}

// names are an entity's properties but those.
func names(e entity, but []string) []string {
	var out []string
	for name := range e.Properties {
		if !slices.Contains(but, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// paper reads an identity paper.
func (p *page) paper(e entity) {
	d := record.Document{Type: p.one("documents", "type", e), Country: p.one("documents", "country", e),
		Issued: p.one("documents", "startDate", e)}
	if e.Schema == "Passport" && !strings.Contains(strings.ToLower(d.Type), "passport") {
		d.Type, d.Type2 = "Passport", d.Type
	}
	var note []string
	for _, name := range names(e, []string{"type", "country", "startDate", "number", "passportNumber", "holder"}) {
		if s := p.one("documents", name, e); s != "" {
			note = append(note, name+": "+s)
		}
	}
	d.Note = strings.Join(note, "; ")
	numbers := append(p.all("documents", "number", e), p.all("documents", "passportNumber", e)...)
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		d.Number = n
		p.document(d)
	}
}

// lives reads an address that is an entity.
func (p *page) lives(e entity) {
	a := record.Address{City: p.one("addresses", "city", e), Zip: p.one("addresses", "postalCode", e), Country: p.one("addresses", "country", e)}
	join := func(names ...string) string {
		var parts []string
		for _, name := range names {
			if s := p.one("addresses", name, e); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ", ")
	}
	a.Street = join("postOfficeBox", "street", "street2", "street3")
	a.State = join("region", "state")
	a.Note = join("remarks", "summary")
	if full := p.one("addresses", "full", e); a.Street == "" && a.City == "" {
		if a.Street = full; full == "" {
			a.Street, _, _ = text(e.Caption, p.x.opt.MaxElement)
		}
	}
	p.address(a)
}

// office reads that the subject held a position, which is an entity too.
func (p *page) office(e entity) {
	var when []string
	for _, name := range []string{"startDate", "endDate", "status"} {
		if s := p.one("positions", name, e); s != "" {
			when = append(when, name+": "+s)
		}
	}
	for _, v := range e.Properties["post"] {
		name := ""
		if v.nested != nil {
			post, _ := parse(v.nested)
			name = p.one("positions", "name", post)
		} else {
			found, _ := p.x.sides.of(v.id(), p.x.opt.MaxEntry)
			for _, post := range found {
				if schemas()[post.Schema].role == position {
					name = p.one("positions", "name", post)
				}
			}
		}
		if name == "" {
			p.extra("post", p.id("post", v))
			continue
		}
		if !slices.Contains(p.entry.Positions, name) {
			p.entry.Positions = append(p.entry.Positions, name)
		}
		if len(when) > 0 {
			p.extra("office", name+"; "+strings.Join(when, "; "))
		}
	}
}

// tied reads a link to other subjects, from where the entry stands in it.
func (p *page) tied(e entity) {
	t := ties()[e.Schema]
	for _, side := range []struct{ ours, theirs, kind string }{{t.from, t.to, t.kind}, {t.to, t.from, t.back}} {
		if !slices.ContainsFunc(e.Properties[side.ours], func(v value) bool { return v.id() == p.entry.Ref }) {
			continue
		}
		l := record.Relation{Kind: side.kind, Percent: p.one("links", "percentage", e),
			From: p.one("links", "startDate", e), Until: p.one("links", "endDate", e)}
		var note []string
		for _, name := range names(e, []string{t.from, t.to, "percentage", "startDate", "endDate"}) {
			if s := p.one("links", name, e); s != "" {
				note = append(note, name+": "+s)
			}
		}
		l.Note = strings.Join(note, "; ")
		for _, v := range e.Properties[side.theirs] {
			l.To = p.id(side.theirs, v)
			p.link(l)
		}
	}
}
