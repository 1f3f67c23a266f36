package door

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"article41/account"
)

// Outside is an OpenID Connect issuer that vouches for people.
type Outside struct {
	Name   string // as the sign-in page shows it
	Issuer string
	Client string
	Secret string
	Return string // our own address, …/sign-in/return
	Claim  string // the claim that lists groups; "": roles are given here
	Grants map[string]account.Role
	// Reach puts the client with which the issuer is asked into a context. Only cmd
	// makes clients that dial.
	Reach    func(context.Context) context.Context
	mu       sync.Mutex
	provider *oidc.Provider
}

// skew is how far the issuer's clock may differ from ours.
const skew = time.Minute

// meet asks the issuer for its addresses and keys, at the first sign-in and not at
// the start: a server starts without it.
func (o *Outside) meet(ctx context.Context) (*oidc.Provider, oauth2.Config, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		// Its keys are fetched later too, so the request's own end must not end it.
		p, err := oidc.NewProvider(o.Reach(context.WithoutCancel(ctx)), o.Issuer)
		if err != nil {
			return nil, oauth2.Config{}, fmt.Errorf("ask %s: %w", o.Issuer, err)
		}
		o.provider = p
	}
	return o.provider, oauth2.Config{ClientID: o.Client, ClientSecret: o.Secret, RedirectURL: o.Return,
		Endpoint: o.provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile"}}, nil
}

// Away is the issuer's address to sign in at. What must fit when the reader comes
// back lies in their session.
func (d *Door) Away(ctx context.Context, next string) (string, error) {
	_, c, err := d.Outside.meet(ctx)
	if err != nil {
		return "", err
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	for k, v := range map[string]string{"state": state, "nonce": nonce, "verifier": verifier, "next": next} {
		d.sessions.Put(ctx, k, v)
	}
	return c.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// Back reads the issuer's answer and begins a session; it answers where the reader
// was going.
func (d *Door) Back(ctx context.Context, q url.Values) (next string, err error) {
	state, nonce := d.sessions.PopString(ctx, "state"), d.sessions.PopString(ctx, "nonce")
	verifier, next := d.sessions.PopString(ctx, "verifier"), d.sessions.PopString(ctx, "next")
	if state == "" || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1 {
		return "", fmt.Errorf("%w: it does not belong to a sign-in begun in this browser", account.ErrVouch)
	}
	if e := q.Get("error"); e != "" {
		return "", fmt.Errorf("%w: the issuer refused", account.ErrVouch)
	}
	if iss := q.Get("iss"); iss != "" && iss != d.Outside.Issuer { // RFC 9207
		return "", fmt.Errorf("%w: another issuer answered", account.ErrVouch)
	}
	provider, c, err := d.Outside.meet(ctx)
	if err != nil {
		return "", err
	}
	token, err := c.Exchange(d.Outside.Reach(ctx), q.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return "", fmt.Errorf("%w: the code was not exchanged", account.ErrVouch)
	}
	raw, _ := token.Extra("id_token").(string)
	now := d.Now()
	id, err := provider.VerifierContext(d.Outside.Reach(ctx),
		&oidc.Config{ClientID: d.Outside.Client, Now: func() time.Time { return now.Add(-skew) }}).Verify(ctx, raw)
	if err != nil {
		var late *oidc.TokenExpiredError
		if errors.As(err, &late) {
			return "", fmt.Errorf("%w: the issuer's statement has expired; do the clocks agree?", account.ErrVouch)
		}
		return "", fmt.Errorf("%w: %s", account.ErrVouch, reason(err))
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1:
		return "", fmt.Errorf("%w: the statement was made for another sign-in", account.ErrVouch)
	case id.IssuedAt.After(now.Add(skew)):
		return "", fmt.Errorf("%w: the statement is from the future: do the clocks agree?", account.ErrVouch)
	case id.Subject == "":
		return "", fmt.Errorf("%w: the statement names nobody", account.ErrVouch)
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return "", fmt.Errorf("%w: its claims cannot be read", account.ErrVouch)
	}
	name, _ := claims["name"].(string)
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	a, err := d.Register.Outside(ctx, now, d.Outside.Issuer, id.Subject, name, d.Outside.roles(claims))
	if err != nil {
		return "", err
	}
	return next, d.begin(ctx, a)
}

// reason keeps what an error says of issuer, audience and signature, without the
// token.
func reason(err error) string {
	t := err.Error()
	for _, k := range []string{"issued by a different provider", "audience", "signature", "malformed", "before the nbf"} {
		if strings.Contains(t, k) {
			return "its statement is not for us, or not by them (" + k + ")"
		}
	}
	return "its statement cannot be verified"
}

// roles are those that the groups give; nil where no claim is read.
func (o *Outside) roles(claims map[string]any) []account.Role {
	if o.Claim == "" {
		return nil
	}
	roles := []account.Role{account.Reader}
	groups, _ := claims[o.Claim].([]any)
	if one, ok := claims[o.Claim].(string); ok {
		groups = []any{one}
	}
	for _, g := range groups {
		if s, ok := g.(string); ok {
			if r, ok := o.Grants[s]; ok && !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
	}
	return roles
}
