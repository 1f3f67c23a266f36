package monitor_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"article41/account"
	"article41/date"
	"article41/monitor"
	"article41/postgrestest"
	"article41/record"
)

// full is an incident with a finding in which no field is empty.
func full() (record.Incident, record.Finding) {
	day := date.MustDay("2024-06-01")
	cite := record.Cite{Source: "interview 1", Place: "page 2", Sure: record.Verified, Note: "read twice"}
	deg := 14.5
	in := sample()
	in.Summary, in.Licence = "Men came.", "theirs"
	in.Place = record.IncidentPlace{Name: "Somewhere", Within: "Mopti", Country: "MLI", Lat: &deg, Lon: &deg, Precision: "town", Note: "by memory"}
	in.Actors = []record.Actor{{ID: "a", Name: "armed men", Role: "unidentified", By: "a witness", Note: "in uniform"}}
	in.Claims = []record.Testimony{{ID: "c1", Claim: record.Claim{About: "people killed", Says: "at least 3", Speaker: "a village head", Hedge: record.Reported, On: day, Symbol: "S/2023/578", Source: "interview 1", Sure: record.Verified, Note: "n"},
		Wording: "at least", Place: "p. 1", Known: date.Exactly(day), Actor: "armed men", Level: "credible", Counts: "killed", Low: number(3), Best: number(4), High: number(5)}}
	link := record.IncidentLink{Kind: "regime", To: "mali", As: "context", On: date.Exactly(day), By: "the panel", Hedge: record.Assessed, Cite: cite}
	in.Links = []record.IncidentLink{link}
	in.Context = []record.ContextNote{{On: date.Exactly(day), Text: "a coup", Cite: cite, Amends: &record.Amendment{List: "un-consolidated", Entries: 2}}}
	in.Codes = []record.Code{{Scheme: "UCDP GED", Field: "dyad", Value: "7"}}
	in.Evidence = []record.Evidence{{ID: "e1", Title: "photo", Type: "image/png", Ref: "photo.png", SHA256: record.Digest{1}, Size: 9, Layer: record.LayerPublic, Until: day, Custody: []record.Custody{{On: "2024-06-01T00:00:00Z", Who: "u-ann", Did: "received", Note: "by hand"}}}}
	reply := record.Reply{Of: "Aminata N.", On: day, Sort: "reply", Says: "denies it", Cite: cite}
	in.Replies = []record.Reply{reply}
	in.Errata = []record.Erratum{{On: day, What: "title", Was: "x", Is: "y", Why: "z", By: "u-ann"}}
	in.Merged = "sample-0"
	in.Cites = []record.Cite{cite}
	f := record.Finding{ID: "f-1", Incidents: []record.IncidentID{in.ID, "moura-2022"}, Title: "t", Text: "x", By: "the team", On: date.Exactly(day), Level: "credible", LevelSaid: "in its words",
		Raised: []record.LevelChange{{On: day, From: "reported", To: "credible", Why: "two more", By: "u-ann"}}, Claims: []string{"c1"}, Evidence: []string{"e1"}, Acts: []string{"killing", "torture"},
		Meets: []record.CriterionCase{{Regime: "mali", Letter: "f", Acts: "killing"}}, Named: []record.NamedPerson{{Name: "Aminata N.", Acts: []string{"ordered it"}, Reply: &reply}, {Name: "Boubacar D.", Acts: []string{"drove"}, Reply: &record.Reply{Of: "Boubacar D.", Sort: "not-asked", Says: "a witness is at risk"}}},
		Links: []record.IncidentLink{link}, Report: "S/2023/578", Errata: in.Errata, Cites: []record.Cite{cite}}
	return in, f
}

// spots are the places in a record's JSON where something can be made to differ.
func spots(v any, path []any) (out [][]any) {
	switch t := v.(type) {
	case map[string]any:
		for k, v := range t {
			if len(path) > 0 || k != "errata" && k != "raised" && k != "id" {
				out = append(out, spots(v, append(slices.Clone(path), k))...)
			}
		}
	case []any:
		for i, v := range t {
			out = append(out, append(slices.Clone(path), i))
			out = append(out, spots(v, append(slices.Clone(path), i))...)
		}
	default:
		return [][]any{path}
	}
	return out
}

