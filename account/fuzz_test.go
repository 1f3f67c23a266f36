package account_test

import (
	"strings"
	"testing"

	"article41/account"
)

// A master key prints as what reads as itself; a schedule holds whole years only.
func FuzzParse(f *testing.F) {
	for _, s := range []string{strings.Repeat("41", 32), strings.Repeat("QUFB", 10) + "QUE=", "class,years\nalert,5\n", "class,years\n# none\nalert,\n", "class,years\na,1\na,2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := account.ParseMaster(s); err == nil {
			if again, err := account.ParseMaster(m.String()); err != nil || again != m {
				t.Fatalf("a key prints as what reads as another: %v", err)
			}
		}
		schedule, err := account.ReadSchedule(strings.NewReader(s))
		if err != nil && schedule != nil {
			t.Fatal("a schedule and an error")
		}
		for class, years := range schedule {
			if class == "" || years < 0 {
				t.Fatalf("%q is kept %d years", class, years)
			}
		}
	})
}
