package receipt_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"article41/postgrestest"
	"article41/receipt"
)

// BenchmarkIssuer is what a receipt costs when so many ask at once: the signature,
// and its share of the log's writes. Read the processor's time: the other is the
// disk's.
func BenchmarkIssuer(b *testing.B) {
	for _, asking := range []int{1, 8, 16, 64, 256} {
		b.Run(fmt.Sprint(asking, "-at-once"), func(b *testing.B) {
			s := ledger(b, postgrestest.File, 100)
			l, err := receipt.OpenLog(b.Context(), s.Shelf())
			if err != nil {
				b.Fatal(err)
			}
			iss := issuer(b, l)
			var next atomic.Int64
			var all sync.WaitGroup
			before := processor()
			b.ResetTimer()
			for range asking {
				all.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						if _, err := iss.Issue(b.Context(), statement(int(n))); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64((processor()-before).Microseconds())/float64(b.N), "cpu-µs/receipt")
		})
	}
}

// processor is the processor's time that this process took so far.
func processor() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
