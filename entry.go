package article41

import (
	"context"
	"fmt"
	"strings"

	"article41/date"
	"article41/instrument"
	"article41/listing"
	"article41/record"
	"article41/regime"
)

// Entry is one listed person, body or ship on one day, with its history.
type Entry struct {
	List       record.SourceID `json:"list"`
	ID         string          `json:"id"`
	Caption    string          `json:"caption"`
	Sort       string          `json:"sort"`
	Regime     record.RegimeID `json:"regime,omitempty"`
	RegimeName string          `json:"regime_name,omitempty"`
	AsOf       date.Day        `json:"as_of"`
	KnownAt    date.Day        `json:"known_at"`
	Sentence   string          `json:"sentence"`
	Standing   regime.Standing `json:"standing"`
	Presence   listing.Answer  `json:"presence"` // what the dated lists show of that day
	Spans      []listing.Span  `json:"spans"`
	Steps      []record.Step   `json:"steps"`
	Cites      []record.Cite   `json:"cites"`
	// Authorities is where it stands under the law of each authority.
	Authorities []instrument.Standing `json:"authorities"`
	Bound       string                `json:"bound,omitempty"`
	// Held says, in words, where the version that the answer rests on is known to
	// lack something.
	Held  string `json:"held,omitempty"`
	Basis Basis  `json:"basis"`
}

// Entry answers for one reference of one list. Private fields of an imported
// list (addresses, documents, the publisher's comments) are left out unless the
// asker may see them.
func (a *Archive) Entry(ctx context.Context, at record.At, list record.SourceID, ref string, private bool) (Entry, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return Entry{}, err
	}
	w := s.world(at.KnownAt)
	ref = s.reference(list, ref)
	l, ok := s.entry(w, list, ref, at.KnownAt)
	if !ok {
		return Entry{}, fmt.Errorf("%w: no entry %s in list %s known by %s", record.ErrNotFound, ref, list, at.KnownAt)
	}
	h := s.lists.List(list)
	out := Entry{List: list, ID: ref, Caption: l.Name, Sort: l.Sort, Regime: l.Regime, RegimeName: w.regimes[l.Regime].Name,
		AsOf: at.AsOf, KnownAt: at.KnownAt, Standing: w.Stand(at, l), Presence: h.OnList(ref, at.AsOf, at.KnownAt),
		Spans: h.Spans(ref, at.KnownAt), Steps: append([]record.Step{}, l.Steps...), Basis: s.basis()}
	if v := out.Presence.Version; !v.IsZero() {
		if missed := w.missed(list, v, at); missed != "" {
			out.Held = "identifiers as of " + v.Text() + "; " + missed
		}
	}
	if own, ok := w.listings[entryKey{list, ref}]; ok {
		out.Cites = own.Cites
		if len(own.Former) > 0 {
			out.Spans = h.Joined(append(own.Former, ref), at.KnownAt)
		}
	}
	if !private {
		for i := range out.Spans {
			for j := range out.Spans[i].Said {
				out.Spans[i].Said[j] = listing.Public(out.Spans[i].Said[j])
			}
		}
		if out.Presence.Entry != nil {
			e := listing.Public(*out.Presence.Entry)
			out.Presence.Entry = &e
		}
	}
	hit := Hit{ID: ref, List: list, RegimeName: out.RegimeName, Status: out.Standing.Status, From: out.Standing.From,
		Until: out.Standing.Until, Cause: out.Standing.Cause, Law: out.Standing.Law}
	if n := len(l.Seen); n > 0 {
		hit.Version = &l.Seen[n-1].To
	}
	out.Sentence = hit.sentence(at.AsOf)
	out.Authorities = append([]instrument.Standing{}, s.authorities(w, at, entryKey{list, ref}, l, out.Standing)...)
	out.Bound = bound(out.Authorities)
	return out, nil
}

// reference is the reference as the list spells it, however it was typed.
func (s *state) reference(list record.SourceID, typed string) string {
	typed = strings.TrimSpace(typed)
	if s.lists.List(list).Has(typed) {
		return typed
	}
	for _, ref := range s.lists.List(list).Refs() {
		if strings.EqualFold(ref, typed) {
			return ref
		}
	}
	return typed
}

// Diff answers what differs between two versions of a list.
func Diff(oldList record.List, old []record.Listed, newList record.List, new []record.Listed) listing.Difference {
	return listing.Diff(old, new, oldList, newList)
}