// alter changes one spot: a member of a list is taken out, anything else reads
// otherwise.
func alter(v any, path []any) any {
	if len(path) == 0 {
		switch t := v.(type) {
		case string:
			if d, err := date.ParseDay(t); err == nil {
				return d.AddDays(-1).String()
			}
			if len(t) == 64 {
				return strings.Repeat("ab", 32)
			}
			return t + "x"
		case float64:
			return t + 1
		}
		return v
	}
	switch k := path[0].(type) {
	case string:
		m := v.(map[string]any)
		m[k] = alter(m[k], path[1:])
		return m
	case int:
		l := v.([]any)
		if len(path) == 1 {
			if _, leaf := l[k].(string); leaf {
				l[k] = alter(l[k], nil)
				return l
			}
			return slices.Delete(l, k, k+1)
		}
		l[k] = alter(l[k], path[1:])
		return l
	}
	return v
}

// altered is a copy of v in which some spots differ.
func altered[T any](t *testing.T, v T, paths ...[]any) (out T, ok bool) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		tree = alter(tree, p)
	}
	if b, err = json.Marshal(tree); err != nil {
		t.Fatal(err)
	}
	return out, json.Unmarshal(b, &out) == nil
}

func tree(t *testing.T, v any) (out any) {
	b, err := json.Marshal(v)
	if err != nil || json.Unmarshal(b, &out) != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever of a published incident or finding reads otherwise is a change, with the
// old reading; without a reason it is refused, and with one each change has an
// erratum that shows it.
func TestNothingPublishedIsChangedWithoutAnErratum(t *testing.T) {
	in, f := full()
	for _, v := range []any{in, f} {
		if at := emptyField(reflect.ValueOf(v), reflect.TypeOf(v).Name()); at != "" {
			t.Fatalf("%s is empty in the sample: its changes are not tested", at)
		}
	}
	for _, p := range spots(tree(t, in), nil) {
		if other, ok := altered(t, in, p); ok {
			if cs := monitor.Changes(in, other); len(cs) == 0 {
				t.Errorf("incident %v is changed in silence", p)
			}
		}
	}
	for _, p := range spots(tree(t, f), nil) {
		if other, ok := altered(t, f, p); ok {
			if cs := monitor.FindingChanges(f, other); len(cs) == 0 {
				t.Errorf("finding %v is changed in silence", p)
			}
		}
	}
	random := rand.New(rand.NewPCG(41, 9))
	some := func(all [][]any) (out [][]any) {
		slices.SortFunc(all, func(a, b []any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return [][]any{all[random.IntN(len(all))]}
	}
	ann := as("u-ann", account.Publisher)
	rounds := 300
	if postgrestest.Second() {
		rounds = 20 // each makes two databases
	}
	for range rounds {
		d, l, _ := newDesk(t)
		l.ins[in.ID], l.fs[in.ID] = in, []record.Finding{f}
		in2, ok1 := altered(t, in, some(spots(tree(t, in), nil))...)
		f2, ok2 := altered(t, f, some(spots(tree(t, f), nil))...)
		if !ok1 || !ok2 {
			continue
		}
		in2.Errata, f2.Errata, f2.Raised = in.Errata, f.Errata, f.Raised
		x, err := d.Save(ann, noon, monitor.Draft{Incident: in2, Findings: []record.Finding{f2}}, nil)
		if err != nil {
			continue // contradictory days cannot even be kept
		}
		if _, err := d.Submit(ann, noon, x.ID, x.Version); err == nil || !strings.Contains(err.Error(), "erratum") {
			t.Fatalf("%v and %v: changed in silence: %v", monitor.Changes(in, in2), monitor.FindingChanges(f, f2), err)
		}
		x.Why = "read again"
		if x, err = d.Save(ann, noon, x, nil); err != nil {
			t.Fatal(err)
		}
		y, err := d.Submit(ann, noon, x.ID, x.Version)
		if err != nil {
			if strings.Contains(err.Error(), "needs an erratum") {
				t.Fatalf("an erratum is missing: %v", err)
			}
			continue // the new reading breaks another rule
		}
		for _, c := range monitor.Changes(in, in2) {
			if !slices.ContainsFunc(y.Incident.Errata, func(e record.Erratum) bool { return e.Was == c.Was && e.Is == c.Is && e.Why == "read again" }) {
				t.Fatalf("%v does not show", c)
			}
		}
		for _, c := range monitor.FindingChanges(f, f2) {
			if !slices.ContainsFunc(y.Findings[0].Errata, func(e record.Erratum) bool { return e.Was == c.Was && e.Is == c.Is && e.By == "u-ann" }) {
				t.Fatalf("%v does not show", c)
			}
		}
	}
}

func emptyField(v reflect.Value, at string) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return at
		}
		return ""
	case reflect.Slice:
		if v.Len() == 0 {
			return at
		}
		return emptyField(v.Index(0), at+"[0]")
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[record.Incident]().PkgPath() {
			break
		}
		for i := range v.NumField() {
			if e := emptyField(v.Field(i), at+"."+v.Type().Field(i).Name); e != "" {
				return e
			}
		}
		return ""
	}
	if v.IsZero() {
		return at
	}
	return ""
}

