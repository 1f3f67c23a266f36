// Package shelf keeps what changes: accounts, customers, alerts, comments,
// drafts under review. The ledger of package record keeps what does not.
//
// An [Item] is a document of some [Kind] under an [ID], with a version that grows
// by one with every write. A [Change] says which version it was made from, so two
// people who edit the same thing do not overwrite each other: the second gets
// record.ErrConflict. Changes are written all or none, and every write moves one
// dense sequence, by which other processes follow ([Store.Since]).
//
// A body is bytes; [Drawer] reads and writes bodies that are JSON of one type.
// What is personal in a body is sealed before it comes here (package account).
// A kind and an id are never personal: they outlive the item, as does the
// sequence. The package folds nothing and knows no meaning of any kind.
//
//	alerts := shelf.Drawer[Alert]{Store: s, Kind: "alert"}
//	a, version, err := alerts.Read(ctx, "a-17")
//	a.Decided = true
//	_, err = s.Write(ctx, alerts.Change("a-17", version, a))
package shelf

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"article41/record"
)

// Kind is what sort of thing an item is: a lower-case noun, such as "alert".
type Kind string

// ID names an item among its kind. It is not personal.
type ID string

// Item is a document as it is kept.
type Item struct {
	Kind    Kind
	ID      ID
	Version int64 // 1 for the first
	Seq     int64 // of the write that made this version
	Gone    bool  // removed; the body is empty. Only Since answers such items.
	Body    []byte
}

// Change is one thing to write.
type Change struct {
	Kind    Kind
	ID      ID
	Version int64 // that the change was made from: 0, there is none yet; Any, whatever is there
	Body    []byte
	Gone    bool // remove it
}

// Any is the version of a change that does not care what was there.
const Any int64 = -1

// Limits of what one write may hold.
const (
	MaxBody    = 8 << 20 // bytes of one body
	MaxID      = 200     // bytes of an id
	MaxChanges = 10_000  // in one write
)

// Store keeps items. Every implementation passes recordtest.Shelf.
type Store interface {
	// Item is the item as it stands, or record.ErrNotFound.
	Item(ctx context.Context, k Kind, id ID) (Item, error)
	// Some are those of the ids that are there, by id. At most MaxChanges ids.
	Some(ctx context.Context, k Kind, ids ...ID) ([]Item, error)
	// Items are at most limit items of the kind with an id > after, by id (byte
	// order). Fewer than limit: there are no more.
	Items(ctx context.Context, k Kind, after ID, limit int) ([]Item, error)
	// Write makes all the changes or none, and answers the sequence after them.
	// A change made from another version than the one kept is record.ErrConflict.
	// A removed item may be made anew from version 0; its versions go on.
	Write(ctx context.Context, changes ...Change) (seq int64, err error)
	// Since are at most limit items whose newest write lies after the sequence, in
	// the order of those writes, removed ones among them without a body. An item
	// written twice comes once, in its newest state.
	Since(ctx context.Context, seq int64, limit int) ([]Item, error)
}

// Validate says what is wrong with a change before a store sees it.
func (c Change) Validate() error {
	switch {
	case !c.Kind.valid():
		return fmt.Errorf("%w: kind %q: want a lower-case word", record.ErrInvalid, c.Kind)
	case c.ID == "" || len(c.ID) > MaxID || !utf8.ValidString(string(c.ID)) || strings.ContainsRune(string(c.ID), 0):
		return fmt.Errorf("%w: %s: id %q: want 1 to %d bytes of text", record.ErrInvalid, c.Kind, c.ID, MaxID)
	case c.Version < Any:
		return fmt.Errorf("%w: %s %s: version %d", record.ErrInvalid, c.Kind, c.ID, c.Version)
	case c.Gone && len(c.Body) > 0:
		return fmt.Errorf("%w: %s %s: removed, yet with a body", record.ErrInvalid, c.Kind, c.ID)
	case len(c.Body) > MaxBody:
		return fmt.Errorf("%w: %s %s: a body of %d bytes, at most %d", record.ErrInvalid, c.Kind, c.ID, len(c.Body), MaxBody)
	}
	return nil
}

func (k Kind) valid() bool {
	for i, r := range k {
		if (r < 'a' || r > 'z') && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return k != "" && len(k) <= 40
}

// ValidateAll is Validate for one write; an item may be changed once in it.
func ValidateAll(changes []Change) error {
	if len(changes) > MaxChanges {
		return fmt.Errorf("%w: %d changes in one write, at most %d", record.ErrInvalid, len(changes), MaxChanges)
	}
	type key struct {
		Kind
		ID
	}
	seen := make(map[key]bool, len(changes))
	for _, c := range changes {
		if err := c.Validate(); err != nil {
			return err
		}
		k := key{c.Kind, c.ID}
		if seen[k] {
			return fmt.Errorf("%w: %s %s: changed twice in one write", record.ErrInvalid, c.Kind, c.ID)
		}
		seen[k] = true
	}
	return nil
}

// ValidateSome says what is wrong with ids that are asked for at once.
func ValidateSome(ids []ID) error {
	if len(ids) > MaxChanges {
		return fmt.Errorf("%w: %d items asked for at once, at most %d", record.ErrInvalid, len(ids), MaxChanges)
	}
	return nil
}

// Each calls yield for every item of the kind, by id, a page at a time.
func Each(ctx context.Context, s Store, k Kind, yield func(Item) error) error {
	const page = 1000
	var after ID
	for {
		items, err := s.Items(ctx, k, after, page)
		if err != nil {
			return err
		}
		for _, it := range items {
			if err := yield(it); err != nil {
				return err
			}
			after = it.ID
		}
		if len(items) < page {
			return nil
		}
	}
}
