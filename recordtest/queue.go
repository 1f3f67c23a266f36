package recordtest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"article41/queue"
	"article41/record"
)

// Queue tests a store of queues.
func Queue(t *testing.T, open func(testing.TB) queue.Store) {
	row := func(id string) queue.Row {
		return queue.Row{ID: id, Mark: []byte("m-" + id), Body: []byte{0, 'b'}}
	}
	take := func(t *testing.T, s queue.Store, rows ...queue.Row) []queue.Taken {
		t.Helper()
		out, err := s.Take(t.Context(), "q", rows)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	counts := func(t *testing.T, s queue.Store, want queue.Counts) {
		t.Helper()
		if have, err := s.Counts(t.Context(), "q"); err != nil || have != want {
			t.Fatalf("have %+v, want %+v (%v)", have, want, err)
		}
	}
	t.Run("a row is taken in once", func(t *testing.T) {
		s := open(t)
		other := row("a")
		other.Mark = []byte("else")
		first := take(t, s, row("a"), row("b"), row("a"))
		if first[0].State != queue.Fresh || first[1].State != queue.Fresh || first[2].State != queue.Again || first[0].Seq != first[2].Seq || first[0].Seq == first[1].Seq {
			t.Fatalf("%+v", first)
		}
		second := take(t, s, row("b"), other, row("c"))
		if second[0] != (queue.Taken{Seq: first[1].Seq, State: queue.Again}) || second[1].State != queue.Other || second[2].State != queue.Fresh {
			t.Fatalf("%+v", second)
		}
		if there, err := s.Take(t.Context(), "q2", []queue.Row{row("a")}); err != nil || there[0].State != queue.Fresh {
			t.Fatalf("another queue: %+v (%v)", there, err)
		}
		counts(t, s, queue.Counts{Taken: 3})
		if all, err := s.Queues(t.Context()); err != nil || fmt.Sprint(all) != "[q q2]" {
			t.Fatalf("the queues: %v (%v)", all, err)
		}
	})
	t.Run("a row is settled once, and its body is gone", func(t *testing.T) {
		s := open(t)
		rows := take(t, s, row("a"), row("b"))
		a, b := rows[0].Seq, rows[1].Seq
		first, err := s.Settle(t.Context(), "q", []queue.Answer{{Seq: b, Body: []byte("B")}, {Seq: b, Body: []byte("B2")}, {Seq: 1 << 40, Body: []byte("?")}})
		if err != nil || fmt.Sprint(first) != "[true false false]" {
			t.Fatalf("%v (%v)", first, err)
		}
		first, err = s.Settle(t.Context(), "q", []queue.Answer{{Seq: b, Body: []byte("B3")}, {Seq: a, Body: []byte("A")}})
		if err != nil || fmt.Sprint(first) != "[false true]" {
			t.Fatalf("%v (%v)", first, err)
		}
		have, err := s.Answers(t.Context(), "q", 0, 10)
		if err != nil || fmt.Sprintf("%d %d %s %d %d %s", have[0].Seq, have[0].Settled, have[0].Body, have[1].Seq, have[1].Settled, have[1].Body) != fmt.Sprintf("%d 1 B %d 2 A", b, a) {
			t.Fatalf("%+v (%v)", have, err)
		}
		if waiting, err := s.Waiting(t.Context(), "q", 0, 10); err != nil || len(waiting) != 0 {
			t.Fatalf("waiting: %v (%v)", waiting, err)
		}
		if again := take(t, s, row("a")); again[0].State != queue.Again {
			t.Fatalf("a settled row handed in again: %+v", again)
		}
		if got, err := s.Answered(t.Context(), "q", "a"); err != nil || string(got.Body) != "A" {
			t.Fatalf("%+v (%v)", got, err)
		}
		if _, err := s.Answered(t.Context(), "q", "z"); !errors.Is(err, record.ErrNotFound) {
			t.Fatalf("no such row: %v", err)
		}
		counts(t, s, queue.Counts{Taken: 2, Answered: 2})
	})
	t.Run("a name that is none is refused", func(t *testing.T) {
		if _, err := open(t).Take(t.Context(), "No Name", nil); !errors.Is(err, record.ErrInvalid) {
			t.Fatal(err)
		}
	})
	t.Run("takers and settlers in parallel leave one answer a row, without gaps", func(t *testing.T) {
		s := open(t)
		const rounds, each = 12, 40
		var all sync.WaitGroup
		for w := range 3 {
			all.Go(func() {
				for i := range rounds {
					rows := make([]queue.Row, each)
					for j := range rows {
						rows[j] = row(fmt.Sprint(i*each + (j+w*7)%each)) // the same ones, in another order
					}
					taken, err := s.Take(t.Context(), "q", rows)
					if err != nil {
						t.Error(err)
						return
					}
					answers := make([]queue.Answer, each)
					for j := range rows {
						answers[j] = queue.Answer{Seq: taken[j].Seq, Body: []byte(rows[j].ID)}
					}
					if _, err := s.Settle(t.Context(), "q", answers); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		counts(t, s, queue.Counts{Taken: rounds * each, Answered: rounds * each})
		have, err := s.Answers(t.Context(), "q", 0, 10*rounds*each)
		if err != nil || len(have) != rounds*each {
			t.Fatalf("%d answers (%v)", len(have), err)
		}
		rows := map[int64]bool{}
		for i, a := range have {
			if a.Settled != int64(i+1) || rows[a.Seq] {
				t.Fatalf("answer %d: %+v", i, a)
			}
			rows[a.Seq] = true
		}
	})
}
