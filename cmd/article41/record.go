package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/fetch"
	"article41/record"
	"article41/source/curated"
)

func recordCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:   "record",
		Short: "Which record is held; take in a newer one, sign one, add a decision",
		Long: "Say which edition of the record answers rest on, and whether an overlay lies over it.\n" +
			"The record is kept current by signed bundles, one's own facts by an overlay, and both by\n" +
			"the YAML that record new writes: docs/record.md.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			b := arc.Basis()
			if q.asJSON {
				return a.writeJSON(b)
			}
			fmt.Fprintf(a.out, "record %s (edition %d), ledger position %d\n", b.Record, b.Edition, b.Position)
			if b.Overlay != "" {
				fmt.Fprintf(a.out, "overlay: %s\n", b.Overlay)
			}
			return nil
		},
	}
	q.place(c)
	for _, sub := range []func(*app) *cobra.Command{updateCommand, newCommand, overlayCommand, signCommand, keygenCommand} {
		c.AddCommand(useful(sub(a)))
	}
	return c
}

// useful makes a wrong count of arguments wrong use, as run does one level up.
func useful(c *cobra.Command) *cobra.Command {
	check := c.Args
	c.Args = func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return errUse{fmt.Errorf("%w\nusage: %s", err, c.UseLine())}
		}
		return nil
	}
	return c
}

// updated is the answer of record update.
type updated struct {
	Bundle  curated.Bundle    `json:"bundle"`
	Signer  string            `json:"signer,omitempty"` // the key's name in our file of keys
	From    string            `json:"from"`
	SHA256  record.Digest     `json:"sha256"` // of the pack
	Changed article41.Updated `json:"changed"`
}

func updateCommand(a *app) *cobra.Command {
	var q asked
	var key string
	c := &cobra.Command{
		Use:   "update FILE|URL",
		Short: "Take in a newer record from a signed bundle",
		Long: "Take in a newer record from a signed bundle: a file, or an https address. A pack without\n" +
			"an envelope is taken with the one that lies beside it under the same name and .sig.\n" +
			"Nothing is taken that no trusted key signed, that was changed since, that is older than\n" +
			"what is held, or that this program would misread.",
		Example: "  article41 record update record-2027-01-15.a41\n" +
			"  article41 record update https://example.org/record.a41 --key publisher.pub",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			keys, err := a.trusted(key, q.db)
			if err != nil {
				return err
			}
			envelope, pack, err := a.bundle(c.Context(), args[0])
			if err != nil {
				return err
			}
			b, rec, err := curated.ReadBundle(envelope, pack, keys)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			arc, err := a.archive(c.Context(), q, true)
			if err != nil {
				return err
			}
			out := updated{Bundle: b, From: args[0], SHA256: b.SHA256}
			for _, k := range keys {
				if k.ID() == b.Key {
					out.Signer = k.Name
				}
			}
			if out.Changed, err = arc.Update(c.Context(), article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, a.now()); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if q.asJSON {
				return a.writeJSON(out)
			}
			if out.Changed.Again {
				fmt.Fprintf(a.out, "%s: edition %d (%s) is held already; nothing added\n", args[0], b.Edition.Number, b.Edition.Version)
				return nil
			}
			fmt.Fprintf(a.out, "%s: edition %d (%s) in place of %d (%s): %d facts new or corrected; made %s, signed by %s\n", args[0], b.Edition.Number, b.Edition.Version,
				out.Changed.Was.Number, out.Changed.Was.Version, out.Changed.Facts, b.Created.Format(time.RFC3339), strings.TrimSpace(string(b.Key)+" "+out.Signer))
			return nil
		},
	}
	q.place(c)
	c.Flags().StringVar(&key, "key", "", "the publisher's public key `file` (default "+keysName+" beside the database and in the configuration folder)")
	return c
}

// bundle is the envelope, and the pack where it lies beside it.
func (a *app) bundle(ctx context.Context, from string) (envelope, pack []byte, err error) {
	read := a.readBounded
	if strings.Contains(from, "://") {
		client := fetch.New(fetch.Options{Agent: "article41/" + programVersion() + " (record update)", Limit: curated.MaxBundle, Cache: cacheFolder()})
		read = func(from string) ([]byte, error) {
			got, err := client.Fetch(ctx, from)
			switch {
			case errors.Is(err, fetch.ErrAddress):
				return nil, errUse{err}
			case err != nil:
				return nil, errUnable{err}
			}
			return got.Bytes, nil
		}
	}
	first, err := read(from)
	if err != nil || curated.IsBundle(first) {
		return first, nil, err
	}
	envelope, err = read(from + ".sig")
	if err != nil {
		return nil, nil, fmt.Errorf("%s is no bundle, and its envelope cannot be read: %w", from, err)
	}
	return envelope, first, nil
}

// readBounded reads a file that is no larger than a bundle may be.
func (a *app) readBounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, errUnable{err}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, curated.MaxBundle+1))
	switch {
	case err != nil:
		return nil, errUnable{err}
	case len(b) > curated.MaxBundle:
		return nil, fmt.Errorf("%w: %s: more than %d bytes", record.ErrInvalid, name, curated.MaxBundle)
	}
	return b, nil
}

