package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/tlog"

	"article41"
	"article41/receipt"
	"article41/record"
	"article41/screen"
)

// issue writes a receipt of a screening. With a database it is logged at once, and
// the receipt carries its proof.
func (a *app) issue(ctx context.Context, path, db string, s article41.Screening) error {
	r, err := a.issued(ctx, db, s)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		return err
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		return errUnable{err}
	}
	return nil
}

func (a *app) issued(ctx context.Context, db string, s article41.Screening) (receipt.Receipt, error) {
	if a.store == nil {
		key, err := signingKey(keyFile(db))
		if err != nil {
			return receipt.Receipt{}, errUnable{err}
		}
		st, err := a.statement(s, record.Head{})
		if err != nil {
			return receipt.Receipt{}, err
		}
		return receipt.Issue(key, st)
	}
	all, err := a.receipts(ctx)
	if err != nil {
		return receipt.Receipt{}, err
	}
	if err := all.log.Follow(ctx, a.store); err != nil {
		return receipt.Receipt{}, errUnable{err}
	}
	out, err := proven{all}.Receipt(ctx, s)
	if err != nil {
		return receipt.Receipt{}, errUnable{err}
	}
	return out[0], nil
}

// statement is what a receipt of a screening states; head is the ledger's, if the
// screening rests on its newest entry.
func (a *app) statement(s article41.Screening, head record.Head) (st receipt.Statement, err error) {
	st = receipt.Statement{Issued: a.now(), AsOf: s.AsOf, KnownAt: s.KnownAt, Position: s.Basis.Position, Record: s.Basis.Record,
		Edition: s.Basis.Edition, Engine: s.Engine, Rarity: s.Rarity, Threshold: s.Threshold, Policy: (*receipt.Policy)(&s.Policy.Used), Lists: []receipt.List{}}
	if head.Position == s.Basis.Position {
		st.Ledger = head.Digest
	}
	for _, l := range s.Lists {
		st.Lists = append(st.Lists, receipt.List{List: l.List, Version: l.Version, Digest: l.Digest})
	}
	if st.Query, err = canonical(s.Query); err != nil {
		return st, err
	}
	st.Answer, err = canonical(s)
	return st, err
}

// canonical is the one byte form of an answer.
func canonical(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// verified is the answer of verify.
type verified struct {
	Sound     bool              `json:"sound"`
	Problem   string            `json:"problem,omitempty"`
	Key       string            `json:"key"`
	KeyKnown  bool              `json:"key_known"`           // it is one of this installation's keys, or the one given
	KeyUntil  *time.Time        `json:"key_until,omitempty"` // when that key ended; what it signed before is good
	Logged    *int64            `json:"logged,omitempty"`    // proven to be in the issuer's log of this size
	Statement receipt.Statement `json:"statement"`
	Replayed  *bool             `json:"replayed,omitempty"` // asked again, the same bytes came out
}

func verifyCommand(a *app) *cobra.Command {
	var q asked
	var replay bool
	var trusted, keys string
	c := &cobra.Command{
		Use:     "verify RECEIPT",
		Short:   "Check a receipt offline, and replay it with the engine and lists it names",
		Example: "  article41 screen \"Houka Houka Ag Alhousseini\" --as-of 2023-08-01 --receipt check.json\n  article41 verify check.json --replay",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return errUnable{err}
			}
			defer f.Close()
			r, err := receipt.Read(f)
			if err != nil {
				return errUnable{fmt.Errorf("%s: %w", args[0], err)}
			}
			known, had, err := a.knownKeys(c.Context(), q.db, keys, trusted)
			if err != nil {
				return errUnable{err}
			}
			out := judge(r, known, had)
			if out.Sound && replay {
				same, err := a.replay(c.Context(), q, out.Statement)
				if err != nil {
					return err
				}
				out.Replayed = &same
				if !same {
					out.Problem = "asked again, the answer has other bytes"
				}
			}
			if q.asJSON {
				err = a.writeJSON(out)
			} else {
				a.writeVerified(out)
			}
			if err == nil && (!out.Sound || out.Replayed != nil && !*out.Replayed) {
				return errNothing
			}
			return err
		},
	}
	q.place(c)
	q.ruled(c)
	c.Flags().BoolVar(&replay, "replay", false, "ask the question again and compare the bytes")
	c.Flags().StringVar(&trusted, "key", "", "the public `key` (base64) the receipt must carry to count as known")
	c.Flags().StringVar(&keys, "keys-file", "", "the `file` with the issuer's key history, as its /api/v1/log/keys has it")
	return c
}

