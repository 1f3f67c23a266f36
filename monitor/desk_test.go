package monitor_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/date"
	"article41/monitor"
	"article41/postgrestest"
	"article41/record"
	"article41/shelf"
	"article41/sqlite"
)

var noon = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

// ledger is a ledger that keeps the last version.
type ledger struct {
	ins   map[record.IncidentID]record.Incident
	fs    map[record.IncidentID][]record.Finding
	fail  error
	taken *monitor.Taken // of the findings
}

func (l *ledger) Last(ctx context.Context, day date.Day, id record.IncidentID) (record.Incident, *monitor.Taken, error) {
	in, _, err := l.Published(ctx, day, id)
	return in, nil, err
}

func (l *ledger) LastFinding(_ context.Context, _ date.Day, id record.FindingID) (record.Finding, *monitor.Taken, error) {
	for _, fs := range l.fs {
		for _, f := range fs {
			if f.ID == id {
				return f, l.taken, nil
			}
		}
	}
	return record.Finding{}, nil, fmt.Errorf("%w: %s", record.ErrNotFound, id)
}

func (l *ledger) Publish(_ context.Context, _ time.Time, _ date.Day, ins []record.Incident, fs []record.Finding) error {
	if l.fail != nil {
		return l.fail
	}
	for _, in := range ins {
		l.ins[in.ID] = in
		if fs != nil {
			l.fs[in.ID] = fs
		}
	}
	return nil
}

func (l *ledger) Withdraw(context.Context, time.Time, date.Day, []record.FactID, string) error {
	return l.fail
}

func (l *ledger) Published(_ context.Context, _ date.Day, id record.IncidentID) (record.Incident, []record.Finding, error) {
	in, ok := l.ins[id]
	if !ok {
		return in, nil, fmt.Errorf("%w: %s", record.ErrNotFound, id)
	}
	return in, l.fs[id], nil
}

func newDesk(t *testing.T) (*monitor.Desk, *ledger, shelf.Store) {
	t.Helper()
	s, keys := postgrestest.Open(t, sqlite.Memory), postgrestest.Open(t, sqlite.Memory)
	l := &ledger{ins: map[record.IncidentID]record.Incident{}, fs: map[record.IncidentID][]record.Finding{}}
	return &monitor.Desk{Shelf: s.Shelf(), Vault: account.NewVault(keys.Shelf(), account.Master{1}, rand.Reader), Ledger: l, Random: rand.Reader}, l, s.Shelf()
}

func as(id string, roles ...account.Role) context.Context {
	return account.With(context.Background(), account.Person{ID: id, Name: id, Roles: roles})
}

func number(n int) *int { return &n }

func sample() record.Incident {
	return record.Incident{ID: "sample-1", Title: "A sample", When: date.Exactly(date.MustDay("2024-05-02")),
		Place: record.IncidentPlace{Name: "Somewhere", Country: "MLI", Precision: "town"}, Acts: []string{"killing"},
		Actors: []record.Actor{{ID: "a", Name: "armed men", Role: "unidentified"}},
		Claims: []record.Testimony{{ID: "c1", Claim: record.Claim{About: "people killed", Says: "at least 3 were killed", Speaker: "a village head", Hedge: record.Reported, Source: "interview 1", Sure: record.Verified}, Counts: "killed", Low: number(3)}},
		Cites:  []record.Cite{{Source: "interview 1", Sure: record.Verified}}}
}

