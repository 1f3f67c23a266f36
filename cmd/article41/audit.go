package main

import (
	"context"
	"crypto/x509"
	"fmt"

	"github.com/spf13/cobra"

	"article41/receipt"
	"article41/record"
)

// audited is the answer of audit.
type audited struct {
	DB      string      `json:"db"`
	Head    record.Head `json:"head"`
	Sound   bool        `json:"sound"`
	Problem string      `json:"problem,omitempty"` // the first place where it does not hold together
	With    *compared   `json:"with,omitempty"`
	// Log is what was found in the log of entries and receipts, and what of it
	// others vouched for.
	Log     *receipt.Audit `json:"log,omitempty"`
	Anchors []anchored     `json:"anchors,omitempty"`
	// Repaired are the rows of the index of receipts that were made anew, if it was
	// asked for.
	Repaired *int `json:"repaired,omitempty"`
}

// compared is how another installation's ledger agrees.
type compared struct {
	DB      string          `json:"db"`
	Head    record.Head     `json:"head"`
	Same    record.Position `json:"same"` // both agree up to here
	Agree   bool            `json:"agree"`
	Problem string          `json:"problem,omitempty"`
}

func auditCommand(a *app) *cobra.Command {
	var q asked
	var with, rootFile string
	var repair bool
	c := &cobra.Command{
		Use:     "audit",
		Short:   "Verify a database's whole chain of digests, or compare two databases",
		Example: "  article41 audit --db article41.db\n  article41 audit --db a.db --with b.db",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if q.db == "" {
				q.db = defaultDB
			}
			roots, err := tsaRoots(rootFile)
			if err != nil {
				return err
			}
			mine, err := a.ledger(c.Context(), q.db, false)
			if err != nil {
				return err
			}
			defer mine.Close()
			out := audited{DB: address(q.db), Sound: true}
			if out.Head, err = mine.Head(c.Context()); err != nil {
				return errUnable{err}
			}
			if repair {
				if out.Repaired, err = repairIndex(c.Context(), mine); err != nil {
					return errUnable{err}
				}
			}
			if err := a.auditLog(c.Context(), mine, roots, &out); err != nil {
				return errUnable{err}
			}
			if with != "" {
				theirs, err := a.ledger(c.Context(), with, false)
				if err != nil {
					return err
				}
				defer theirs.Close()
				out.With = &compared{DB: address(with), Agree: true}
				if out.With.Head, err = theirs.Head(c.Context()); err != nil {
					return errUnable{err}
				}
				if out.With.Same, err = record.Agree(c.Context(), mine, theirs); err != nil {
					out.With.Agree, out.With.Problem = false, err.Error()
				}
			}
			if q.asJSON {
				err = a.writeJSON(out)
			} else {
				a.writeAudit(out)
			}
			if err == nil && (!out.Sound || out.With != nil && !out.With.Agree) {
				return errNothing
			}
			return err
		},
	}
	c.Flags().StringVar(&q.db, "db", "", "the database, a `file` or postgres://… (default article41.db)")
	c.Flags().BoolVar(&q.asJSON, "json", false, "answer in JSON")
	c.Flags().BoolVar(&repair, "repair-index", false, "first make anew what is wrong in the index by which receipts are found; neither ledger nor log is touched")
	c.Flags().StringVar(&with, "with", "", "another database, a `file` or postgres://…, to compare with")
	c.Flags().StringVar(&rootFile, "tsa-roots", "", "a `file` of root certificates (PEM) to one of which each timestamp authority's must lead (default: it is not checked, and the answer says so)")
	return c
}

func repairIndex(ctx context.Context, mine record.Store) (*int, error) {
	s, ok := mine.(shelved)
	if !ok {
		return nil, nil
	}
	n, err := receipt.RepairIndex(ctx, s.Shelf())
	return &n, err
}

// auditLog reads the ledger and its log once, against each other and against what
// others vouched for.
func (a *app) auditLog(ctx context.Context, mine record.Store, roots *x509.CertPool, out *audited) error {
	s, ok := mine.(shelved)
	if !ok {
		if err := record.Verify(ctx, mine); err != nil {
			out.Sound, out.Problem = false, err.Error()
		}
		return nil
	}
	found, err := receipt.Check(ctx, s.Shelf(), mine)
	if err != nil {
		return err
	}
	out.Log = &found
	if len(found.Problems) > 0 {
		out.Sound, out.Problem = false, found.Problems[0]
		return nil
	}
	if out.Anchors, err = readAnchors(ctx, s.Shelf(), roots); err != nil {
		out.Sound, out.Problem = false, err.Error()
	}
	return nil
}

func (a *app) writeAudit(out audited) {
	if out.Repaired != nil {
		fmt.Fprintf(a.out, "the index of receipts: %s made anew from the log\n", counted(*out.Repaired, "row was", "rows were"))
	}
	if out.Sound {
		fmt.Fprintf(a.out, "%s is sound: %s, head %s\n", out.DB, entries(out.Head.Position), out.Head.Digest)
		if out.Log != nil {
			fmt.Fprintf(a.out, "its log: %s, of entries up to position %d and %s, %s of the watch among them, root %s\n", counted(out.Log.Size, "leaf", "leaves"), out.Log.Position, counted(out.Log.Receipts, "receipt", "receipts"), counted(out.Log.Kept, "proof", "proofs"), out.Log.Root)
		}
		for _, k := range out.Anchors {
			fmt.Fprintf(a.out, "vouched for outside: the first %d leaves, %s\n", k.Size, k.Says)
		}
	} else {
		fmt.Fprintf(a.out, "%s does not hold together: %s\n", out.DB, out.Problem)
		if out.Log != nil {
			for _, p := range out.Log.Problems[min(1, len(out.Log.Problems)):] {
				fmt.Fprintf(a.out, "  and: %s\n", p)
			}
			if out.Log.WrongRows > 0 {
				fmt.Fprintln(a.out, "The index of receipts is no evidence: audit --repair-index makes it anew from the log.")
			}
		}
	}
	switch w := out.With; {
	case w == nil:
	case w.Agree:
		fmt.Fprintf(a.out, "%s agrees with it up to position %d, where the shorter of the two ends\n", w.DB, w.Same)
	default:
		fmt.Fprintf(a.out, "%s parts from it after position %d: %s\n", w.DB, w.Same, w.Problem)
	}
}