// knownKeys are the keys that a receipt is judged by: those of the file, the one that
// was given, those of the database's log, or the one beside it. Of a log, had says
// whether a tree was its own.
func (a *app) knownKeys(ctx context.Context, db, file, one string) (known receipt.History, had func(tlog.Tree) (bool, error), err error) {
	switch {
	case file != "":
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		var doc signersDocument
		if err := json.Unmarshal(b, &doc); err != nil || len(doc.Keys) == 0 {
			return nil, nil, fmt.Errorf("%w: %s is no key history", record.ErrInvalid, file)
		}
		return doc.Keys, nil, nil
	case one != "":
		return receipt.History{{Key: one}}, nil, nil
	}
	if name := cmp.Or(db, defaultDB); exists(name) || strings.Contains(name, ":") {
		if a.store == nil {
			if err := a.open(ctx, name, false); err != nil {
				return nil, nil, err
			}
		}
		s, err := a.shelf()
		if err != nil {
			return nil, nil, err
		}
		l, err := receipt.OpenLog(ctx, s)
		if err != nil {
			return nil, nil, err
		}
		if known, err = l.History(ctx); err != nil || len(known) > 0 {
			return known, func(t tlog.Tree) (bool, error) { return l.Had(ctx, t) }, err
		}
	}
	if key, err := readKey(keyFile(db)); err == nil {
		known = receipt.History{{Key: key}}
	}
	return known, nil, nil
}

// judge checks a receipt by itself, and against the keys that are known. A key that
// is not among them makes it a stranger's, not a forged one.
func judge(r receipt.Receipt, known receipt.History, had func(tlog.Tree) (bool, error)) verified {
	out := verified{Sound: true, Key: r.Key}
	no := func(err error) verified {
		out.Sound, out.Problem = false, err.Error()
		return out
	}
	st, err := r.Verify()
	if out.Statement = st; err != nil {
		return no(err)
	}
	by, tree, err := known.Check(r, st)
	alone := len(known) == 1 && known[0].End == nil // one key of perhaps several
	if r.Proof != nil && (errors.Is(err, receipt.ErrSigner) || alone && errors.Is(err, receipt.ErrCheckpoint)) {
		// The handovers in the proof lead on from there.
		if tree, err = r.Proof.Check(r); err != nil {
			return no(err)
		}
		out.Logged = &tree.N
		out.KeyKnown = slices.ContainsFunc(known, func(k receipt.Signer) bool { return k.Key == r.Key || k.Key == r.Proof.Signer(r) })
		return out
	}
	if errors.Is(err, receipt.ErrSigner) {
		return out
	}
	if out.KeyUntil = by.Until; err != nil {
		return no(err)
	}
	if out.KeyKnown = true; r.Proof == nil {
		return out
	}
	if had != nil {
		if ok, err := had(tree); err != nil || !ok {
			return no(errors.Join(fmt.Errorf("its checkpoint of %d leaves is none that this database's log ever had", tree.N), err))
		}
		out.Logged = &tree.N
	} else if known.Lasting(r.Proof.Checkpoint, tree) {
		out.Logged = &tree.N
	}
	return out
}

