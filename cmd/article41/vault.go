package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"article41/account"
	"article41/postgres"
	"article41/record"
	"article41/shelf"
	"article41/sqlite"
)

// sealing is where the keys of what is personal lie. Nothing of it is opened
// until something is sealed or read: a pure question needs none.
type sealing struct {
	keys, file, command string
	signing             string // the file of the signing key; empty: beside the database
	// configured: only a master key that was named counts; none is made. So for
	// whoever serves more than this machine.
	configured bool

	mu    sync.Mutex
	store keyStore
	vault *account.Vault
}

// opened is the vault if it was needed yet; else nil.
func (s *sealing) opened() *account.Vault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vault
}

// keyStore is a database whose shelf holds keys.
type keyStore interface {
	record.Store
	shelved
}

func (s *sealing) flags(f *pflag.FlagSet) {
	f.StringVar(&s.keys, "keys", "", "the `file` (or postgres://… of a database of their own, for several machines) of the keys under which personal matter is sealed (default the database's name and .keys)")
	f.StringVar(&s.file, "master-key-file", "", "the `file` with the master key (default the keys' name and .master, made at first need)")
	f.StringVar(&s.command, "master-key-command", "", "a `command` that prints the master key, run without a shell")
	f.StringVar(&s.signing, "signing-key-file", "", "the `file` with the key that signs receipts; several machines that share a database share it (default the database's name and .key, made at first need)")
}

// shelf is the store of what changes, in the database that archive or open opened.
func (a *app) shelf() (shelf.Store, error) {
	switch s := a.store.(type) {
	case nil:
		return nil, errUnable{errors.New("there is no database, which this needs: name one with --db, or make one with article41 serve or import")}
	case *sqlite.Store:
		return s.Shelf(), nil
	case *postgres.Store:
		return s.Shelf(), nil
	}
	return nil, errUnable{fmt.Errorf("this kind of database (%T) keeps no shelf", a.store)}
}

// keysName is the file of the keys where none is named.
func (a *app) keysName() string {
	if strings.Contains(a.db, ":") { // an address, which may hold a password, is no name for a file
		return defaultDB + ".keys"
	}
	return a.db + ".keys"
}

// vault opens the keys beside the database, under the master key.
func (a *app) vault(ctx context.Context) (*account.Vault, error) {
	s := &a.sealing
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.vault != nil {
		return s.vault, nil
	}
	if s.keys == "" {
		if a.db == "" {
			return nil, errUnable{errors.New("without a database there is no place for keys: name one with --db or --keys")}
		}
		s.keys = a.keysName()
	}
	inFile := !strings.Contains(s.keys, "://")
	if !inFile {
		if s.keys == a.db { // else every dump of the database would hold them
			return nil, errUse{errors.New("--keys names the database itself: keys lie elsewhere, so that no backup of it carries them")}
		}
		s.configured = true // a file of the master key made here would be nobody else's
	}
	if beside := s.keys + ".master"; inFile && !exists(s.keys) && exists(beside) {
		return nil, errUnable{fmt.Errorf("%s is gone, though the master key made for it is here (%s): put it back, for nothing that was sealed can be read without it; to begin with new keys, take the master key away too", s.keys, beside)}
	}
	store, err := a.ledger(ctx, s.keys, true)
	if err != nil {
		return nil, fmt.Errorf("the keys: %w", err)
	}
	kept, ok := store.(keyStore)
	if !ok {
		return nil, errors.Join(errUnable{fmt.Errorf("%s: this kind of database keeps no keys", address(s.keys))}, store.Close())
	}
	s.store = kept
	if inFile {
		if err := os.Chmod(s.keys, 0o600); err != nil {
			return nil, errUnable{err}
		}
	}
	m, err := a.master(ctx, kept.Shelf())
	if err != nil {
		return nil, errUnable{fmt.Errorf("the master key: %w", err)}
	}
	v := account.NewVault(kept.Shelf(), m, rand.Reader)
	if err := v.Fits(ctx); err != nil {
		return nil, errUnable{fmt.Errorf("%s: %w", address(s.keys), err)}
	}
	s.vault = v
	return v, nil
}

// master finds the master key: from the environment, a command, the file named,
// or the file beside the keys, which is made at first need.
func (a *app) master(ctx context.Context, keys shelf.Store) (m account.Master, err error) {
	s := &a.sealing
	beside := s.keys + ".master"
	switch env := a.getenv("ARTICLE41_MASTER_KEY"); {
	case env != "":
		return account.ParseMaster(env)
	case s.command != "":
		return masterBy(ctx, s.command, a.err)
	case s.file != "":
		return masterIn(s.file)
	case s.configured:
		return m, errors.New("whoever serves more than this machine, or keeps keys in a database, names one: --master-key-file, --master-key-command or ARTICLE41_MASTER_KEY")
	case exists(beside):
		return masterIn(beside)
	}
	begun, err := account.Begun(ctx, keys)
	if err != nil {
		return m, err
	}
	if begun {
		return m, fmt.Errorf("%s was begun under one that is not here: name it with --master-key-file; without it nothing sealed can be read", address(s.keys))
	}
	if _, err := rand.Read(m[:]); err != nil {
		return m, err
	}
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) { // another process was first
		return masterIn(beside)
	}
	if err != nil {
		return m, err
	}
	_, err = fmt.Fprintln(f, m)
	return m, errors.Join(err, f.Sync(), f.Close())
}

func masterIn(path string) (account.Master, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return account.Master{}, err
	}
	m, err := account.ParseMaster(string(b))
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return m, err
}

func masterBy(ctx context.Context, command string, says io.Writer) (account.Master, error) {
	words := strings.Fields(command)
	if len(words) == 0 {
		return account.Master{}, fmt.Errorf("%w: --master-key-command is empty", record.ErrInvalid)
	}
	c := exec.CommandContext(ctx, words[0], words[1:]...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, says
	if err := c.Run(); err != nil {
		return account.Master{}, fmt.Errorf("--master-key-command %s: %w", words[0], err)
	}
	return account.ParseMaster(out.String())
}

func (s *sealing) close() error {
	if s.store == nil {
		return nil
	}
	return s.store.Close()
}
