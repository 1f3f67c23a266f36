package article41

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/screen"
)

// Ownership is what the links of a list tell of who owns or controls an entry.
type Ownership struct {
	List     record.SourceID     `json:"list"`
	ID       string              `json:"id"`
	Caption  string              `json:"caption"`
	AsOf     date.Day            `json:"as_of"`
	KnownAt  date.Day            `json:"known_at"`
	Sentence string              `json:"sentence"`
	Listed   bool                `json:"listed"` // the entry itself is; the tests are about what others own
	Tests    []listing.Ownership `json:"tests"`
	Links    []record.Relation   `json:"links"` // all, as given
	Owned    []listing.Holding   `json:"owned"` // what the list says that it owns or controls
	Basis    Basis               `json:"basis"`
}

// Bounds of a walk along links.
const (
	ownersDeep = 8
	ownersMost = 500
)

// Ownership answers, for each authority by its own rule, whether somebody listed
// owns or controls an entry. Links are followed within the list that gives them.
// Without a list it is the one loaded list that has the entry; where several have
// one of that reference, record.ErrInvalid names them.
func (a *Archive) Ownership(ctx context.Context, at record.At, list record.SourceID, ref string) (Ownership, error) {
	if list == "" {
		var err error
		if list, err = a.listOf(ctx, at, ref); err != nil {
			return Ownership{}, err
		}
	}
	s, err := a.at(ctx, at)
	if err != nil {
		return Ownership{}, err
	}
	w := s.world(at.KnownAt)
	ref = s.reference(list, ref)
	e, ok := s.entry(w, list, ref, at.KnownAt)
	if !ok {
		return Ownership{}, fmt.Errorf("%w: no entry %s in list %s known by %s", record.ErrNotFound, ref, list, at.KnownAt)
	}
	k := &kin{s: s, w: w, at: at, list: list, names: map[string]string{}, unsure: map[string]bool{}}
	out := Ownership{List: list, ID: ref, Caption: e.Name, AsOf: at.AsOf, KnownAt: at.KnownAt, Links: []record.Relation{}, Owned: []listing.Holding{}, Basis: s.basis()}
	out.Listed, _ = k.known(ref)
	if said := k.said(ref); said != nil {
		out.Links = append(out.Links, said.Links...)
	}
	holdings := k.walk(ref)
	for _, h := range holdings {
		if h.Owner == ref {
			out.Owned = append(out.Owned, h)
		}
	}
	for _, r := range listing.OwnershipRules() {
		o := listing.Owned(ref, holdings, k.known, r, at.AsOf)
		for i := range o.Path {
			o.Path[i].Owner, o.Path[i].Asset = k.called(o.Path[i].Owner), k.called(o.Path[i].Asset)
		}
		out.Tests = append(out.Tests, o)
	}
	for i := range out.Owned {
		out.Owned[i].Owner, out.Owned[i].Asset = k.called(out.Owned[i].Owner), k.called(out.Owned[i].Asset)
	}
	out.Sentence = out.sentence()
	return out, nil
}

