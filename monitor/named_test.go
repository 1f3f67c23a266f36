package monitor_test

import (
	"slices"
	"strings"
	"testing"

	"article41/date"
	"article41/monitor"
	"article41/record"
)

func finding(named ...record.NamedPerson) record.Finding {
	return record.Finding{ID: "sample-1-f1", Incidents: []record.IncidentID{"sample-1"}, Title: "Killings", Text: "At least three were killed.", By: "the team", On: date.Exactly(date.MustDay("2024-06-01")), Level: "credible", Claims: []string{"c1"},
		Meets: []record.CriterionCase{{Regime: "mali", Letter: "f", Acts: "killing of civilians"}}, Named: named, Cites: []record.Cite{{Source: "interview 1", Sure: record.Verified}}}
}

func person(name string, reply *record.Reply, acts ...string) record.NamedPerson {
	return record.NamedPerson{Name: name, Acts: acts, Reply: reply}
}

func reply(of, sort, says string) *record.Reply {
	return &record.Reply{Of: of, On: date.MustDay("2024-06-02"), Sort: sort, Says: says, Cite: record.Cite{Source: "desk", Sure: record.Verified}}
}

// Each person is held to the rule by themselves: the acts and the reply of one do
// not serve another.
func TestEachPersonIsNamedWithTheirOwnActsAndReply(t *testing.T) {
	good := person("Aminata N.", reply("Aminata N.", "reply", "denies it"), "ordered the raid of 2 May 2024")
	never := reply("Boubacar D.", "not-asked", "asking would have put a witness at risk")
	never.On = date.Day{}
	for _, c := range []struct {
		why   string
		named []record.NamedPerson
		want  string // "" if nothing is wrong
	}{
		{"two, each with acts and a reply", []record.NamedPerson{good, person("Boubacar D.", never, "drove the men there")}, ""},
		{"the second without acts", []record.NamedPerson{good, person("Boubacar D.", never)}, "named[1].acts"},
		{"the second with a blank act", []record.NamedPerson{good, person("Boubacar D.", never, "drove", " ")}, "named[1].acts"},
		{"the second without a word on the reply", []record.NamedPerson{good, person("Boubacar D.", nil, "drove the men there")}, "named[1].reply"},
		{"another's reply", []record.NamedPerson{good, person("Boubacar D.", good.Reply, "drove the men there")}, "named[1].reply.of"},
		{"not asked, and no reason", []record.NamedPerson{person("Boubacar D.", reply("Boubacar D.", "not-asked", ""), "drove")}, "named[0].reply.says"},
		{"replied, and nothing is said", []record.NamedPerson{person("Boubacar D.", reply("Boubacar D.", "reply", ""), "drove")}, "named[0].reply.says"},
		{"a reply of no sort", []record.NamedPerson{person("Boubacar D.", reply("Boubacar D.", "guilty", "x"), "drove")}, "named[0].reply.sort"},
		{"one named twice", []record.NamedPerson{good, person("aminata  n", reply("Aminata N.", "none", ""), "paid the men")}, "named[1].name"},
	} {
		ps := monitor.CheckFinding(finding(c.named...), nil, date.MustDay("2026-11-23"))
		if c.want == "" && len(ps) > 0 || c.want != "" && !slices.ContainsFunc(ps, func(p monitor.Problem) bool { return p.Field == c.want }) {
			t.Errorf("%s: %v, want %q", c.why, ps, c.want)
		}
	}
}

func TestALinkHasItsOwnDaysAndHedge(t *testing.T) {
	in := sample()
	cite := record.Cite{Source: "interview 1", Sure: record.Verified}
	when, _ := date.ParseAbout("2024-05/2024-06")
	back := date.About{From: date.MustDay("2024-05-02"), To: date.MustDay("2024-05-01")}
	in.Links = []record.IncidentLink{{Kind: "listing", To: "MLi.005", As: "said to have paid", On: when, By: "a trader", Hedge: record.Alleged, Cite: cite}}
	today := date.MustDay("2026-11-23")
	if ps := monitor.Check(in, today); len(ps) > 0 {
		t.Errorf("a whole link: %v", ps)
	}
	for _, c := range []struct {
		why  string
		l    record.IncidentLink
		want string
	}{
		{"a hedge of nobody", record.IncidentLink{Kind: "regime", To: "mali", Hedge: record.Alleged, Cite: cite}, "links[0].by"},
		{"a hedge that is none", record.IncidentLink{Kind: "regime", To: "mali", By: "x", Hedge: "maybe", Cite: cite}, "links[0].hedge"},
		{"to nothing", record.IncidentLink{Kind: "regime", Cite: cite}, "links[0].to"},
		{"of no kind", record.IncidentLink{Kind: "cousin", To: "x", Cite: cite}, "links[0].kind"},
		{"days the wrong way round", record.IncidentLink{Kind: "regime", To: "mali", On: back, Cite: cite}, "links[0].on"},
		{"evidence that is not there", record.IncidentLink{Kind: "evidence", To: "e9", Cite: cite}, "links[0].to"},
		{"no source", record.IncidentLink{Kind: "regime", To: "mali"}, "links[0].cite.source"},
	} {
		in.Links = []record.IncidentLink{c.l}
		if ps := monitor.Check(in, today); !slices.ContainsFunc(ps, func(p monitor.Problem) bool { return p.Field == c.want }) {
			t.Errorf("%s: %v, want %s", c.why, ps, c.want)
		}
	}
}

// The case against one does not take the acts of another that the finding names.
func TestACaseKeepsTheActsOfEachApart(t *testing.T) {
	f := finding(person("Aminata N.", reply("Aminata N.", "refused", ""), "ordered the raid"), person("Boubacar D.", reply("Boubacar D.", "reply", "was elsewhere"), "drove the men there"))
	r := record.Regime{ID: "mali", Name: "Mali", Criteria: []record.Criterion{{Letter: "f", Text: "violations"}}}
	for _, c := range []struct{ proposed, theirs, other, reply string }{
		{"aminata n", "ordered the raid", "Boubacar D.", "declined to answer"},
		{"Boubacar D.", "drove the men there", "Aminata N.", "was elsewhere"},
	} {
		got := monitor.BuildCase(c.proposed, r, []record.Finding{f}, []record.Incident{sample()})
		a := got.Criteria[0].Acts[0]
		if !a.Names || strings.Join(a.Theirs, ";") != c.theirs || strings.Join(a.Others, ";") != c.other || !strings.Contains(got.Reply, c.reply) {
			t.Errorf("%s: %+v, reply %q", c.proposed, a, got.Reply)
		}
	}
	if got := monitor.BuildCase("Somebody Else", r, []record.Finding{f}, nil); got.Criteria[0].Acts[0].Names || len(got.Replies) > 0 {
		t.Errorf("a case against one whom nobody names: %+v", got)
	}
}

func TestAFindingRestsOnWhatItsIncidentHolds(t *testing.T) {
	d, _, _ := newDesk(t)
	ann := as("ann", "editor")
	f := finding()
	f.Claims = []string{"c1", "c7"}
	f.Evidence = []string{"e3"}
	x, err := d.Save(ann, noon, monitor.Draft{Incident: sample(), Findings: []record.Finding{f}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Submit(ann, noon, x.ID, x.Version); err == nil || !strings.Contains(err.Error(), `no claim "c7"`) || !strings.Contains(err.Error(), `no public evidence "e3"`) {
		t.Errorf("it rests on what is not there: %v", err)
	}
}
