package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"article41"
	"article41/record"

	"pgregory.net/rapid"
)

// echo is a screening whose answer shows the question.
func echo(_ context.Context, q article41.Query) (article41.Sifted, error) {
	if strings.TrimSpace(q.Name) == "" {
		return article41.Sifted{}, fmt.Errorf("%w: name: nothing to screen", record.ErrInvalid)
	}
	return article41.Sifted{Verdict: "asked: " + q.Name, Hits: make([]article41.Meeting, len(q.Name)%2)}, nil
}

// file is an Out in memory.
type file struct {
	bytes.Buffer
	syncs int
}

func (f *file) Sync() error { f.syncs++; return nil }

func all(t testing.TB, in string) (string, Stats) {
	t.Helper()
	var out file
	stats, err := Batch(t.Context(), strings.NewReader(in), &out, Earlier{}, echo, Options{Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), stats
}

func TestBatch(t *testing.T) {
	for _, tt := range []struct {
		name, row string
		want      string // the answer's error, or its verdict
	}{
		{"a row", `{"id":"a","name":"Ann"}`, "asked: Ann"},
		{"members of the sender's own are passed over", `{"id":7,"amount":{"x":[1]},"name":"Ann"}`, "asked: Ann"},
		{"no id", `{"name":"Ann"}`, "invalid: id: missing; every row needs one, to tell its answer by"},
		{"no name", `{"id":"a"}`, "invalid: name: nothing to screen"},
		{"an id that is a fraction", `{"id":1.5,"name":"Ann"}`, "invalid: id: 1.5: want a string that is not empty, or a whole number"},
		{"not JSON", `id=a`, "invalid: the line is not JSON: invalid character 'i' looking for beginning of value, at byte 1"},
		{"a list", `[1,2]`, `invalid: the line is a JSON array, and a row is an object: {"id": …, "name": …}`},
		{"a number for a name", `{"id":"a","name":7}`, "invalid: name: a number cannot stand here"},
		{"bytes of another encoding", "{\"id\":\"a\",\"name\":\"Jos\xe9\"}", "invalid: the line is not UTF-8"},
		{"a mark of the byte order before the first row", "\ufeff" + `{"id":"a","name":"Ann"}` + "\r", "asked: Ann"},
		{"a row within a row", `{"id":"a","query":{"name":"Ann"}}`, "invalid: query: a row has its name and the rest beside its id, not within"},
		{"a long line", `{"id":"a","name":"` + strings.Repeat("x", maxRow) + `"}`, "invalid: the line is longer than 262144 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, _ := all(t, tt.row)
			var a struct{ Verdict, Error string }
			if err := json.Unmarshal([]byte(out), &a); err != nil || strings.Count(out, "\n") != 1 {
				t.Fatalf("%q: %v", out, err)
			}
			if a.Verdict+a.Error != tt.want {
				t.Fatalf("have %q\nwant %q", a.Verdict+a.Error, tt.want)
			}
		})
	}
}

func TestRepeatedIDs(t *testing.T) {
	out, stats := all(t, `{"id":"a","name":"Ann"}`+"\n"+`{"id":"b","name":"Bob"}`+"\n\n"+`{"id":"a","name":"Ann"}`+"\n"+`{"id":"b","name":"Eve"}`)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 4 || stats != (Stats{Rows: 4, Hits: 2, Errors: 1, Repeats: 1}) {
		t.Fatalf("%d lines, %+v\n%s", len(lines), stats, out)
	}
	if !strings.Contains(lines[2], `"line":3,"repeats":1,"verdict":"asked: Ann"`) {
		t.Errorf("delivered twice: %s", lines[2])
	}
	if !strings.Contains(lines[3], `"error":"invalid: id: \"b\" was used on line 2 for another row"`) {
		t.Errorf("one id for two rows: %s", lines[3])
	}
}

// Wherever a run is broken off, the next one ends with the same bytes.
func TestResumedAnywhere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 1300).Draw(rt, "rows")
		var in strings.Builder
		for i := range n {
			switch rapid.IntRange(0, 9).Draw(rt, "sort of row") {
			case 0:
				fmt.Fprintf(&in, "{\"id\":%d}\n", i)
			case 1:
				in.WriteString("\n{\n")
			case 2:
				fmt.Fprintf(&in, "{\"id\":%d,\"name\":\"again\"}\n", i/2)
			default:
				fmt.Fprintf(&in, "{\"id\":%d,\"name\":\"Ann %d\"}\n", i, i)
			}
		}
		whole, stats := all(t, in.String())
		cut := rapid.IntRange(0, len(whole)).Draw(rt, "cut at byte")
		e, err := Resume(strings.NewReader(whole[:cut]))
		if err != nil {
			rt.Fatal(err)
		}
		rest := &file{}
		rest.WriteString(whole[:e.Bytes])
		again, err := Batch(t.Context(), strings.NewReader(in.String()), rest, e, echo, Options{})
		if err != nil {
			rt.Fatal(err)
		}
		if rest.String() != whole || again.Rows != stats.Rows || again.Resumed != e.Rows {
			rt.Fatalf("cut at %d of %d bytes: %+v, at first %+v", cut, len(whole), again, stats)
		}
	})
}

