package policy

import (
	"strings"
	"testing"

	"article41/regime"
)

func read(t *testing.T, text string) Policy {
	t.Helper()
	p, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDefault: what the shipped policy does with one measure each.
func TestDefault(t *testing.T) {
	p := Default()
	for _, c := range []struct {
		why      string
		measures []Measure
		do       Deed
	}{
		{"a freeze in force stops a payment", []Measure{{"EU", "assets-freeze", regime.InForce}}, Stop},
		{"a travel ban alone does not", []Measure{{"UN", "travel-ban", regime.InForce}}, Note},
		{"the strongest of several counts", []Measure{{"UN", "travel-ban", regime.InForce}, {"EU", "assets-freeze", regime.InForce}}, Stop},
		{"contested counts as in force", []Measure{{"UN", "assets-freeze", regime.Contested}}, Stop},
		{"unknown counts as in force", []Measure{{"US", "assets-freeze", regime.Unknown}}, Stop},
		{"what lapsed binds nobody", []Measure{{"UN", "assets-freeze", regime.Lapsed}}, Note},
		{"a list that names no measure", []Measure{{"EU", Listed, regime.InForce}}, Stop},
		{"what no rule fits is looked at", []Measure{{"UN", "arms-embargo", regime.InForce}}, Review},
		{"nothing binds", nil, Note},
	} {
		if d := p.Judge(Hit{Score: .9, Match: true, Measures: c.measures}); d.Do != c.do || d.Why == "" {
			t.Errorf("%s: %+v, want %s", c.why, d, c.do)
		}
	}
	if d := p.Judge(Hit{Score: .3, Measures: []Measure{{"EU", "assets-freeze", regime.InForce}}}); d.Do != Note {
		t.Errorf("a score below the threshold: %+v", d)
	}
}

// TestOwn: a house's own policy, over jurisdictions, lists, measures and scores.
func TestOwn(t *testing.T) {
	p := read(t, `
name: a bank in Paris
version: "3"
jurisdictions: [UN, EU]
contested: not-in-force
unknown: not-in-force
rules:
  - {name: our own list, lists: [house], measures: [listed], do: review}
  - {name: sure freeze, jurisdictions: [EU], measures: [assets-freeze], threshold: 0.85, do: stop}
  - {name: likely freeze, jurisdictions: [EU], measures: [assets-freeze], threshold: 0.7, do: review}
otherwise: note
`)
	freeze := func(j string, s regime.Status) []Measure { return []Measure{{j, "assets-freeze", s}} }
	for _, c := range []struct {
		why  string
		hit  Hit
		do   Deed
		rule string
	}{
		{"sure", Hit{Score: .9, Match: true, Measures: freeze("EU", regime.InForce)}, Stop, "sure freeze"},
		{"likely", Hit{Score: .8, Match: true, Measures: freeze("EU", regime.InForce)}, Review, "likely freeze"},
		{"below what any rule for it asks", Hit{Score: .6, Match: true, Measures: freeze("EU", regime.InForce)}, Note, ""},
		{"another jurisdiction's law does not count", Hit{Score: 1, Match: true, Measures: freeze("US", regime.InForce)}, Note, ""},
		{"this house does not count what is contested", Hit{Score: 1, Match: true, Measures: freeze("EU", regime.Contested)}, Note, ""},
		{"nor what is unknown", Hit{Score: 1, Match: true, Measures: freeze("EU", regime.Unknown)}, Note, ""},
		{"a rule for one jurisdiction is none for another", Hit{Score: 1, Match: true, Measures: freeze("UN", regime.InForce)}, Note, ""},
	} {
		if d := p.Judge(c.hit); d.Do != c.do || d.Rule != c.rule {
			t.Errorf("%s: %+v, want %s by %q", c.why, d, c.do, c.rule)
		}
	}
	if a, b := p.Used(), Default().Used(); a.Digest == b.Digest || a.Version != "3" {
		t.Errorf("%v and %v", a, b)
	}
	q := p
	q.Otherwise = Stop
	if p.Used().Digest == q.Used().Digest {
		t.Error("a policy changed under the same version has the same digest")
	}
}

func TestBadInput(t *testing.T) {
	const good = "name: x\nversion: \"1\"\nrules:\n  - {name: a, measures: [assets-freeze], do: stop}\n"
	read(t, good)
	for _, c := range []struct{ why, old, new, says string }{
		{"no name", "name: x\n", "", "name and version"},
		{"no rules", "  - {name: a, measures: [assets-freeze], do: stop}\n", "", "rules: none"},
		{"a rule without a name", "{name: a, ", "{", "no name"},
		{"a deed that is none", "do: stop", "do: block", `"block": want stop, review or note`},
		{"a word that is no measure", "assets-freeze", "freeze", `"freeze" is no word for a measure`},
		{"a body is no measure", "assets-freeze", "panel", `"panel" is no word for a measure`},
		{"a jurisdiction nobody knows", "measures:", "jurisdictions: [FR], measures:", `"FR": want one of`},
		{"a score above one", "do: stop", "threshold: 85, do: stop", "from 0 to 1"},
		{"a score that is no number", "do: stop", "threshold: .nan, do: stop", "from 0 to 1"},
		{"a treatment that is none", "rules:", "unknown: maybe\nrules:", "want in-force or not-in-force"},
		{"a key that nobody reads", "rules:", "rule:", "unknown field"},
		{"no YAML", "rules:", "rules: [", "policy"},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if text == good {
			t.Fatal(c.why)
		}
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want it to say %q", c.why, err, c.says)
		}
	}
	if _, err := Read(strings.NewReader(strings.Repeat("#", longest+2))); err == nil {
		t.Error("a file over the bound was read")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(string(shipped))
	f.Add("name: x\nversion: 1\nrules: [{do: stop}]")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Read(strings.NewReader(text))
		if err == nil && (p.Name == "" || len(p.Rules) == 0) {
			t.Errorf("an unusable policy was read: %+v", p)
		}
	})
}
