package sheet

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"article41/record"
)

func TestBounded(t *testing.T) {
	// What readers above may have taken ahead is allowed beside one entry.
	in := Bound(strings.NewReader(strings.Repeat("a", 200<<10)), 1<<20, 10<<10)
	if _, err := io.ReadAll(in); !errors.Is(err, ErrLong) {
		t.Errorf("one entry of 200 KiB where 10 may be: %v", err)
	}
	in = Bound(strings.NewReader(strings.Repeat("a", 100)), 50, 1000)
	if b, err := io.ReadAll(in); !errors.Is(err, record.ErrInvalid) || len(b) != 50 {
		t.Errorf("100 bytes where 50 may be: %d, %v", len(b), err)
	}
	in = Bound(strings.NewReader("abc"), 3, 1000)
	if b, err := io.ReadAll(in); err != nil || string(b) != "abc" || in.Left() != 0 || in.Most() != 1000 {
		t.Errorf("just so much: %q, %v", b, err)
	}
}

func TestDecompressed(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	io.WriteString(w, strings.Repeat("text ", 1000))
	w.Close()
	for _, c := range []struct {
		why  string
		in   []byte
		want int
		bad  bool
	}{
		{"plain", []byte("text"), 4, false},
		{"gzipped", z.Bytes(), 5000, false},
		{"a stream that breaks off ends like a file", z.Bytes()[:z.Len()-8], 5000, false},
		{"nothing", nil, 0, true},
		{"the mark of gzip and no gzip", []byte{0x1F, 0x8B, 0}, 0, true},
	} {
		r, err := Decompressed(bytes.NewReader(c.in))
		if (err != nil) != c.bad {
			t.Errorf("%s: %v", c.why, err)
		}
		if err != nil {
			continue
		}
		if b, err := io.ReadAll(r); err != nil || len(b) != c.want {
			t.Errorf("%s: %d bytes, %v", c.why, len(b), err)
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		why, in, want string
		problem, ok   bool
	}{
		{"one line, single spaces", " a \n b\t c ", "a b c", false, true},
		{"Windows-1252 taken for Latin-1", "O\u0092Neil", "O’Neil", true, true},
		{"a control character", "a\x01b", "", true, false},
		{"no UTF-8", "a\xff", "", true, false},
		{"too long", strings.Repeat("a", 101), "", true, false},
	} {
		got, problem, ok := Text(c.in, 100)
		if got != c.want || (problem != "") != c.problem || ok != c.ok {
			t.Errorf("%s: %q %q %v", c.why, got, problem, ok)
		}
	}
}

func TestUnmarked(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"a byte order mark", "\xEF\xBB\xBFabc", "abc"}, {"UTF-16, little end first", "\xFF\xFEa\x00b\x00", "ab"}, {"big end first", "\xFE\xFF\x00a\x00b", "ab"}, {"neither", "abc", "abc"},
	} {
		r, err := Unmarked(strings.NewReader(c.in))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != c.want {
			t.Errorf("%s: %q %v", c.why, b, err)
		}
	}
}
