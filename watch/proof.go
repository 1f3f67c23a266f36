package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"article41/receipt"
	"article41/record"
	"article41/shelf"
)

// ProofClaim is what a proof says and what it does not.
const ProofClaim = "Every customer of this base was screened against these lists, by this engine and policy. It does not say who somebody is, and it clears nobody."

// Proof says that the base was screened: which customers, by digest, against what,
// and what stands open. It names nobody.
type Proof struct {
	Claim     string    `json:"claim"`
	At        time.Time `json:"at"`
	Mark      Mark      `json:"mark"`
	Customers int       `json:"customers"`
	// Base is a digest over every customer as kept, sealed, in the order of their
	// aliases: of two proofs it tells whether they speak of the same base.
	Base   string        `json:"base"`
	Alerts map[State]int `json:"alerts"`
	Bound  int           `json:"alerts_bound"` // of those that wait: entries that something binds on the day
	// Since is what happened after the proof before, and Previous its digest, so
	// that none can be left out unseen.
	Opened   int    `json:"opened"`
	Decided  int    `json:"decided"`
	Previous string `json:"previous,omitempty"`
}

// Proven is a proof as kept, signed. Its bytes are a leaf of the installation's log.
type Proven struct {
	Proof  Proof            `json:"proof"`
	Digest string           `json:"digest"`
	Signed *receipt.Receipt `json:"receipt,omitempty"`
	// Commitment is that of the receipt, under which its place in the log is proven.
	// Empty: made before proofs were leaves; those after it name its digest.
	Commitment string `json:"commitment,omitempty"`
}

const proofKind shelf.Kind = "watch-proof"

func (d *Desk) proofs() shelf.Drawer[Proven] {
	return shelf.Drawer[Proven]{Store: d.shelf, Kind: proofKind}
}

// ErrBehind says that the base is not screened up to the lists.
var ErrBehind = fmt.Errorf("%w: the base is not screened up to these lists: screen it first", record.ErrConflict)

// Prove states that the base is screened against the lists, if it is, else
// ErrBehind; it screens nothing itself. The proof is signed as a receipt, whose query
// and answer it is, and is kept in the same write that makes it a leaf of the log.
func (d *Desk) Prove(ctx context.Context, l Lists, now time.Time, by *receipt.Issuer) (Proven, error) {
	d.run.Lock()
	defer d.run.Unlock()
	mark := d.mark(l)
	st, _, err := d.states().Read(ctx, screened)
	if errors.Is(err, record.ErrNotFound) || err == nil && (!st.Mark.same(mark) || st.Full) {
		return Proven{}, ErrBehind
	}
	if err != nil {
		return Proven{}, err
	}
	p := Proof{Claim: ProofClaim, At: now.UTC().Truncate(time.Millisecond), Mark: mark, Alerts: map[State]int{}}
	h := sha256.New()
	behind := false
	err = shelf.Each(ctx, d.shelf, customerKind, func(it shelf.Item) error {
		p.Customers++
		behind = behind || it.Seq > st.Seq
		fmt.Fprintf(h, "%s %d %x\n", it.ID, it.Version, sha256.Sum256(it.Body))
		return nil
	})
	if err != nil {
		return Proven{}, err
	}
	if behind {
		return Proven{}, ErrBehind
	}
	p.Base = "sha256:" + hex.EncodeToString(h.Sum(nil))
	last, found, err := d.lastProof(ctx)
	if err != nil {
		return Proven{}, err
	}
	if found {
		p.Previous = last.Digest
	}
	all, err := d.Alerts(ctx, nil)
	if err != nil {
		return Proven{}, err
	}
	for _, a := range all {
		p.Alerts[a.State]++
		if a.Waits() && a.Standing.Alive && a.Meets {
			p.Bound++
		}
		if a.Opened.At.After(last.Proof.At) {
			p.Opened++
		}
		for _, x := range a.Decisions {
			if x.At.After(last.Proof.At) && x.From == "" {
				p.Decided++
			}
		}
	}
	body, err := json.Marshal(p)
	if err != nil {
		return Proven{}, err
	}
	sum := sha256.Sum256(body)
	out := Proven{Proof: p, Digest: "sha256:" + hex.EncodeToString(sum[:])}
	s := receipt.Statement{Issued: now, AsOf: mark.AsOf, KnownAt: mark.AsOf, Position: mark.Position, Record: mark.Record, Engine: mark.Engine,
		Rarity: mark.Rarity, Threshold: mark.Threshold, Lists: []receipt.List{}, Answer: body}
	s.Query, _ = json.Marshal(map[string]string{"base": p.Base, "policy": mark.Policy})
	for _, v := range mark.Lists {
		s.Lists = append(s.Lists, receipt.List{List: v.List, Version: v.Version, Digest: v.Digest})
	}
	id := shelf.ID(p.At.Format("2006-01-02T15:04:05.000Z07:00"))
	err = by.Keep(ctx, s, func(r receipt.Receipt, c record.Digest) shelf.Change {
		out.Signed, out.Commitment = &r, c.String()
		return d.proofs().Change(id, 0, out)
	})
	if err != nil {
		return Proven{}, fmt.Errorf("keep the proof of %s: %w", id, err)
	}
	return out, nil
}

// Proofs are the proofs kept, the oldest first; from, if not zero, leaves earlier
// ones out.
func (d *Desk) Proofs(ctx context.Context, from time.Time) ([]Proven, error) {
	out := []Proven{}
	err := d.proofs().Each(ctx, func(_ shelf.ID, _ int64, p Proven) error {
		if !p.Proof.At.Before(from) {
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

func (d *Desk) lastProof(ctx context.Context) (last Proven, found bool, err error) {
	err = d.proofs().Each(ctx, func(_ shelf.ID, _ int64, p Proven) error {
		last, found = p, true
		return nil
	})
	return last, found, err
}
