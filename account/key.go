package account

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"article41/record"
	"article41/shelf"
)

// What may be wrong with a key that a program shows.
var (
	ErrNoKey   = errors.New("there is no such key here: it was mistyped, revoked, or replaced by a newer one")
	ErrExpired = errors.New("the key has expired")
)

// Key lets a program in. Its secret is shown once and kept nowhere: what is kept
// is its SHA-256, which is enough for 256 random bits, sealed under a subject of
// its own that a revocation erases. So no older backup brings a revoked key back.
type Key struct {
	ID      string     `json:"id"`
	Label   string     `json:"label"` // of the program; never a person's name
	Roles   []Role     `json:"roles"`
	Created time.Time  `json:"created"`
	Expires *time.Time `json:"expires"` // null: never
	Revoked *time.Time `json:"revoked,omitempty"`
	Rate    float64    `json:"rate"`  // requests a second; 0: the server's own
	Quota   int64      `json:"quota"` // requests a day (UTC); 0: none
	Used    *Use       `json:"used,omitempty"`
}

// Use is how a key is used.
type Use struct {
	Last  time.Time `json:"last"` // to the minute or so
	Day   string    `json:"day"`  // UTC
	Count int64     `json:"count"`
}

// keyDocument is a key as it is kept.
type keyDocument struct {
	Key
	Generation int     `json:"generation"` // grows with every rotation
	Sealed     []byte  `json:"sealed"`     // the hash of the secret
	Before     *before `json:"before,omitempty"`
}

// before is the secret that a rotation replaced, while it still counts.
type before struct {
	Generation int       `json:"generation"`
	Until      time.Time `json:"until"`
	Sealed     []byte    `json:"sealed"`
}

func secretOf(id string, generation int) Subject {
	return Subject(fmt.Sprintf("apikey/%s/%d", id, generation))
}

const (
	apiKeyKind shelf.Kind = "apikey"
	useKind    shelf.Kind = "keyuse"
	tokenMark             = "a41_"
)

func (r *Register) apiKeys() shelf.Drawer[keyDocument] {
	return shelf.Drawer[keyDocument]{Store: r.Shelf, Kind: apiKeyKind}
}

func (r *Register) uses() shelf.Drawer[Use] { return shelf.Drawer[Use]{Store: r.Shelf, Kind: useKind} }

// NewKey makes a key and answers the token to give to the program: it is shown
// this once. Roles, label, expiry, rate and quota are the caller's.
func (r *Register) NewKey(ctx context.Context, now time.Time, k Key) (made Key, token string, err error) {
	if err := CheckRoles(k.Roles); err != nil {
		return k, "", err
	}
	if k.Expires != nil && !k.Expires.After(now) {
		return k, "", fmt.Errorf("%w: the key would expire before it is made", record.ErrInvalid)
	}
	id, err := r.random(8)
	if err != nil {
		return k, "", err
	}
	k.ID, k.Created, k.Revoked, k.Used = "k-"+hex.EncodeToString(id), now.UTC(), nil, nil
	d := keyDocument{Key: k, Generation: 1}
	if token, d.Sealed, err = r.secret(ctx, k.ID, 1); err != nil {
		return k, "", err
	}
	if _, err = r.Shelf.Write(ctx, r.apiKeys().Change(shelf.ID(k.ID), 0, d)); err != nil {
		return k, "", fmt.Errorf("keep key %s: %w", k.ID, err)
	}
	return k, token, nil
}

// secret makes a token and the sealed hash of it.
func (r *Register) secret(ctx context.Context, id string, generation int) (token string, sealed []byte, err error) {
	raw, err := r.random(32)
	if err != nil {
		return "", nil, err
	}
	hash := sha256.Sum256(raw)
	sealed, err = r.Vault.Seal(ctx, secretOf(id, generation), hash[:])
	return tokenMark + strings.TrimPrefix(id, "k-") + "_" + base64.RawURLEncoding.EncodeToString(raw), sealed, err
}

func (r *Register) random(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(r.Random, b)
	return b, err
}

// RotateKey gives the key a new secret. The one before counts for the grace
// longer, so that the program can be changed over; with none it ends at once.
func (r *Register) RotateKey(ctx context.Context, now time.Time, id string, grace time.Duration) (token string, err error) {
	d, version, err := r.apiKeys().Read(ctx, shelf.ID(id))
	if err != nil {
		return "", err
	}
	if d.Revoked != nil {
		return "", fmt.Errorf("%w: key %s was revoked; make a new one", record.ErrInvalid, id)
	}
	older := d.Before
	was := before{d.Generation, now.Add(grace).UTC(), d.Sealed}
	d.Before = &was
	if grace <= 0 {
		d.Before = nil
	}
	for err = ErrErased; errors.Is(err, ErrErased); { // after an older backup was restored, a number may have been used
		d.Generation++
		token, d.Sealed, err = r.secret(ctx, id, d.Generation)
	}
	if err != nil {
		return "", err
	}
	if _, err = r.Shelf.Write(ctx, r.apiKeys().Change(shelf.ID(id), version, d)); err != nil {
		return "", fmt.Errorf("rotate key %s: %w", id, err)
	}
	if older != nil {
		err = r.Vault.Erase(ctx, secretOf(id, older.Generation))
	}
	if err == nil && grace <= 0 {
		err = r.Vault.Erase(ctx, secretOf(id, was.Generation))
	}
	return token, err
}

