package shelf

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"article41/record"
)

// Drawer holds the items of one kind whose bodies are JSON of T.
type Drawer[T any] struct {
	Store Store
	Kind  Kind
}

// Read is the value as it stands and its version, or record.ErrNotFound.
func (d Drawer[T]) Read(ctx context.Context, id ID) (v T, version int64, err error) {
	it, err := d.Store.Item(ctx, d.Kind, id)
	if err != nil {
		return v, 0, err
	}
	v, err = d.Value(it)
	return v, it.Version, err
}

// Value is what an item's body says.
func (d Drawer[T]) Value(it Item) (v T, err error) {
	if err := json.Unmarshal(it.Body, &v); err != nil {
		return v, fmt.Errorf("%w: %s %s: its body: %v", record.ErrInvalid, d.Kind, it.ID, err)
	}
	return v, nil
}

// Change writes v, made from the version (0: new). It cannot fail for values of
// plain fields; one that JSON cannot hold panics, which is a slip of the caller.
func (d Drawer[T]) Change(id ID, version int64, v T) Change {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("shelf: %s %s: %v", d.Kind, id, err))
	}
	return Change{Kind: d.Kind, ID: id, Version: version, Body: bytes.TrimRight(b.Bytes(), "\n")}
}

// Remove takes the item out, as it was read at the version.
func (d Drawer[T]) Remove(id ID, version int64) Change {
	return Change{Kind: d.Kind, ID: id, Version: version, Gone: true}
}

// Each calls yield for every value, by id.
func (d Drawer[T]) Each(ctx context.Context, yield func(ID, int64, T) error) error {
	return Each(ctx, d.Store, d.Kind, func(it Item) error {
		v, err := d.Value(it)
		if err != nil {
			return err
		}
		return yield(it.ID, it.Version, v)
	})
}
