package payment

import (
	"regexp"
	"strings"
)

// A ship in free text follows M/V, VESSEL and the like (MT and MS without a slash
// are tons and ladies); it has up to four
// words, up to a sign or a word that is no name's.
var (
	shipMark = regexp.MustCompile(`(?i)\b(?:MV|M[/.][VTS]\.?|S[/.]S\.?|vessel(?:\s+name)?|motor\s+(?:vessel|tanker)|tanker|ship(?:\s+name)?)(?:\s*[:=]\s*|\s+)["'“]?([\p{L}0-9][\p{L}0-9.'’-]*(?: [\p{L}0-9][\p{L}0-9.'’-]*){0,3})`)
	imoMark  = regexp.MustCompile(`(?i)\bIMO(?:\s*(?:no\.?|number|nr\.?|#))?\s*[:=#]?\s*(\d{7})\b`)
	stopWord = regexp.MustCompile(`(?i)^(?:from|to|at|on|in|of|for|by|and|with|via|imo|no|nr|voy|voyage|b/?l|dd|dated|invoice|inv|cargo|freight|flag|eta|etd|port|is|was|ref|contract)\.?$`)
)

// ships are the vessels that a free text names, by name or by IMO number.
func ships(text string) (out []Party) {
	for _, m := range shipMark.FindAllStringSubmatch(text, -1) {
		var words []string
		for _, w := range strings.Fields(m[1]) {
			if stopWord.MatchString(w) {
				break
			}
			words = append(words, w)
		}
		if name := strings.TrimRight(strings.Join(words, " "), ".-'"); len(name) > 1 && !sevenDigits.MatchString(name) {
			out = append(out, Party{Role: Ship, Sort: Vessel, Names: []string{name}})
		}
	}
	for _, m := range imoMark.FindAllStringSubmatch(text, -1) {
		if validIMO(m[1]) {
			out = append(out, Party{Role: Ship, Sort: Vessel, Identifiers: []string{m[1], "IMO " + m[1]}})
		}
	}
	return out
}

var sevenDigits = regexp.MustCompile(`^\d+$`)

// validIMO checks a ship's number: six digits times 7 down to 2, and the last
// digit of the sum is the seventh (IMO resolution A.1117(30)).
func validIMO(number string) bool {
	sum := 0
	for i := range 6 {
		sum += int(number[i]-'0') * (7 - i)
	}
	return len(number) == 7 && sum%10 == int(number[6]-'0')
}