// replay asks the receipt's question again, at its position. Another engine, or
// lists that are not held, cannot answer: the error says what is needed.
func (a *app) replay(ctx context.Context, q asked, s receipt.Statement) (bool, error) {
	if s.Engine != screen.Engine || s.Rarity != screen.RarityVersion {
		return false, errUnable{fmt.Errorf("the receipt was made by engine %s with rarity table %s; this program has %s with %s: replay it with that one",
			s.Engine, s.Rarity, screen.Engine, screen.RarityVersion)}
	}
	arc, err := a.archive(ctx, q, false)
	if err != nil {
		return false, err
	}
	if here := receipt.Policy(arc.Policy().Used()); s.Policy != nil && here != *s.Policy {
		return false, errUnable{fmt.Errorf("the receipt was made under policy %s, version %s (digest %.12s); here it is %s, version %s (%.12s): replay it with --policy and that file",
			s.Policy.Name, s.Policy.Version, s.Policy.Digest, here.Name, here.Version, here.Digest)}
	}
	if b := arc.Basis(); b.Edition < s.Edition || b.Position < s.Position {
		return false, errUnable{fmt.Errorf("the receipt rests on record %s and position %d; here are record %s and position %d: replay it on the database it names",
			s.Record, s.Position, b.Record, b.Position)}
	}
	if a.store != nil && !s.Ledger.IsZero() {
		var at record.Digest
		err := a.store.Ranges(ctx, 0, func(r record.Range) error {
			if r.Last() == s.Position {
				at = r.Head
			}
			return nil
		})
		if err != nil {
			return false, errUnable{err}
		}
		if at != s.Ledger {
			return false, errUnable{fmt.Errorf("the receipt rests on the ledger whose head at position %d is %s; this database's is %s: it is another one", s.Position, s.Ledger, at)}
		}
	}
	var query article41.Query
	if err := json.Unmarshal(s.Query, &query); err != nil {
		return false, errUnable{fmt.Errorf("the receipt's query: %w", err)}
	}
	again, err := arc.Screen(ctx, record.At{AsOf: s.AsOf, KnownAt: s.KnownAt, Position: s.Position}, query)
	if err != nil {
		return false, errUnable{err}
	}
	for i, l := range s.Lists {
		if i >= len(again.Lists) || again.Lists[i].List != l.List || again.Lists[i].Digest != l.Digest {
			return false, errUnable{fmt.Errorf("the receipt rests on list %s with digest %s, which is not held here", l.List, l.Digest)}
		}
	}
	bytesNow, err := canonical(again)
	if err != nil {
		return false, err
	}
	return bytes.Equal(bytesNow, s.Answer), nil
}

func (a *app) writeVerified(v verified) {
	s := v.Statement
	if !v.Sound {
		fmt.Fprintf(a.out, "Not sound: %s.\n", v.Problem)
		return
	}
	fmt.Fprintf(a.out, "Sound: the signature fits the statement.\n%s\n", s.Claim)
	whose := "a key this installation does not know"
	switch {
	case v.KeyUntil != nil && v.Logged != nil:
		whose = "a known key, which ended on " + v.KeyUntil.Format(time.RFC3339) + ", after it signed this"
	case v.KeyUntil != nil:
		whose = "a known key, which ended on " + v.KeyUntil.Format(time.RFC3339) + "; that it signed this before is that key's word alone: get a newer proof"
	case v.KeyKnown:
		whose = "the known key"
	}
	fmt.Fprintf(a.out, "signed by %s: %s\nissued %s by the issuer's own clock; as of %s, known at %s; engine %s; record %s\n",
		whose, v.Key, s.Issued.Format("2006-01-02 15:04:05 UTC"), s.AsOf, s.KnownAt, s.Engine, s.Record)
	if v.Logged != nil {
		fmt.Fprintf(a.out, "Logged: it is in the issuer's log of %d leaves, by the checkpoint in it.\n", *v.Logged)
	} else {
		fmt.Fprintln(a.out, "Not proven to be in a log: the receipt carries no proof, or one by a key that has ended since.")
	}
	if v.Replayed != nil {
		if *v.Replayed {
			fmt.Fprintln(a.out, "Replayed: the same bytes came out.")
		} else {
			fmt.Fprintln(a.out, "Replayed: "+v.Problem+".")
		}
	}
}
