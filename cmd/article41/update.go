package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"article41"
	"article41/date"
	"article41/fetch"
	"article41/record"
	"article41/sheet"
)

// refresh says how lists are brought up to date.
type refresh struct {
	from   string // a folder in place of the publishers; "" asks them
	urls   map[record.SourceID]string
	accept bool
	most   float64 // share of the version before that may be missing
	// meter shows how a download goes; nil shows nothing.
	meter *meter
}

// brought is how it went for one list.
type brought struct {
	Source   record.SourceID     `json:"source"`
	From     string              `json:"from"`
	Licence  string              `json:"licence,omitempty"`
	Problem  string              `json:"problem,omitempty"` // the version held before stays
	Imported *article41.Imported `json:"imported,omitempty"`
}

func updateListsCommand(a *app) *cobra.Command {
	var q asked
	var r refresh
	var urls []string
	var show bool
	c := &cobra.Command{
		Use:   "update [LIST…]",
		Short: "Bring the lists up to date from their publishers, or from a folder",
		Long:  "Bring the lists up to date from their publishers: those that are named, else those of which a\nversion was imported or updated before, else all. What comes is checked (whole, plausible in size,\nthe right list) and then replaces the version before in one step; whatever fails leaves that as it was,\nand answers say so. This is the only command that asks publishers; --from asks nobody.\n\nPublishers (--list shows the addresses):\n" + publisherTitles(),
		Example: "  article41 update\n" +
			"  article41 update un eu --db my.db\n" +
			"  article41 update --from ./downloaded",
		RunE: func(c *cobra.Command, args []string) error {
			all, err := publishers()
			if err != nil {
				return err
			}
			if show {
				return a.showPublishers(all, q.asJSON)
			}
			if !(r.most > 0 && r.most <= 1) {
				return errUse{fmt.Errorf("--most-gone %v: want a share from 0 to 1, such as 0.1", r.most)}
			}
			var named []record.SourceID
			for _, id := range args {
				named = append(named, record.SourceID(id))
			}
			if r.urls, err = overrides(urls, named); err != nil {
				return err
			}
			if r.from != "" {
				if info, err := os.Stat(r.from); err != nil || !info.IsDir() {
					return errUse{fmt.Errorf("--from %s: no such folder", r.from)}
				}
			}
			if !q.asJSON {
				r.meter = newMeter(a.err)
			}
			arc, err := a.archive(c.Context(), q, true)
			if err != nil {
				return err
			}
			which, err := a.choose(c.Context(), arc, all, named, r.from)
			if err != nil {
				return err
			}
			out, err := a.updateLists(c.Context(), arc, which, r, func(u brought) {
				if !q.asJSON {
					writeUpdated(a.out, u)
				}
			})
			if q.asJSON {
				if err := a.writeJSON(out); err != nil {
					return err
				}
			}
			return errors.Join(err, arc.Keep(c.Context()))
		},
	}
	q.place(c)
	c.Flags().StringVar(&r.from, "from", "", "take the files from this `folder`, named as --list shows, and ask nobody")
	c.Flags().StringArrayVar(&urls, "url", nil, "ask this `address` instead: LIST=ADDRESS, or an address alone for one list")
	c.Flags().BoolVar(&r.accept, "accept", false, "accept a list that lacks more of the version before than --most-gone")
	c.Flags().Float64Var(&r.most, "most-gone", 0.1, "the `share` of the version before that may be missing")
	c.Flags().BoolVar(&show, "list", false, "show who is asked, and at which address")
	return c
}

func publisherTitles() string {
	all, err := publishers()
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, p := range all {
		fmt.Fprintf(&b, "  %-12s %s, at most %d MB, %s\n", p.list, p.form, p.limit>>20, p.licence)
	}
	return b.String()
}

func (a *app) showPublishers(all []publisher, asJSON bool) error {
	type row struct {
		List    record.SourceID `json:"list"`
		Address string          `json:"address"`
		File    string          `json:"file"`
		Form    string          `json:"form"`
		Most    int64           `json:"most_bytes"`
		Licence string          `json:"licence"`
		Tried   string          `json:"tried"`
	}
	var rows []row
	text := [][]string{}
	for _, p := range all {
		rows = append(rows, row{p.list, p.address, p.file, p.form, p.limit, p.licence, p.tried})
		text = append(text, []string{string(p.list), p.file, p.address})
	}
	if asJSON {
		return a.writeJSON(rows)
	}
	table(a.out, text)
	return nil
}

