package account

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"article41/record"
	"article41/shelf"
)

// Register is the people and programs that have an account here. What is personal
// of an account, its name and login, is sealed; the ids are not personal.
type Register struct {
	Shelf  shelf.Store
	Vault  *Vault
	Random io.Reader // crypto/rand.Reader outside tests
}

// Here is the issuer of accounts that sign in with a password.
const Here = "here"

// Account is somebody who may sign in.
type Account struct {
	ID      string    `json:"id"`
	Issuer  string    `json:"issuer"` // who says that it is them: Here, or an OIDC issuer
	Login   string    `json:"login"`  // the name to sign in with, or the issuer's subject
	Name    string    `json:"name"`   // as shown to colleagues
	Roles   []Role    `json:"roles"`
	Created time.Time `json:"created"`
	Epoch   int64     `json:"epoch"` // sessions begun in an earlier one are void
}

// Person is the account as whoever asks.
func (a Account) Person() Person { return Person{ID: a.ID, Name: a.Name, Roles: a.Roles} }

// accountDocument is an account as it is kept.
type accountDocument struct {
	Roles      []Role    `json:"roles"`
	Created    time.Time `json:"created"`
	Epoch      int64     `json:"epoch"`
	Sealed     []byte    `json:"sealed"`               // personal
	Generation int       `json:"generation,omitempty"` // of the password
	Password   []byte    `json:"password,omitempty"`   // sealed, under its generation
}

// personal is what is sealed of an account.
type personal struct {
	Issuer string `json:"issuer"`
	Login  string `json:"login"`
	Name   string `json:"name"`
}

type loginDocument struct {
	Account string `json:"account"`
}

const (
	accountKind shelf.Kind = "account"
	loginKind   shelf.Kind = "login"
)

func (r *Register) accounts() shelf.Drawer[accountDocument] {
	return shelf.Drawer[accountDocument]{Store: r.Shelf, Kind: accountKind}
}

func (r *Register) logins() shelf.Drawer[loginDocument] {
	return shelf.Drawer[loginDocument]{Store: r.Shelf, Kind: loginKind}
}

func (r *Register) loginID(issuer, login string) shelf.ID {
	return shelf.ID(r.Vault.Blind("login", issuer+"\n"+strings.ToLower(strings.TrimSpace(login))))
}

func accountSubject(id string) Subject { return Subject("account/" + id) }

// CheckRoles says whether each is a role of the table.
func CheckRoles(roles []Role) error {
	known := []Role{Reader, Screener, Reviewer, Editor, Publisher, Moderator, Admin, Owner}
	if len(roles) == 0 {
		return fmt.Errorf("%w: no role given", record.ErrInvalid)
	}
	for _, r := range roles {
		if !slices.Contains(known, r) {
			return fmt.Errorf("%w: there is no role %q: want one of %v", record.ErrInvalid, r, known)
		}
	}
	return nil
}

// NewAccount makes an account; record.ErrConflict if the login has one.
func (r *Register) NewAccount(ctx context.Context, now time.Time, a Account) (Account, error) {
	if a.Login = strings.TrimSpace(a.Login); a.Login == "" || len(a.Login) > 200 || len(a.Name) > 200 {
		return a, fmt.Errorf("%w: a login of 1 to 200 bytes is wanted", record.ErrInvalid)
	}
	if err := CheckRoles(a.Roles); err != nil {
		return a, err
	}
	if a.Name == "" {
		a.Name = a.Login
	}
	index := r.loginID(a.Issuer, a.Login)
	if _, err := r.find(ctx, index); err == nil {
		return a, fmt.Errorf("%w: this login has an account", record.ErrConflict)
	} else if !errors.Is(err, record.ErrNotFound) {
		return a, err
	}
	raw, err := r.random(8)
	if err != nil {
		return a, err
	}
	a.ID, a.Created = "u-"+hex.EncodeToString(raw), now.UTC()
	d := accountDocument{Roles: a.Roles, Created: a.Created}
	if d.Sealed, err = r.sealPersonal(ctx, a); err != nil {
		return a, err
	}
	// A login left over by an older backup, whose account was erased, is taken over.
	_, err = r.Shelf.Write(ctx, r.accounts().Change(shelf.ID(a.ID), 0, d), r.logins().Change(index, shelf.Any, loginDocument{a.ID}))
	return a, err
}

func (r *Register) sealPersonal(ctx context.Context, a Account) ([]byte, error) {
	plain, err := json.Marshal(personal{a.Issuer, a.Login, a.Name})
	if err != nil {
		return nil, err
	}
	return r.Vault.Seal(ctx, accountSubject(a.ID), plain)
}

func (r *Register) find(ctx context.Context, index shelf.ID) (Account, error) {
	l, _, err := r.logins().Read(ctx, index)
	if err != nil {
		return Account{}, err
	}
	return r.Account(ctx, l.Account)
}

// Known is the account of a login, or record.ErrNotFound.
func (r *Register) Known(ctx context.Context, issuer, login string) (Account, error) {
	return r.find(ctx, r.loginID(issuer, login))
}

