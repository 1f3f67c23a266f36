package stream

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"article41"
)

// batchOf has rows that are answered, refused, repeated and poisonous.
func batchOf(n int) string {
	var b strings.Builder
	for i := range n {
		switch {
		case i%97 == 5:
			b.WriteString("no row\n")
		case i%97 == 6:
			fmt.Fprintf(&b, `{"id":"r-%d","name":" "}`+"\n", i)
		case i%97 == 7:
			fmt.Fprintf(&b, `{"id":"r-%d","name":"Ann %d"}`+"\n", i-3, i-3) // again
		case i%97 == 8:
			fmt.Fprintf(&b, `{"id":"r-%d","name":"Eve"}`+"\n", i-4) // another row under that id
		case i%97 == 9:
			fmt.Fprintf(&b, `{"id":%d,"name":"Ann","names":["<Lee> & \u2028"],"amount":"%s"}`+"\n", i, strings.Repeat("x", 20_000))
		default:
			fmt.Fprintf(&b, `{"id":"r-%d","name":"Ann %d"}`+"\n", i, i)
		}
	}
	return b.String()
}

// A batch by two workers of a queue, one of which ends in the midst of it, broken
// off and resumed, has the bytes of a batch in one program: one answer a row, in
// the order of the rows.
func TestHandOver(t *testing.T) {
	in := batchOf(3000)
	want, stats := all(t, in)
	store, bus := open(t), embedded(t, "")
	slow := func(ctx context.Context, q article41.Query) (article41.Sifted, error) {
		time.Sleep(time.Millisecond)
		return echo(ctx, q)
	}
	var stops []func()
	for range 2 {
		stops = append(stops, run(t, &Line{Queue: "night", Store: store, Bus: bus, Cover: plain{}, Failed: func(error) {}}, slow))
	}
	h := Handed{Queue: "night", Store: store, Bus: bus}
	var out file
	ctx, cancel := context.WithCancel(t.Context())
	_, err := HandOver(ctx, strings.NewReader(in), &out, Earlier{}, h, Options{Told: func(s Stats) {
		if s.Rows >= 1000 {
			stops[0]()
			cancel()
		}
	}})
	if err == nil || out.Len() == 0 || !strings.HasPrefix(want, out.String()) {
		t.Fatalf("broken off after %d bytes: %v", out.Len(), err)
	}
	out.Truncate(out.Len() - 7) // half an answer
	earlier, err := Resume(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	out.Truncate(int(earlier.Bytes))
	var dead bytes.Buffer
	got, err := HandOver(t.Context(), strings.NewReader(in), &out, earlier, h, Options{Dead: &dead})
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != want {
		t.Errorf("%d bytes, want the %d of one program:\n%s", out.Len(), len(want), firstOther(out.String(), want))
	}
	if got.Rows != stats.Rows || got.Resumed != earlier.Rows || got.Resumed == 0 || got.Errors != int64(strings.Count(dead.String(), "\n")) || got.Errors == 0 || got.Hits == 0 || got.Repeats == 0 {
		t.Errorf("%+v, %d dead letters, of one program %+v", got, strings.Count(dead.String(), "\n"), stats)
	}
	counts, err := store.Counts(t.Context(), "night")
	if err != nil || counts.Taken != counts.Answered || counts.Taken >= stats.Rows {
		t.Errorf("%+v (%v)", counts, err)
	}
	// Again, from nothing: the queue answers with what it has, and takes nothing in.
	stops[1]()
	run(t, &Line{Queue: "night", Store: store, Bus: bus, Cover: plain{}, Failed: func(error) {}},
		func(context.Context, article41.Query) (article41.Sifted, error) {
			t.Error("a row that has an answer is screened again")
			return article41.Sifted{}, nil
		})
	var second file
	if whole, err := HandOver(t.Context(), strings.NewReader(in), &second, Earlier{}, h, Options{}); err != nil || second.String() != want || whole.Errors != stats.Errors || whole.Hits != stats.Hits || whole.Repeats != stats.Repeats {
		t.Errorf("%+v, want %+v (%v)", whole, stats, err)
	}
}

func firstOther(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d: %.300s\nwant    %.300s", i+1, a[i], b[i])
		}
	}
	return "the one is the beginning of the other"
}

// Without a worker the batch ends with a word, and what it wrote stays.
func TestHandOverToNobody(t *testing.T) {
	var out file
	_, err := HandOver(t.Context(), strings.NewReader(`{"id":1,"name":"Ann"}`), &out, Earlier{}, Handed{Queue: "night", Store: open(t), Bus: embedded(t, ""), Patience: time.Millisecond}, Options{})
	if err == nil || !strings.Contains(err.Error(), "no worker of that queue is reached there") || out.Len() > 0 {
		t.Fatalf("%v, %q", err, out.String())
	}
}

// Another answer under the id is not taken for the row's.
func TestAnswered(t *testing.T) {
	for body, want := range map[string]string{
		`{"id":7,"verdict":"x"}` + "\n": `{"id":7,"line":3,"repeats":1,"verdict":"x"}` + "\n",
		`{"id":7,"error":"x"}` + "\n":   `{"id":7,"line":3,"error":"x"}` + "\n",
		`{"id":8,"verdict":"x"}` + "\n": "",
		`{"id":7`:                       "",
	} {
		l := line{number: 3, repeat: 1, row: Row{ID: "7"}}
		if err := l.answered([]byte(body)); (err == nil) != (want != "") || string(l.answer) != want {
			t.Errorf("%s: %s (%v)", body, l.answer, err)
		}
	}
}
