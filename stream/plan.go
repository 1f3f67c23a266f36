package stream

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"article41/queue"
)

// Service is what the parts of an installation take, as measured: the input of a
// plan.
type Service struct {
	Screen     time.Duration // CPU of one row's screening
	TakeEach   time.Duration // of a row in an intake's commit
	TakeOnce   time.Duration // of an intake's commit itself
	SettleEach time.Duration // of a row in a commit of answers
	SettleOnce time.Duration // of that commit itself
	Bus        time.Duration // from the commit to a worker
}

// Plan is an installation to think about.
type Plan struct {
	Service
	Rate    float64 // rows a second that arrive, as a Poisson process
	Workers int     // programs that screen
	Cores   int     // of each
}

// Outcome is how a plan would do.
type Outcome struct {
	Done           float64       // rows answered a second
	AckHalf, Ack99 time.Duration // from a row's arrival to its acknowledgement
	AnswerHalf     time.Duration // from a row's arrival to its committed answer
	Answer99       time.Duration
	Database, Busy float64 // share of the time that the database's writer, and the workers' cores, are busy
	Kept           bool    // the rows waiting do not grow without end
}

// Simulate runs a plan for a while of its own time. The database writes one commit
// at a time; a group is gathered until it has queue.MaxRows rows or for the time
// that the real one waits; a worker screens one group while it commits another.
// The seed makes the arrivals; the same seed gives the same outcome.
//
// What it leaves out: failures, other users of the machines, and that commits of
// PostgreSQL overlap, so a real cluster does no worse than its plan.
func Simulate(p Plan, span time.Duration, seed uint64) Outcome {
	random := rand.New(rand.NewPCG(seed, 41))
	var arrivals []time.Duration
	for t := time.Duration(0); ; {
		t += time.Duration(random.ExpFloat64() / p.Rate * float64(time.Second))
		if t >= span {
			break
		}
		arrivals = append(arrivals, t)
	}
	s := simulation{plan: p}
	free := make(times, p.Workers) // when each worker can fetch
	heap.Init(&free)
	// Intake and work use one database; its commits are made in the order in which
	// they become ready, which both loops below keep by stepping whichever is next.
	var waiting []row
	for i := 0; i < len(arrivals) || len(waiting) > 0; {
		fetch := time.Duration(math.MaxInt64)
		if len(waiting) > 0 {
			fetch = max(free[0], waiting[0].ready)
		}
		if i < len(arrivals) && max(arrivals[i], s.intakeFree) <= fetch {
			n, ready := gatherUntil(arrivals[i:], max(arrivals[i], s.intakeFree))
			done := s.commit(ready, p.TakeOnce, p.TakeEach, n)
			s.intakeFree = done
			for _, at := range arrivals[i : i+n] {
				s.acks = append(s.acks, done-at)
				waiting = append(waiting, row{at, done + p.Bus})
			}
			i += n
			continue
		}
		n := 0
		for n < len(waiting) && n < queue.MaxRows && waiting[n].ready <= fetch+wait {
			n++
		}
		begin := fetch
		if n < queue.MaxRows {
			begin = fetch + wait // it waited for more
		}
		screened := begin + p.Screen*time.Duration(n)/time.Duration(p.Cores)
		s.cores += p.Screen * time.Duration(n)
		done := s.commit(screened, p.SettleOnce, p.SettleEach, n)
		for _, r := range waiting[:n] {
			s.answers = append(s.answers, done-r.arrived)
		}
		waiting = waiting[n:]
		free[0] = screened // the next group is screened while this one is committed
		heap.Fix(&free, 0)
		s.end = max(s.end, done)
	}
	return s.outcome(len(arrivals), span)
}

type row struct{ arrived, ready time.Duration }

type simulation struct {
	plan       Plan
	database   time.Duration // when it is free
	written    time.Duration // in which it was busy
	cores      time.Duration // in which workers were busy, over all cores
	intakeFree time.Duration
	acks       []time.Duration
	answers    []time.Duration
	end        time.Duration
}

func (s *simulation) commit(ready, once, each time.Duration, n int) time.Duration {
	cost := once + each*time.Duration(n)
	s.database = max(s.database, ready) + cost
	s.written += cost
	return s.database
}

// gatherUntil is how many rows come together after from, and when they do.
func gatherUntil(arrivals []time.Duration, from time.Duration) (n int, ready time.Duration) {
	for n < len(arrivals) && n < queue.MaxRows && arrivals[n] <= from+wait {
		n++
	}
	if n == queue.MaxRows {
		return n, max(from, arrivals[n-1])
	}
	return n, from + wait
}

func (s *simulation) outcome(rows int, span time.Duration) Outcome {
	whole := max(s.end, span)
	slices.Sort(s.acks)
	slices.Sort(s.answers)
	at := func(d []time.Duration, share float64) time.Duration {
		if len(d) == 0 {
			return 0
		}
		return d[int(float64(len(d)-1)*share)]
	}
	return Outcome{
		Done:    float64(rows) / whole.Seconds(),
		AckHalf: at(s.acks, .5), Ack99: at(s.acks, .99), AnswerHalf: at(s.answers, .5), Answer99: at(s.answers, .99),
		Database: float64(s.written) / float64(whole),
		Busy:     float64(s.cores) / float64(whole) / float64(s.plan.Workers*s.plan.Cores),
		// What is left after the last arrival is done within a few groups' time.
		Kept: s.end-span < time.Second,
	}
}

// times is a heap of moments.
type times []time.Duration

func (t times) Len() int           { return len(t) }
func (t times) Less(i, j int) bool { return t[i] < t[j] }
func (t times) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *times) Push(x any)        { *t = append(*t, x.(time.Duration)) }
func (t *times) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}
