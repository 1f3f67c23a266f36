package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"unicode/utf8"

	"article41/record"
	"article41/shelf"

	"golang.org/x/crypto/argon2"
)

// ErrSignIn says that login and password do not belong together. It never says
// which of the two is wrong.
var ErrSignIn = errors.New("there is no account with this name and password")

// ErrTries says that too many were tried; ErrVouch, that what somebody outside
// said of who is signing in was not accepted.
var (
	ErrTries = errors.New("too many tries")
	ErrVouch = errors.New("the sign-in was not accepted")
)

// ShortestPassword is in characters; NIST SP 800-63B-4 asks for 15 where a
// password is all that is asked.
const (
	ShortestPassword = 15
	longestPassword  = 1000 // bytes
)

// How hard argon2id works: 19 MiB twice over, some 30 ms.
const (
	argonTime    = 2
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
)

func passwordSubject(id string, generation int) Subject {
	return Subject(fmt.Sprintf("account/%s/password/%d", id, generation))
}

// SetPassword gives the account a password and ends its sessions. The one before
// is erased, so that no older backup brings it back.
func (r *Register) SetPassword(ctx context.Context, id, password string) error {
	if !utf8.ValidString(password) || utf8.RuneCountInString(password) < ShortestPassword || len(password) > longestPassword {
		return fmt.Errorf("%w: a password has at least %d characters", record.ErrInvalid, ShortestPassword)
	}
	salt, err := r.random(16)
	if err != nil {
		return err
	}
	was := 0
	err = r.change(ctx, id, func(d *accountDocument) (err error) {
		was = d.Generation
		hash := []byte(hashPassword(password, salt))
		for err = ErrErased; errors.Is(err, ErrErased); { // after an older backup was restored, a number may have been used
			d.Generation++
			d.Password, err = r.Vault.Seal(ctx, passwordSubject(id, d.Generation), hash)
		}
		return err
	})
	if err == nil && was > 0 {
		err = r.Vault.Erase(ctx, passwordSubject(id, was))
	}
	return err
}

// SignIn answers whose login and password these are, or ErrSignIn. It takes as
// long for a login that nobody has.
func (r *Register) SignIn(ctx context.Context, login, password string) (Account, error) {
	a, err := r.Known(ctx, Here, login)
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return Account{}, err
	}
	stored := ""
	if err == nil {
		d, _, err := r.accounts().Read(ctx, shelf.ID(a.ID))
		if err != nil {
			return Account{}, err
		}
		if d.Password != nil {
			plain, err := r.Vault.Open(ctx, passwordSubject(a.ID, d.Generation), d.Password)
			if err != nil && !errors.Is(err, ErrErased) {
				return Account{}, err
			}
			stored = string(plain)
		}
	}
	if len(password) > longestPassword || !fitsPassword(stored, password) {
		return Account{}, ErrSignIn
	}
	return a, nil
}

// hashPassword is the form that others write too (PHC).
func hashPassword(password string, salt []byte) string {
	sum := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, 32)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

func fitsPassword(stored, password string) bool {
	var version, memory, rounds, threads int
	var rest string
	salt, sum := make([]byte, 16), []byte(nil)
	n, err := fmt.Sscanf(stored, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &memory, &rounds, &threads, &rest)
	if err == nil && n == 5 && version == argon2.Version {
		for i := range rest {
			if rest[i] == '$' {
				salt, _ = base64.RawStdEncoding.DecodeString(rest[:i])
				sum, _ = base64.RawStdEncoding.DecodeString(rest[i+1:])
				break
			}
		}
	}
	if memory <= 0 || rounds <= 0 || threads <= 0 || threads > 255 {
		memory, rounds, threads = argonMemory, argonTime, argonThreads
	}
	asked := argon2.IDKey([]byte(password), salt, uint32(rounds), uint32(memory), uint8(threads), 32)
	return len(sum) == 32 && subtle.ConstantTimeCompare(asked, sum) == 1
}
