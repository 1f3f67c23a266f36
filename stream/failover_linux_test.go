package stream

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"article41/queue"
)

// BenchmarkFailover measures how long answers pause: from the fault to the first
// answer of a row that was handed in after it, by a producer that tries again.
//
//	go test ./stream -run XXX -bench Failover -benchtime 10x
func BenchmarkFailover(b *testing.B) {
	for _, f := range []struct {
		name   string
		strike func(*scene) (mend func())
	}{
		{"leader", func(s *scene) func() {
			i := s.cluster.leader(s.bus)
			kill(s.cluster.nodes[i])
			return func() { s.cluster.start(i) }
		}},
		{"database", func(s *scene) func() { // it is started again at once
			s.db.Kill(s)
			s.db.Up(s)
			return func() {}
		}},
		{"worker", func(s *scene) func() {
			kill(s.workers[0])
			return func() { s.work(0) }
		}},
	} {
		b.Run(f.name, func(b *testing.B) {
			s := start(b, false, nil)
			next := 0
			one := func() {
				for !handIn(b, s.bus, [][]byte{row(next)}) {
				}
				id := strconv.Itoa(next)
				for next++; ; time.Sleep(time.Millisecond) {
					if _, err := s.store.Queue().Answered(b.Context(), queue.Name("q"), id); err == nil {
						return
					}
				}
			}
			one()
			var took, ours []time.Duration
			for b.Loop() {
				begin := time.Now()
				mend := f.strike(s)
				struck := time.Now() // a database is up again by now
				one()
				took, ours = append(took, time.Since(begin)), append(ours, time.Since(struck))
				b.StopTimer()
				mend()
				until(b, "three servers", func() bool { return s.cluster.whole(s.bus) })
				time.Sleep(2 * time.Second) // as long as two looks of a worker
				b.StartTimer()
			}
			slices.Sort(took)
			slices.Sort(ours)
			b.Logf("%d times, from the fault to the next answer: %v; of which after it was over: %v", len(took), took, ours)
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s-to-resume")
			b.ReportMetric(took[len(took)-1].Seconds(), "s-at-most")
		})
	}
}
