package sheet_test

import (
	"bytes"
	"io"
	"testing"

	"article41/sheet"
)

// Whatever is opened, plain or compressed, is bounded and ends; of an empty file
// nothing is handed on.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", " \n", "<!DOCTYPE html><html>", "<?xml version=\"1.0\"?><a/>", "\ufeffid,name\n", "\xff\xfea\x00", "\x1f\x8b\x08"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		const most = 1 << 16
		for _, open := range []func(io.Reader, sheet.Options, string) (sheet.Opened, error){sheet.Decode, sheet.Open} {
			o, err := open(bytes.NewReader(b), sheet.Options{MaxBytes: most, MaxEntry: 1 << 12}, "a list")
			if err != nil {
				continue
			}
			if o.Head == "" {
				t.Fatalf("%q is opened and begins with nothing", b)
			}
			// Text of two bytes a letter may grow by half when it is read as UTF-8.
			if n, _ := io.Copy(io.Discard, o.Text); n > 2*most {
				t.Fatalf("%d bytes come of a file bounded to %d", n, most)
			}
		}
	})
}
