package briefing

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"article41/account"
	"article41/date"
	"article41/record"
	"article41/shelf"
)

// Posted is what became of a post.
type Posted struct {
	ID     ID
	Token  string  // of the author's private page; empty: nothing was kept
	Faults []Fault // what to mend; nothing was kept
}

// Post takes a comment: into the queue, or back with every fault at once. Too many
// posts are ErrBudget, closed comments [IsClosed], no such briefing
// record.ErrNotFound. The proof is verified first and costs microseconds where it
// fails; it is used up only with a form without other faults.
func (d *Desk) Post(ctx context.Context, s Slug, f Form, now time.Time) (Posted, error) {
	d.mu.RLock()
	err := d.takes(s, now)
	parent := d.comments[ID(f.ReplyTo)]
	d.mu.RUnlock()
	if err != nil {
		return Posted{}, err
	}
	l := f.Lang
	var proof Proof
	var why error
	if f.ProofAsked { // before all else: what fails here costs microseconds
		proof, why = d.Proofs.Look(f.Proof, now)
	}
	faults := f.Faults()
	if f.ReplyTo != "" && (parent == nil || parent.Briefing != s || parent.State != Approved || parent.ReplyTo != "") {
		faults = append(faults, Fault{"message", l.Say("fault-reply")})
	}
	if why == nil && f.ProofAsked && len(faults) == 0 {
		why = d.Proofs.use(proof, now)
	}
	if why != nil {
		faults = append(faults, Fault{"robot", l.Say(proofWord(why))})
	}
	if len(faults) > 0 {
		return Posted{Faults: faults}, nil
	}
	who := d.who(f.Email)
	if ban, yes := d.banned(who, d.network(f.Address), now); yes {
		if ban.Of == ofNetwork {
			return Posted{Faults: []Fault{{"robot", l.Say("fault-banned-network", l.Day(date.DayOf(ban.Until)))}}}, nil
		}
		return Posted{Faults: []Fault{{"email", l.Say("fault-banned", l.Day(date.DayOf(ban.Until)))}}}, nil
	}
	counted, err := d.spend(ctx, budgets[f.ProofAsked], f.Address, now)
	if err != nil {
		return Posted{}, err
	}
	if strings.TrimSpace(f.Trap) != "" {
		return Posted{}, nil // looks as if it had been taken; a person cannot come here
	}
	return d.keep(ctx, s, f, proof, counted, who, now)
}

// spend counts a post against its budget, with what other processes took by now.
func (d *Desk) spend(ctx context.Context, b budget, address string, now time.Time) (spent, error) {
	if err := d.Follow(ctx); err != nil {
		return spent{}, err
	}
	id, err := d.newID(now)
	if err != nil {
		return spent{}, err
	}
	return d.Limits.take(b, address, string(id), now)
}

func (d *Desk) keep(ctx context.Context, s Slug, f Form, proof Proof, counted spent, who string, now time.Time) (Posted, error) {
	id, err := d.newID(now)
	if err != nil {
		return Posted{}, err
	}
	c := Comment{ID: id, Briefing: s, Type: Type(f.Type), ReplyTo: ID(f.ReplyTo), Lang: f.Lang, At: now.UTC().Truncate(time.Second), State: Waiting,
		Plain: !f.ProofAsked, Who: who}
	if c.Type == "" {
		c.Type = Opinion
	}
	c.Rating, _ = star(f.Rating)
	c.Aspects.Clear, _ = star(f.Clear)
	c.Aspects.Sourced, _ = star(f.Sourced)
	c.Aspects.Fair, _ = star(f.Fair)
	if d.Mail != nil && d.Confirm {
		c.State = Unconfirmed
	}
	w := Written{Name: strings.TrimSpace(f.Name), Email: strings.TrimSpace(f.Email), Message: strings.TrimSpace(f.Message), Place: strings.TrimSpace(f.Place), Source: strings.TrimSpace(f.Source), Network: d.network(f.Address)}
	if c.Flags, err = d.flags(ctx, f, w, now); err != nil {
		return Posted{}, err
	}
	if c.Sealed, err = d.seal(ctx, c.subject(), w); err != nil {
		return Posted{}, err
	}
	changes := []shelf.Change{d.drawer().Change(shelf.ID(id), 0, c), counted.kept()}
	if proof.Nonce != "" {
		// On the shelf the nonce is used up for every process, and after a restart.
		changes = append(changes, shelf.Drawer[int64]{Kind: kindProof}.Change(shelf.ID(proof.Nonce), 0, proof.Expires))
	}
	if _, err := d.Store.Write(ctx, changes...); errors.Is(err, record.ErrConflict) && proof.Nonce != "" {
		return Posted{Faults: []Fault{{"robot", f.Lang.Say(proofWord(ErrReplayed))}}}, nil
	} else if err != nil {
		return Posted{}, fmt.Errorf("keep a comment: %w", err)
	}
	out := Posted{ID: id, Token: d.token(id)}
	if err := d.Follow(ctx); err != nil {
		return Posted{}, err
	}
	if c.State == Unconfirmed {
		l := cmp.Or(f.Lang, English)
		err = d.Mail(ctx, w.Email, l.Say("mail-confirm"), l.Say("mail-confirm-1", string(s))+"\n\n"+l.Say("mail-confirm-2")+"\n"+d.Site+"/comments/"+d.mailed(id)+"\n\n"+l.Say("mail-confirm-3")+"\n")
		if err != nil {
			return out, fmt.Errorf("mail to confirm comment %s: %w", id, err)
		}
	}
	return out, nil
}

