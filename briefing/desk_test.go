package briefing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"article41/briefing"
	"article41/record"
	"article41/shelf"
)

func form(i int) briefing.Form {
	return briefing.Form{Name: fmt.Sprintf("Reader %d", i), Email: fmt.Sprintf("r%d@example.org", i), Message: "A fair account.", Rating: "4", Address: fmt.Sprintf("198.51.%d.9:1", i)}
}

// post puts a comment with a proof into the queue.
func post(t testing.TB, d *briefing.Desk, f briefing.Form, now time.Time) briefing.Posted {
	t.Helper()
	c, err := d.Proofs.Challenge(now)
	if err != nil {
		t.Fatal(err)
	}
	if f.Proof, err = briefing.Solve(c); err != nil {
		t.Fatal(err)
	}
	f.ProofAsked = true
	got, err := d.Post(t.Context(), mali, f, now)
	if err != nil || len(got.Faults) > 0 {
		t.Fatalf("%v %v", got.Faults, err)
	}
	return got
}

func judge(t testing.TB, d *briefing.Desk, id briefing.ID, do briefing.Deed, why briefing.Reason, now time.Time) {
	t.Helper()
	q, err := d.One(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Judge(t.Context(), briefing.Judgement{Comment: id, Version: q.Version, Do: do, Reason: why, Note: "words", By: "m1"}, now); err != nil {
		t.Fatal(err)
	}
}

func TestAComment(t *testing.T) {
	d := desk(t)
	p := post(t, d, form(1), noon)
	if n := d.Thread(mali, 1, noon).Count; n != 0 {
		t.Fatalf("%d comments are shown before a moderator saw them", n)
	}
	q := d.Queue()
	if len(q) != 1 || q[0].Message != "A fair account." {
		t.Fatalf("queue: %+v", q)
	}
	judge(t, d, p.ID, briefing.Approve, "", noon)
	th := d.Thread(mali, 1, noon)
	if th.Count != 1 || th.Comments[0].Name != "Reader 1" || th.Rating.Shown || th.Rating.Count != 1 {
		t.Fatalf("thread: %+v", th)
	}
	t.Run("the second moderator is told", func(t *testing.T) {
		err := d.Judge(t.Context(), briefing.Judgement{Comment: p.ID, Version: q[0].Version, Do: briefing.Remove, Reason: "abuse", By: "m2"}, noon)
		if !errors.Is(err, record.ErrConflict) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("removed whole, with a reason its author sees", func(t *testing.T) {
		q, _ := d.One(p.ID)
		if err := d.Judge(t.Context(), briefing.Judgement{Comment: p.ID, Version: q.Version, Do: briefing.Remove, By: "m1"}, noon); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("removed without a reason: %v", err)
		}
		judge(t, d, p.ID, briefing.Remove, "personal-data", noon)
		m, err := d.Mine(p.Token)
		if err != nil || m.State != briefing.Removed || m.Reason != "personal-data" || m.Note != "words" {
			t.Errorf("%+v %v", m, err)
		}
		if d.Thread(mali, 1, noon).Count != 0 {
			t.Error("it is still shown")
		}
	})
	t.Run("an appeal comes back into the queue, first", func(t *testing.T) {
		post(t, d, form(2), noon.Add(-time.Hour))
		if err := d.Appeal(t.Context(), p.Token, "I named nobody.", noon); err != nil {
			t.Fatal(err)
		}
		q := d.Queue()
		if len(q) != 2 || q[0].ID != p.ID || q[0].Appeal != "I named nobody." {
			t.Errorf("queue: %+v", q)
		}
		judge(t, d, p.ID, briefing.Approve, "", noon)
		if d.Thread(mali, 1, noon).Count != 1 {
			t.Error("a granted appeal did not bring it back")
		}
	})
	t.Run("another's link opens nothing", func(t *testing.T) {
		if _, err := d.Mine(string(p.ID) + ".00112233445566778899aabbccddeeff"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
	log, err := d.Log(t.Context(), 99)
	if err != nil || len(log) != 4 {
		t.Errorf("%d lines in the log (%v)", len(log), err)
	}
}

func TestAverages(t *testing.T) {
	d := desk(t)
	for i, r := range []string{"5", "4", "4", "2", "5"} {
		f := form(i)
		f.Rating, f.Clear = r, "3"
		p := post(t, d, f, noon)
		a := d.Thread(mali, 1, noon).Rating
		if a.Shown || a.Mean != 0 {
			t.Errorf("an average of %d ratings is shown", a.Count)
		}
		judge(t, d, p.ID, briefing.Approve, "", noon)
	}
	a := d.Thread(mali, 1, noon).Rating
	if !a.Shown || a.Count != 5 || a.Mean != 4 || a.Low != 4 || a.High != 5 || a.Each != [5]int{0, 1, 0, 2, 2} || a.Clear == nil || a.Fair != nil {
		t.Errorf("average %+v", a)
	}
	if got := a.Words(briefing.French); !strings.Contains(got, "5 notes") {
		t.Errorf("in French: %q", got)
	}
}

func TestThreadsAreOneDeep(t *testing.T) {
	d := desk(t)
	p := post(t, d, form(1), noon)
	judge(t, d, p.ID, briefing.Approve, "", noon)
	f := form(2)
	f.ReplyTo, f.Rating = string(p.ID), ""
	r := post(t, d, f, noon)
	judge(t, d, r.ID, briefing.Approve, "", noon)
	th := d.Thread(mali, 1, noon)
	if len(th.Comments) != 1 || len(th.Comments[0].Replies) != 1 {
		t.Fatalf("%+v", th.Comments)
	}
	f = form(3)
	f.ReplyTo = string(r.ID)
	if got, _ := d.Post(t.Context(), mali, f, noon); len(got.Faults) != 1 {
		t.Errorf("an answer to an answer: %+v", got)
	}
	judge(t, d, p.ID, briefing.Remove, "abuse", noon)
	th = d.Thread(mali, 1, noon)
	if len(th.Comments) != 1 || !th.Comments[0].Gone || th.Comments[0].Text != "" || len(th.Comments[0].Replies) != 1 {
		t.Errorf("an answered comment that was removed: %+v", th.Comments)
	}
}

func TestErasureAndExport(t *testing.T) {
	var stored shelf.Store
	var mails []string
	d := desk(t, func(o *briefing.Options) {
		stored, o.Site = o.Store, "https://example.org"
		o.Mail = func(_ context.Context, _, _, body string) error { mails = append(mails, body); return nil }
	})
	f := form(1)
	f.Message = "My secret words."
	p := post(t, d, f, noon)
	other := post(t, d, f, noon)
	err := shelf.Each(t.Context(), stored, "comment", func(it shelf.Item) error {
		for _, s := range []string{"secret", "r1@example.org", "Reader 1"} {
			if bytes.Contains(it.Body, []byte(s)) {
				t.Errorf("%q lies open on the shelf", s)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Anybody can type this address: who posted one of the comments reaches no other.
	if e, err := d.Export(other.Token); err != nil || len(e.Comments) != 1 || e.Comments[0].ID != other.ID {
		t.Fatalf("by the link of a post: %+v %v", e, err)
	}
	if m, err := d.Mine(other.Token); err != nil || m.Others != 0 {
		t.Errorf("it tells of %d others (%v)", m.Others, err)
	}
	stranger := post(t, d, f, noon)
	if err := d.Erase(t.Context(), stranger.Token, noon); err != nil {
		t.Fatal(err)
	}
	if m, err := d.Mine(p.Token); err != nil || m.State != briefing.Waiting {
		t.Fatalf("a stranger's erasure: %s %v", m.State, err)
	}
	judge(t, d, p.ID, briefing.Approve, "", noon)
	_, token, _ := strings.Cut(mails[len(mails)-1], "/comments/")
	token = strings.TrimSpace(token)
	e, err := d.Export(token)
	if err != nil || len(e.Comments) != 2 || e.Comments[0].Email != "r1@example.org" || e.Comments[0].Message != "My secret words." {
		t.Fatalf("%+v %v", e, err)
	}
	judge(t, d, other.ID, briefing.Hold, "", noon)
	if err := d.Erase(t.Context(), token, noon); err != nil {
		t.Fatal(err)
	}
	if m, err := d.Mine(p.Token); err != nil || m.State != briefing.Erased || m.Message != "" || m.Who != "" {
		t.Errorf("after the erasure: %+v %v", m, err)
	}
	if m, _ := d.Mine(other.Token); m.Message == "" || !m.Erase {
		t.Error("the one under legal hold was destroyed, or its erasure forgotten")
	}
	judge(t, d, other.ID, briefing.Release, "", noon)
	if m, _ := d.Mine(other.Token); m.State != briefing.Erased {
		t.Errorf("after the hold: %s", m.State)
	}
}

// TestBans: anybody can type anybody's address, so a ban is by the address only where
// its holder confirmed it, else by the network and for days.
func TestBans(t *testing.T) {
	var letters []string
	d := desk(t, func(o *briefing.Options) {
		o.Confirm, o.Site = true, "https://example.org"
		o.Mail = func(_ context.Context, to, subject, body string) error {
			letters = append(letters, body)
			return nil
		}
	})
	victim := form(2)
	mean := form(1) // somebody who types the victim's address
	mean.Email = victim.Email
	p := post(t, d, mean, noon)
	if err := d.Ban(t.Context(), p.ID, 8, "abuse", "m1", noon); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("a network was banned for longer than a week: %v", err)
	}
	if err := d.Ban(t.Context(), p.ID, 7, "abuse", "m1", noon); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Post(t.Context(), mali, victim, noon); err != nil || len(got.Faults) != 0 {
		t.Errorf("the ban hit whose address was typed: %+v %v", got, err)
	}
	if got, _ := d.Post(t.Context(), mali, mean, noon.Add(24*time.Hour)); len(got.Faults) != 1 || got.Faults[0].Field != "robot" {
		t.Errorf("banned by network, yet %+v", got)
	}
	other := form(1)
	other.Email = "other@example.org"
	if got, _ := d.Post(t.Context(), mali, other, noon); len(got.Faults) != 1 {
		t.Errorf("another address of a banned network: %+v", got)
	}
	confirmed := post(t, d, form(3), noon)
	_, token, _ := strings.Cut(letters[len(letters)-1], "https://example.org/comments/")
	token, _, _ = strings.Cut(token, "\n")
	if err := d.Confirmed(t.Context(), token, noon); err != nil {
		t.Fatal(err)
	}
	if err := d.Ban(t.Context(), confirmed.ID, 10, "abuse", "m1", noon); err != nil {
		t.Fatal(err)
	}
	f := form(3)
	f.Address = "192.0.2.44" // from anywhere
	if got, _ := d.Post(t.Context(), mali, f, noon.Add(24*time.Hour)); len(got.Faults) != 1 || got.Faults[0].Field != "email" {
		t.Errorf("banned by address, yet %+v", got)
	}
	if got, err := d.Post(t.Context(), mali, f, noon.Add(11*24*time.Hour)); err != nil || len(got.Faults) != 0 {
		t.Errorf("the ban has expired, yet %+v %v", got, err)
	}
	if err := d.Ban(t.Context(), confirmed.ID, 0, "", "m1", noon); err != nil {
		t.Fatal(err)
	}
	f.Address = "192.0.2.45"
	if got, err := d.Post(t.Context(), mali, f, noon); err != nil || len(got.Faults) != 0 {
		t.Errorf("the ban was lifted, yet %+v %v", got, err)
	}
	log, err := d.Log(t.Context(), 99)
	var told []string
	for _, e := range log {
		if e.Do == "ban" {
			told = append(told, e.Deed(briefing.English))
		}
	}
	if want := "[lift the ban ban for 10 days by confirmed address ban for 7 days by network]"; err != nil || len(told) != 3 || !strings.Contains(fmt.Sprint(told), "by confirmed address") || !strings.Contains(fmt.Sprint(told), "by network") {
		t.Errorf("log %v, want %s (%v)", told, want, err)
	}
	if err := d.Sweep(t.Context(), noon.Add(30*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if left, err := d.Store.Items(t.Context(), "comment-ban", "", 9); err != nil || len(left) != 0 {
		t.Errorf("%d bans are kept after they ended (%v)", len(left), err)
	}
}

// TestModeratorsDoNotCollide: of six who decide the same twenty comments at once,
// each comment is decided by one, and the log says by whom.
func TestModeratorsDoNotCollide(t *testing.T) {
	d := desk(t)
	for i := range 20 {
		post(t, d, form(i+1), noon)
	}
	seen := d.Queue()
	var mu sync.Mutex
	won := map[briefing.ID][]string{}
	var all sync.WaitGroup
	for m := range 6 {
		all.Go(func() {
			for _, q := range seen {
				by := fmt.Sprintf("m%d", m)
				do, why := briefing.Approve, briefing.Reason("")
				if m%2 == 1 {
					do, why = briefing.Reject, "off-topic"
				}
				err := d.Judge(context.Background(), briefing.Judgement{Comment: q.ID, Version: q.Version, Do: do, Reason: why, By: by}, noon)
				mu.Lock()
				if err == nil {
					won[q.ID] = append(won[q.ID], by)
				} else if !errors.Is(err, record.ErrConflict) && !errors.Is(err, record.ErrInvalid) {
					t.Errorf("%s: %v", by, err)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for _, q := range seen {
		now, err := d.One(q.ID)
		if err != nil || len(won[q.ID]) != 1 || now.By != won[q.ID][0] {
			t.Errorf("%s was decided by %v, and stands as decided by %s", q.ID, won[q.ID], now.By)
		}
	}
	if log, err := d.Log(t.Context(), 999); err != nil || len(log) != 20 {
		t.Errorf("%d lines in the log (%v)", len(log), err)
	}
}

func TestNotices(t *testing.T) {
	d := desk(t)
	p := post(t, d, form(1), noon)
	judge(t, d, p.ID, briefing.Approve, "", noon)
	token, err := d.Report(t.Context(), p.ID, "abuse", "It insults.", "", "203.0.113.1:2", briefing.English, noon)
	if err != nil {
		t.Fatal(err)
	}
	n := d.Notices()
	if len(n) != 1 || n[0].About.Message != "A fair account." || n[0].Left(noon) != 7*24*time.Hour || n[0].Left(noon.Add(8*24*time.Hour)) >= 0 {
		t.Fatalf("%+v", n)
	}
	if err := d.Settle(t.Context(), n[0].ID, n[0].Version, false, "abuse", "", "m1", noon); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("decided without reasons: %v", err)
	}
	if err := d.Settle(t.Context(), n[0].ID, n[0].Version, false, "abuse", "It attacks a person.", "m1", noon); err != nil {
		t.Fatal(err)
	}
	if err := d.Settle(t.Context(), n[0].ID, n[0].Version, true, "", "No.", "m2", noon); !errors.Is(err, record.ErrConflict) {
		t.Errorf("decided twice: %v", err)
	}
	if got, err := d.Noticed(token); err != nil || got.Kept || got.Words != "It attacks a person." {
		t.Errorf("%+v %v", got, err)
	}
	if m, _ := d.Mine(p.Token); m.State != briefing.Removed {
		t.Errorf("the comment is %s", m.State)
	}
}

func TestCorrectionBecomesErratum(t *testing.T) {
	d := desk(t)
	f := form(1)
	f.Type, f.Place, f.Source, f.Rating = "correction", "30 September 2023", "S/2023/638", ""
	p := post(t, d, f, noon)
	q, _ := d.One(p.ID)
	e, err := d.Draft(t.Context(), p.ID, q.Version, "m1", noon)
	if err != nil || e.State != "draft" {
		t.Fatal(e, err)
	}
	all := d.Errata()
	if err := d.Conclude(t.Context(), briefing.Conclusion{Erratum: e.ID, Version: all[0].Version, Accept: true, Words: "Thank you: mended.", By: "ed"}, noon); err != nil {
		t.Fatal(err)
	}
	defer func() {
		f.Message = "Another slip."
		p := post(t, d, f, noon)
		q, _ := d.One(p.ID)
		e, err := d.Draft(t.Context(), p.ID, q.Version, "m1", noon)
		if err == nil {
			err = d.Erase(t.Context(), p.Token, noon)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range d.Errata() {
			if x.ID == e.ID && x.Says != "" {
				t.Error("an erased author's words stand in a draft erratum")
			}
		}
	}()
	if m, _ := d.Mine(p.Token); m.Erratum == nil || m.Erratum.State != "accepted" || m.Erratum.Words != "Thank you: mended." {
		t.Errorf("its author is told %+v", m.Erratum)
	}
}

func TestFlags(t *testing.T) {
	d := desk(t, func(o *briefing.Options) {
		o.Named = func(_ context.Context, text string) ([]string, error) {
			if strings.Contains(text, "Houka") {
				return []string{"MLi.005"}, nil
			}
			return nil, nil
		}
	})
	f := form(1)
	f.Message = "Was Houka Houka Ag Alhousseini there? See https://example.org/a."
	p, err := d.Post(t.Context(), mali, f, noon)
	if err != nil {
		t.Fatal(err)
	}
	q, _ := d.One(p.ID)
	var said []string
	for _, f := range q.Flags {
		said = append(said, briefing.English.Flag(f))
	}
	flags := strings.Join(said, "; ")
	for _, want := range []string{"names MLi.005", "may name a person: Houka Houka Ag Alhousseini", "1 link", "without the form's time stamp"} {
		if !strings.Contains(flags, want) {
			t.Errorf("flags %q lack %q", flags, want)
		}
	}
	f = form(2)
	f.Stamp = d.Limits.Stamp(noon.Add(-time.Second))
	p, _ = d.Post(t.Context(), mali, f, noon)
	if q, _ := d.One(p.ID); !slices.Contains(q.Flags, "flag-quick 2") {
		t.Errorf("flags %q", q.Flags)
	}
	f.Trap, f.Email = "http://spam.example", "x@example.org"
	if p, err := d.Post(t.Context(), mali, f, noon); err != nil || p.Token != "" || len(d.Queue()) != 2 {
		t.Errorf("the trap was filled in, and %+v %v was kept", p, err)
	}
}

func TestLinksAreDelayed(t *testing.T) {
	d := desk(t)
	f := form(1)
	f.Message = "See https://example.org/report and [this](https://example.org/b)."
	p := post(t, d, f, noon)
	judge(t, d, p.ID, briefing.Approve, "", noon)
	if html := d.Thread(mali, 1, noon.Add(6*24*time.Hour)).Comments[0].HTML; strings.Contains(html, "<a") {
		t.Errorf("a link before a week has passed: %s", html)
	}
	html := d.Thread(mali, 1, noon.Add(8*24*time.Hour)).Comments[0].HTML
	if strings.Count(html, `rel="nofollow noreferrer"`) != 2 {
		t.Errorf("after a week: %s", html)
	}
}

func TestEditing(t *testing.T) {
	d := desk(t)
	text := "---\ntitle: T\nlead: L\nby: E\ncomments: 30 days\n---\nA claim. [@SCR]\n"
	at := func(s briefing.Slug) int64 {
		e, err := d.Editing(s, noon)
		if err != nil {
			t.Fatal(err)
		}
		return e.Version
	}
	if err := d.Save(t.Context(), "a-text", 0, text+"\nNo source.\n", "ed", noon); err != nil {
		t.Fatal(err)
	}
	if err := d.Publish(t.Context(), "a-text", at("a-text"), time.Time{}, "", "pub", noon); !errors.Is(err, record.ErrInvalid) {
		t.Fatalf("published with a claim without a source: %v", err)
	}
	if err := d.Save(t.Context(), "a-text", 0, text, "ed", noon); !errors.Is(err, record.ErrConflict) {
		t.Fatalf("the second editor overwrote the first: %v", err)
	}
	if err := d.Save(t.Context(), "a-text", at("a-text"), text, "ed", noon); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Briefing("a-text", noon); !errors.Is(err, record.ErrNotFound) {
		t.Fatal("a draft is public")
	}
	later := noon.Add(48 * time.Hour)
	if err := d.Publish(t.Context(), "a-text", at("a-text"), later, "", "pub", noon); err != nil {
		t.Fatal(err)
	}
	if e, _ := d.Editing("a-text", noon); e.State != "scheduled" {
		t.Errorf("state %s", e.State)
	}
	if _, err := d.Briefing("a-text", noon); !errors.Is(err, record.ErrNotFound) {
		t.Error("what is scheduled is public already")
	}
	if p, err := d.Briefing("a-text", later); err != nil || len(p.Corrections) != 0 {
		t.Errorf("%+v %v", p.Corrections, err)
	}
	if err := d.Save(t.Context(), "a-text", at("a-text"), text+"\nMore. [@SCR]\n", "ed", later); err != nil {
		t.Fatal(err)
	}
	if err := d.Publish(t.Context(), "a-text", at("a-text"), time.Time{}, "", "pub", later.Add(time.Hour)); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("changed in silence: %v", err)
	}
	if err := d.Publish(t.Context(), "a-text", at("a-text"), time.Time{}, "A paragraph was added.", "pub", later.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	p, err := d.Briefing("a-text", later.Add(2*time.Hour))
	if err != nil || len(p.Corrections) != 1 || p.Corrections[0].Says != "A paragraph was added." || p.Versions != 2 {
		t.Errorf("%+v %v", p.Corrections, err)
	}
	if d.Thread("a-text", 1, later).Open != true || d.Thread("a-text", 1, later.Add(40*24*time.Hour)).Open {
		t.Error("comments close by age")
	}
	if err := d.CloseComments(t.Context(), "a-text", at("a-text"), true, "pub", later); err != nil || d.Thread("a-text", 1, later).Open {
		t.Error("comments close by hand", err)
	}
	if err := d.Unpublish(t.Context(), "a-text", at("a-text"), "It was wrong.", "pub", later); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Briefing("a-text", later.Add(3*time.Hour)); !errors.Is(err, record.ErrNotFound) {
		t.Error("unpublished, and still shown")
	}
}

// TestTwoDesks: what one process wrote the other sees, and a proof used there is
// used up here.
func TestTwoDesks(t *testing.T) {
	var o briefing.Options
	a := desk(t, func(x *briefing.Options) { o = *x })
	b, err := briefing.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := a.Proofs.Challenge(noon)
	proof, _ := briefing.Solve(c)
	f := form(1)
	f.Proof, f.ProofAsked = proof, true
	if got, err := a.Post(t.Context(), mali, f, noon); err != nil || len(got.Faults) > 0 {
		t.Fatal(got, err)
	}
	f.Email = "other@example.org"
	if got, err := b.Post(t.Context(), mali, f, noon); err != nil || len(got.Faults) != 1 || got.Faults[0].Field != "robot" {
		t.Errorf("replayed at the other process: %+v %v", got, err)
	}
	if err := b.Follow(t.Context()); err != nil || len(b.Queue()) != 1 {
		t.Errorf("the other sees %d comments (%v)", len(b.Queue()), err)
	}
}

// TestBudgetsOutliveAProcess: what was counted, and what proof was used, counts
// after a restart and at another process, until the hour has passed.
func TestBudgetsOutliveAProcess(t *testing.T) {
	var o briefing.Options
	a := desk(t, func(x *briefing.Options) { o = *x })
	c, _ := a.Proofs.Challenge(noon)
	proof, _ := briefing.Solve(c)
	f := form(1)
	f.Proof, f.ProofAsked = proof, true
	if got, err := a.Post(t.Context(), mali, f, noon); err != nil || len(got.Faults) > 0 {
		t.Fatal(got, err)
	}
	plain := func(d *briefing.Desk, now time.Time) error {
		_, err := d.Post(t.Context(), mali, form(7), now)
		return err
	}
	for range 3 {
		if err := plain(a, noon); err != nil {
			t.Fatal(err)
		}
	}
	b, err := briefing.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Proofs.Look(proof, noon); !errors.Is(err, briefing.ErrReplayed) {
		t.Errorf("a proof used before the restart: %v", err)
	}
	for range 2 {
		if err := plain(b, noon); err != nil {
			t.Fatal(err)
		}
	}
	for name, d := range map[string]*briefing.Desk{"after the restart": b, "at the process that was there before": a} {
		if err := plain(d, noon); !errors.As(err, new(briefing.ErrBudget)) {
			t.Errorf("the sixth post of a network, %s: %v", name, err)
		}
	}
	later := noon.Add(time.Hour)
	if err := a.Sweep(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if left, err := o.Store.Items(t.Context(), "comment-count", "", 9); err != nil || len(left) != 0 {
		t.Errorf("%d counts of the last hour are still kept (%v)", len(left), err)
	}
	if err := plain(b, later); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestConfirmationByMail(t *testing.T) {
	var sent []string
	d := desk(t, func(o *briefing.Options) {
		o.Confirm, o.Site = true, "https://example.org"
		o.Mail = func(_ context.Context, to, subject, body string) error {
			sent = append(sent, to+" "+body)
			return nil
		}
	})
	p := post(t, d, form(1), noon)
	if len(sent) != 1 || len(d.Queue()) != 0 {
		t.Fatalf("sent %q, queue %d", sent, len(d.Queue()))
	}
	if err := d.Confirmed(t.Context(), p.Token, noon); !errors.Is(err, record.ErrInvalid) || len(d.Queue()) != 0 {
		t.Errorf("who posted confirmed without the mail: %v, queue %d", err, len(d.Queue()))
	}
	_, token, _ := strings.Cut(sent[0], "https://example.org/comments/")
	token, _, _ = strings.Cut(token, "\n")
	if err := d.Confirmed(t.Context(), token, noon); err != nil || len(d.Queue()) != 1 {
		t.Errorf("confirmed: %v, queue %d", err, len(d.Queue()))
	}
}
