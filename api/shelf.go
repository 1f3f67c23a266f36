package api

import (
	"context"
	"strings"
	"sync"

	"article41"
	"article41/record"
	"article41/screen"
)

// shelf keeps the entities of one register printed. An entity is printed when it
// is first found, so a big list costs nothing until it is asked for, and a found
// entity costs no reflection ever again.
type shelf struct {
	*article41.Register
	terms    *terms
	held     []heldDataset
	entities sync.Map // screen.SubjectID → *entity; nil: unknown that day

	once    sync.Once
	numbers map[string]string // references of the Council's list by the publisher's number

	carded sync.Once
	kept   *cards
}

// shelves are the registers asked for lately.
type shelves struct {
	mu   sync.RWMutex
	kept map[record.At]*shelf
}

// mostShelves bounds how many days are kept; most ask for today.
const mostShelves = 8

// shelf is the register of the days, at the ledger's newest position.
func (s *server) shelf(ctx context.Context, at record.At) (*shelf, error) {
	at.Position = s.Basis().Position
	s.shelves.mu.RLock()
	found := s.shelves.kept[at]
	s.shelves.mu.RUnlock()
	if found != nil {
		return found, nil
	}
	reg, err := s.Register(ctx, record.At{AsOf: at.AsOf, KnownAt: at.KnownAt})
	if err != nil {
		return nil, err
	}
	at.Position = reg.At.Position
	s.shelves.mu.Lock()
	defer s.shelves.mu.Unlock()
	if found = s.shelves.kept[at]; found != nil {
		return found, nil
	}
	// What rests on an older ledger will not be asked for again.
	for k := range s.shelves.kept {
		if k.Position != at.Position || len(s.shelves.kept) >= mostShelves {
			delete(s.shelves.kept, k)
		}
	}
	if s.shelves.kept == nil {
		s.shelves.kept = map[record.At]*shelf{}
	}
	found = &shelf{Register: reg, terms: &s.terms}
	found.hold(reg.Lists())
	s.shelves.kept[at] = found
	return found, nil
}

// entity is one subject printed; nil if nothing was known of it by the day.
func (sh *shelf) entity(id screen.SubjectID) *entity {
	if e, ok := sh.entities.Load(id); ok {
		return e.(*entity)
	}
	var e *entity
	if sub, ok := sh.Subject(id); ok {
		e = sh.terms.print(sub)
		e.subject = id
	}
	kept, _ := sh.entities.LoadOrStore(id, e)
	return kept.(*entity)
}

// find is the subject that an entity's id, or one of its referents, means: the
// Council's entries go by the publisher's number, all others by reference.
func (sh *shelf) find(id string) (screen.SubjectID, bool) {
	sh.once.Do(func() { sh.numbers = sh.DataIDs(councilList) })
	d := sh.terms.dataset(councilList)
	if ref, ok := sh.numbers[strings.TrimPrefix(id, d.id+"-")]; ok && strings.HasPrefix(id, d.id) {
		return screen.SubjectID(string(councilList) + ":" + ref), true
	}
	return sh.terms.subjectOf(id)
}
