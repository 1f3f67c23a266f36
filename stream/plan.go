package stream

import (
	"container/heap"
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
// at a time, in the order in which they are asked for; a group is gathered until
// it has queue.MaxRows rows or for the time that the real one waits; a worker
// screens one group while an earlier one is committed. The seed makes the
// arrivals; the same seed gives the same outcome.
//
// What it leaves out: failures, other users of the machines, and that commits of
// PostgreSQL overlap, so a real cluster does no worse than its plan.
func Simulate(p Plan, span time.Duration, seed uint64) Outcome {
	random := rand.New(rand.NewPCG(seed, 41))
	s := &simulation{plan: p, idle: p.Workers}
	for t := time.Duration(0); ; {
		t += time.Duration(random.ExpFloat64() / p.Rate * float64(time.Second))
		if t >= span {
			break
		}
		s.arrivals = append(s.arrivals, t)
	}
	rows := len(s.arrivals)
	s.gather(0)
	for s.events.Len() > 0 {
		e := heap.Pop(&s.events).(event)
		s.end = max(s.end, e.at)
		e.do(e.at)
	}
	return s.outcome(rows, span)
}

// simulation is a plan under way: events in the order of their time, each with
// what happens then.
type simulation struct {
	plan     Plan
	events   events
	made     int             // events so far, for the order of those at one time
	arrivals []time.Duration // of rows not yet taken in
	waiting  []time.Duration // when the rows that workers may fetch arrived
	idle     int             // workers
	fetching int             // idle workers that wait for a group to fill
	free     time.Duration   // when the database is
	written  time.Duration   // in which it was busy
	cores    time.Duration   // in which workers were busy, over all cores
	acks     []time.Duration
	answers  []time.Duration
	end      time.Duration
}

func (s *simulation) at(t time.Duration, do func(time.Duration)) {
	s.made++
	heap.Push(&s.events, event{t, s.made, do})
}

// commit asks the database for one, and goes on when it is done.
func (s *simulation) commit(now, once, each time.Duration, n int, then func(time.Duration)) {
	cost := once + each*time.Duration(n)
	s.free = max(s.free, now) + cost
	s.written += cost
	s.at(s.free, then)
}

// gather waits for the next rows, takes them in, and begins again.
func (s *simulation) gather(now time.Duration) {
	if len(s.arrivals) == 0 {
		return
	}
	from := max(now, s.arrivals[0])
	n := 0
	for n < len(s.arrivals) && n < queue.MaxRows && s.arrivals[n] <= from+wait {
		n++
	}
	ready := from + wait
	if n == queue.MaxRows {
		ready = max(from, s.arrivals[n-1])
	}
	group := s.arrivals[:n]
	s.arrivals = s.arrivals[n:]
	s.at(ready, func(now time.Duration) {
		s.commit(now, s.plan.TakeOnce, s.plan.TakeEach, n, func(now time.Duration) {
			for _, arrived := range group {
				s.acks = append(s.acks, now-arrived)
			}
			s.at(now+s.plan.Bus, func(now time.Duration) {
				s.waiting = append(s.waiting, group...)
				s.dispatch(now)
			})
			s.gather(now)
		})
	})
}

// dispatch has idle workers fetch what waits: at once where a group is full, else
// after waiting for more.
func (s *simulation) dispatch(now time.Duration) {
	for s.idle > 0 && len(s.waiting) >= queue.MaxRows {
		s.idle--
		s.screen(now)
	}
	if s.idle > s.fetching && len(s.waiting) > 0 && s.fetching == 0 {
		s.fetching++
		s.at(now+wait, func(now time.Duration) {
			s.fetching--
			if s.idle > 0 && len(s.waiting) > 0 {
				s.idle--
				s.screen(now)
			}
			s.dispatch(now)
		})
	}
}

// screen has a worker screen a group and hand its answers to the database.
func (s *simulation) screen(now time.Duration) {
	n := min(len(s.waiting), queue.MaxRows)
	group := s.waiting[:n]
	s.waiting = s.waiting[n:]
	cost := s.plan.Screen * time.Duration(n)
	s.cores += cost
	s.at(now+cost/time.Duration(s.plan.Cores), func(now time.Duration) {
		s.idle++
		s.commit(now, s.plan.SettleOnce, s.plan.SettleEach, n, func(now time.Duration) {
			for _, arrived := range group {
				s.answers = append(s.answers, now-arrived)
			}
		})
		s.dispatch(now)
	})
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

// event is something that happens at a time.
type event struct {
	at    time.Duration
	order int
	do    func(now time.Duration)
}

// events is a heap of them.
type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}