// RevokeKey ends the key at once and for good.
func (r *Register) RevokeKey(ctx context.Context, now time.Time, id string) error {
	d, version, err := r.apiKeys().Read(ctx, shelf.ID(id))
	if err != nil {
		return err
	}
	if err := r.Vault.Erase(ctx, secretOf(id, d.Generation)); err != nil {
		return err
	}
	if d.Before != nil {
		if err := r.Vault.Erase(ctx, secretOf(id, d.Before.Generation)); err != nil {
			return err
		}
	}
	if d.Revoked == nil {
		at := now.UTC()
		d.Revoked = &at
	}
	d.Sealed, d.Before = nil, nil
	_, err = r.Shelf.Write(ctx, r.apiKeys().Change(shelf.ID(id), version, d))
	return err
}

// Keys are all keys, revoked ones too.
func (r *Register) Keys(ctx context.Context) (out []Key, err error) {
	err = r.apiKeys().Each(ctx, func(id shelf.ID, _ int64, d keyDocument) error {
		if u, _, err := r.uses().Read(ctx, id); err == nil {
			d.Used = &u
		} else if !errors.Is(err, record.ErrNotFound) {
			return err
		}
		out = append(out, d.Key)
		return nil
	})
	return out, err
}

// Check answers whose token it is: ErrNoKey or ErrExpired if nobody's.
func (r *Register) Check(ctx context.Context, now time.Time, token string) (Key, error) {
	name, text, ok := strings.Cut(strings.TrimPrefix(token, tokenMark), "_")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if _, bad := hex.DecodeString(name); !ok || err != nil || bad != nil || len(raw) != 32 || !strings.HasPrefix(token, tokenMark) || len(name) != 16 {
		return Key{}, ErrNoKey
	}
	id := "k-" + name
	d, _, err := r.apiKeys().Read(ctx, shelf.ID(id))
	if errors.Is(err, record.ErrNotFound) || err == nil && d.Revoked != nil {
		return Key{}, ErrNoKey
	}
	if err != nil {
		return Key{}, err
	}
	hash := sha256.Sum256(raw)
	fits, err := r.fits(ctx, secretOf(id, d.Generation), d.Sealed, hash)
	if err == nil && !fits && d.Before != nil && now.Before(d.Before.Until) {
		fits, err = r.fits(ctx, secretOf(id, d.Before.Generation), d.Before.Sealed, hash)
	}
	switch {
	case err != nil:
		return Key{}, err
	case !fits:
		return Key{}, ErrNoKey
	case d.Expires != nil && !now.Before(*d.Expires):
		return Key{}, ErrExpired
	}
	return d.Key, nil
}

func (r *Register) fits(ctx context.Context, s Subject, sealed []byte, hash [sha256.Size]byte) (bool, error) {
	kept, err := r.Vault.Open(ctx, s, sealed)
	if errors.Is(err, ErrErased) || errors.Is(err, record.ErrNotFound) { // revoked, and brought back by an older backup
		return false, nil
	}
	return err == nil && subtle.ConstantTimeCompare(kept, hash[:]) == 1, err
}

// Person is the program as whoever asks.
func (k Key) Person() Person { return Person{ID: k.ID, Name: k.Label, Roles: k.Roles} }

// Usage reads how a key was used; nothing is no use yet.
func (r *Register) Usage(ctx context.Context, id string) (Use, error) {
	u, _, err := r.uses().Read(ctx, shelf.ID(id))
	if errors.Is(err, record.ErrNotFound) {
		err = nil
	}
	return u, err
}

// Spend adds n uses of a day (UTC, as time.DateOnly has it) to what all servers on this
// shelf counted for the key, or as many as the quota leaves; quota 0 leaves any. It
// answers how many. A negative n gives back what was taken and not used.
func (r *Register) Spend(ctx context.Context, id string, now time.Time, day string, n, quota int64) (got int64, err error) {
	for tries := 0; ; tries++ {
		u, version, err := r.uses().Read(ctx, shelf.ID(id))
		if errors.Is(err, record.ErrNotFound) {
			u, version, err = Use{}, 0, nil
		}
		if err != nil {
			return 0, err
		}
		switch {
		case day < u.Day && n < 0: // of a day that is over
			return 0, nil
		case day < u.Day: // another server's clock is past midnight already
			day = u.Day
		case day > u.Day:
			u.Day, u.Count = day, 0
		}
		got = n
		if quota > 0 && n > 0 {
			got = max(0, min(n, quota-u.Count))
		}
		if got == 0 && n > 0 {
			return 0, nil
		}
		u.Count = max(0, u.Count+got)
		if now = now.UTC().Truncate(time.Second); now.After(u.Last) {
			u.Last = now
		}
		_, err = r.Shelf.Write(ctx, r.uses().Change(shelf.ID(id), version, u))
		if !errors.Is(err, record.ErrConflict) || tries > 100 {
			return got, err
		}
	}
}
