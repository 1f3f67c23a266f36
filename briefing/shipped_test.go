package briefing_test

import (
	"bytes"
	"crypto/rand"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/briefing"
	"article41/data"
	"article41/postgrestest"
	"article41/sqlite"
)

var noon = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

// desk is a desk on a database in memory.
func desk(t testing.TB, change ...func(*briefing.Options)) *briefing.Desk {
	t.Helper()
	s, keys := postgrestest.Open(t, sqlite.Memory), postgrestest.Open(t, sqlite.Memory)
	o := briefing.Options{Store: s.Shelf(), Vault: account.NewVault(keys.Shelf(), account.Master{7}, rand.Reader), Random: rand.Reader, Shipped: data.Briefings()}
	for _, c := range change {
		c(&o)
	}
	d, err := briefing.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const mali briefing.Slug = "mali-veto-2023"

func TestShipped(t *testing.T) {
	d := desk(t)
	all := d.Briefings(noon)
	if len(all) == 0 {
		t.Fatal("no briefing is shipped")
	}
	for _, p := range all {
		e, err := d.Editing(p.Slug, noon)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range e.Problems {
			t.Errorf("%s: %s", p.Slug, x)
		}
	}
	p, err := d.Briefing(mali, noon)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, x := range p.Parts {
		if x.Block != nil {
			kinds[x.Block.Kind]++
		}
	}
	for kind, n := range map[string]int{"vote": 1, "rollcall": 1, "status": 1, "timeline": 1, "whatif": 1, "disagree": 2, "picture": 1} {
		if kinds[kind] != n {
			t.Errorf("%d blocks %s, want %d", kinds[kind], kind, n)
		}
	}
}

func TestTextIsSafeAndNumbered(t *testing.T) {
	b, err := briefing.Parse("---\ntitle: T\nlead: L\nby: E\n---\nA claim. [@SCR 2023-08] Another [@SCR 2023-08], a third [@missions].\n\nThey [[alleged|the \"United\" States]] <script>alert(1)</script> [x](javascript:alert(1)) [y](https://example.org).\n")
	if err != nil {
		t.Fatal(err)
	}
	html := b.Parts[0].HTML
	for _, want := range []string{`href="#source-1"`, `href="#source-2"`, `class="hedge"`, "a hedge of the &#34;United&#34; States", `rel="nofollow noreferrer"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%s\nlacks %s", html, want)
		}
	}
	for _, not := range []string{"<script", "javascript:", "#source-3"} {
		if strings.Contains(html, not) {
			t.Errorf("%s\nholds %s", html, not)
		}
	}
	if len(b.Sources) != 2 || b.Sources[0].Place != "2023-08" {
		t.Errorf("sources: %+v", b.Sources)
	}
}

func TestParseTellsAllFaults(t *testing.T) {
	_, err := briefing.Parse("---\ntitle: T\ncomments: never\n---\n{{vote nonsense}}\n\n{{dance}}\n\n{{timeline mali from=tomorrow}}\n")
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, want := range []string{"lead is missing", "by is missing", "comments", "no symbol", `no block "dance"`, "no day"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}
}

func TestLint(t *testing.T) {
	faults := briefing.Lint("---\ntitle: T\n---\n## A heading\n\nNo source here.\n\n*Ours:* said by us.\n\nWith one. [@SCR]\n\nIt was allegedly so. [@SCR]\n", func(s string) []string {
		if strings.Contains(s, "allegedly") {
			return []string{"allegedly"}
		}
		return nil
	})
	if len(faults) != 2 || !strings.Contains(faults[0], "paragraph 1") || !strings.Contains(faults[1], "allegedly") {
		t.Errorf("faults: %q", faults)
	}
}

// TestShrink: a picture is decoded and written anew, so nothing that lay beside
// its pixels is left.
func TestShrink(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3000, 20))); err != nil {
		t.Fatal(err)
	}
	// A text chunk after the header, as cameras and editors write them.
	raw := b.Bytes()
	out, kind, err := briefing.Shrink(withChunk(raw, "tEXt", []byte("Place\x00Bamako")))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(out, []byte("Bamako")) || kind != "image/png" {
		t.Errorf("%s still names the place", kind)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(out))
	if err != nil || c.Width != 1440 {
		t.Errorf("width %d (%v)", c.Width, err)
	}
	if _, _, err := briefing.Shrink([]byte("<svg onload=alert(1)>")); err == nil {
		t.Error("a text passes for a picture")
	}
}