// overrides reads --url.
func overrides(given []string, named []record.SourceID) (map[record.SourceID]string, error) {
	out := map[record.SourceID]string{}
	for _, g := range given {
		list, address, ok := strings.Cut(g, "=")
		if !ok || strings.Contains(list, "://") { // an address may hold a = of its own
			if len(named) != 1 {
				return nil, errUse{fmt.Errorf("--url %s: say of which list: LIST=ADDRESS", g)}
			}
			list, address = string(named[0]), g
		}
		out[record.SourceID(list)] = address
	}
	return out, nil
}

// choose says which lists are brought up to date.
func (a *app) choose(ctx context.Context, arc *article41.Archive, all []publisher, named []record.SourceID, from string) ([]publisher, error) {
	if len(named) > 0 {
		var out []publisher
		for _, id := range named {
			i := slices.IndexFunc(all, func(p publisher) bool { return p.list == id })
			if i < 0 {
				return nil, errUse{fmt.Errorf("list %q: no publisher of it is known; known are those of update --list", id)}
			}
			out = append(out, all[i])
		}
		return out, nil
	}
	today := date.DayOf(a.now())
	held, err := arc.Lists(ctx, record.At{AsOf: today, KnownAt: today})
	if err != nil {
		return nil, err
	}
	var out []publisher
	for _, p := range all {
		if from != "" {
			if _, ok := inFolder(from, p); ok {
				out = append(out, p)
			}
			continue
		}
		if slices.ContainsFunc(held, func(u article41.ListUse) bool { return u.List == p.list && (u.Origin == "import" || u.Checked != nil) }) {
			out = append(out, p)
		}
	}
	if from != "" && len(out) == 0 {
		return nil, errUse{fmt.Errorf("--from %s: none of the files that update --list shows is in it", from)}
	}
	if len(out) == 0 {
		out = all
	}
	return out, nil
}

// inFolder finds a list's file in a folder, plain or gzipped.
func inFolder(folder string, p publisher) (string, bool) {
	for _, name := range []string{p.file, p.file + ".gz"} {
		if path := filepath.Join(folder, name); exists(path) {
			return path, true
		}
	}
	return "", false
}

// updateLists brings lists up to date, one after the other; one that fails does
// not keep the others from it.
func (a *app) updateLists(ctx context.Context, arc *article41.Archive, which []publisher, r refresh, each func(brought)) ([]brought, error) {
	out := []brought{}
	var failed []string
	for _, p := range which {
		u := a.updateList(ctx, arc, p, r)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		try := record.Try{List: p.list, OK: u.Problem == "", Problem: u.Problem, From: u.From, Changed: u.Imported != nil && !u.Imported.Again}
		if err := arc.Tried(ctx, a.now(), try); err != nil {
			return out, err
		}
		if u.Problem != "" {
			failed = append(failed, string(p.list))
		}
		out = append(out, u)
		each(u)
	}
	if len(failed) > 0 {
		return out, errUnable{fmt.Errorf("not brought up to date, the versions held before stay: %s", strings.Join(failed, ", "))}
	}
	return out, nil
}

func (a *app) updateList(ctx context.Context, arc *article41.Archive, p publisher, r refresh) brought {
	u := brought{Source: p.list, Licence: p.licence}
	b, err := a.bytesOf(ctx, p, r, &u)
	if err == nil {
		u.Imported, err = a.takeBytes(ctx, arc, p, r, b)
	}
	if err != nil {
		u.Problem = err.Error()
	}
	return u
}

// bytesOf are a list's bytes from its publisher or from the folder.
func (a *app) bytesOf(ctx context.Context, p publisher, r refresh, u *brought) ([]byte, error) {
	if r.from != "" {
		path, ok := inFolder(r.from, p)
		u.From = filepath.Join(r.from, p.file)
		if !ok {
			return nil, fmt.Errorf("%s is not in the folder", p.file)
		}
		u.From = path
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return bounded(f, p.limit)
	}
	u.From = p.address
	if other := r.urls[p.list]; other != "" {
		u.From = other
	}
	client := fetch.New(fetch.Options{Agent: "article41/" + programVersion() + " (update)", Limit: p.limit, Time: 10 * time.Minute,
		Cache: a.listCache(), Progress: r.meter.progress(string(p.list))})
	got, err := client.Fetch(ctx, u.From)
	r.meter.done()
	return got.Bytes, err
}

