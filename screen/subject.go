package screen

import (
	"fmt"
	"slices"

	"article41/name"
)

// SubjectID names one listed person, body or ship; unique in an index, such as
// "un:MLi.005".
type SubjectID string

// Strength is how much a publisher trusts a name it lists.
type Strength uint8

const (
	Primary Strength = iota // the name the entry is listed under
	Strong                  // a good alias
	Weak                    // a low-quality alias: confirms a hit, never opens one
)

var strengthWords = [...]string{"primary", "strong", "weak"}

func (s Strength) String() string { return strengthWords[min(int(s), len(strengthWords)-1)] }

// MarshalText writes the strength's word.
func (s Strength) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Strength) UnmarshalText(b []byte) error {
	i := slices.Index(strengthWords[:], string(b))
	if i < 0 {
		return fmt.Errorf("strength %q: want primary, strong or weak", b)
	}
	*s = Strength(i)
	return nil
}

// Name is one name of a subject as its publisher prints it.
type Name struct {
	Text     string   `json:"text"`
	Strength Strength `json:"strength"`
	Script   bool     `json:"script,omitempty"` // the original-script spelling
	Lang     string   `json:"lang,omitempty"`   // ISO 639, if the publisher says so: "ko" makes Han read as Korean
}

// Birth is a day, month, year or span of birth: YYYY, YYYY-MM or YYYY-MM-DD.
// To is empty unless it is a span; About marks "approximately".
type Birth struct {
	From  string `json:"from"`
	To    string `json:"to,omitempty"`
	About bool   `json:"about,omitempty"`
}

// Identifier is a passport, tax, IMO or other number. Kind is a short word such
// as "passport", "imo", "lei"; an empty Kind is compared by value alone.
type Identifier struct {
	Kind    string `json:"kind"`
	Country string `json:"country,omitempty"`
	Value   string `json:"value"`
}

// Subject is one entry of a list, as far as matching needs it.
type Subject struct {
	ID          SubjectID
	List        string
	Kind        name.Kind
	Names       []Name
	Births      []Birth
	Countries   []string // ISO alpha-2 or alpha-3, any case
	Gender      string
	Identifiers []Identifier
}

// Query is what somebody asks about one person, body or ship. Several names are
// spellings of one bearer: the best of them counts.
type Query struct {
	Names       []string
	Kind        name.Kind
	Births      []Birth
	Countries   []string
	Gender      string
	Identifiers []Identifier
	Limit       int     // 0 = DefaultLimit
	Threshold   float64 // 0 = DefaultThreshold; hits below it are not returned
}

// DefaultThreshold is the score from which a hit is returned.
const DefaultThreshold = 0.70

// DefaultLimit is how many hits a Search returns at most when Limit is 0.
const DefaultLimit = 10

// Hit is one subject that a query may mean.
type Hit struct {
	ID        SubjectID  `json:"id"`
	Score     float64    `json:"score"` // the name and the other evidence together
	Match     bool       `json:"match"` // Score reached the threshold
	NameScore float64    `json:"name_score"`
	Matched   Name       `json:"matched"` // the subject's name that met the query best
	Class     string     `json:"class"`   // one of the Class… words
	For       []Evidence `json:"for,omitempty"`
	Against   []Evidence `json:"against,omitempty"`
}

// Evidence is one fact beside the name that speaks for or against a hit.
type Evidence struct {
	Kind   string  `json:"kind"`   // "birth", "country", "gender", "identifier", "name"
	Detail string  `json:"detail"` // in words, both values shown
	Weight float64 `json:"weight"` // what it added to or took from the score
}

// The classes of a hit, from the strongest.
const (
	ClassIdentifier = "same identifier"
	ClassConfirmed  = "same name, other facts agree"
	ClassNameOnly   = "same name, nothing else to compare"
	ClassSimilar    = "similar name, nothing else to compare"
	ClassSupported  = "similar name, other facts agree"
	ClassDisputed   = "name meets, other facts speak against"
)
