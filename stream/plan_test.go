package stream

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/plan.txt anew")

// services are the measured times, one row an installation.
func services(t *testing.T) map[string]Service {
	t.Helper()
	f, err := os.Open("testdata/service.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]Service{}
	for _, row := range rows[1:] {
		d := make([]time.Duration, len(row))
		for i, cell := range row[1:] {
			if d[i], err = time.ParseDuration(cell); err != nil {
				t.Fatal(err)
			}
		}
		out[row[0]] = Service{Screen: d[0], TakeEach: d[1], TakeOnce: d[2], SettleEach: d[3], SettleOnce: d[4], Bus: d[5]}
	}
	return out
}

// plans are the rows of the table in docs/scale.md.
var plans = []struct {
	installation   string
	rate           float64
	workers, cores int
}{
	{"sqlite, 12k entities", 1000, 1, 2},
	{"sqlite, 12k entities", 5000, 1, 2},
	{"sqlite, 12k entities", 10000, 1, 2},
	{"postgres, 12k entities", 5000, 2, 2},
	{"postgres, 12k entities", 10000, 2, 4},
	{"postgres, 12k entities", 10000, 4, 4},
	{"postgres, 12k entities", 3473, 2, 2},  // 100 million customers in a night of eight hours
	{"postgres, 12k entities", 13473, 4, 4}, // the same night, beside 10,000 payments a second
	{"postgres, 1M entities", 3473, 2, 4},
	{"postgres, 1M entities", 13473, 8, 4},
	{"postgres, 1M entities", 5000, 2, 4},
	{"postgres, 1M entities", 10000, 4, 4},
	{"postgres, 1M entities", 10000, 8, 4},
}

// TestPlan holds the table of plans: what the measured times come to, by the
// queueing model, at rates that this machine cannot be given.
func TestPlan(t *testing.T) {
	by := services(t)
	var b strings.Builder
	b.WriteString("installation            rows/s  workers  cores  kept  ack p50/p99 ms  answer p50/p99 ms  database  cores busy\n")
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	for _, p := range plans {
		s, ok := by[p.installation]
		if !ok {
			t.Fatalf("no measured times for %q", p.installation)
		}
		o := Simulate(Plan{Service: s, Rate: p.rate, Workers: p.workers, Cores: p.cores}, 20*time.Second, 1)
		kept := "yes"
		if !o.Kept {
			kept = "no"
		}
		fmt.Fprintf(&b, "%-23s %6.0f  %7d  %5d  %-4s  %6.0f /%6.0f  %8.0f /%8.0f  %7.0f%%  %9.0f%%\n", p.installation, p.rate, p.workers, p.cores, kept,
			ms(o.AckHalf), ms(o.Ack99), ms(o.AnswerHalf), ms(o.Answer99), 100*o.Database, 100*o.Busy)
	}
	const file = "testdata/plan.txt"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Fatalf("%s is stale (%v); write it with -update and put it into docs/scale.md:\n%s", file, err, &b)
	}
	doc, err := os.ReadFile("../docs/scale.md")
	if err != nil || !strings.Contains(string(doc), b.String()) {
		t.Fatalf("docs/scale.md does not hold the table (%v)", err)
	}
}

// The model does what queueing theory says of simple cases.
func TestSimulate(t *testing.T) {
	service := Service{Screen: 100 * time.Microsecond, TakeEach: 10 * time.Microsecond, TakeOnce: time.Millisecond,
		SettleEach: 10 * time.Microsecond, SettleOnce: time.Millisecond}
	run := func(rate float64, workers, cores int) Outcome {
		return Simulate(Plan{Service: service, Rate: rate, Workers: workers, Cores: cores}, 10*time.Second, 7)
	}
	for _, tt := range []struct {
		name           string
		rate           float64
		workers, cores int
		kept           bool
	}{
		{"well below what two cores screen, 20,000 a second", 5000, 1, 2, true},
		{"above it", 25_000, 1, 2, false},
		{"more cores, but the database's writer takes 45,000 rows a second at most", 25_000, 2, 2, true},
		{"above that", 60_000, 8, 8, false},
	} {
		o := run(tt.rate, tt.workers, tt.cores)
		if o.Kept != tt.kept {
			t.Errorf("%s: %+v", tt.name, o)
		}
		if want := tt.rate * float64(service.Screen) / float64(time.Second) / float64(tt.workers*tt.cores); tt.kept && (o.Busy < .9*want || o.Busy > 1.1*want) {
			t.Errorf("%s: the cores are busy %.2f of the time, want %.2f", tt.name, o.Busy, want)
		}
	}
	if slow, fast := run(100, 1, 2), run(5000, 1, 2); slow.AckHalf < wait/2 || slow.AckHalf > 2*wait || fast.Ack99 < fast.AckHalf {
		t.Errorf("a lone row waits for the group's moment: %s, %s", slow.AckHalf, fast.Ack99)
	}
	if a, b := run(3000, 1, 2), run(3000, 1, 2); a != b {
		t.Error("the same seed gives two outcomes")
	}
}