// listCache is the folder of copies with their validators.
func (a *app) listCache() string {
	if dir := a.getenv("ARTICLE41_CACHE"); dir != "" {
		return dir
	}
	return cacheFolder()
}

func bounded(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%w: larger than %d bytes", record.ErrInvalid, limit)
	}
	return b, err
}

// takeBytes reads a list and takes it in.
func (a *app) takeBytes(ctx context.Context, arc *article41.Archive, p publisher, r refresh, b []byte) (*article41.Imported, error) {
	if page, ok := looksLikePage(b); ok {
		return nil, fmt.Errorf("%w: %s list: an HTML page came in its place, which begins %.60q", record.ErrInvalid, p.list, page)
	}
	src, err := sourceOf(p.list)
	if err != nil {
		return nil, err
	}
	l, entries, err := src.read(bytes.NewReader(b), sheet.Options{Date: date.DayOf(a.now()), DateBasis: "import-day", Name: p.file})
	if err != nil {
		return nil, err
	}
	if l.List != p.list {
		return nil, fmt.Errorf("%w: this is the list %s, not %s", record.ErrInvalid, l.List, p.list)
	}
	in := article41.Whole(l, entries)
	if in.MostGone = r.most; r.accept {
		in.MostGone = 1
	}
	done, err := arc.Take(ctx, a.now(), in)
	return &done, err
}

// looksLikePage reports an HTML page, gzipped or not: an error page that came
// with status 200, or a consent form.
func looksLikePage(b []byte) (string, bool) {
	if bytes.HasPrefix(b, []byte{0x1F, 0x8B}) {
		zr, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return "", false
		}
		b, _ = io.ReadAll(io.LimitReader(zr, 512))
	}
	head := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(string(b[:min(len(b), 512)]), "\uFEFF")))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if strings.HasPrefix(head, tag) {
			return head, true
		}
	}
	return "", false
}

func writeUpdated(w io.Writer, u brought) {
	if u.Problem != "" {
		fmt.Fprintf(w, "%s: not brought up to date: %s\n", u.Source, u.Problem)
		return
	}
	writeImported(w, u.From, *u.Imported)
}

// schedule is how often a server brings the lists up to date, and from where.
type schedule struct {
	every time.Duration
	refresh
}

func (x *schedule) flags(f *pflag.FlagSet) {
	x.most = 0.1
	f.DurationVar(&x.every, "update-every", 0, "bring the lists up to date from their publishers this `often`, such as 6h (default never: nobody is asked)")
	f.StringVar(&x.from, "update-from", "", "with --update-every: take the files from this `folder`, named as update --list shows, and ask nobody")
}

func (x *schedule) check() error {
	switch info, err := os.Stat(x.from); {
	case x.every != 0 && x.every < time.Minute:
		return errUse{fmt.Errorf("--update-every %s: want a minute or more, such as 6h", x.every)}
	case x.from != "" && x.every == 0:
		return errUse{errors.New("--update-from says from where the lists come: say how often with --update-every")}
	case x.from != "" && (err != nil || !info.IsDir()):
		return errUse{fmt.Errorf("--update-from %s: no such folder", x.from)}
	}
	return nil
}

// updateEvery brings the lists up to date on a schedule, until the context ends.
func (a *app) updateEvery(ctx context.Context, arc *article41.Archive, x schedule) {
	all, err := publishers()
	if err != nil {
		fmt.Fprintln(a.err, "article41: update:", err)
		return
	}
	tick := time.NewTicker(x.every)
	defer tick.Stop()
	for {
		which, err := a.choose(ctx, arc, all, nil, x.from)
		if err == nil {
			_, err = a.updateLists(ctx, arc, which, x.refresh, func(u brought) { writeUpdated(a.err, u) })
		}
		if err == nil {
			err = arc.Keep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			fmt.Fprintln(a.err, "article41: update:", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
