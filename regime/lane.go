package regime

import (
	"slices"

	"article41/date"
	"article41/record"
)

// Lane is one component over time, for the timeline: its spans and the
// decisions that mark them.
type Lane struct {
	ID    record.ComponentID   `json:"id"`
	Name  string               `json:"name"`
	Type  record.ComponentType `json:"type"`
	Spans []LaneSpan           `json:"spans"`
	Marks []Mark               `json:"marks"`
}

// LaneSpan is a stretch of days of one status.
type LaneSpan struct {
	From   date.Day  `json:"from"`
	Until  *date.Day `json:"until"` // null: to the end of the picture
	Status Status    `json:"status"`
	By     *Ref      `json:"by"`
}

// Mark is a decision on the lane.
type Mark struct {
	On     date.Day    `json:"on"`
	Ref    Ref         `json:"ref"`
	Deed   record.Deed `json:"deed"`
	Counts bool        `json:"counts"` // false: the draft failed
	Tally  string      `json:"tally,omitempty"`
	Reason string      `json:"reason,omitempty"`
}

// Lanes draws every component up to the day asked about. Statuses change only on
// the days on which an effect begins, on the day after a term's end, and where a
// claimant's position begins, so asking on those days is enough. They are shared:
// nobody may change them.
func (c *Chain) Lanes(at record.At) []Lane {
	m := c.memo(at)
	if l := m.lanes.Load(); l != nil {
		return *l
	}
	out := c.draw(at)
	m.lanes.Store(&out)
	return out
}

func (c *Chain) draw(at record.At) []Lane {
	out := []Lane{}
	for _, k := range c.Components {
		l := Lane{ID: k.ID, Name: k.Name, Type: k.Type, Spans: []LaneSpan{}, Marks: []Mark{}}
		days := map[date.Day]bool{}
		comps := append([]record.ComponentID{k.ID}, k.Oversees...)
		for i, id := range comps {
			for _, e := range c.events(id, at.KnownAt) {
				if e.from.After(at.AsOf) {
					continue
				}
				if i == 0 {
					m := Mark{On: e.decided, Ref: *ref(e), Deed: e.effect.Do, Counts: e.counts, Tally: e.outcome.Tally, Reason: string(e.outcome.Reason)}
					l.Marks = append(l.Marks, m)
				}
				days[e.from] = true
				if u := e.until(); !u.IsZero() {
					days[u.Next()] = true
				}
				for _, s := range e.effect.Contested {
					days[s.From] = true
				}
			}
		}
		for _, d := range sorted(days) {
			if d.IsZero() || d.After(at.AsOf) {
				continue
			}
			st := c.stands(record.At{AsOf: d, KnownAt: at.KnownAt}, k)
			if st.Status == NotYet {
				continue
			}
			by := st.ExtendedBy
			if by == nil {
				by = st.ImposedBy
			}
			if st.Ended != nil && st.Ended.By != nil {
				by = st.Ended.By
			}
			if n := len(l.Spans); n > 0 {
				last := &l.Spans[n-1]
				if last.Status == st.Status && last.By != nil && by != nil && last.By.Symbol == by.Symbol {
					continue
				}
				u := d.AddDays(-1)
				last.Until = &u
			}
			l.Spans = append(l.Spans, LaneSpan{From: d, Status: st.Status, By: by})
		}
		out = append(out, l)
	}
	return out
}

func sorted(days map[date.Day]bool) []date.Day {
	out := make([]date.Day, 0, len(days))
	for d := range days {
		out = append(out, d)
	}
	slices.SortFunc(out, date.Day.Compare)
	return out
}
