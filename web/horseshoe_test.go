package web_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The horseshoe of S/2023/638, to the letter: fifteen seats, one veto ringed
// twice, the outcome inside the arc.
func TestHorseshoe(t *testing.T) {
	_, body := answer(t, "GET", "/votes/S/2023/638", nil)
	got := regexp.MustCompile(`(?s)<svg class="horseshoe".*?</desc>.*?</svg>`).FindString(body)
	got = strings.NewReplacer("><", ">\n<").Replace(got) + "\n"
	const file = "testdata/horseshoe-S-2023-638.svg"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("the horseshoe differs (run with -update if it should):\n%s", d)
	}
	for what, n := range map[string]int{`class="seat `: 15, `class="rim"`: 5, `class="ring"`: 2, `class="mark"`: 15} {
		if k := strings.Count(got, what); k != n {
			t.Errorf("%d of %s, want %d", k, what, n)
		}
	}
}

// Both worlds of a supposition are told: outcome, measures, listings, what is
// assumed; and each seat leads on.
func TestWhatIf(t *testing.T) {
	for _, c := range []struct {
		name, path string
		holds      []string
	}{
		{"Russia abstains, seen half a year on", "/votes/S/2023/638?vote=RUS:abstain&as_of=2024-03-01",
			[]string{"13–0–2", "13–1–1", "until 31 August 2024", "until 30 September 2024", "8 listings live only as supposed", "MLi.001", "MLi.008", "S/2023/639, the rival draft, is held as not adopted"}},
		{"past the supposed term nobody can say", "/votes/S/2023/638?vote=RUS:abstain&as_of=2024-09-01", []string{"undetermined"}},
		{"the rival: a last year and no panel", "/votes/S/2023/638?adopt=S/2023/639&as_of=2024-03-01", []string{"until 31 August 2024"}},
		{"a veto of the founding text leaves its renewals void", "/votes/S/RES/2374?vote=RUS:no&as_of=2019-03-01", []string{"What would be void", "S/RES/2432 (2018)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, body := answer(t, "GET", c.path, nil)
			if r.StatusCode != 200 {
				t.Fatalf("status %d: %s", r.StatusCode, h1(body))
			}
			for _, want := range c.holds {
				if !strings.Contains(plain(body), want) {
					t.Errorf("does not say %q", want)
				}
			}
			if !strings.Contains(body, "Reset: as it was") {
				t.Error("there is no way back")
			}
		})
	}
	t.Run("each seat leads to its next ballot, and back", func(t *testing.T) {
		_, body := answer(t, "GET", "/votes/S/2023/638", nil)
		for _, want := range []string{`href="/votes/S/2023/638?vote=RUS:abstain"`, `href="/votes/S/2023/638?vote=CHN:yes"`, `href="/votes/S/2023/638?vote=FRA:no"`} {
			if !strings.Contains(body, want) {
				t.Errorf("no seat has %s", want)
			}
		}
		_, body = answer(t, "GET", "/votes/S/2023/638?vote=RUS:yes&as_of=2024-03-01", nil)
		if !strings.Contains(body, `id="seat-RUS"`) || !strings.Contains(body, `href="/votes/S/2023/638?as_of=2024-03-01" id="seat-RUS"`) {
			t.Error("turning Russia's seat back to no does not lead to the vote as it was")
		}
	})
	t.Run("where no roll call is held, no seat is a link", func(t *testing.T) {
		_, body := answer(t, "GET", "/votes/S/RES/2", nil)
		if strings.Contains(body, "data-swap") {
			t.Error("a ballot nobody recorded can be changed")
		}
	})
}
