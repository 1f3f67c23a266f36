package article41_test

import (
	"strings"
	"testing"

	"article41"
	"article41/policy"
)

// TestPolicy: the same hits under two policies; each answer names its own.
func TestPolicy(t *testing.T) {
	a := openShipped(t)
	ask := func(name, day string) article41.Screening {
		t.Helper()
		s, err := a.Screen(ctx, asOf(day), article41.Query{Name: name})
		if err != nil || len(s.Hits) == 0 {
			t.Fatalf("%v %v", s.Hits, err)
		}
		return s
	}
	for _, c := range []struct {
		why, name, day string
		do             policy.Deed
	}{
		{"a travel ban alone stops no payment", "Ahmoudou Ag Asriw", "2023-06-01", policy.Note},
		{"a freeze does", "Mohamed Ould Mataly", "2023-06-01", policy.Stop},
		{"so does the Union's, after the Council's lapsed", "Mohamed Ould Mataly", "2023-10-01", policy.Stop},
		{"what nobody keeps on does not", "Ahmoudou Ag Asriw", "2024-06-01", policy.Note},
		{"unknown counts as in force", "Mohamed Ould Mataly", "2026-11-23", policy.Stop},
	} {
		if s := ask(c.name, c.day); s.Policy.Do != c.do || s.Hits[0].Decision.Do != c.do || s.Policy.Name != "default" || s.Policy.Digest == "" {
			t.Errorf("%s: %+v, %+v", c.why, s.Policy, s.Hits[0].Decision)
		}
	}
	own, err := policy.Read(strings.NewReader(`
name: the Council only
version: "1"
jurisdictions: [UN]
lists: [un, eu]
rules: [{name: freeze, measures: [assets-freeze], do: stop}]
`))
	if err != nil {
		t.Fatal(err)
	}
	a.Use(own)
	s := ask("Mohamed Ould Mataly", "2023-10-01")
	if s.Policy.Do != policy.Note || s.Policy.Name != "the Council only" {
		t.Errorf("the Council's measures had lapsed: %+v", s.Policy)
	}
	if len(s.Policy.Missing) != 1 || s.Policy.Missing[0] != "eu" {
		t.Errorf("the list it wants is not loaded: %+v", s.Policy)
	}
}
