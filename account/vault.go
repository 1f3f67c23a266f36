package account

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"article41/record"
	"article41/shelf"

	"golang.org/x/crypto/chacha20poly1305"
)

// Subject is whom sealed matter is about: "customer/17", "commenter/9f". All that
// is sealed for one subject is erased together.
type Subject string

// ErrErased says that a subject's key was destroyed: its matter is gone for good.
var ErrErased = errors.New("erased")

// Master is the key that wraps every subject's key.
type Master [chacha20poly1305.KeySize]byte

// Vault seals and opens what is personal: XChaCha20-Poly1305 under a key per
// subject, which is itself kept sealed under the master key.
//
// The keys lie on a shelf of their own, in a file that no backup holds. An erased
// key leaves an empty row there, so that neither an older backup nor a later Seal
// brings the subject back. Keys in use are held open in memory: where several
// processes share the shelf, each calls Follow to learn of the others' erasures.
type Vault struct {
	keys   shelf.Store
	master Master
	random io.Reader

	mu    sync.Mutex
	seq   int64 // of the shelf, as far as followed
	known map[shelf.ID]cipher.AEAD
}

// NewVault opens a vault. random is crypto/rand.Reader outside tests.
func NewVault(keys shelf.Store, m Master, random io.Reader) *Vault {
	return &Vault{keys: keys, master: m, random: random, known: map[shelf.ID]cipher.AEAD{}}
}

const keyKind shelf.Kind = "key"

// id hides the subject: who holds the key file without the master key cannot ask
// whether somebody is in it.
func (v *Vault) id(s Subject) shelf.ID {
	h := hmac.New(sha256.New, v.master[:])
	h.Write([]byte(s))
	return shelf.ID(hex.EncodeToString(h.Sum(nil)[:16]))
}

// Blind is a stable id for a text, such as a login, that tells nothing of it to
// who lacks the master key.
func (v *Vault) Blind(kind, text string) string {
	h := hmac.New(sha256.New, v.master[:])
	fmt.Fprintf(h, "blind %s\n%s", kind, text)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Ready makes the keys of subjects that have none yet and learns those of the
// others, in few reads and writes; Seal makes a missing one by itself.
func (v *Vault) Ready(ctx context.Context, subjects ...Subject) error {
	for len(subjects) > 0 {
		n := min(len(subjects), shelf.MaxChanges)
		missing, err := v.learn(ctx, subjects[:n])
		if err != nil {
			return err
		}
		changes := make([]shelf.Change, 0, len(missing))
		fresh := make([]cipher.AEAD, len(missing))
		for i, id := range missing {
			body, aead, err := v.make(id)
			if err != nil {
				return err
			}
			fresh[i] = aead
			changes = append(changes, shelf.Change{Kind: keyKind, ID: id, Body: body})
		}
		if len(changes) > 0 {
			if _, err := v.keys.Write(ctx, changes...); err != nil {
				return fmt.Errorf("keep %d keys: %w", len(changes), err)
			}
		}
		v.mu.Lock()
		for i, id := range missing {
			v.remember(id, fresh[i])
		}
		v.mu.Unlock()
		subjects = subjects[n:]
	}
	return nil
}

// Learn reads the keys of subjects at once, so that opening their matter, page by
// page, asks the shelf for none of them. Whoever has none, or was erased, is told
// when it is asked for.
func (v *Vault) Learn(ctx context.Context, subjects ...Subject) error {
	for len(subjects) > 0 {
		n := min(len(subjects), shelf.MaxChanges)
		if _, err := v.learn(ctx, subjects[:n]); err != nil {
			return err
		}
		subjects = subjects[n:]
	}
	return nil
}

// learn answers the ids of those that have no key.
func (v *Vault) learn(ctx context.Context, subjects []Subject) (missing []shelf.ID, err error) {
	asked := map[shelf.ID]bool{}
	var ids []shelf.ID
	for _, s := range subjects {
		id := v.id(s)
		v.mu.Lock()
		held := v.known[id] != nil
		v.mu.Unlock()
		if !held && !asked[id] {
			asked[id], ids = true, append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	items, err := v.keys.Some(ctx, keyKind, ids...)
	if err != nil {
		return nil, fmt.Errorf("read %d keys: %w", len(ids), err)
	}
	for _, it := range items {
		delete(asked, it.ID)
		if len(it.Body) == 0 {
			continue // erased
		}
		aead, err := v.unwrap(it)
		if err != nil {
			return nil, err
		}
		v.mu.Lock()
		v.remember(it.ID, aead)
		v.mu.Unlock()
	}
	for _, id := range ids {
		if asked[id] {
			missing = append(missing, id)
		}
	}
	return missing, nil
}

// Seal answers the sealed form of plain, which only Open for the same subject
// reads.
func (v *Vault) Seal(ctx context.Context, s Subject, plain []byte) ([]byte, error) {
	id := v.id(s)
	aead, err := v.key(ctx, id)
	if errors.Is(err, record.ErrNotFound) {
		if err = v.Ready(ctx, s); err == nil || errors.Is(err, record.ErrConflict) { // another was first
			aead, err = v.key(ctx, id)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("seal for %s: %w", s, err)
	}
	return seal(v.random, aead, plain, []byte(s))
}

// Open reads what was sealed for the subject: ErrErased after an erasure,
// record.ErrInvalid if it was sealed for another or changed since.
func (v *Vault) Open(ctx context.Context, s Subject, sealed []byte) ([]byte, error) {
	aead, err := v.key(ctx, v.id(s))
	if err != nil {
		return nil, fmt.Errorf("open for %s: %w", s, err)
	}
	plain, err := open(aead, sealed, []byte(s))
	if err != nil {
		return nil, fmt.Errorf("open for %s: %w", s, err)
	}
	return plain, nil
}

// Erase destroys the subject's key. Without one it leaves the mark all the same.
// ErrHeld: a hold is on it.
func (v *Vault) Erase(ctx context.Context, s Subject) error {
	id := v.id(s)
	if err := v.held(ctx, id); err != nil {
		return fmt.Errorf("erase %s: %w", s, err)
	}
	v.mu.Lock()
	delete(v.known, id)
	v.mu.Unlock()
	if _, err := v.keys.Write(ctx, shelf.Change{Kind: keyKind, ID: id, Version: shelf.Any}); err != nil {
		return fmt.Errorf("erase %s: %w", s, err)
	}
	v.mu.Lock() // a Seal meanwhile may have read it
	delete(v.known, id)
	v.mu.Unlock()
	return nil
}

// Follow forgets what other processes erased since the last call.
func (v *Vault) Follow(ctx context.Context) error {
	const page = 1000
	for {
		v.mu.Lock()
		seq := v.seq
		v.mu.Unlock()
		items, err := v.keys.Since(ctx, seq, page)
		if err != nil {
			return fmt.Errorf("follow the keys: %w", err)
		}
		v.mu.Lock()
		for _, it := range items {
			if it.Kind == keyKind && len(it.Body) == 0 {
				delete(v.known, it.ID)
			}
			v.seq = max(v.seq, it.Seq)
		}
		v.mu.Unlock()
		if len(items) < page {
			return nil
		}
	}
}
