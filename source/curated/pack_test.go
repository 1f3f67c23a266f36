package curated

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"article41/data"
	"article41/record"
)

func packed(t testing.TB, rec Record) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Pack(&b, rec); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPackRoundTrip(t *testing.T) {
	rec, _ := Read(folderOf(tiny()))
	b := packed(t, rec)
	back, err := Unpack(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if back.Edition != rec.Edition || len(back.Entries) != len(rec.Entries) {
		t.Fatalf("%+v of %d entries, was %+v of %d", back.Edition, len(back.Entries), rec.Edition, len(rec.Entries))
	}
	for i, e := range back.Entries {
		if e.Digest() != rec.Entries[i].Digest() || e.Known != rec.Entries[i].Known || !bytes.Equal(e.Body, rec.Entries[i].Body) {
			t.Errorf("%s came back as %s", rec.Entries[i].Body, e.Body)
		}
	}
	if again := packed(t, back); !bytes.Equal(again, b) {
		t.Error("the same record packs to other bytes")
	}
}

// TestPackIsFresh: the file that the program embeds is the folder's.
func TestPackIsFresh(t *testing.T) {
	rec, problems := Read(os.DirFS("../../data"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if !bytes.Equal(packed(t, rec), data.Pack) {
		t.Error("data/record.pack is stale: go generate ./data")
	}
}

// TestDamagedPack: no byte can be changed and no end cut off without the reader
// refusing, unless what it read is the same.
func TestDamagedPack(t *testing.T) {
	rec, _ := Read(folderOf(tiny()))
	b := packed(t, rec)
	whole, err := Unpack(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		bad := bytes.Clone(b)
		bad[i] ^= 0x20
		if got, err := Unpack(bytes.NewReader(bad)); err == nil && !reflect.DeepEqual(got, whole) {
			t.Fatalf("with byte %d changed the pack reads as another record", i)
		} else if err != nil && !errors.Is(err, record.ErrInvalid) {
			t.Fatalf("byte %d: an error of another kind: %v", i, err)
		}
		if _, err := Unpack(bytes.NewReader(b[:i])); !errors.Is(err, record.ErrInvalid) {
			t.Fatalf("cut at byte %d: %v", i, err)
		}
	}
}

// TestTamperedPack: a well-made gzip of other lines does not add up.
func TestTamperedPack(t *testing.T) {
	rec, _ := Read(folderOf(tiny()))
	z, err := gzip.NewReader(bytes.NewReader(packed(t, rec)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	swap := func(a, b int) func([]string) []string {
		return func(l []string) []string { l[a], l[b] = l[b], l[a]; return l }
	}
	for why, tamper := range map[string]func([]string) []string{
		"a line dropped":          func(l []string) []string { return l[:len(l)-1] },
		"a line twice":            func(l []string) []string { return append(l, l[len(l)-1]) },
		"two lines exchanged":     swap(1, 2),
		"the edition not first":   swap(0, 1),
		"a fact's day changed":    func(l []string) []string { return replaced(l, `"known":"2018-08-30"`, `"known":"2018-08-29"`) },
		"a fact's body changed":   func(l []string) []string { return replaced(l, `"until":"2019-08-31"`, `"until":"2029-08-31"`) },
		"a fact under another id": func(l []string) []string { return replaced(l, `"fact":"rule/aid"`, `"fact":"rule/aie"`) },
		"a fact of another kind":  func(l []string) []string { return replaced(l, `"kind":"rule"`, `"kind":"seat"`) },
		"the digest changed": func(l []string) []string {
			return replaced(l, `"digest":"`+rec.Edition.Digest.String()[:4], `"digest":"0000`)
		},
		"fewer entries announced":  func(l []string) []string { return replaced(l, `"entries":`, `"entries":1`) },
		"a line that is no JSON":   func(l []string) []string { return append(l, "{\n") },
		"an edition and no more":   func(l []string) []string { return l[:1] },
		"nothing":                  func(l []string) []string { return nil },
		"a line without its break": func(l []string) []string { l[len(l)-1] = strings.TrimSpace(l[len(l)-1]); return l },
	} {
		bad := tamper(append([]string{}, lines...))
		if strings.Join(bad, "") == string(text) {
			t.Errorf("%s: nothing was changed", why)
			continue
		}
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, strings.Join(bad, "")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Unpack(&b); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, err := Unpack(strings.NewReader("no gzip at all")); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("no gzip: %v", err)
	}
}

func replaced(lines []string, old, new string) []string {
	for i, l := range lines {
		if strings.Contains(l, old) {
			lines[i] = strings.Replace(l, old, new, 1)
			return lines
		}
	}
	return lines
}

func FuzzUnpack(f *testing.F) {
	rec, _ := Read(folderOf(tiny()))
	f.Add(packed(f, rec))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := Unpack(bytes.NewReader(b))
		if err != nil {
			return
		}
		if len(rec.Entries) != rec.Edition.Entries {
			t.Fatalf("%d entries, %d announced", len(rec.Entries), rec.Edition.Entries)
		}
	})
}