func TestADraftIsReviewedByASecondPersonAndPublished(t *testing.T) {
	d, l, _ := newDesk(t)
	ann, ben := as("u-ann", account.Publisher), as("u-ben", account.Publisher)
	x, err := d.Save(ann, noon, monitor.Draft{Incident: sample()}, &monitor.Withheld{Names: []string{"Zoubeida Test"}, Notes: "the witness lives nearby"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Publish(ann, noon, x.ID, x.Version); !errors.Is(err, record.ErrConflict) {
		t.Errorf("published without review: %v", err)
	}
	if x, err = d.Submit(ann, noon, x.ID, x.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Review(ann, noon, x.ID, x.Version, true, ""); !errors.Is(err, monitor.ErrDenied) {
		t.Errorf("reviewed by its writer: %v", err)
	}
	if _, err := d.Review(as("u-red", account.Reader), noon, x.ID, x.Version, true, ""); !errors.Is(err, monitor.ErrDenied) {
		t.Errorf("reviewed by a reader: %v", err)
	}
	if x, err = d.Review(ben, noon, x.ID, x.Version, true, "read twice"); err != nil {
		t.Fatal(err)
	}
	if x, err = d.Publish(ben, noon, x.ID, x.Version); err != nil {
		t.Fatal(err)
	}
	if l.ins["sample-1"].Title != "A sample" || x.State != monitor.Published || len(x.Log) != 4 {
		t.Errorf("%+v, %d steps", l.ins, len(x.Log))
	}
	again, err := d.Draft(ann, x.ID)
	if err != nil || again.Withheld == nil || again.Withheld.Names[0] != "Zoubeida Test" {
		t.Errorf("what is withheld was lost: %+v, %v", again.Withheld, err)
	}
}

func TestWhatIsNotPublished(t *testing.T) {
	for _, c := range []struct {
		why    string
		change func(*record.Incident)
		want   string
	}{
		{"without a source", func(in *record.Incident) { in.Cites = nil }, "no source"},
		{"a claim without a source", func(in *record.Incident) { in.Claims[0].Source = "" }, "source"},
		{"low above high", func(in *record.Incident) { in.Claims[0].High = number(2) }, "low may not be above high"},
		{"best above high", func(in *record.Incident) {
			in.Claims[0].Low, in.Claims[0].Best, in.Claims[0].High = nil, number(9), number(2)
		}, "best may not be above high"},
		{"a day to come", func(in *record.Incident) { in.When = date.Exactly(date.MustDay("2030-01-01")) }, "future"},
		{"a hedge that is none", func(in *record.Incident) { in.Claims[0].Hedge = "sure" }, "hedge"},
		{"a place off the earth", func(in *record.Incident) { x, y := 91.0, 0.0; in.Place.Lat, in.Place.Lon = &x, &y }, "-90 to 90"},
		{"a path as evidence", func(in *record.Incident) {
			in.Evidence = []record.Evidence{{ID: "e", Title: "t", SHA256: record.Digest{1}, Layer: record.LayerPublic, Ref: "../../etc/passwd"}}
		}, "path"},
		{"withheld evidence in the open part", func(in *record.Incident) {
			in.Evidence = []record.Evidence{{ID: "e", Title: "t", SHA256: record.Digest{1}, Layer: record.LayerWithheld}}
		}, "not published"},
		{"a withheld name in the open part", func(in *record.Incident) { in.Summary = "told by ZOUBÉIDA  Test" }, "withheld name"},
	} {
		d, _, _ := newDesk(t)
		ann := as("u-ann", account.Publisher)
		in := sample()
		c.change(&in)
		x, err := d.Save(ann, noon, monitor.Draft{Incident: in}, &monitor.Withheld{Names: []string{"Zoubeida Test"}})
		if err != nil {
			t.Fatalf("%s: a draft may be wrong for now: %v", c.why, err)
		}
		if _, err = d.Submit(ann, noon, x.ID, x.Version); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.why, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "Zoubeida") {
			t.Errorf("%s: the refusal tells the withheld name", c.why)
		}
		if kept, err := d.Draft(ann, x.ID); err != nil || kept.State != monitor.Drafting {
			t.Errorf("%s: the draft is lost: %v", c.why, err)
		}
	}
}

// Days that contradict each other cannot even be kept.
func TestADraftWhoseDaysContradictEachOther(t *testing.T) {
	d, _, _ := newDesk(t)
	in := sample()
	in.When = date.About{From: date.MustDay("2024-05-02"), To: date.MustDay("2024-05-01")}
	if _, err := d.Save(as("u-ann", account.Editor), noon, monitor.Draft{Incident: in}, nil); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "before it begins") {
		t.Errorf("%v", err)
	}
}

func TestThePublishedIsChangedByAnErratumOnly(t *testing.T) {
	d, l, _ := newDesk(t)
	ann, ben := as("u-ann", account.Publisher), as("u-ben", account.Publisher)
	l.ins["sample-1"] = sample()
	in := sample()
	in.Claims[0].Low = number(4)
	x, _ := d.Save(ann, noon, monitor.Draft{Incident: in}, nil)
	if _, err := d.Submit(ann, noon, x.ID, x.Version); err == nil || !strings.Contains(err.Error(), "erratum") {
		t.Errorf("changed in silence: %v", err)
	}
	gone := sample()
	gone.Claims[0].ID = "c2"
	y, _ := d.Save(ann, noon, monitor.Draft{Incident: gone}, nil)
	if _, err := d.Submit(ann, noon, y.ID, y.Version); err == nil || !strings.Contains(err.Error(), "never taken out") {
		t.Errorf("a published claim was taken out: %v", err)
	}
	x, err := d.Save(ann, noon, monitor.Draft{ID: x.ID, Version: x.Version, Incident: in, Why: "miscounted"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func() error{
		func() error { x, err = d.Submit(ann, noon, x.ID, x.Version); return err },
		func() error { x, err = d.Review(ben, noon, x.ID, x.Version, true, ""); return err },
		func() error { x, err = d.Publish(ben, noon, x.ID, x.Version); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.ins["sample-1"].Errata; len(got) != 1 || got[0] != (record.Erratum{On: date.MustDay("2026-11-23"), What: "claims[c1].low", Was: "3", Is: "4", Why: "miscounted", By: "u-ann"}) {
		t.Errorf("the old reading does not show: %+v", got)
	}
}

func TestAStandardOfProofIsNeverRaisedInSilence(t *testing.T) {
	was := record.Finding{ID: "f-1", Title: "t", Text: "x", By: "the team", Level: "credible", Incidents: []record.IncidentID{"sample-1"}, Claims: []string{"c1"}, Cites: []record.Cite{{Source: "s", Sure: record.Verified}}}
	now := was
	now.Level = "reasonable-grounds"
	if ps := monitor.CheckFinding(now, &was, date.Day{}); len(ps) != 1 || ps[0].Field != "raised" {
		t.Errorf("raised in silence: %v", ps)
	}
	now.Raised = []record.LevelChange{{On: date.MustDay("2026-11-23"), From: "credible", To: "reasonable-grounds", Why: "two more witnesses", By: "u-ann"}}
	if ps := monitor.CheckFinding(now, &was, date.Day{}); len(ps) != 0 {
		t.Errorf("raised openly: %v", ps)
	}
	lower := was
	lower.Level = "reported"
	if ps := monitor.CheckFinding(lower, &was, date.Day{}); len(ps) != 0 {
		t.Errorf("lowered: %v", ps)
	}
	named := was
	named.Named = []record.NamedPerson{{Name: "Somebody"}}
	if ps := monitor.CheckFinding(named, nil, date.Day{}); len(ps) != 2 {
		t.Errorf("named without acts and without a word on their reply: %v", ps)
	}
}

func TestADraftTwoPeopleChange(t *testing.T) {
	d, _, _ := newDesk(t)
	ann, ben := as("u-ann", account.Editor), as("u-ben", account.Editor)
	x, _ := d.Save(ann, noon, monitor.Draft{Incident: sample()}, nil)
	if _, err := d.Save(ben, noon, x, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Save(ann, noon, x, nil); !errors.Is(err, record.ErrConflict) {
		t.Errorf("the second overwrote the first: %v", err)
	}
}

// Nothing of a draft lies readable on the shelf, and an erased one is gone.
func TestADraftLiesSealed(t *testing.T) {
	d, _, s := newDesk(t)
	ann := as("u-ann", account.Owner)
	x, err := d.Save(ann, noon, monitor.Draft{Incident: sample()}, &monitor.Withheld{Names: []string{"Zoubeida Test"}})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := d.Receive(context.Background(), noon, monitor.Notice{Sort: "reply", Name: "Zoubeida Test", Text: "I was not there"})
	if err != nil {
		t.Fatal(err)
	}
	items, err := s.Since(context.Background(), 0, 100)
	if err != nil || len(items) != 2 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	for _, it := range items {
		for _, secret := range []string{"Zoubeida", "A sample", "village head", "I was not there", ref} {
			if strings.Contains(string(it.Body), secret) || strings.Contains(string(it.ID), secret) {
				t.Errorf("%s %s holds %q in the open", it.Kind, it.ID, secret)
			}
		}
	}
	if err := d.Erase(ann, x.ID); err != nil {
		t.Fatal(err)
	}
	if y, err := d.Draft(ann, x.ID); err != nil || y.Withheld != nil || y.Incident.Title != "A sample" {
		t.Errorf("after erasure: %+v, %v", y.Withheld, err)
	}
}

func TestANoticeIsAnsweredAndItsLogKept(t *testing.T) {
	d, _, _ := newDesk(t)
	ref, err := d.Receive(context.Background(), noon, monitor.Notice{About: "moura-2022", Sort: "correction", Name: "N", Text: "the day is wrong"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Notices(context.Background()); !errors.Is(err, monitor.ErrDenied) {
		t.Errorf("anybody reads the notices: %v", err)
	}
	if err := d.Answer(as("u-ben", account.Publisher), noon, ref, "we looked again"); err != nil {
		t.Fatal(err)
	}
	n, err := d.Followed(context.Background(), ref)
	if err != nil || n.State != monitor.Answered || n.Answer != "we looked again" || len(n.Log) != 2 {
		t.Errorf("%+v, %v", n, err)
	}
	for _, bad := range []string{"", "x", strings.Repeat("a", 24), ref[:23] + "!"} {
		if _, err := d.Followed(context.Background(), bad); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("reference %q: %v", bad, err)
		}
	}
	for _, n := range []monitor.Notice{{}, {Sort: "reply", Name: "N"}, {Sort: "x", Name: "N", Text: "t"}, {Sort: "reply", Name: strings.Repeat("n", 201), Text: "t"}} {
		if _, err := d.Receive(context.Background(), noon, n); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%+v: %v", n, err)
		}
	}
}

func TestAMergeKeepsBoth(t *testing.T) {
	d, l, _ := newDesk(t)
	two := sample()
	two.ID = "sample-2"
	l.ins["sample-1"], l.ins["sample-2"] = sample(), two
	ben := as("u-ben", account.Publisher)
	if err := d.Merge(ben, noon, "sample-1", "sample-2", "same village, same day"); err != nil {
		t.Fatal(err)
	}
	a, b := l.ins["sample-1"], l.ins["sample-2"]
	if b.Merged != "sample-1" || len(b.Claims) != 1 || len(a.Claims) != 1 || len(a.Errata) != 1 || len(b.Errata) != 1 {
		t.Errorf("%+v\n%+v", a, b)
	}
	if err := d.Merge(ben, noon, "sample-1", "sample-2", "again"); !errors.Is(err, record.ErrConflict) {
		t.Errorf("merged twice: %v", err)
	}
}

func TestALedgerThatRefusesLosesNothing(t *testing.T) {
	d, l, _ := newDesk(t)
	ann, ben := as("u-ann", account.Publisher), as("u-ben", account.Publisher)
	x, _ := d.Save(ann, noon, monitor.Draft{Incident: sample()}, nil)
	x, _ = d.Submit(ann, noon, x.ID, x.Version)
	x, _ = d.Review(ben, noon, x.ID, x.Version, true, "")
	l.fail = errors.New("disk full")
	if _, err := d.Publish(ben, noon, x.ID, x.Version); err == nil {
		t.Fatal("published into nothing")
	}
	if y, err := d.Draft(ann, x.ID); err != nil || y.State != monitor.Accepted {
		t.Errorf("%s, %v", y.State, err)
	}
}
