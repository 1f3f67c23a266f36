package stream

import (
	"strconv"
	"testing"
	"time"

	"article41/queue"
)

// BenchmarkFailover measures how long answers pause: from the fault to the first
// answer of a row that was handed in after it, by a producer that tries again.
//
//	go test ./stream -run XXX -bench Failover -benchtime 5x
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
			s := start(b, false, 0)
			longest, next := time.Duration(0), 0
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
			for b.Loop() {
				begin := time.Now()
				mend := f.strike(s)
				one()
				longest = max(longest, time.Since(begin))
				b.StopTimer()
				mend()
				until(b, "three servers", func() bool { return s.cluster.whole(s.bus) })
				time.Sleep(2 * time.Second) // as long as two looks of a worker
				b.StartTimer()
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s-to-resume")
			b.ReportMetric(longest.Seconds(), "s-at-most")
		})
	}
}
