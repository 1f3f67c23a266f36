package screen

import "strings"

// Other evidence stands beside the name's score and is joined to it by one
// rule: what agrees adds a share of what is missing to 1, what disagrees takes
// a fixed part away, and a fact one side does not state changes nothing. So
// more facts never make a search find less than the same facts would deny.
const (
	birthAgrees      = 0.30 // the whole day
	birthMonthAgrees = 0.20
	birthYearAgrees  = 0.12
	birthDiffers     = 0.25 // days or years that cannot be the same
	birthNear        = 0.06 // within a year, or an "about" on either side
	countryAgrees    = 0.08
	countryDiffers   = 0.10
	genderAgrees     = 0.02
	genderDiffers    = 0.20
	identifierScore  = 0.95 // the same number: the name hardly matters
	sameName         = 0.90 // from this name score on, the name is "the same"
)

// weigh compares everything beside the name.
func weigh(q *Query, s *Subject) (forIt, against []Evidence, identified bool) {
	for _, a := range q.Identifiers {
		for _, b := range s.Identifiers {
			if sameIdentifier(a, b) {
				forIt = append(forIt, Evidence{"identifier", kindOr(b.Kind) + " " + b.Value, identifierScore})
				identified = true
			}
		}
	}
	if e, ok := weighBirths(q.Births, s.Births); ok {
		if e.Weight >= 0 {
			forIt = append(forIt, e)
		} else {
			against = append(against, e)
		}
	}
	if len(q.Countries) > 0 && len(s.Countries) > 0 {
		shared := ""
		for _, a := range q.Countries {
			for _, b := range s.Countries {
				if sameCountry(a, b) {
					shared = b
				}
			}
		}
		if shared != "" {
			forIt = append(forIt, Evidence{"country", strings.ToUpper(shared), countryAgrees})
		} else if comparableCountries(q.Countries, s.Countries) {
			against = append(against, Evidence{"country", strings.ToUpper(strings.Join(q.Countries, ", ") + " asked, " + strings.Join(s.Countries, ", ") + " listed"), -countryDiffers})
		}
	}
	if a, b := genderOf(q.Gender), genderOf(s.Gender); a != 0 && b != 0 {
		if a == b {
			forIt = append(forIt, Evidence{"gender", s.Gender, genderAgrees})
		} else {
			against = append(against, Evidence{"gender", q.Gender + " asked, " + s.Gender + " listed", -genderDiffers})
		}
	}
	return
}

func kindOr(k string) string {
	if k == "" {
		return "number"
	}
	return k
}

// sameIdentifier compares numbers by their letters and digits; kinds and
// countries must not contradict.
func sameIdentifier(a, b Identifier) bool {
	va, vb := plain(a.Value), plain(b.Value)
	if len(va) < 4 || va != vb {
		return false
	}
	if a.Kind != "" && b.Kind != "" && !strings.EqualFold(a.Kind, b.Kind) {
		return false
	}
	return a.Country == "" || b.Country == "" || sameCountry(a.Country, b.Country) || len(a.Country) != len(b.Country)
}

// plain keeps letters and digits, upper case; "IMO 1234567" is 1234567.
func plain(s string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			b.WriteRune(r)
		}
	}
	return strings.TrimPrefix(b.String(), "IMO")
}

func sameCountry(a, b string) bool { return strings.EqualFold(a, b) }

// comparableCountries: codes of two and of three letters cannot be told apart
// here, so they neither agree nor disagree.
func comparableCountries(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if len(x) == len(y) {
				return true
			}
		}
	}
	return false
}

func genderOf(s string) byte {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "m", "male":
		return 'm'
	case "f", "female":
		return 'f'
	}
	return 0
}

// joinEvidence is the documented rule: start from the name, let each fact for
// it close a share of the gap to 1, then take each fact against away.
func joinEvidence(nameScore float64, forIt, against []Evidence, identified bool) float64 {
	s := nameScore
	for _, e := range forIt {
		if e.Kind != "identifier" && e.Kind != "name" {
			s += (1 - s) * e.Weight
		}
	}
	for _, e := range against {
		s += e.Weight
	}
	if identified {
		s = max(s, identifierScore+(1-identifierScore)*nameScore)
	}
	return min(max(s, 0), 1)
}

func classOf(nameScore float64, forIt, against []Evidence, identified bool) string {
	facts := 0
	for _, e := range forIt {
		if e.Kind == "birth" || e.Kind == "country" {
			facts++
		}
	}
	switch {
	case identified:
		return ClassIdentifier
	case len(against) > 0:
		return ClassDisputed
	case nameScore >= sameName && facts > 0:
		return ClassConfirmed
	case nameScore >= sameName:
		return ClassNameOnly
	case facts > 0:
		return ClassSupported
	}
	return ClassSimilar
}
