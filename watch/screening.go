package watch

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"article41/account"
	"article41/policy"
	"article41/record"
	"article41/screen"
	"article41/shelf"
)

// Desk keeps customers and alerts on a shelf. It is safe for concurrent use: one
// screening runs at a time, and decisions do not wait for it.
type Desk struct {
	shelf  shelf.Store
	vault  *account.Vault
	policy policy.Policy
	used   policy.Used

	run    sync.Mutex // held by a screening
	base   *base      // under run; nil: not loaded
	memory *memory    // under run

	mu     sync.Mutex
	alerts *alerts // nil: not read yet
}

// New is the desk on a shelf. It reads nothing yet.
func New(s shelf.Store, v *account.Vault, p policy.Policy) *Desk {
	return &Desk{shelf: s, vault: v, policy: p, used: p.Used()}
}

// Policy is the desk's.
func (d *Desk) Policy() policy.Policy { return d.policy }

// Progress is how far a long work has come.
type Progress struct {
	Doing string
	Done  int
	Of    int // 0: not known
}

// Screened is what a screening did.
type Screened struct {
	Mark      Mark `json:"mark"`
	Entries   int  `json:"entries_changed"`   // entries that were screened again
	Standing  int  `json:"standing_changed"`  // entries that only stand otherwise
	Touched   int  `json:"customers_touched"` // customers that those could mean, compared one by one
	Customers int  `json:"customers"`         // new or changed ones, or all: screened against every entry
	Opened    int  `json:"opened"`
	Reopened  int  `json:"reopened"`
	Changed   int  `json:"changed"` // alerts of which something else changed
}

// state is how far the base is screened: every customer written up to Seq, against
// the entries as remembered.
type state struct {
	Mark      Mark  `json:"mark"`
	Seq       int64 `json:"seq"`
	Customers int   `json:"customers"` // screened since Full began
	Known     int   `json:"known"`     // of the last screening that reached the end
	Full      bool  `json:"full,omitempty"`
}

const (
	stateKind shelf.Kind = "watch"
	printKind shelf.Kind = "watch-entries"
	screened  shelf.ID   = "screened"
)

func (d *Desk) states() shelf.Drawer[state] {
	return shelf.Drawer[state]{Store: d.shelf, Kind: stateKind}
}

// mark is what the lists rest on, under the desk's policy.
func (d *Desk) mark(l Lists) Mark {
	m := l.Mark()
	m.Policy, m.Digest, m.Threshold = d.used.Title(), d.used.Digest, d.Threshold()
	for _, id := range d.policy.Lists {
		if m.list(id) == nil {
			m.Missing = append(m.Missing, id)
		}
	}
	return m
}