// cacheFolder is where fetched copies are kept; "" where the machine has none.
func cacheFolder() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "article41")
}

const keysName = "article41.keys"

// trusted are the keys whose bundles are taken: those of the file that is named,
// else of the files beside the database and in the configuration folder. None
// comes with the program.
func (a *app) trusted(named, db string) ([]curated.PublicKey, error) {
	if named != "" {
		return readKeys(named)
	}
	if db == "" {
		db = defaultDB
	}
	places := []string{filepath.Join(filepath.Dir(db), keysName)}
	if dir, err := os.UserConfigDir(); err == nil {
		places = append(places, filepath.Join(dir, "article41", keysName))
	}
	var keys []curated.PublicKey
	for _, p := range places {
		if !exists(p) {
			continue
		}
		k, err := readKeys(p)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k...)
	}
	if len(keys) == 0 {
		return nil, errUse{fmt.Errorf("no publisher's key is trusted here yet: get the public key in a way you trust, then name its file with --key, or put its line into %s", strings.Join(places, " or "))}
	}
	return keys, nil
}

func readKeys(file string) ([]curated.PublicKey, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, errUnable{err}
	}
	keys, err := curated.ReadKeys(file, b)
	if err == nil && len(keys) == 0 {
		err = fmt.Errorf("%w: %s holds no key", record.ErrInvalid, file)
	}
	return keys, err
}

// overlaid is the answer of record overlay.
type overlaid struct {
	Folder   string            `json:"folder"`
	Facts    []record.FactID   `json:"facts"`
	Basis    article41.Basis   `json:"basis"`
	Problems []curated.Problem `json:"problems"`
}

func overlayCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:   "overlay FOLDER|none",
		Short: "Lay a folder of one's own facts over the record, or take it out",
		Long: "Lay a folder over the record: regimes/<id>.yaml with only what is added or corrected,\n" +
			"and sources.yaml, measures.csv, rules.yaml where needed. It is linted as one with the\n" +
			"record, and every answer says that it is there. none takes out what was laid.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			arc, err := a.archive(c.Context(), q, true)
			if err != nil {
				return err
			}
			facts, problems, err := a.layFolder(c.Context(), arc, args[0])
			if err != nil {
				return err
			}
			out := overlaid{args[0], append([]record.FactID{}, facts...), arc.Basis(), append([]curated.Problem{}, problems...)}
			if q.asJSON {
				err = a.writeJSON(out)
			} else {
				writeProblems(a.out, args[0], problems)
				for _, f := range facts {
					fmt.Fprintln(a.out, f)
				}
				fmt.Fprintf(a.out, "record %s: %d facts of the overlay, %d problems\n", out.Basis.Record, len(facts), len(problems))
			}
			if err == nil && len(problems) > 0 {
				return errNothing
			}
			return err
		},
	}
	c.Flags().StringVar(&q.db, "db", "", "the database `file` (default article41.db)")
	c.Flags().BoolVar(&q.asJSON, "json", false, "answer in JSON")
	return c
}

// lay lays the installation's overlay over the record: the folder that is named,
// else the one called overlay beside the database. Where there is neither, what
// the ledger holds stays. The table of commands calls it for every question.
func (a *app) lay(ctx context.Context, arc *article41.Archive, named, db string) error {
	folder := named
	if folder == "" {
		folder = overlayFolder("", db)
		if s, err := os.Stat(folder); err != nil || !s.IsDir() {
			return nil
		}
	}
	_, problems, err := a.layFolder(ctx, arc, folder)
	if err == nil && len(problems) > 0 {
		var b strings.Builder
		writeProblems(&b, folder, problems)
		err = fmt.Errorf("%w: the overlay cannot be laid:\n%s", record.ErrInvalid, strings.TrimRight(b.String(), "\n"))
	}
	return err
}

// layFolder lays a folder over the record that the archive holds; with problems
// it lays nothing.
func (a *app) layFolder(ctx context.Context, arc *article41.Archive, folder string) ([]record.FactID, []curated.Problem, error) {
	var over curated.Record
	if folder != "none" {
		if s, err := os.Stat(folder); err != nil || !s.IsDir() {
			return nil, nil, errUse{fmt.Errorf("overlay %s: want a folder, or none", folder)}
		}
		base, err := arc.Record(ctx)
		if err != nil {
			return nil, nil, err
		}
		var problems []curated.Problem
		if over, problems = curated.ReadOverlay(os.DirFS(folder), curated.Record{Edition: base.Edition, Entries: base.Entries}); len(problems) > 0 {
			return nil, problems, nil
		}
	}
	var facts []record.FactID
	for _, e := range over.Entries {
		facts = append(facts, e.Fact)
	}
	return facts, nil, arc.Lay(ctx, article41.Shipped{Edition: over.Edition, Entries: over.Entries}, a.now())
}

// writeProblems writes each problem with its file and line.
func writeProblems(w io.Writer, folder string, problems []curated.Problem) {
	for _, p := range problems {
		p.File = filepath.Join(folder, filepath.FromSlash(p.File))
		fmt.Fprintln(w, p)
	}
}
