package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"article41"
	"article41/country"
	"article41/record"
	"article41/watch"
)

// Bounds of a batch: what is uploaded lies in memory only, for as long as it is
// looked at.
const (
	maxUpload  = 8 << 20
	maxRows    = 5_000
	maxJobs    = 20
	jobIdle    = 30 * time.Minute
	jobWorkers = 2 // batches screened at the same time
)

// job is one table that somebody had screened. Its names lie here and nowhere
// else: no address holds them, no disk, no log; forgetting the job forgets them.
type job struct {
	id    string
	owner string // who may see it
	at    record.At
	total int
	stop  context.CancelFunc

	mu      sync.Mutex
	used    time.Time
	rows    []batchRow // in the table's order, as far as they are done
	met     int        // rows that meet an entry listed on the day
	former  int        // rows that meet only entries that were listed
	bad     int
	ignored []string
	failed  error
	done    bool
}

// batchRow is what became of one row.
type batchRow struct {
	Number  int
	ID      string
	Name    string
	Query   article41.Query
	Problem string // why it could not be screened
	Verdict string
	Hits    []batchHit
}

type batchHit struct {
	ID, Caption, Class, Status, Sentence string
	List                                 record.SourceID
	Score                                float64
	Match                                bool
}

// best is the hit that is shown first: of a listed entry, if there is one.
func (r batchRow) best() (batchHit, bool) {
	for _, h := range r.Hits {
		if h.Status == "listed" {
			return h, true
		}
	}
	if len(r.Hits) == 0 {
		return batchHit{}, false
	}
	return r.Hits[0], true
}

// jobs are the batches under way and those looked at.
type jobs struct {
	mu   sync.Mutex
	all  map[string]*job
	slot chan struct{}
}

func newJobs() *jobs { return &jobs{all: map[string]*job{}, slot: make(chan struct{}, jobWorkers)} }

// sweep forgets jobs that nobody looked at for a while.
func (j *jobs) sweep(now time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for id, x := range j.all {
		x.mu.Lock()
		old := now.Sub(x.used) > jobIdle
		x.mu.Unlock()
		if old {
			j.drop(id)
		}
	}
}

// drop forgets a job; j.mu is held.
func (j *jobs) drop(id string) {
	if x := j.all[id]; x != nil {
		x.stop()
		x.mu.Lock()
		x.rows = nil
		x.mu.Unlock()
		delete(j.all, id)
	}
}

// find is the job of an owner; to all others it is not there.
func (j *jobs) find(id, owner string, now time.Time) (*job, error) {
	j.sweep(now)
	j.mu.Lock()
	x := j.all[id]
	j.mu.Unlock()
	if x == nil || x.owner != owner {
		return nil, fmt.Errorf("%w: there is no such batch here: it was erased, or it ended %d minutes after it was last looked at", record.ErrNotFound, int(jobIdle.Minutes()))
	}
	x.mu.Lock()
	x.used = now
	x.mu.Unlock()
	return x, nil
}

// start begins to screen rows in the background.
func (s *site) startJob(owner string, at record.At, rows []watch.Row, ignored []string) (*job, error) {
	now := s.now()
	s.jobs.sweep(now)
	ctx, stop := context.WithCancel(context.Background())
	x := &job{id: rand.Text(), owner: owner, at: at, total: len(rows), stop: stop, used: now, ignored: ignored}
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	if len(s.jobs.all) >= maxJobs {
		stop()
		return nil, fmt.Errorf("%w: %d batches lie here already: erase one, or come back in half an hour", record.ErrConflict, maxJobs)
	}
	s.jobs.all[x.id] = x
	go func() {
		defer stop()
		s.jobs.slot <- struct{}{}
		defer func() { <-s.jobs.slot }()
		x.run(ctx, s.q, rows)
	}()
	return x, nil
}

func (x *job) run(ctx context.Context, q Questions, rows []watch.Row) {
	for _, r := range rows {
		if ctx.Err() != nil {
			return
		}
		out, err := x.screen(ctx, q, r)
		x.mu.Lock()
		if err != nil {
			x.failed, x.done = err, true
			x.mu.Unlock()
			return
		}
		if ctx.Err() == nil {
			x.rows = append(x.rows, out)
			x.count(out)
		}
		x.mu.Unlock()
	}
	x.mu.Lock()
	x.done = true
	x.mu.Unlock()
}

