package briefing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"article41/record"
	"article41/shelf"
)

// kindPicture is a picture of a briefing: its kind, a zero byte, its bytes. Its id
// is the briefing's slug and the file's name, and the name says the bytes: a picture
// is never changed, and which one readers see is told by the public text.
const kindPicture shelf.Kind = "briefing-picture"

var pictureEnds = map[string]string{"image/jpeg": ".jpg", "image/png": ".png"}

// SetPicture keeps a picture for a briefing, made anew so that nothing but its
// pixels is left, and answers its name. A draft that names a picture names this one
// from now on; readers see it when the draft is published.
func (d *Desk) SetPicture(ctx context.Context, s Slug, b []byte, by string, now time.Time) (string, error) {
	if !d.TakesComments() {
		return "", fmt.Errorf("%w: without a database briefings cannot be edited", record.ErrInvalid)
	}
	d.mu.RLock()
	k := d.texts[s]
	d.mu.RUnlock()
	if k == nil {
		return "", fmt.Errorf("%w: there is no briefing or draft %q", record.ErrNotFound, clip(string(s)))
	}
	small, kind, err := Shrink(b)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(small)
	name := hex.EncodeToString(sum[:8]) + pictureEnds[kind]
	l, err := d.log(LogEntry{By: by, Do: "set the picture", About: string(s), Note: name}, now)
	if err != nil {
		return "", err
	}
	changes := []shelf.Change{l, {Kind: kindPicture, ID: pictureID(s, name), Version: shelf.Any, Body: append([]byte(kind+"\x00"), small...)}}
	if t, ok := k.withPicture(name); ok {
		t.Edited, t.By = now.UTC(), by
		changes = append(changes, shelf.Drawer[Text]{Kind: kindText}.Change(shelf.ID(s), k.version, t))
	}
	if _, err := d.Store.Write(ctx, changes...); err != nil {
		return "", fmt.Errorf("briefing %s: %w", s, err)
	}
	return name, d.Follow(ctx)
}

func pictureID(s Slug, name string) shelf.ID { return shelf.ID(string(s) + "/" + name) }

// withPicture is the text with the draft's picture replaced; not ok: the draft names
// none.
func (k *kept) withPicture(name string) (Text, bool) {
	t := k.Text
	source := t.Draft
	if source == "" && len(t.Versions) > 0 {
		source = t.Versions[len(t.Versions)-1].Text
	}
	b, err := Parse(source)
	if err != nil || b.Picture == nil {
		return t, false
	}
	for _, quote := range []string{"", `"`, "'"} {
		if was := "file: " + quote + b.Picture.File + quote; strings.Contains(source, was) {
			t.Draft = strings.Replace(source, was, "file: "+name, 1)
			return t, true
		}
	}
	return t, false
}

// PictureOf is a picture of a briefing and its kind: one that was uploaded for it,
// or the one that was shipped.
func (d *Desk) PictureOf(ctx context.Context, s Slug, name string) ([]byte, string, error) {
	if b, kind, ok := d.shippedPicture(name); ok {
		return b, kind, nil
	}
	if !d.TakesComments() {
		return nil, "", record.ErrNotFound
	}
	it, err := d.Store.Item(ctx, kindPicture, pictureID(s, name))
	if err != nil {
		return nil, "", err
	}
	kind, b, ok := strings.Cut(string(it.Body), "\x00")
	if !ok {
		return nil, "", record.ErrNotFound
	}
	return []byte(b), kind, nil
}

var shippedKinds = map[string]string{".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}

func (d *Desk) shippedPicture(name string) ([]byte, string, bool) {
	i := strings.LastIndexByte(name, '.')
	if d.Shipped == nil || i < 0 || shippedKinds[name[i:]] == "" || strings.ContainsAny(name, `/\`) {
		return nil, "", false
	}
	b, err := fs.ReadFile(d.Shipped, name)
	return b, shippedKinds[name[i:]], err == nil
}

// lacks says which picture of a text is not there; d.mu is held.
func (d *Desk) lacks(b Briefing, s Slug) []string {
	if b.Picture == nil || d.pictures[s][b.Picture.File] {
		return nil
	}
	if _, _, ok := d.shippedPicture(b.Picture.File); ok {
		return nil
	}
	return []string{fmt.Sprintf("picture: there is no file %q; upload it", clip(b.Picture.File))}
}

// takePicture folds in which pictures there are; d.mu is held.
func (d *Desk) takePicture(it shelf.Item) {
	slug, name, ok := strings.Cut(string(it.ID), "/")
	if !ok || it.Gone {
		delete(d.pictures[Slug(slug)], name)
		return
	}
	if d.pictures[Slug(slug)] == nil {
		d.pictures[Slug(slug)] = map[string]bool{}
	}
	d.pictures[Slug(slug)][name] = true
}