// Full makes the next screening one of every customer against every entry. It can
// be killed: the next one goes on where it was.
func (d *Desk) Full(ctx context.Context) error {
	d.run.Lock()
	defer d.run.Unlock()
	st, version, err := d.states().Read(ctx, screened)
	if errors.Is(err, record.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	st.Seq, st.Customers, st.Full = 0, 0, true
	_, err = d.shelf.Write(ctx, d.states().Change(screened, version, st))
	return err
}

// Screen brings the alerts up to the lists: first what changed in the lists is
// held against the customers it can touch, then customers that are new or changed
// since, or all if the engine or the policy is another, against every entry. Its
// work is written page by page, so that after a kill the next call goes on. say,
// if not nil, is told how far it is.
func (d *Desk) Screen(ctx context.Context, l Lists, now time.Time, say func(Progress)) (Screened, error) {
	d.run.Lock()
	defer d.run.Unlock()
	if say == nil {
		say = func(Progress) {}
	}
	out := Screened{Mark: d.mark(l)}
	for tries := 0; ; tries++ {
		r := round{Desk: d, lists: l, mark: out.Mark, now: now.UTC().Truncate(time.Millisecond), say: say, out: &out}
		err := r.screen(ctx)
		if err == nil || tries == 8 || !errors.Is(err, record.ErrConflict) {
			return out, err
		}
		// A reviewer or another process wrote what this round read. What it wrote
		// itself stands; the rest is done again.
	}
}

// round is one try of a screening.
type round struct {
	*Desk
	lists   Lists
	mark    Mark
	now     time.Time
	say     func(Progress)
	out     *Screened
	state   state
	version int64

	pending []shelf.Change
	held    map[shelf.ID]bool // alerts in pending
	after   []Alert           // as they will be, once pending is written
	// What pending does, counted when it is written.
	opened, reopened, changed, customers int
}

func (r *round) screen(ctx context.Context) error {
	if err := r.follow(ctx); err != nil {
		return err
	}
	var err error
	r.state, r.version, err = r.states().Read(ctx, screened)
	fresh := errors.Is(err, record.ErrNotFound)
	if err != nil && !fresh {
		return err
	}
	if fresh || !r.state.Mark.rules(r.mark) {
		// Nobody is screened by these rules yet: the entries are remembered as they
		// are, and every customer is a new one.
		r.state = state{Full: true, Known: r.state.Known}
	}
	if !r.state.Mark.same(r.mark) {
		if err := r.listsChanged(ctx); err != nil {
			return err
		}
	}
	return r.customersChanged(ctx)
}

// listsChanged holds what changed in the lists against the customers.
func (r *round) listsChanged(ctx context.Context) error {
	was, versions, err := r.remembered(ctx)
	if err != nil {
		return err
	}
	now, heirs, err := r.printed(was)
	if err != nil {
		return err
	}
	if r.state.Seq > 0 {
		c := was.to(now, heirs)
		r.out.Entries, r.out.Standing = len(c.again), len(c.stand)+len(c.gone)
		if err := r.again(ctx, c.again); err != nil {
			return err
		}
		again := map[screen.SubjectID]bool{}
		for _, id := range c.again {
			again[id] = true
		}
		for _, id := range r.alerted() {
			if !again[id] {
				if err := r.stands(ctx, id); err != nil {
					return err
				}
			}
		}
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	changes := remember(was, now, versions)
	r.state.Mark, r.Desk.memory = r.mark, nil
	if err := r.checkpoint(ctx, changes...); err != nil {
		return err
	}
	r.Desk.memory = &memory{r.version, r.mark, now, heirs, versions}
	return nil
}

// again screens entries against the base: whom their names may mean is looked up,
// and each of those is asked as any customer is.
func (r *round) again(ctx context.Context, ids []screen.SubjectID) error {
	if len(ids) == 0 {
		return nil
	}
	base, err := r.loaded(ctx, r.say)
	if err != nil {
		return err
	}
	entries := make([]Entry, 0, len(ids))
	subjects := make([]screen.Subject, 0, len(ids))
	for _, id := range ids {
		if e, ok := r.lists.Entry(id); ok {
			entries, subjects = append(entries, e), append(subjects, e.Subject)
		}
	}
	r.say(Progress{Doing: "look up whom the changed entries may mean", Of: len(entries)})
	touched := r.touched(base, entries)
	r.out.Touched = len(touched)
	met := asked(screen.Build(subjects), base, touched, r.Threshold())
	byID := map[screen.SubjectID]Entry{}
	for _, e := range entries {
		byID[e.Subject.ID] = e
	}
	done := map[AlertID]bool{}
	for _, f := range met {
		if !r.searches(f.hit.ID) {
			continue
		}
		done[alertID(f.customer, f.hit.ID)] = true
		if err := r.revise(ctx, f.customer, byID[f.hit.ID], &f); err != nil {
			return err
		}
	}
	// Alerts on these entries whose customers do not meet them any more.
	for _, e := range entries {
		for _, a := range r.on(e.Subject.ID) {
			if !done[a.ID] {
				if err := r.revise(ctx, a.Customer, e, nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// touched are the customers that entries may mean.
func (r *round) touched(b *base, entries []Entry) []screen.SubjectID {
	found := make([][]screen.SubjectID, len(entries))
	parallel(len(entries), func(i int) { found[i] = b.index.Reverse(entries[i].Subject, r.Threshold()) })
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b screen.SubjectID) int { return strings.Compare(string(a), string(b)) })
	return slices.Compact(all)
}

// asked asks the entries' index for each of the customers.
func asked(ix *screen.Index, b *base, customers []screen.SubjectID, threshold float64) []finding {
	found := make([][]finding, len(customers))
	parallel(len(customers), func(i int) {
		s, ok := b.index.Subject(customers[i])
		if !ok {
			return
		}
		q := asks(s)
		q.Threshold = threshold
		for _, h := range ix.Search(q) {
			found[i] = append(found[i], finding{customerKey(customers[i]), q, h, ix.Explain(q, h.ID).Query})
		}
	})
	return slices.Concat(found...)
}

// parallel calls f for 0…n-1 on all processors.
func parallel(n int, f func(int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// on are the alerts on an entry, as held in memory.
func (d *Desk) on(id screen.SubjectID) (out []Alert) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range d.alerts.byEntry[id] {
		out = append(out, d.alerts.all[x])
	}
	return out
}

// about are the alerts on a customer.
func (d *Desk) about(k customerKey) (out []Alert) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range d.alerts.byCustomer[k] {
		out = append(out, d.alerts.all[x])
	}
	return out
}

// stands shows on an entry's alerts that it stands otherwise.
func (r *round) stands(ctx context.Context, id screen.SubjectID) error {
	e, ok := r.lists.Entry(id)
	for _, a := range r.on(id) {
		next := a
		next.Standing = e.Standing
		if !ok {
			next.Meets = false
		}
		next.Does = r.judged(next)
		if err := r.put(ctx, a, next, nil); err != nil {
			return err
		}
	}
	return nil
}

// customersChanged screens the customers written since against every entry.
func (r *round) customersChanged(ctx context.Context) error {
	if err := r.vault.Follow(ctx); err != nil {
		return err
	}
	for {
		items, err := r.shelf.Since(ctx, r.state.Seq, addPage)
		if err != nil {
			return err
		}
		moved := false
		page := items[:0:0]
		for _, it := range items {
			r.state.Seq = max(r.state.Seq, it.Seq)
			if it.Kind == customerKind {
				page, moved = append(page, it), true
			}
		}
		if moved {
			if err := r.page(ctx, page); err != nil {
				return err
			}
		}
		end := len(items) < addPage
		if end && r.state.Full {
			r.state.Known, r.state.Full, moved = r.state.Customers, false, true
		}
		if moved || !end || len(items) > 100 {
			if err := r.checkpoint(ctx); err != nil {
				return err
			}
			if r.state.Full {
				r.say(Progress{Doing: "screen customers", Done: r.state.Customers, Of: max(r.state.Known, r.state.Customers)})
			} else {
				r.say(Progress{Doing: "screen new and changed customers", Done: r.out.Customers})
			}
		}
		if end {
			return nil
		}
	}
}

// page screens customers against every entry.
func (r *round) page(ctx context.Context, items []shelf.Item) error {
	if err := r.learn(ctx, items); err != nil {
		return err
	}
	found := make([][]finding, len(items))
	errs := make([]error, len(items))
	parallel(len(items), func(i int) {
		if items[i].Gone {
			return
		}
		s, ok, err := r.subjectOf(ctx, items[i])
		if err != nil || !ok {
			errs[i] = err
			return
		}
		q := asks(s)
		q.Threshold = r.Threshold()
		for _, h := range r.lists.Search(q) {
			f := finding{customer: customerKey(items[i].ID), query: q, hit: h}
			if h.Match {
				f.asked = r.lists.Explain(q, h.ID).Query
			}
			found[i] = append(found[i], f)
		}
	})
	for i, it := range items {
		if errs[i] != nil {
			return errs[i]
		}
		done := map[screen.SubjectID]bool{}
		for _, f := range found[i] {
			e, ok := r.lists.Entry(f.hit.ID)
			if !ok || !r.searches(f.hit.ID) {
				continue
			}
			done[f.hit.ID] = true
			if err := r.revise(ctx, customerKey(it.ID), e, &f); err != nil {
				return err
			}
		}
		for _, a := range r.about(customerKey(it.ID)) {
			if done[a.Entry] {
				continue
			}
			e, _ := r.lists.Entry(a.Entry)
			e.Subject.ID = a.Entry
			if err := r.revise(ctx, a.Customer, e, nil); err != nil {
				return err
			}
		}
	}
	r.state.Customers += len(items)
	r.customers += len(items)
	return nil
}

// revise brings the alert of a customer and an entry up to what was found; nil:
// the customer does not meet the entry.
func (r *round) revise(ctx context.Context, k customerKey, e Entry, f *finding) error {
	if f != nil && !f.hit.Match {
		f = nil // the name met, what stands beside it speaks against
	}
	r.mu.Lock()
	was, held := r.alerts.all[alertID(k, e.Subject.ID)]
	r.mu.Unlock()
	if !held && (f == nil || !e.Standing.Alive) {
		return nil
	}
	next := was
	next.Standing, next.Meets = e.Standing, f != nil
	if e.Caption != "" {
		next.Caption = e.Caption
	}
	if !held {
		next = Alert{ID: alertID(k, e.Subject.ID), Customer: k, Entry: e.Subject.ID, Caption: e.Caption, State: Open, Why: "new",
			Meets: true, Standing: e.Standing}
	}
	if f != nil {
		next.Score, next.Class, next.Evidence = f.hit.Score, f.hit.Class, r.commitment(*f)
		if next.State == Merged && e.Standing.Alive {
			next.State, next.Into = Open, "" // its reference is used again
		}
	}
	next.Does = r.judged(next)
	var kin []Alert
	if f != nil {
		var former []customerKey
		c, _, err := r.customer(ctx, k)
		if err != nil && !errors.Is(err, account.ErrErased) && !errors.Is(err, record.ErrNotFound) {
			return err
		}
		for _, id := range c.Former {
			former = append(former, r.key(id))
		}
		kin = r.kin(k, former, e)
		for _, o := range kin {
			next.carry(o)
		}
	}
	if err := r.put(ctx, was, next, f); err != nil {
		return err
	}
	for _, o := range kin {
		if o.Customer == k && o.State != Merged && o.Entry != e.Subject.ID && e.Standing.Alive {
			if other, ok := r.lists.Entry(o.Entry); ok && other.Standing.Alive {
				continue // it is named as an earlier reference, and lives on
			}
			into := o
			into.State, into.Into, into.Why = Merged, next.ID, ""
			if err := r.put(ctx, o, into, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// pendingAlerts is how many alerts are written at once: little enough that a
// decision does not wait for them.
const pendingAlerts = 500

// put writes an alert if it changed. The change is made from the alert as it lies
// on the shelf; if that is another than was, a reviewer was here: conflict.
func (r *round) put(ctx context.Context, was, next Alert, f *finding) error {
	next.settle()
	if was.ID != "" && sameAlert(was, next) {
		return nil
	}
	if r.held[shelf.ID(next.ID)] || len(r.pending) >= pendingAlerts {
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	var version int64
	var e Evidence
	if was.ID != "" {
		kept, v, err := r.drawer().Read(ctx, shelf.ID(next.ID))
		if err != nil {
			return err
		}
		if !sameAlert(kept, was) {
			return fmt.Errorf("%w: alert %s", record.ErrConflict, next.ID)
		}
		version, next.Sealed = v, kept.Sealed
	}
	seen := Seen{At: r.now, Position: r.mark.Position, Policy: r.mark.Policy, Digest: r.mark.Digest, Engine: r.mark.Engine}
	list, _, _ := strings.Cut(string(next.Entry), ":")
	if v := r.mark.list(record.SourceID(list)); v != nil {
		seen.Version = v.String()
	}
	next.Changed = seen
	if was.ID == "" {
		next.Opened = seen
	}
	if f != nil && (was.ID == "" || next.Evidence != was.Evidence) {
		c, _, err := r.customer(ctx, next.Customer)
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, account.ErrErased) {
			return nil // removed while it was screened: there is nobody to alert about
		}
		if err != nil {
			return err
		}
		if was.ID != "" {
			if e, _, err = r.evidence(ctx, next); err != nil {
				return err
			}
		}
		e.CustomerID, e.Customer, e.Asked, e.Matched = c.ID, c.Name, f.asked, f.hit.Matched
		e.For, e.Against = f.hit.For, f.hit.Against
		if err := r.reasons(ctx, next, &e); err != nil {
			return err
		}
		if err := r.seal(ctx, &next, e); errors.Is(err, account.ErrErased) {
			return nil
		} else if err != nil {
			return err
		}
	}
	switch {
	case was.ID == "" && next.Waits():
		r.opened++
	case was.ID != "" && !was.Waits() && next.Waits():
		r.reopened++
	default:
		r.changed++
	}
	if r.held == nil {
		r.held = map[shelf.ID]bool{}
	}
	r.held[shelf.ID(next.ID)] = true
	r.pending = append(r.pending, r.drawer().Change(shelf.ID(next.ID), version, next))
	r.after = append(r.after, next)
	return nil
}

// reasons brings the reasons of decisions that came over.
func (r *round) reasons(ctx context.Context, a Alert, e *Evidence) error {
	for _, d := range a.Decisions {
		if d.From == "" || d.From == fromWhitelist {
			continue
		}
		o, _, err := r.drawer().Read(ctx, shelf.ID(d.From))
		if errors.Is(err, record.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		there, _, err := r.evidence(ctx, o)
		if err != nil {
			return err
		}
		for _, x := range there.Reasons {
			if !slices.ContainsFunc(e.Reasons, func(y Reason) bool { return x.By == y.By && x.At.Equal(y.At) && x.Says == y.Says }) {
				e.Reasons = append(e.Reasons, x)
			}
		}
	}
	return nil
}

// sameAlert says whether two states of an alert differ in nothing that is shown.
func sameAlert(a, b Alert) bool {
	return a.State == b.State && a.Into == b.Into && a.Why == b.Why && a.Meets == b.Meets && a.Does == b.Does && a.Caption == b.Caption && a.Score == b.Score &&
		a.Class == b.Class && a.Evidence == b.Evidence && len(a.Decisions) == len(b.Decisions) && digest(a.Standing) == digest(b.Standing)
}

// flush writes the alerts that wait.
func (r *round) flush(ctx context.Context, more ...shelf.Change) error {
	if len(r.pending)+len(more) > 0 {
		if _, err := r.shelf.Write(ctx, append(r.pending, more...)...); err != nil {
			return err
		}
	}
	r.mu.Lock()
	for _, a := range r.after {
		r.alerts.put(a)
	}
	r.mu.Unlock()
	r.pending, r.after, r.held = nil, nil, nil
	r.out.Opened, r.out.Reopened, r.out.Changed, r.out.Customers = r.out.Opened+r.opened, r.out.Reopened+r.reopened, r.out.Changed+r.changed, r.out.Customers+r.customers
	r.opened, r.reopened, r.changed, r.customers = 0, 0, 0, 0
	return nil
}

// checkpoint writes what waits and, in the same write, how far the screening is.
func (r *round) checkpoint(ctx context.Context, more ...shelf.Change) error {
	if err := r.flush(ctx, append(more, r.states().Change(screened, r.version, r.state))...); err != nil {
		return err
	}
	if r.memory != nil && r.memory.version == r.version {
		r.memory.version++
	}
	r.version++
	return nil
}
