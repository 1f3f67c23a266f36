package un

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"

	"article41/record"
)

//go:embed prefixes.csv
var prefixTable string

// regimes is prefixes.csv: the letters before a reference's i or e, and the
// regime whose list they number. The list's own label (UN_LIST_TYPE) differs:
// it says "Al-Qaida" for ISIL's list and "Somalia" for Al-Shabaab's.
var regimes = sync.OnceValue(func() map[string]record.RegimeID {
	m := map[string]record.RegimeID{}
	for line := range strings.Lines(prefixTable) {
		if prefix, rest, ok := strings.Cut(strings.TrimSpace(line), ","); ok && len(prefix) == 2 {
			regime, _, _ := strings.Cut(rest, ",")
			m[prefix] = record.RegimeID(regime)
		}
	}
	return m
})

var reference = regexp.MustCompile(`^[A-Z]{2}[ie]\.[0-9]{3,5}$`)

// Regime is the regime whose list a reference such as "MLi.005" is of.
func Regime(ref string) (record.RegimeID, bool) {
	if !reference.MatchString(ref) {
		return "", false
	}
	id, ok := regimes()[ref[:2]]
	return id, ok
}
