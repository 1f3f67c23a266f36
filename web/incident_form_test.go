package web

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"article41/monitor"
	"article41/monitortest"
)

// FuzzDraftForm: whatever is posted, a draft comes of it or a fault with its field;
// and what was read without fault comes back from the form that shows it as it was.
func FuzzDraftForm(f *testing.F) {
	f.Add(monitortest.Entered().Encode())
	f.Add("when=2025-02-30&lat=1e999&lon=NaN&claim.0.low=-1&claim.199.says=x&claim.200.says=y&evidence.0.sha256=zz")
	f.Add("link.0.kind=regime&link.0.to=mali&link.0.on=2024&reply.0.of=a&reply.0.on=2024-01-01&cite.0.source=s&finding.0.title=t")
	f.Add("claim.=x&claim.-1.says=x&claim.0=x&embargo=0000-00-00&acts=&acts=killing&country=mali")
	f.Fuzz(func(t *testing.T, posted string) {
		v, err := url.ParseQuery(posted)
		if err != nil {
			return
		}
		form := &draftForm{Values: v}
		x, w := form.draft()
		if len(form.Problems) > 0 {
			for _, p := range form.Problems {
				if p.Field == "" || p.Says == "" {
					t.Fatalf("a fault without a place or words: %+v", p)
				}
			}
			return
		}
		x.Withheld = w
		// A field that no form has makes a row that says nothing, once.
		y := around(t, x)
		if d := cmp.Diff(indented(t, y), indented(t, around(t, y))); d != "" {
			t.Fatalf("the draft changed on its way through the form: %s", d)
		}
	})
}

// around is a draft as it comes back from the form that shows it.
func around(t *testing.T, x monitor.Draft) monitor.Draft {
	t.Helper()
	form := draftFormOf(x)
	y, w := form.draft()
	if len(form.Problems) > 0 {
		t.Fatalf("what was taken is refused: %+v", form.Problems)
	}
	y.Withheld = w
	return y
}

func indented(t *testing.T, x monitor.Draft) string {
	t.Helper()
	b, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
