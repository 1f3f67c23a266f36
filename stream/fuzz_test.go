package stream

import (
	"strings"
	"testing"
)

// Of answers that an earlier run left, those that count are whole lines.
func FuzzResume(f *testing.F) {
	for _, s := range []string{"{\"id\":1,\"line\":1}\n{\"id\":\"b\",\"line\":2}\n{\"id", "{\"id\":1,\"line\":2}\n", "\n", "{}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Resume(strings.NewReader(s))
		if e.Bytes < 0 || e.Bytes > int64(len(s)) || e.Rows != int64(strings.Count(s[:e.Bytes], "\n")) {
			t.Fatalf("%+v of %q (%v)", e, s, err)
		}
		if again, err := Resume(strings.NewReader(s[:e.Bytes])); err != nil || again.Rows != e.Rows || again.Bytes != e.Bytes {
			t.Fatalf("%+v, and what counts of it %+v (%v)", e, again, err)
		}
	})
}

// A message of the bus, whoever sent it, is a row with a place or nobody's.
func FuzzMessage(f *testing.F) {
	f.Add([]byte("short"))
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x01~{\"id\":1,\"name\":\"Ann\"}"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff~"))
	l := &Line{Queue: "q", Cover: plain{}}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := delivered(data)
		if r.Seq < 0 || r.Seq > 0 && len(data) != 8+len(r.Body) {
			t.Fatalf("%q is row %d with %d bytes", data, r.Seq, len(r.Body))
		}
		if r.Seq == 0 {
			return
		}
		if a, err := l.answer(t.Context(), r, echo); err == nil && (a.Seq != r.Seq || len(a.Body) == 0) {
			t.Fatalf("%q is answered with %+v", data, a)
		}
	})
}
