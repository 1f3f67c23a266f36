package watch_test

import (
	"testing"

	"article41/policy"
	"article41/record"
	"article41/regime"
	"article41/screen"
	"article41/watch"
)

// TestPolicyJudges: what an alert means is the policy's word, as it is for a name
// that is asked.
func TestPolicyJudges(t *testing.T) {
	const ivan = "Ivan Petrovich Kuznetsov"
	with := func(ms ...policy.Measure) watch.Entry {
		e := listed("un:A.1", ivan)
		e.Standing.Measures = ms
		return e
	}
	ban := policy.Measure{Jurisdiction: "EU", Word: "travel-ban", Status: regime.InForce}
	freeze := policy.Measure{Jurisdiction: "EU", Word: "assets-freeze", Status: regime.InForce}
	contested := freeze
	contested.Status = regime.Contested
	swiss := house
	swiss.Jurisdictions = []string{"CH"}
	lax := house
	lax.Contested = policy.NotInForce
	for _, c := range []struct {
		why   string
		p     policy.Policy
		e     watch.Entry
		state watch.State
		do    policy.Deed
	}{
		{"a freeze waits for a reviewer", house, with(freeze), watch.Open, policy.Stop},
		{"a travel ban alone is noted", house, with(ban), watch.Noted, policy.Note},
		{"both: the stronger counts", house, with(ban, freeze), watch.Open, policy.Stop},
		{"contested counts as in force", house, with(contested), watch.Open, policy.Stop},
		{"unless the policy says otherwise", lax, with(contested), watch.Noted, policy.Note},
		{"another's law", swiss, with(freeze), watch.Noted, policy.Note},
	} {
		d := desk(t, c.p, person("7", ivan))
		out := screened(t, d, newLists(1, c.e))
		a := one(t, d, "7 un:A.1")
		if a.State != c.state || a.Does.Do != c.do || a.Opened.Digest != c.p.Used().Digest || (out.Opened == 1) != (c.state == watch.Open) {
			t.Errorf("%s: %s %+v %+v", c.why, a.State, a.Does, out)
		}
	}

	t.Run("the law changes what a noted hit means", func(t *testing.T) {
		d := desk(t, house, person("7", ivan))
		l := newLists(1, with(ban))
		screened(t, d, l)
		if out := screened(t, d, l.with(with(ban, freeze))); out.Reopened != 1 {
			t.Errorf("%+v", out)
		}
		if a := one(t, d, "7 un:A.1"); a.State != watch.Open || a.Why == "" {
			t.Errorf("%+v", a.Alert)
		}
	})
	t.Run("a lapse closes no alert", func(t *testing.T) {
		d := desk(t, house, person("7", ivan))
		l := newLists(1, with(freeze))
		screened(t, d, l)
		screened(t, d, l.with(lapsed(with(), "2026-11-22")))
		if a := one(t, d, "7 un:A.1"); a.State != watch.Open {
			t.Errorf("%+v", a.Alert)
		}
	})
	t.Run("only the lists that the policy names", func(t *testing.T) {
		p := house
		p.Lists = []record.SourceID{"un", "eu"}
		d := desk(t, p, person("7", ivan))
		other := with(freeze)
		other.Subject.ID = screen.SubjectID("ofac:1")
		out := screened(t, d, newLists(1, other))
		if n := len(all(t, d)); n != 0 || len(out.Mark.Missing) != 1 || out.Mark.Missing[0] != "eu" {
			t.Errorf("%d alerts, missing %v", n, out.Mark.Missing)
		}
	})
}
