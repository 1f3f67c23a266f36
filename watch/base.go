package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"article41/account"
	"article41/record"
	"article41/screen"
	"article41/shelf"
)

// customerKey names a customer without telling who it is: the vault's alias of
// its id. Items and alerts go by it, and so does the sealed matter.
type customerKey string

func (k customerKey) subject() account.Subject { return account.Subject("customer/" + k) }

const customerKind shelf.Kind = "customer"

func (d *Desk) key(id CustomerID) customerKey {
	return customerKey(d.vault.Alias(account.Subject("customer/" + id)))
}

// addPage is how many customers are written at once.
const addPage = 1000

// Added is what became of customers given.
type Added struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	// Erased are those given, by their place, that were erased before and so not
	// taken.
	Erased []int `json:"-"`
}

// Add keeps customers, or changes those kept under the same id. One whose matter
// was erased does not come back under its id; the others are kept all the same.
func (d *Desk) Add(ctx context.Context, customers ...Customer) (Added, error) {
	var out Added
	for at := 0; at < len(customers); at += addPage {
		if err := d.addPage(ctx, at, customers[at:min(len(customers), at+addPage)], &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (d *Desk) addPage(ctx context.Context, at int, page []Customer, out *Added) error {
	last := map[customerKey]int{} // of two rows with one id the later counts
	var subjects []account.Subject
	for i, c := range page {
		if err := c.Validate(); err != nil {
			return fmt.Errorf("customer %d of the page: %w", i+1, err)
		}
		k := d.key(c.ID)
		last[k] = i
		subjects = append(subjects, k.subject())
	}
	if err := d.vault.Ready(ctx, subjects...); err != nil {
		return err
	}
	ids := make([]shelf.ID, 0, len(last))
	for k := range last {
		ids = append(ids, shelf.ID(k))
	}
	items, err := d.shelf.Some(ctx, customerKind, ids...)
	if err != nil {
		return err
	}
	kept := make(map[customerKey]shelf.Item, len(items))
	for _, it := range items {
		kept[customerKey(it.ID)] = it
	}
	var changes []shelf.Change
	for i, c := range page {
		k := d.key(c.ID)
		if last[k] != i {
			out.Unchanged++ // the same again: see Given
			continue
		}
		plain, err := json.Marshal(c)
		if err != nil {
			return err
		}
		sealed, gone := d.vault.Seal(ctx, k.subject(), plain)
		switch {
		case errors.Is(gone, account.ErrErased):
			out.Erased = append(out.Erased, at+i)
			continue
		case gone != nil:
			return fmt.Errorf("customer %d of the page: %w", i+1, gone)
		}
		it, held := kept[k]
		if !held {
			out.New++
		} else {
			was, err := d.open(ctx, it)
			if err != nil {
				return fmt.Errorf("customer %d of the page: %w", i+1, err)
			}
			if old, _ := json.Marshal(was); string(old) == string(plain) {
				out.Unchanged++
				continue
			}
			out.Changed++
		}
		changes = append(changes, shelf.Change{Kind: customerKind, ID: shelf.ID(k), Version: it.Version, Body: sealed})
	}
	if len(changes) == 0 {
		return nil
	}
	_, err = d.shelf.Write(ctx, changes...)
	return err
}

func (d *Desk) customer(ctx context.Context, k customerKey) (Customer, int64, error) {
	it, err := d.shelf.Item(ctx, customerKind, shelf.ID(k))
	if err != nil {
		return Customer{}, 0, err
	}
	c, err := d.open(ctx, it)
	return c, it.Version, err
}

// learn reads the keys of customers at once.
func (d *Desk) learn(ctx context.Context, items []shelf.Item) error {
	subjects := make([]account.Subject, 0, len(items))
	for _, it := range items {
		if it.Kind == customerKind && !it.Gone {
			subjects = append(subjects, customerKey(it.ID).subject())
		}
	}
	return d.vault.Learn(ctx, subjects...)
}

// opener opens what is sealed: a vault, or all its keys at once.
type opener interface {
	Open(ctx context.Context, s account.Subject, sealed []byte) ([]byte, error)
}

func (d *Desk) open(ctx context.Context, it shelf.Item) (Customer, error) {
	return openBy(ctx, d.vault, it)
}

func openBy(ctx context.Context, v opener, it shelf.Item) (c Customer, err error) {
	plain, err := v.Open(ctx, customerKey(it.ID).subject(), it.Body)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(plain, &c); err != nil {
		return c, fmt.Errorf("%w: a customer as kept: %v", record.ErrInvalid, err)
	}
	return c, nil
}

// Customer is one customer as kept, or record.ErrNotFound.
func (d *Desk) Customer(ctx context.Context, id CustomerID) (Customer, error) {
	c, _, err := d.customer(ctx, d.key(id))
	if errors.Is(err, record.ErrNotFound) {
		return c, fmt.Errorf("%w: no customer of this number is kept", record.ErrNotFound)
	}
	return c, err
}

// Customers are at most limit customers, in an order of no meaning, and the cursor
// for the next ones; an empty cursor is the beginning, and, answered, the end.
func (d *Desk) Customers(ctx context.Context, cursor string, limit int) (out []Customer, next string, err error) {
	items, err := d.shelf.Items(ctx, customerKind, shelf.ID(cursor), limit)
	if err != nil {
		return nil, "", err
	}
	if err := d.learn(ctx, items); err != nil {
		return nil, "", err
	}
	for _, it := range items {
		c, err := d.open(ctx, it)
		if errors.Is(err, account.ErrErased) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		out = append(out, c)
	}
	if len(items) == limit {
		next = string(items[len(items)-1].ID)
	}
	return out, next, nil
}

// Remove stops watching a customer. Its alerts stay, with what was decided. With
// erase its key is destroyed too: what is personal in its alerts is gone as well.
func (d *Desk) Remove(ctx context.Context, id CustomerID, erase bool) error {
	k := d.key(id)
	it, err := d.shelf.Item(ctx, customerKind, shelf.ID(k))
	missing := errors.Is(err, record.ErrNotFound)
	switch {
	case missing && !erase:
		return fmt.Errorf("%w: no customer of this number is kept", record.ErrNotFound)
	case err != nil && !missing:
		return err
	case !missing:
		if _, err := d.shelf.Write(ctx, shelf.Change{Kind: customerKind, ID: it.ID, Version: it.Version, Gone: true}); err != nil {
			return err
		}
	}
	if erase {
		if err := d.vault.Erase(ctx, k.subject()); err != nil {
			return err
		}
	}
	return nil
}

// base is the index of all customers, held in memory.
type base struct {
	index   *screen.Index
	seq     int64
	changed map[screen.SubjectID]screen.Subject // since the index was built
	removed map[screen.SubjectID]bool
}

// rebuild is how many changes since it was built make the index be built anew.
func (b *base) rebuild() int { return max(10_000, b.index.Len()/10) }

// loaded is the index of the customers as they stand. The first call reads them
// all; later ones what changed.
func (d *Desk) loaded(ctx context.Context, say func(Progress)) (*base, error) {
	if err := d.vault.Follow(ctx); err != nil {
		return nil, err
	}
	if d.base != nil {
		if err := d.followBase(ctx); err != nil {
			return nil, err
		}
		if len(d.base.changed)+len(d.base.removed) < d.base.rebuild() {
			return d.base, nil
		}
	}
	head, err := d.head(ctx)
	if err != nil {
		return nil, err
	}
	subjects, err := d.subjects(ctx, say)
	if err != nil {
		return nil, err
	}
	say(Progress{Doing: "index customers", Done: len(subjects), Of: len(subjects)})
	d.base = &base{index: screen.Build(subjects), seq: head, changed: map[screen.SubjectID]screen.Subject{}, removed: map[screen.SubjectID]bool{}}
	// What was written while the customers were read.
	return d.base, d.followBase(ctx)
}

// subjects are all customers as the index holds them, read page by page and opened
// on all processors.
func (d *Desk) subjects(ctx context.Context, say func(Progress)) ([]screen.Subject, error) {
	say(Progress{Doing: "read the customers' keys"})
	keys, err := d.vault.Bulk(ctx)
	if err != nil {
		return nil, err
	}
	var out []screen.Subject
	var after shelf.ID
	for {
		items, err := d.shelf.Items(ctx, customerKind, after, addPage)
		if err != nil {
			return nil, err
		}
		page, kept, errs := make([]screen.Subject, len(items)), make([]bool, len(items)), make([]error, len(items))
		parallel(len(items), func(i int) { page[i], kept[i], errs[i] = subjectBy(ctx, keys, items[i]) })
		for i := range page {
			if errs[i] != nil {
				return nil, errs[i]
			}
			if kept[i] {
				out = append(out, page[i])
			}
		}
		if len(items) < addPage {
			return out, nil
		}
		after = items[len(items)-1].ID
		say(Progress{Doing: "read customers", Done: len(out)})
	}
}

// subjectOf is a kept customer as the index holds it; false if it was erased.
func (d *Desk) subjectOf(ctx context.Context, it shelf.Item) (screen.Subject, bool, error) {
	return subjectBy(ctx, d.vault, it)
}

func subjectBy(ctx context.Context, v opener, it shelf.Item) (screen.Subject, bool, error) {
	c, err := openBy(ctx, v, it)
	if errors.Is(err, account.ErrErased) {
		return screen.Subject{}, false, nil
	}
	if err != nil {
		return screen.Subject{}, false, err
	}
	q, err := c.query()
	if err != nil {
		return screen.Subject{}, false, fmt.Errorf("a customer as kept: %w", err)
	}
	return subject(customerKey(it.ID), q), true, nil
}

// followBase takes what was written since into the index.
func (d *Desk) followBase(ctx context.Context) error {
	b, moved := d.base, false
	for {
		items, err := d.shelf.Since(ctx, b.seq, addPage)
		if err != nil {
			return err
		}
		if err := d.learn(ctx, items); err != nil {
			return err
		}
		for _, it := range items {
			b.seq = max(b.seq, it.Seq)
			if it.Kind != customerKind {
				continue
			}
			moved = true
			id := screen.SubjectID(it.ID)
			delete(b.changed, id)
			delete(b.removed, id)
			if it.Gone {
				b.removed[id] = true
				continue
			}
			s, ok, err := d.subjectOf(ctx, it)
			if err != nil {
				return err
			}
			if ok {
				b.changed[id] = s
			} else {
				b.removed[id] = true
			}
		}
		if len(items) < addPage {
			break
		}
	}
	if moved && len(b.changed)+len(b.removed) < b.rebuild() {
		changed := make([]screen.Subject, 0, len(b.changed))
		for _, s := range b.changed {
			changed = append(changed, s)
		}
		removed := make([]screen.SubjectID, 0, len(b.removed))
		for id := range b.removed {
			removed = append(removed, id)
		}
		b.index = b.index.Apply(changed, removed)
	}
	return nil
}

// head is the sequence of the shelf's newest write, which is one of its own.
func (d *Desk) head(ctx context.Context) (int64, error) {
	return d.shelf.Write(ctx, shelf.Change{Kind: stateKind, ID: "touched", Version: shelf.Any, Body: []byte("{}")})
}

// Keeps says whether any customer is kept on a shelf, without opening anything.
func Keeps(ctx context.Context, s shelf.Store) (bool, error) {
	items, err := s.Items(ctx, customerKind, "", 1)
	return len(items) > 0, err
}
