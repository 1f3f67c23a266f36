package name

import "strings"

// Kind says what bears a name. It decides which words are titles, which are
// company forms and which carry the name.
type Kind uint8

const (
	Unknown Kind = iota
	Person
	Organisation
	Company
	Vessel
	Aircraft
)

var kindWords = [...]string{"unknown", "person", "organisation", "company", "vessel", "aircraft"}

func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return "unknown"
}

// ReadKind reads the words lists and tools use for a kind; a word it does not
// know is Unknown, and ok is false unless it was empty.
func ReadKind(s string) (k Kind, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "unknown", "thing", "legalentity", "any":
		return Unknown, true
	case "person", "individual", "human":
		return Person, true
	case "organisation", "organization", "publicbody", "entity", "group":
		return Organisation, true
	case "company", "business", "corporation":
		return Company, true
	case "vessel", "ship":
		return Vessel, true
	case "aircraft", "airplane", "plane":
		return Aircraft, true
	}
	return Unknown, false
}

// MarshalText writes the kind's word, so JSON shows "person" and not 1.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote, and the words ReadKind knows.
func (k *Kind) UnmarshalText(b []byte) error {
	v, _ := ReadKind(string(b))
	*k = v
	return nil
}

// mayBe says whether a bearer of kind k and one of kind o can be the same at
// all: a person is never a ship. Unknown may be anything, and lists mix
// companies with other organisations freely.
func (k Kind) MayBe(o Kind) bool {
	if k == Unknown || o == Unknown {
		return true
	}
	return k.family() == o.family()
}

func (k Kind) family() Kind {
	if k == Company {
		return Organisation
	}
	return k
}