func TestWhatIsAChangeAndWhatIsAdded(t *testing.T) {
	in, f := full()
	more := in
	more.Claims = append(slices.Clone(in.Claims), record.Testimony{ID: "c2"})
	more.Links = append(slices.Clone(in.Links), record.IncidentLink{Kind: "report", To: "S/2024/1"})
	more.Cites = append([]record.Cite{{Source: "another"}}, in.Cites...)
	if cs := monitor.Changes(in, more); len(cs) != 0 {
		t.Errorf("what is added is no change: %v", cs)
	}
	more.Actors = append(slices.Clone(in.Actors), record.Actor{ID: "b", Name: "N. N.", Role: "present"})
	if cs := monitor.Changes(in, more); len(cs) != 1 || cs[0].What != "actors[b]" || cs[0].Was != "" {
		t.Errorf("a further person is one: %v", cs)
	}
	named := f
	named.Named = append(slices.Clone(f.Named), record.NamedPerson{Name: "Third P.", Acts: []string{"paid"}})
	if cs := monitor.FindingChanges(f, named); len(cs) != 1 || cs[0].What != "named[Third P.]" {
		t.Errorf("a finding that names a further person: %v", cs)
	}
	named = f
	named.Named = f.Named[:1]
	if cs := monitor.FindingChanges(f, named); len(cs) != 1 || !strings.Contains(cs[0].Was, "Boubacar D.") || cs[0].Is != "" {
		t.Errorf("a finding that names one less: %v", cs)
	}
	open := in
	open.Claims = slices.Clone(in.Claims)
	open.Claims[0].High = nil
	if cs := monitor.Changes(in, open); len(cs) != 1 || cs[0] != (monitor.Change{What: "claims[c1].high", Was: "5"}) {
		t.Errorf("a top that is opened: %v", cs)
	}
}

// A finding's id that is another incident's cannot be taken, and one that was
// withdrawn comes back only with its old errata and the withdrawal told.
func TestAFindingIsNotReplacedFromElsewhere(t *testing.T) {
	d, l, _ := newDesk(t)
	ann := as("u-ann", account.Publisher)
	other := record.Finding{ID: "f-1", Incidents: []record.IncidentID{"elsewhere"}, Title: "theirs", Text: "x", By: "b", Level: "reported", Claims: []string{"c1"}, Cites: []record.Cite{{Source: "s", Sure: record.Verified}}}
	l.fs["elsewhere"] = []record.Finding{other}
	mine := other
	mine.Incidents, mine.Level = []record.IncidentID{"sample-1"}, "reasonable-grounds"
	x, err := d.Save(ann, noon, monitor.Draft{Incident: sample(), Findings: []record.Finding{mine}, Why: "mine now"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Submit(ann, noon, x.ID, x.Version); err == nil || !strings.Contains(err.Error(), "published finding about elsewhere") {
		t.Errorf("another incident's finding was taken over: %v", err)
	}
	back := other
	back.Incidents = mine.Incidents
	l.fs = map[record.IncidentID][]record.Finding{"sample-1": {back}}
	l.taken = &monitor.Taken{On: date.MustDay("2026-11-20"), Why: "the interview was taken back"}
	back.Level = "credible"
	y, err := d.Save(ann, noon, monitor.Draft{Incident: sample(), Findings: []record.Finding{back}, Why: "the witness spoke again"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Submit(ann, noon, y.ID, y.Version); err == nil || !strings.Contains(err.Error(), "standard of proof goes from") {
		t.Errorf("raised through a withdrawal: %v", err)
	}
	y.Findings[0].Raised = []record.LevelChange{{On: date.MustDay("2026-11-23"), From: "reported", To: "credible", Why: "a second witness"}}
	if y, err = d.Save(ann, noon, y, nil); err != nil {
		t.Fatal(err)
	}
	if y, err = d.Submit(ann, noon, y.ID, y.Version); err != nil || len(y.Findings[0].Errata) != 1 || !strings.Contains(y.Findings[0].Errata[0].Was, "the interview was taken back") {
		t.Errorf("that it was withdrawn is lost: %+v, %v", y.Findings[0].Errata, err)
	}
}
