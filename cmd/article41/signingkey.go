package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"article41/receipt"
	"article41/record"
)

// keyFile is where this installation's signing key lies: beside its database.
func keyFile(db string) string {
	if db == "" {
		db = defaultDB
	}
	return strings.TrimSuffix(db, filepath.Ext(db)) + ".key"
}

// signingKeyFile is where the key of the open database lies.
func (a *app) signingKeyFile() string {
	switch {
	case a.sealing.signing != "":
		return a.sealing.signing
	case strings.Contains(a.db, ":"):
		return keyFile("")
	}
	return keyFile(a.db)
}

// signingKey reads the key, or makes one at first need, for its owner alone.
func signingKey(path string) (ed25519.PrivateKey, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key, made := makeKey(path)
		if !errors.Is(made, os.ErrExist) {
			return key, made
		}
		b, err = os.ReadFile(path) // another server made it meanwhile
	}
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%w: signing key %s: want 32 bytes in base64", record.ErrInvalid, path)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// makeKey makes a key where none is.
func makeKey(path string) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := rand.Read(seed); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(seed))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Link(f.Name(), path) // whole, or not at all; never over one that is there
	}
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func publicOf(key ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

// readKey is the public half of an installation's key, without making one.
func readKey(path string) (string, error) {
	if !exists(path) {
		return "", os.ErrNotExist
	}
	key, err := signingKey(path)
	if err != nil {
		return "", err
	}
	return publicOf(key), nil
}

// logKey reads the key that the log is signed with now. A rotation that a crash cut
// off behind its entry in the log is finished. A lost key is not replaced silently.
func (a *app) logKey(ctx context.Context, l *receipt.Log) (ed25519.PrivateKey, error) {
	path := a.signingKeyFile()
	h, err := l.History(ctx)
	if err != nil {
		return nil, err
	}
	if len(h) == 0 {
		return signingKey(path)
	}
	now := h[len(h)-1].Key
	if next, err := readKey(path + ".next"); err == nil && next == now {
		if err := os.Rename(path+".next", path); err != nil {
			return nil, err
		}
	}
	if here, err := readKey(path); err != nil || here != now {
		return nil, fmt.Errorf("%w: it is %s, whose private half is not in %s: put it there, or name its file with --signing-key-file; if it is lost, begin another with article41 signing-key rotate --lost", receipt.ErrSigner, now, path)
	}
	return signingKey(path)
}

func signingKeyCommand(a *app) *cobra.Command {
	var db string
	var asJSON, lost bool
	open := func(ctx context.Context) (*receipt.Log, error) {
		if err := a.open(ctx, db, false); err != nil {
			return nil, err
		}
		s, err := a.shelf()
		if err != nil {
			return nil, err
		}
		l, err := receipt.OpenLog(ctx, s)
		if err != nil {
			return nil, errUnable{err}
		}
		return l, nil
	}
	show := func(ctx context.Context, l *receipt.Log) error {
		h, err := l.History(ctx)
		if err != nil {
			return errUnable{err}
		}
		if asJSON {
			if h == nil {
				h = receipt.History{}
			}
			return a.writeJSON(signersDocument{h})
		}
		a.writeSigners(h)
		return nil
	}
	list := &cobra.Command{
		Use: "list", Short: "The public keys that signed receipts and checkpoints, and when", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			l, err := open(c.Context())
			if err != nil {
				return err
			}
			return show(c.Context(), l)
		},
	}
	rotate := &cobra.Command{
		Use: "rotate", Short: "End the key that signs, and begin another", Args: cobra.NoArgs,
		Long: "rotate makes a new signing key. The old one signs that the new one follows, and at which leaf of the\n" +
			"log; from there on nothing it signs counts, and its private half is overwritten. What it signed before\n" +
			"stays good. A server that runs takes the new key up by itself.",
		RunE: func(c *cobra.Command, _ []string) error {
			l, err := open(c.Context())
			if err != nil {
				return err
			}
			if err := a.rotate(c.Context(), l, lost); err != nil {
				return errUnable{err}
			}
			return show(c.Context(), l)
		},
	}
	rotate.Flags().BoolVar(&lost, "lost", false, "the old key is lost: the new one stands alone, and the list says so")
	c := under("signing-key", "The key that signs receipts and checkpoints", list, rotate)
	c.PersistentFlags().StringVar(&db, "db", "", "the database `file` (default article41.db)")
	c.PersistentFlags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

// signersDocument is the key history as it is published.
type signersDocument struct {
	Keys receipt.History `json:"keys"`
}

// rotate writes the new key beside the old one, then the change into the log, then
// puts the new key in the old one's place: whenever it is cut off, the key that the
// log names is there.
func (a *app) rotate(ctx context.Context, l *receipt.Log, lost bool) (err error) {
	path := a.signingKeyFile()
	var old ed25519.PrivateKey
	if !lost {
		if old, err = a.logKey(ctx, l); err != nil {
			return err
		}
		if _, err := receipt.NewIssuer(ctx, func() (ed25519.PrivateKey, error) { return old, nil }, l, rand.Reader); err != nil {
			return err // a log that nobody signed yet: the key that ends is its first
		}
	}
	if err := os.Remove(path + ".next"); err != nil && !errors.Is(err, os.ErrNotExist) { // of a rotation that was cut off
		return err
	}
	fresh, err := makeKey(path + ".next")
	if err != nil {
		return err
	}
	if _, err := l.Rotate(ctx, a.now(), old, fresh); err != nil {
		return errors.Join(err, os.Remove(path+".next"))
	}
	return os.Rename(path+".next", path)
}

func (a *app) writeSigners(h receipt.History) {
	if len(h) == 0 {
		fmt.Fprintln(a.out, "No key has signed in this log yet.")
		return
	}
	rows := [][]string{{"KEY", "FROM LEAF", "TO LEAF", "FROM", "UNTIL", "NAMED BY"}}
	for i, s := range h {
		row := []string{s.Key, fmt.Sprint(s.First), "now", "the beginning", "", "the first"}
		if s.From != nil {
			row[3] = s.From.Format(time.RFC3339)
		}
		if s.End != nil {
			row[2] = fmt.Sprint(*s.End)
		}
		if s.Until != nil {
			row[4] = s.Until.Format(time.RFC3339)
		}
		switch {
		case i > 0 && h.Vouched(i):
			row[5] = "the key before"
		case i > 0:
			row[5] = "nobody: the key before was lost"
		}
		rows = append(rows, row)
	}
	table(a.out, rows)
}