func (x *job) count(r batchRow) {
	h, ok := r.best()
	switch {
	case r.Problem != "":
		x.bad++
	case ok && h.Status == "listed":
		x.met++
	case ok:
		x.former++
	}
}

func (x *job) screen(ctx context.Context, q Questions, r watch.Row) (batchRow, error) {
	out := batchRow{Number: r.Number, ID: string(r.Customer.ID), Name: r.Customer.Name}
	if r.Err != nil {
		out.Problem = r.Err.Error()
		return out, nil
	}
	out.Query = queryOf(r.Customer)
	ans, err := q.Screen(ctx, x.at, out.Query)
	if err != nil {
		if ctx.Err() != nil {
			return out, nil
		}
		if !isInvalid(err) {
			return out, err
		}
		out.Problem = words(err)
		return out, nil
	}
	out.Verdict = ans.Verdict
	for _, h := range ans.Hits {
		out.Hits = append(out.Hits, batchHit{h.ID, h.Caption, h.Class, h.Status, h.Sentence, h.List, h.Score, h.Match})
	}
	return out, nil
}

// queryOf is a row as a question.
func queryOf(c watch.Customer) article41.Query {
	q := article41.Query{Name: c.Name, Names: c.Aliases, Born: c.Born, Gender: c.Gender}
	if c.Kind != 0 {
		q.Kind = c.Kind.String()
	}
	for _, text := range c.Countries {
		if code, err := country.Parse(text); err == nil { // the row was checked
			q.Countries = append(q.Countries, string(code))
		}
	}
	for _, x := range c.Identifiers {
		q.Identifiers = append(q.Identifiers, x.Value)
	}
	if c.IMO != "" {
		q.Identifiers = append(q.Identifiers, c.IMO)
	}
	return q
}

// batchView is a job as it stands at one moment.
type batchView struct {
	ID                            string
	Total, Screened               int
	Met, Former, Bad              int
	Done                          bool
	Failed                        bool
	Ignored                       []string
	Hits, Nothing, Refused        []batchRow
	MoreHits, MoreNothing, Hidden int
}

// shownRows bounds how many rows a page shows; the downloads hold all.
const shownRows = 200

func (x *job) view() batchView {
	x.mu.Lock()
	defer x.mu.Unlock()
	v := batchView{ID: x.id, Total: x.total, Screened: len(x.rows), Met: x.met, Former: x.former, Bad: x.bad, Done: x.done, Failed: x.failed != nil, Ignored: x.ignored}
	var former []batchRow
	for _, r := range x.rows {
		h, ok := r.best()
		switch {
		case r.Problem != "":
			v.Refused = append(v.Refused, r) // none is left out
		case ok && h.Status == "listed":
			v.Hits = append(v.Hits, r)
		case ok:
			former = append(former, r)
		}
	}
	v.Hits = append(v.Hits, former...)
	if n := len(v.Hits); n > shownRows {
		v.MoreHits, v.Hits = n-shownRows, v.Hits[:shownRows]
	}
	return v
}

// first is the page's first line.
func (v batchView) first() string {
	t := ""
	switch {
	case v.Failed:
		t = fmt.Sprintf("The screening stopped after %s of %d.", count(v.Screened, "row", "rows"), v.Total)
	case !v.Done:
		t = fmt.Sprintf("%d of %s screened so far.", v.Screened, count(v.Total, "row", "rows"))
	default:
		t = count(v.Total, "row was", "rows were") + " looked at."
	}
	if v.Met > 0 {
		t += fmt.Sprintf(" %s an entry listed on the day.", count(v.Met, "name meets", "names meet"))
	} else {
		t += " No name met an entry listed on the day."
	}
	if v.Bad > 0 {
		t += fmt.Sprintf(" %s not be screened.", count(v.Bad, "row could", "rows could"))
	}
	return t
}
