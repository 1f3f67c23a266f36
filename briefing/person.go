package briefing

import (
	"regexp"
	"slices"
	"strings"
)

// titles that stand before a person's name.
var titled = regexp.MustCompile(`(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Capt|Sheikh|Cheikh|President|Minister|General|Colonel|M|Mme)\.? )((?:\p{Lu}[\p{L}'’-]+ ?){1,4})`)

// capitals are two to five capitalised words in a row, with small name words
// between.
var capitals = regexp.MustCompile(`\p{Lu}[\p{Ll}'’-]+(?: (?:ag|ould|ben|bin|ibn|al|el|de|van|von|da|dos|of the|du) ?)?(?: \p{Lu}[\p{Ll}'’-]+){1,4}`)

// notPeople begin or end capitalised words that are no person's.
var notPeople = []string{"Security", "Council", "United", "Nations", "States", "Kingdom", "General", "Assembly", "Russian", "Federation", "Panel",
	"Experts", "Committee", "European", "Union", "Human", "Rights", "South", "North", "The", "Republic", "African", "Central", "International", "Court",
	"Secretary-General", "Ivory", "Coast", "Burkina", "Faso", "Sierra", "Leone", "Guinea-Bissau", "New", "York", "Middle", "East", "West", "Wagner", "Group"}

// notFirst are words that stand before a name, or begin a sentence.
var notFirst = []string{"Ambassador", "President", "Minister", "General", "Colonel", "Was", "Were", "Is", "Are", "Did", "Does", "Has", "Have", "When", "Where",
	"Why", "How", "Who", "But", "And", "If", "In", "On", "At", "As", "For", "From", "With", "Then", "While", "After", "Before", "That", "This"}

// People are the words of a text that may be persons' names. A moderator decides;
// too many is better than too few.
func People(text string) []string {
	var out []string
	add := func(s string) {
		s = strings.TrimSpace(s)
		if first, rest, ok := strings.Cut(s, " "); ok && slices.Contains(notFirst, first) {
			s = rest
		}
		if s != "" && !slices.ContainsFunc(out, func(o string) bool { return strings.Contains(o, s) }) && len(out) < 8 {
			out = append(out, s)
		}
	}
	for _, m := range titled.FindAllStringSubmatch(text, 20) {
		add(m[1])
	}
	for _, m := range capitals.FindAllString(text, 40) {
		words := strings.Fields(m)
		if !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(notPeople, w) }) {
			add(m)
		}
	}
	return out
}
