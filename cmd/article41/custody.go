package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"article41/account"
	"article41/date"
	"article41/monitor"
)

// onDraft does something to a draft as the local owner.
func (a *app) onDraft(ctx context.Context, q asked, id string, do func(context.Context, *monitor.Desk, time.Time, monitor.Draft) error) error {
	arc, err := a.archive(ctx, q, false)
	if err != nil {
		return err
	}
	d, err := a.incidentDesk(ctx, arc)
	if err != nil {
		return err
	}
	ctx = account.With(ctx, account.Local())
	x, err := d.Draft(ctx, monitor.DraftID(id))
	if err != nil {
		return err
	}
	return do(ctx, d, a.now(), x)
}

func monitorTakeIn(a *app) *cobra.Command {
	var q asked
	var keep bool
	var note, until string
	c := &cobra.Command{Use: "take-in DRAFT FILE", Short: "Take a file in as withheld evidence of a draft, by its hash", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			var day date.Day
			if until != "" {
				var err error
				if day, err = date.ParseDay(until); err != nil {
					return errUse{fmt.Errorf("--until: %w", err)}
				}
			}
			b, err := readBounded(args[1], monitor.MaxEvidence)
			if err != nil {
				return errUnable{err}
			}
			return a.onDraft(c.Context(), q, args[0], func(ctx context.Context, d *monitor.Desk, now time.Time, x monitor.Draft) error {
				_, e, warn, err := d.TakeIn(ctx, now, x.ID, x.Version, filepath.Base(args[1]), b, keep, note, day)
				if err != nil {
					return err
				}
				for _, w := range warn {
					fmt.Fprintln(a.err, "careful:", w)
				}
				if q.asJSON {
					return a.writeJSON(e)
				}
				fmt.Fprintf(a.out, "%s  %s  %s\n", e.ID, e.SHA256, e.Custody[0].Did)
				return nil
			})
		}}
	q.place(c)
	c.Flags().BoolVar(&keep, "keep", false, "keep the file itself too, sealed; else it is kept by reference")
	c.Flags().StringVar(&note, "note", "", "a `note` on how it came")
	c.Flags().StringVar(&until, "until", "", "under embargo: not released before this `day`")
	return c
}

func monitorHandOut(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{Use: "hand-out DRAFT EVIDENCE FILE", Short: "Write a sealed file of evidence out; its custody notes it, and the hash is compared", Args: cobra.ExactArgs(3),
		RunE: func(c *cobra.Command, args []string) error {
			return a.onDraft(c.Context(), q, args[0], func(ctx context.Context, d *monitor.Desk, now time.Time, x monitor.Draft) error {
				f, err := os.OpenFile(args[2], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
				if err != nil {
					return errUnable{err}
				}
				b, e, err := d.File(ctx, now, x.ID, x.Version, args[1])
				if err == nil {
					_, err = f.Write(b)
				}
				if err = errors.Join(err, f.Close()); err != nil {
					return errors.Join(err, os.Remove(args[2]))
				}
				fmt.Fprintf(a.out, "%s  %s  %s\n", e.ID, e.SHA256, args[2])
				return nil
			})
		}}
	q.place(c)
	return c
}

func monitorCustody(a *app) *cobra.Command {
	var q asked
	var did, note, file string
	c := &cobra.Command{Use: "custody DRAFT EVIDENCE --did STEP", Short: "Note a step in the custody of a piece of evidence; with --file, whether it is still the same", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			var b []byte
			if file != "" {
				var err error
				if b, err = readBounded(file, monitor.MaxEvidence); err != nil {
					return errUnable{err}
				}
			}
			return a.onDraft(c.Context(), q, args[0], func(ctx context.Context, d *monitor.Desk, now time.Time, x monitor.Draft) error {
				if _, err := d.Handle(ctx, now, x.ID, x.Version, args[1], did, note, b); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s: noted\n", args[1])
				return nil
			})
		}}
	q.place(c)
	c.Flags().StringVar(&did, "did", "", "what was `done`, such as copied, handed to the laboratory, checked")
	c.Flags().StringVar(&note, "note", "", "a `note`")
	c.Flags().StringVar(&file, "file", "", "compare this `file` with the hash that was taken")
	return c
}

func monitorRelease(a *app) *cobra.Command {
	var q asked
	var title, why string
	c := &cobra.Command{Use: "release DRAFT EVIDENCE --title WORDS --why WORDS", Short: "Put withheld evidence in the part to be published: its hash and custody, not its notes and file", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.onDraft(c.Context(), q, args[0], func(ctx context.Context, d *monitor.Desk, now time.Time, x monitor.Draft) error {
				if _, err := d.Release(ctx, now, x.ID, x.Version, args[1], title, why); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s: released into the draft; a second person reviews it before it is published\n", args[1])
				return nil
			})
		}}
	q.place(c)
	c.Flags().StringVar(&title, "title", "", "a `title` that may be read by all")
	c.Flags().StringVar(&why, "why", "", "the `reason`; it stands in the public custody")
	return c
}