// flags are what a moderator should see before the text.
func (d *Desk) flags(ctx context.Context, f Form, w Written, now time.Time) ([]string, error) {
	var out []string
	if !f.ProofAsked {
		switch age, ok := d.Limits.age(f.Stamp, now); {
		case f.Stamp == "":
			out = append(out, "flag-no-stamp")
		case !ok:
			out = append(out, "flag-old-stamp")
		case age < quick:
			out = append(out, fmt.Sprintf("flag-quick %d", int(age.Seconds())+1))
		}
	}
	text := strings.Join([]string{w.Message, w.Place, w.Source}, "\n")
	if n := countLinks(text); n > 0 {
		out = append(out, fmt.Sprintf("flag-links %d", n))
	}
	if d.Named != nil {
		named, err := d.Named(ctx, w.Name+"\n"+text)
		if err != nil {
			return nil, fmt.Errorf("look for listed names in a comment: %w", err)
		}
		for _, n := range named {
			out = append(out, "flag-listed "+n)
		}
	}
	if p := People(text); len(p) > 0 {
		out = append(out, "flag-person "+strings.Join(p, ", "))
	}
	return out, nil
}

func proofWord(err error) string {
	switch {
	case errors.Is(err, ErrExpired):
		return "fault-proof-expired"
	case errors.Is(err, ErrReplayed):
		return "fault-proof-used"
	case errors.Is(err, ErrForged), errors.Is(err, ErrUnsolved):
		return "fault-proof-bad"
	}
	return "fault-proof-missing"
}

func (d *Desk) seal(ctx context.Context, s account.Subject, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return d.Vault.Seal(ctx, s, b)
}

func (d *Desk) unseal(ctx context.Context, s account.Subject, sealed []byte, v any) error {
	b, err := d.Vault.Open(ctx, s, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// Sweep forgets proofs that have expired, as nobody can use them again anyway, bans
// that have ended and the counts of hours that have passed.
func (d *Desk) Sweep(ctx context.Context, now time.Time) error {
	if !d.TakesComments() {
		return nil
	}
	var gone []shelf.Change
	forget := func(it shelf.Item) {
		if len(gone) < shelf.MaxChanges {
			gone = append(gone, shelf.Change{Kind: it.Kind, ID: it.ID, Version: it.Version, Gone: true})
		}
	}
	err := shelf.Each(ctx, d.Store, kindProof, func(it shelf.Item) error {
		expires, err := shelf.Drawer[int64]{Kind: kindProof}.Value(it)
		if err == nil && expires <= now.Unix() {
			forget(it)
		}
		return err
	})
	if err != nil {
		return err
	}
	err = shelf.Each(ctx, d.Store, kindBan, func(it shelf.Item) error {
		b, err := shelf.Drawer[Ban]{Kind: kindBan}.Value(it)
		if err == nil && b.Until.Before(now) {
			forget(it)
		}
		return err
	})
	if err != nil {
		return err
	}
	err = shelf.Each(ctx, d.Store, kindSpent, func(it shelf.Item) error {
		if x, ok := readSpent(it.ID); !ok || x.hour < now.Unix()/3600 {
			forget(it)
		}
		return nil
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	_, err = d.Store.Write(ctx, gone...)
	if errors.Is(err, record.ErrConflict) { // another process swept
		return nil
	}
	return err
}