// listOf is the one list that has an entry of the reference.
func (a *Archive) listOf(ctx context.Context, at record.At, ref string) (record.SourceID, error) {
	r, err := a.Register(ctx, at)
	if err != nil {
		return "", err
	}
	s, err := a.at(ctx, at)
	if err != nil {
		return "", err
	}
	w := s.world(at.KnownAt)
	var found, asked []string
	for _, l := range r.Lists() {
		asked = append(asked, string(l.List))
		if _, ok := s.entry(w, l.List, s.reference(l.List, ref), at.KnownAt); ok {
			found = append(found, string(l.List))
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("%w: no entry %s known by %s in the lists held: %s", record.ErrNotFound, ref, at.KnownAt, strings.Join(asked, ", "))
	case 1:
		return record.SourceID(found[0]), nil
	}
	return "", fmt.Errorf("%w: an entry %s is in several lists: %s; say which", record.ErrInvalid, ref, strings.Join(found, ", "))
}

func (o Ownership) sentence() string {
	start := fmt.Sprintf("By the links of the list %s, %s is ", o.List, o.Caption)
	if o.Listed {
		start = fmt.Sprintf("%s is itself listed. By the links of the list %s it is ", o.Caption, o.List)
	}
	yes, not := []string{}, []string{}
	for _, t := range o.Tests {
		switch t.Answer {
		case listing.IsControlled:
			yes = append(yes, t.Authority)
		case listing.NotControlled:
			not = append(not, t.Authority)
		}
	}
	switch {
	case len(yes) > 0:
		return fmt.Sprintf("%sowned or controlled by somebody listed, under the rule of %s.", start, strings.Join(yes, ", "))
	case len(not) > 0:
		return fmt.Sprintf("%snot owned by anybody listed, under the rule of %s; beyond that it cannot be said.", start, strings.Join(not, ", "))
	}
	itself := ""
	if o.Listed {
		itself = o.Caption + " is itself listed. "
	}
	return fmt.Sprintf("%sWhether somebody listed owns or controls %s cannot be said from the links of the list %s.", itself, o.Caption, o.List)
}

// kin are the entries of a list that links lead to.
type kin struct {
	s      *state
	w      *world
	at     record.At
	list   record.SourceID
	names  map[string]string // a name that a link gives → the entry's reference
	unsure map[string]bool
}

// said is what the list says of the entry on the day.
func (k *kin) said(ref string) *record.Listed {
	return k.s.lists.List(k.list).OnList(ref, k.at.AsOf, k.at.KnownAt).Entry
}

// walk gathers the holdings around an entry, upwards and one step down.
func (k *kin) walk(ref string) []listing.Holding {
	var out []listing.Holding
	seen := map[string]bool{}
	next := []string{ref}
	for deep := 0; deep <= ownersDeep && len(next) > 0 && len(seen) < ownersMost; deep++ {
		var following []string
		for _, id := range next {
			if seen[id] {
				continue
			}
			seen[id] = true
			said := k.said(id)
			if said == nil {
				continue
			}
			for _, l := range said.Links {
				l.To = k.resolve(l.To)
				h, ok := listing.HoldingOf(id, l)
				if !ok {
					continue
				}
				h.Percent, h.From, h.Until = l.Percent, l.From, l.Until
				// A list that gives a link from both sides gives one holding.
				if !slices.ContainsFunc(out, func(o listing.Holding) bool {
					return o.Owner == h.Owner && o.Asset == h.Asset && o.Percent == h.Percent && o.From == h.From && o.Until == h.Until
				}) {
					out = append(out, h)
				}
				if h.Asset == id {
					following = append(following, h.Owner)
				}
			}
		}
		next = following
	}
	for _, id := range next { // too far: what stands above them is not known
		k.unsure[id] = true
	}
	return out
}

// resolve finds the entry a link leads to: by reference, else by a name that one
// entry of the list alone bears.
func (k *kin) resolve(to string) string {
	if k.s.lists.List(k.list).Has(to) {
		return to
	}
	if ref, ok := k.names[to]; ok {
		return ref
	}
	k.names[to] = to
	var found []string
	for _, h := range k.s.screens().index.Search(screen.Query{Names: []string{to}, Limit: 50}) {
		if e := entryOf(h.ID); strings.EqualFold(h.Matched.Text, to) && e.list == k.list && !slices.Contains(found, e.ref) {
			found = append(found, e.ref)
		}
	}
	switch len(found) {
	case 0:
	case 1:
		k.names[to] = found[0]
	default:
		k.unsure[to] = true // several bear the name
	}
	return k.names[to]
}

// known says whether an entry is listed and bound on the day.
func (k *kin) known(id string) (listed, unsure bool) {
	if k.unsure[id] {
		return false, true
	}
	e, ok := k.s.entry(k.w, k.list, id, k.at.KnownAt)
	if !ok {
		return false, false
	}
	said := k.said(id)
	if said != nil && slices.Contains(said.Extra, record.Extra{Name: "target", Value: "false"}) {
		return false, false // known, not listed
	}
	on := k.s.lists.List(k.list).OnList(id, k.at.AsOf, k.at.KnownAt)
	switch on.Presence {
	case listing.Off:
		return false, false
	case listing.On:
		st := k.w.Stand(k.at, e)
		if e.Regime != "" && !st.Alive() {
			return false, false
		}
		return true, false
	}
	return false, true
}

// called is an entry's name with its reference.
func (k *kin) called(id string) string {
	if said := k.said(id); said != nil {
		return listing.Caption(*said) + " (" + id + ")"
	}
	return id
}
