package account

import (
	"strings"
	"testing"
)

// FuzzReadTable: whatever the table says, only a y lets somebody in.
func FuzzReadTable(f *testing.F) {
	f.Add(roles)
	f.Add("action,reader\nread the record,y\n")
	f.Add("action\nread the record,y\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := readTable(text)
		if err != nil {
			return
		}
		for a, may := range table {
			for r, yes := range may {
				if !yes || !strings.Contains(text, "y") {
					t.Errorf("%q may %q", r, a)
				}
			}
		}
	})
}

// FuzzReadSchedule: a schedule that is read holds classes with years that can be.
func FuzzReadSchedule(f *testing.F) {
	f.Add(retention)
	f.Add("class,years\ncustomer,-1\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadSchedule(strings.NewReader(text))
		for class, years := range s {
			if err != nil || class == "" || years < 0 || years > 200 {
				t.Errorf("%q: %d years (%v)", class, years, err)
			}
		}
	})
}

// FuzzParseMaster: what is read is written back as the same key, and no error shows it.
func FuzzParseMaster(f *testing.F) {
	f.Add(Master{1}.String())
	f.Add(strings.Repeat("0f", 32))
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMaster(text)
		if err != nil {
			if len(text) > 40 && strings.Contains(err.Error(), text) {
				t.Error("the error shows what may be a key")
			}
			return
		}
		if again, err := ParseMaster(m.String()); err != nil || again != m {
			t.Errorf("%v", err)
		}
	})
}
