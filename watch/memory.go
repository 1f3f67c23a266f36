package watch

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"

	"article41/screen"
	"article41/shelf"
)

// printed are the entries as they are now: all of them, or, where the lists can
// tell and this process remembers the rest, only those that may have changed.
func (r *round) printed(was prints) (prints, map[screen.SubjectID][]screen.SubjectID, error) {
	if m := r.memory; m != nil && m.version == r.version {
		if changed, ok := r.lists.Changed(m.mark); ok {
			now, heirs := was.printChanged(r.lists, m.heirs, changed)
			return now, heirs, nil
		}
	}
	return printAll(r.lists)
}

// alerted are the entries that somebody was alerted of, in an order of their own.
func (d *Desk) alerted() []screen.SubjectID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.alerts.byEntry))
}

func (d *Desk) printDrawer() shelf.Drawer[prints] {
	return shelf.Drawer[prints]{Store: d.shelf, Kind: printKind}
}

// shelfOf is the item that remembers an entry: one of 256, so that a small change
// writes little.
func shelfOf(id screen.SubjectID) shelf.ID {
	h := fnv.New32a()
	io.WriteString(h, string(id))
	return shelf.ID(fmt.Sprintf("e%02x", h.Sum32()&0xff))
}

// memory is what is remembered of the entries, held for the next screening of the
// same process.
type memory struct {
	version  int64 // of the state it belongs to
	mark     Mark
	prints   prints
	heirs    map[screen.SubjectID][]screen.SubjectID
	versions map[shelf.ID]int64 // of the items they lie in
}

// remembered are the entries as the base was last screened against them.
func (r *round) remembered(ctx context.Context) (prints, map[shelf.ID]int64, error) {
	if m := r.memory; m != nil && m.version == r.version && r.version > 0 {
		return m.prints, m.versions, nil
	}
	out, versions := prints{}, map[shelf.ID]int64{}
	err := r.printDrawer().Each(ctx, func(id shelf.ID, version int64, p prints) error {
		versions[id] = version
		maps.Copy(out, p)
		return nil
	})
	return out, versions, err
}

// remember are the changes that make the remembered entries those of now.
func remember(was, now prints, versions map[shelf.ID]int64) (out []shelf.Change) {
	moved := map[shelf.ID]prints{}
	for id, p := range now {
		if old, ok := was[id]; !ok || old != p {
			moved[shelfOf(id)] = prints{}
		}
	}
	for id := range was {
		if _, ok := now[id]; !ok {
			moved[shelfOf(id)] = prints{}
		}
	}
	if len(moved) == 0 {
		return nil
	}
	for id, p := range now {
		if m := moved[shelfOf(id)]; m != nil {
			m[id] = p
		}
	}
	for s, p := range moved {
		out = append(out, shelf.Drawer[prints]{Kind: printKind}.Change(s, versions[s], p))
		versions[s]++
	}
	return out
}
