package account

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"article41/record"
	"article41/shelf"
)

// FuzzReadTable: whatever the table says, only a y lets somebody in.
func FuzzReadTable(f *testing.F) {
	f.Add(roles)
	f.Add("action,reader\nread the record,y\n")
	f.Add("action\nread the record,y\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := readTable(text)
		if err != nil {
			return
		}
		for a, may := range table {
			for r, yes := range may {
				if !yes || !strings.Contains(text, "y") {
					t.Errorf("%q may %q", r, a)
				}
			}
		}
	})
}

// FuzzReadSchedule: a schedule that is read holds classes with years that can be.
func FuzzReadSchedule(f *testing.F) {
	f.Add(retention)
	f.Add("class,years\ncustomer,-1\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadSchedule(strings.NewReader(text))
		for class, years := range s {
			if err != nil || class == "" || years < 0 || years > 200 {
				t.Errorf("%q: %d years (%v)", class, years, err)
			}
		}
	})
}

// FuzzParseMaster: what is read is written back as the same key, and no error shows it.
func FuzzParseMaster(f *testing.F) {
	f.Add(Master{1}.String())
	f.Add(strings.Repeat("0f", 32))
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMaster(text)
		if err != nil {
			if len(text) > 40 && strings.Contains(err.Error(), text) {
				t.Error("the error shows what may be a key")
			}
			return
		}
		if again, err := ParseMaster(m.String()); err != nil || again != m {
			t.Errorf("%v", err)
		}
	})
}

// shelved is an empty shelf in memory, which a target has of its own: the stores lie
// above this package.
type shelved struct {
	shelf.Store // the rest is not asked
	items       map[shelf.Kind]map[shelf.ID]shelf.Item
}

func newShelved() shelved { return shelved{items: map[shelf.Kind]map[shelf.ID]shelf.Item{}} }

func (s shelved) Item(_ context.Context, k shelf.Kind, id shelf.ID) (shelf.Item, error) {
	if !utf8.ValidString(string(id)) {
		return shelf.Item{}, errors.New("invalid byte sequence for encoding UTF8") // as PostgreSQL
	}
	it, ok := s.items[k][id]
	if !ok {
		return it, record.ErrNotFound
	}
	return it, nil
}

func (s shelved) Some(ctx context.Context, k shelf.Kind, ids ...shelf.ID) (out []shelf.Item, err error) {
	for _, id := range ids {
		it, err := s.Item(ctx, k, id)
		if err == nil {
			out = append(out, it)
		}
	}
	return out, nil
}

func (s shelved) Since(context.Context, int64, int) ([]shelf.Item, error) { return nil, nil }

func (s shelved) Items(context.Context, shelf.Kind, shelf.ID, int) ([]shelf.Item, error) {
	return nil, nil
}

func (s shelved) Write(_ context.Context, all ...shelf.Change) (int64, error) {
	for _, c := range all {
		if s.items[c.Kind] == nil {
			s.items[c.Kind] = map[shelf.ID]shelf.Item{}
		}
		s.items[c.Kind][c.ID] = shelf.Item{Kind: c.Kind, ID: c.ID, Version: s.items[c.Kind][c.ID].Version + 1, Body: c.Body}
	}
	return 1, nil
}

// FuzzCheck: no token but the key's lets anybody in, and what is no token is nobody's
// rather than an error of the database.
func FuzzCheck(f *testing.F) {
	s := newShelved()
	r := &Register{Shelf: s, Vault: NewVault(newShelved(), Master{1}, rand.Reader), Random: rand.Reader}
	now := time.Unix(1_700_000_000, 0)
	k, token, err := r.NewKey(context.Background(), now, Key{Label: "hub", Roles: []Role{Screener}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add(token[:len(token)-1])
	f.Add("a41_" + strings.Repeat("\xff", 16) + token[20:])
	f.Fuzz(func(t *testing.T, text string) {
		got, err := r.Check(context.Background(), now, text)
		if same := text == token; same && (err != nil || got.ID != k.ID) || !same && err == nil && !strings.HasPrefix(text, token[:20]) || err != nil && !errors.Is(err, ErrNoKey) {
			t.Errorf("%q: %+v %v", text, got, err)
		}
	})
}