// Account reads one; record.ErrNotFound if there is none or it was erased.
func (r *Register) Account(ctx context.Context, id string) (Account, error) {
	d, _, err := r.accounts().Read(ctx, shelf.ID(id))
	if err != nil {
		return Account{}, err
	}
	return r.account(ctx, id, d)
}

func (r *Register) account(ctx context.Context, id string, d accountDocument) (Account, error) {
	a := Account{ID: id, Roles: d.Roles, Created: d.Created, Epoch: d.Epoch}
	plain, err := r.Vault.Open(ctx, accountSubject(id), d.Sealed)
	if errors.Is(err, ErrErased) {
		return a, fmt.Errorf("account %s: %w: it was erased", id, record.ErrNotFound)
	}
	if err != nil {
		return a, err
	}
	var p personal
	if err := json.Unmarshal(plain, &p); err != nil {
		return a, fmt.Errorf("account %s: %w: %v", id, record.ErrInvalid, err)
	}
	a.Issuer, a.Login, a.Name = p.Issuer, p.Login, p.Name
	return a, nil
}

// Accounts are all accounts, by login. Erased ones are left out.
func (r *Register) Accounts(ctx context.Context) ([]Account, error) {
	var out []Account
	err := r.accounts().Each(ctx, func(id shelf.ID, _ int64, d accountDocument) error {
		a, err := r.account(ctx, string(id), d)
		if errors.Is(err, record.ErrNotFound) {
			return nil
		}
		out = append(out, a)
		return err
	})
	slices.SortFunc(out, func(a, b Account) int { return strings.Compare(a.Login, b.Login) })
	return out, err
}

// Any says whether somebody or something could sign in at all.
func (r *Register) Any(ctx context.Context, now time.Time) (bool, error) {
	all, err := r.Accounts(ctx)
	if err != nil || len(all) > 0 {
		return err == nil, err
	}
	keys, err := r.Keys(ctx)
	return slices.ContainsFunc(keys, func(k Key) bool {
		return k.Revoked == nil && (k.Expires == nil || now.Before(*k.Expires))
	}), err
}

// change reads an account's document, changes it and writes it; sessions begun
// before are void.
func (r *Register) change(ctx context.Context, id string, do func(*accountDocument) error) error {
	d, version, err := r.accounts().Read(ctx, shelf.ID(id))
	if err != nil {
		return err
	}
	d.Epoch++
	if err := do(&d); err != nil {
		return err
	}
	_, err = r.Shelf.Write(ctx, r.accounts().Change(shelf.ID(id), version, d))
	return err
}

// SetRoles changes what the account may do. Who is signed in signs in again.
func (r *Register) SetRoles(ctx context.Context, id string, roles []Role) error {
	if err := CheckRoles(roles); err != nil {
		return err
	}
	return r.change(ctx, id, func(d *accountDocument) error { d.Roles = roles; return nil })
}

// SignOut ends all sessions of the account.
func (r *Register) SignOut(ctx context.Context, id string) error {
	return r.change(ctx, id, func(*accountDocument) error { return nil })
}

// Remove takes an account out and erases what was personal of it: no older backup
// brings it back. The login may have a new account later.
func (r *Register) Remove(ctx context.Context, id string) error {
	a, err := r.Account(ctx, id)
	if err != nil {
		return err
	}
	d, version, err := r.accounts().Read(ctx, shelf.ID(id))
	if err != nil {
		return err
	}
	for _, s := range []Subject{accountSubject(id), passwordSubject(id, d.Generation)} {
		if err := r.Vault.Erase(ctx, s); err != nil {
			return err
		}
	}
	index := r.loginID(a.Issuer, a.Login)
	changes := []shelf.Change{r.accounts().Remove(shelf.ID(id), version)}
	if _, v, err := r.logins().Read(ctx, index); err == nil {
		changes = append(changes, r.logins().Remove(index, v))
	}
	_, err = r.Shelf.Write(ctx, changes...)
	return err
}

// Outside is the account of somebody for whom an OIDC issuer vouches: the one they
// have, or a new one. roles are what the issuer's claims give; nil leaves those
// the account has, and a new one is a reader's.
func (r *Register) Outside(ctx context.Context, now time.Time, issuer, subject, name string, roles []Role) (Account, error) {
	a, err := r.Known(ctx, issuer, subject)
	if errors.Is(err, record.ErrNotFound) {
		if roles == nil {
			roles = []Role{Reader}
		}
		a, err = r.NewAccount(ctx, now, Account{Issuer: issuer, Login: subject, Name: name, Roles: roles})
		if errors.Is(err, record.ErrConflict) { // signed in twice at once
			a, err = r.Known(ctx, issuer, subject)
		}
		return a, err
	}
	if err == nil && roles != nil && !sameRoles(a.Roles, roles) {
		if err = r.SetRoles(ctx, a.ID, roles); err == nil {
			a, err = r.Account(ctx, a.ID)
		}
	}
	return a, err
}

func sameRoles(a, b []Role) bool {
	set := func(rs []Role) map[Role]bool {
		m := map[Role]bool{}
		for _, r := range rs {
			m[r] = true
		}
		return m
	}
	return maps.Equal(set(a), set(b))
}
