package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"article41/account"
)

// Sign is how people sign in and out; the session is the context's.
type Sign interface {
	// OutsideName is who else vouches for people; "" if nobody.
	OutsideName() string
	// In signs in by a password.
	In(ctx context.Context, from, login, password string) error
	// Away is the outside issuer's address; Back reads what it answered, and says
	// where the reader was going.
	Away(ctx context.Context, next string) (string, error)
	Back(ctx context.Context, q url.Values) (next string, err error)
	Out(ctx context.Context) error
}

// signView is the sign-in page.
type signView struct {
	Outside string
	Next    string // where the reader was going
	Wrong   string
}

// local keeps an address a path of this site: a link with another one must not
// lead a reader who has just signed in away.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\t\r\n") {
		return "/"
	}
	return next
}

func (s *site) signIn(a *ask) (page, error) {
	if s.o.Sign == nil {
		return page{Moved: "/"}, nil // whoever asks is the local owner
	}
	return s.signPage(a, "", http.StatusOK), nil
}

func (s *site) signPage(a *ask, wrong string, status int) page {
	v := signView{Outside: s.o.Sign.OutsideName(), Next: local(a.form.Get("next")), Wrong: wrong}
	p := page{Title: "Sign in", Body: signInPage(a, v), Private: true, NoIndex: true, Twin: "-"}
	if status != http.StatusOK {
		p.Status = status
	}
	return p
}

func (s *site) signInPosted(a *ask) (page, error) {
	if s.o.Sign == nil {
		return page{Moved: "/"}, nil
	}
	err := s.o.Sign.In(a.Context(), a.RemoteAddr, a.form.Get("login"), a.form.Get("password"))
	switch {
	case err == nil:
		return page{Moved: local(a.form.Get("next"))}, nil
	case errors.Is(err, account.ErrSignIn):
		return s.signPage(a, "There is no account with this name and password.", http.StatusUnauthorized), nil
	case errors.Is(err, account.ErrTries):
		return s.signPage(a, "That were too many tries. Wait a minute, then try again.", http.StatusTooManyRequests), nil
	}
	return page{}, err
}

func (s *site) signAway(a *ask) (page, error) {
	if s.o.Sign == nil || s.o.Sign.OutsideName() == "" {
		return page{Moved: "/sign-in"}, nil
	}
	to, err := s.o.Sign.Away(a.Context(), local(a.form.Get("next")))
	if err != nil {
		reference := newReference()
		s.tell(reference, err)
		return s.signPage(a, s.o.Sign.OutsideName()+" could not be reached (reference "+reference+").", http.StatusBadGateway), nil
	}
	return page{Moved: to}, nil
}

func (s *site) signBack(a *ask) (page, error) {
	if s.o.Sign == nil || s.o.Sign.OutsideName() == "" {
		return page{Moved: "/sign-in"}, nil
	}
	next, err := s.o.Sign.Back(a.Context(), a.URL.Query())
	if err != nil {
		reference := newReference()
		s.tell(reference, err)
		says := s.o.Sign.OutsideName() + " could not be understood (reference " + reference + ")."
		if errors.Is(err, account.ErrVouch) {
			says = words(err)
		}
		return s.signPage(a, says, http.StatusUnauthorized), nil
	}
	return page{Moved: local(next)}, nil
}

func (s *site) signOut(a *ask) (page, error) {
	if s.o.Sign != nil {
		if err := s.o.Sign.Out(a.Context()); err != nil {
			return page{}, err
		}
	}
	return page{Moved: "/"}, nil
}

// signedIn is whoever has an account and is signed in.
func signedIn(a *ask) (account.Person, bool) {
	p := account.Of(a.Context())
	return p, strings.HasPrefix(p.ID, "u-")
}
