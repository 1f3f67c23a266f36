package stream

import (
	"fmt"
	"testing"

	"article41/postgres"
	"article41/postgrestest"
	"article41/queue"
)

// BenchmarkCommit measures the database's part of a row's way: the rows of
// stream/testdata/service.csv. Of n rows in one commit it costs once + n × each;
// the two sizes tell both.
func BenchmarkCommit(b *testing.B) {
	engines := []struct {
		name string
		open func(testing.TB) queue.Store
	}{
		{"sqlite", open},
		{"postgres", func(t testing.TB) queue.Store {
			s, err := postgres.Open(t.Context(), postgrestest.Database(t), postgres.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s.Queue()
		}},
	}
	answer := []byte(fmt.Sprintf(`{"id":"p-1","verdict":%q}`, fmt.Sprintf("%0400d", 1)))
	for _, e := range engines {
		for _, n := range []int{1, queue.MaxRows} {
			b.Run(fmt.Sprintf("%s/take %d", e.name, n), func(b *testing.B) {
				s := e.open(b)
				rows, next := make([]queue.Row, n), 0
				for b.Loop() {
					for i := range rows {
						next++
						rows[i] = queue.Row{ID: fmt.Sprint(next), Mark: make([]byte, 16), Body: make([]byte, 160)}
					}
					if _, err := s.Take(b.Context(), "q", rows); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(fmt.Sprintf("%s/settle %d", e.name, n), func(b *testing.B) {
				s := e.open(b)
				next := 0
				for b.Loop() {
					b.StopTimer()
					rows := make([]queue.Row, n)
					for i := range rows {
						next++
						rows[i] = queue.Row{ID: fmt.Sprint(next), Mark: make([]byte, 16), Body: make([]byte, 160)}
					}
					taken, err := s.Take(b.Context(), "q", rows)
					if err != nil {
						b.Fatal(err)
					}
					answers := make([]queue.Answer, n)
					for i, t := range taken {
						answers[i] = queue.Answer{Seq: t.Seq, Body: answer}
					}
					b.StartTimer()
					if _, err := s.Settle(b.Context(), "q", answers); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
