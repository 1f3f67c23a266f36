package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"

	"article41"
	"article41/date"
	"article41/record"
	"article41/source/curated"
)

// ownFacts is the overlay of this installation, as the desk of errata writes to it.
type ownFacts struct {
	app    *app
	arc    *article41.Archive
	folder string
}

// overlayFolder is the folder that is laid over the record: the one that is named,
// else the one called overlay beside the database; empty: there is none to write.
func overlayFolder(named, db string) string {
	switch {
	case named == "none" || named == "" && (db == "" || strings.Contains(db, "://")):
		return ""
	case named != "":
		return named
	}
	return filepath.Join(filepath.Dir(db), "overlay")
}

// Propose is the overlay's file of a regime with one more claim in it. As an
// overlay's claims replace the record's, those that stand there come along.
func (o ownFacts) Propose(ctx context.Context, id record.RegimeID, c record.Claim) (file, text string, err error) {
	file = "regimes/" + string(id) + ".yaml"
	line := func(c record.Claim) (string, error) {
		b, err := yaml.MarshalWithOptions(c, yaml.Flow(true))
		return "  - " + strings.TrimSpace(string(b)) + "\n", err
	}
	fresh, err := line(c)
	if err != nil {
		return "", "", err
	}
	b, err := os.ReadFile(filepath.Join(o.folder, filepath.FromSlash(file)))
	switch {
	case err == nil && strings.Contains("\n"+string(b), "\nclaims:\n"):
		head, tail, _ := strings.Cut(string(b), "claims:\n")
		return file, head + "claims:\n" + fresh + tail, nil
	case err == nil && strings.Contains("\n"+string(b), "\nclaims:"):
		return "", "", fmt.Errorf("%w: the claims of %s do not stand one a line: write it by hand", record.ErrInvalid, file)
	case err == nil:
		text = strings.TrimRight(string(b), "\n") + "\n"
	case errors.Is(err, os.ErrNotExist):
		text = fmt.Sprintf("# What this installation adds to the regime or corrects in it: docs/record.md.\nid: %s\n", id)
	default:
		return "", "", err
	}
	today := date.DayOf(o.app.now())
	r, err := o.arc.Regime(ctx, record.At{AsOf: today, KnownAt: today}, id)
	if err != nil {
		return "", "", err
	}
	text += "claims:\n"
	for _, had := range r.Regime.Claims {
		l, err := line(had)
		if err != nil {
			return "", "", err
		}
		text += l
	}
	return file, text + fresh, nil
}

// Lay lints the overlay with the file as it would be, as one with the record. If
// nothing is wrong with it the file is written and the overlay laid; with check it is
// linted alone.
func (o ownFacts) Lay(ctx context.Context, file, text string, check bool) ([]string, error) {
	if !filepath.IsLocal(filepath.FromSlash(file)) || filepath.Ext(file) != ".yaml" {
		return nil, fmt.Errorf("%w: %q is no file of an overlay", record.ErrInvalid, file)
	}
	tried, err := os.MkdirTemp("", "overlay")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tried)
	if _, err := os.Stat(o.folder); err == nil {
		if err := os.CopyFS(filepath.Join(tried, "o"), os.DirFS(o.folder)); err != nil {
			return nil, err
		}
	}
	if err := writeFact(filepath.Join(tried, "o"), file, text); err != nil {
		return nil, err
	}
	base, err := o.arc.Record(ctx)
	if err != nil {
		return nil, err
	}
	_, problems := curated.ReadOverlay(os.DirFS(filepath.Join(tried, "o")), curated.Record{Edition: base.Edition, Entries: base.Entries})
	var out []string
	for _, p := range problems {
		out = append(out, p.String())
	}
	if check || len(out) > 0 {
		return out, nil
	}
	if err := writeFact(o.folder, file, text); err != nil {
		return nil, err
	}
	_, problems, err = o.app.layFolder(ctx, o.arc, o.folder)
	for _, p := range problems { // somebody changed another file meanwhile
		out = append(out, p.String())
	}
	return out, err
}

func writeFact(folder, file, text string) error {
	path := filepath.Join(folder, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