func TestWhatIsNoBatchIsLeftAlone(t *testing.T) {
	for _, was := range []string{"hello\n", `{"line":2}` + "\n", `{"id":1}` + "\n"} {
		if _, err := Resume(strings.NewReader(was)); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%q: %v", was, err)
		}
	}
}

// Answers of another file must not pass for those of the rows at hand.
func TestAnswersOfOtherRows(t *testing.T) {
	rows := "{\"id\":\"a<b\",\"name\":\"Ann\"}\n{\"id\":\"\\u0062\",\"name\":\"Bob\"}\n{\n"
	whole, _ := all(t, rows)
	e, err := Resume(strings.NewReader(whole))
	if err != nil || e.Rows != 3 {
		t.Fatal(e, err)
	}
	for why, c := range map[string]struct {
		rows string
		ok   bool
	}{
		"the same":                    {rows, true},
		"the same, written otherwise": {strings.Replace(rows, `"\u0062"`, `"b"`, 1), true},
		"the same, and more":          {rows + "{\"id\":4,\"name\":\"Dan\"}\n", true},
		"fewer":                       {"{\"id\":\"a<b\",\"name\":\"Ann\"}\n", false},
		"none":                        {"", false},
		"another id":                  {strings.Replace(rows, "a<b", "x", 1), false},
	} {
		out := &file{}
		if _, err := Batch(t.Context(), strings.NewReader(c.rows), out, e, echo, Options{}); (err == nil) != c.ok || err != nil && !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v", why, err)
		}
		if !c.ok && out.Len() > 0 {
			t.Errorf("%s: %q was written", why, out)
		}
	}
}

// A failure ends the batch with its place; what was written is whole lines.
func TestFailures(t *testing.T) {
	rows := strings.Repeat(`{"id":1,"name":"Ann"}`+"\n", 3*group)
	broken := errors.New("broken")
	for name, run := range map[string]func(out Out) (Stats, error){
		"the screening": func(out Out) (Stats, error) {
			n := 0
			return Batch(t.Context(), strings.NewReader(rows), out, Earlier{}, func(ctx context.Context, q article41.Query) (article41.Sifted, error) {
				if n++; n > group {
					return article41.Sifted{}, broken
				}
				return echo(ctx, q)
			}, Options{Workers: 1})
		},
		"the input": func(out Out) (Stats, error) {
			return Batch(t.Context(), io.MultiReader(strings.NewReader(rows), iotest.ErrReader(broken)), out, Earlier{}, echo, Options{})
		},
		"the output": func(Out) (Stats, error) {
			return Batch(t.Context(), strings.NewReader(rows), full{broken}, Earlier{}, echo, Options{})
		},
		"the dead letters": func(out Out) (Stats, error) {
			return Batch(t.Context(), strings.NewReader("{\n"), out, Earlier{}, echo, Options{Dead: full{broken}})
		},
	} {
		var out file
		if _, err := run(&out); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
		if s := out.String(); s != "" && !strings.HasSuffix(s, "}\n") {
			t.Errorf("%s: half a line was written", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Batch(ctx, strings.NewReader(rows), &file{}, Earlier{}, echo, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
}

type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }
func (f full) Sync() error               { return nil }

func TestDeadLetters(t *testing.T) {
	var out file
	var dead bytes.Buffer
	if _, err := Batch(t.Context(), strings.NewReader("{\"id\":1,\"name\":\"Ann\"}\n{\"id\":2\n"), &out, Earlier{}, echo, Options{Dead: &dead}); err != nil {
		t.Fatal(err)
	}
	if want := `{"line":2,"reason":"invalid: the line is not JSON: unexpected end of JSON input, at byte 7","text":"{\"id\":2"}` + "\n"; dead.String() != want {
		t.Fatalf("have %s want %s", &dead, want)
	}
	if out.syncs == 0 {
		t.Error("the answers were not made durable")
	}
}

func FuzzReadRow(f *testing.F) {
	for _, s := range []string{`{"id":"a","name":"Ann","country":["ML",null]}`, `{"id":1e3}`, `{"id":"\ud800","name":"x"}`, `[]`, "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := ReadRow(line)
		if err == nil && r.ID == "" {
			t.Fatal("a row without an id is read")
		}
		a := Answer{ID: r.ID, Line: 1}
		if err != nil {
			a.Error = err.Error()
		}
		b, err := a.bytes()
		if err != nil || !json.Valid(b) || bytes.Count(b, []byte("\n")) != 1 {
			t.Fatalf("the answer %q (%v)", b, err)
		}
		if e, err := Resume(bytes.NewReader(b)); err != nil || e.Rows != 1 {
			t.Fatalf("the answer %q is not found again: %d, %v", b, e.Rows, err)
		}
	})
}
