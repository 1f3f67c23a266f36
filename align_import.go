package article41

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"article41/record"
)

// RollCalls is what importing recorded votes of the Assembly did.
type RollCalls struct {
	Source     record.SourceID    `json:"source"`
	Votes      int                `json:"entries"`
	Added      int                `json:"added"`
	Changed    int                `json:"changed"`
	Again      int                `json:"again"` // held already as they are
	Complaints []record.Complaint `json:"complaints"`
	Position   record.Position    `json:"position"`
}

// ImportAssembly appends recorded votes of the Assembly: those that are new, or
// that their source now states otherwise. Each is a fact of its source, by the
// source's own number of the roll call or by the resolution.
func (a *Archive) ImportAssembly(ctx context.Context, now time.Time, source record.SourceID, votes []record.Assembly, complaints []record.Complaint) (RollCalls, error) {
	if a.store == nil {
		return RollCalls{}, fmt.Errorf("%w: there is no database to import into", record.ErrInvalid)
	}
	for tries := 0; ; tries++ {
		out, err := a.importAssembly(ctx, now, source, votes, tries)
		if err == nil || tries == 8 || !isConflict(err) {
			out.Complaints = append([]record.Complaint{}, complaints...)
			return out, err
		}
	}
}

func (a *Archive) importAssembly(ctx context.Context, now time.Time, source record.SourceID, votes []record.Assembly, tries int) (RollCalls, error) {
	if err := a.Follow(ctx); err != nil {
		return RollCalls{}, err
	}
	s := a.now.Load()
	out := RollCalls{Source: source, Votes: len(votes), Position: s.head.Position}
	var add []record.Entry
	for _, v := range votes {
		id := v.RollCall
		if id == "" {
			id = string(v.Resolution)
		}
		fact := record.FactID(fmt.Sprintf("assembly/%s/%s", source, id))
		if held := s.facts[fact]; len(held) > 0 {
			if b, ok := held[len(held)-1].body.(*record.Assembly); ok && reflect.DeepEqual(*b, v) {
				out.Again++
				continue
			}
			out.Changed++
		} else {
			out.Added++
		}
		e, err := record.State(fact, source, v.Date, v)
		if err != nil {
			return out, fmt.Errorf("%s %s: %w", source, id, err)
		}
		add = append(add, e)
	}
	if len(add) == 0 {
		return out, nil
	}
	r, err := record.Append(ctx, a.store, record.Batch{ID: record.BatchID(fmt.Sprintf("votes-%s-%d-%d", source, now.UnixNano(), tries)),
		Edition: a.shipped.Edition.Number, Recorded: now, After: &s.head.Position}, add)
	if err != nil {
		return out, fmt.Errorf("import roll calls of %s: %w", source, err)
	}
	out.Position = r.Last()
	return out, a.Follow(ctx)
}
