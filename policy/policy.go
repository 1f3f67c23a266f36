// Package policy answers what a hit means for a payment: stop it, have somebody
// look, or write it down.
//
// A [Policy] is a named, versioned file of its owner: whose law counts
// (jurisdictions), which lists must be searched, how contested and unknown law is
// treated, and rules over jurisdictions, lists, measures and scores. [Policy.Judge]
// applies it to one hit; the strongest deed of its measures counts. Every answer
// carries [Used]: which policy, in which version, by digest, so that a file that
// was changed without a new version shows.
//
// The package knows no law and matches no names: what binds whom is handed to it.
// A deed says what to do with a payment, never who somebody is.
//
//	p, err := policy.Read(file)
//	p.Judge(policy.Hit{Score: 0.93, Measures: …}).Do // policy.Stop
package policy

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"article41/data"
	"article41/record"
	"article41/regime"
)

// Deed is what a hit does to a payment, weakest first.
type Deed string

const (
	Note   Deed = "note"   // it is written down
	Review Deed = "review" // somebody looks
	Stop   Deed = "stop"   // the payment waits
)

// Treatment is how a status that is not plain counts.
type Treatment string

const (
	InForce    Treatment = "in-force"
	NotInForce Treatment = "not-in-force"
)

// Policy is one house's rules for what a hit means.
type Policy struct {
	Name          string            `json:"name" yaml:"name"`
	Version       string            `json:"version" yaml:"version"`
	Note          string            `json:"note,omitempty" yaml:"note,omitempty"`
	Jurisdictions []string          `json:"jurisdictions" yaml:"jurisdictions"` // whose law counts; none: everybody's
	Lists         []record.SourceID `json:"lists" yaml:"lists"`                 // searched, and have to be loaded; none: those that are
	Contested     Treatment         `json:"contested" yaml:"contested"`
	Unknown       Treatment         `json:"unknown" yaml:"unknown"`
	Threshold     float64           `json:"threshold,omitempty" yaml:"threshold,omitempty"` // from which a hit counts; 0: the engine's
	FourEyes      bool              `json:"four_eyes" yaml:"four_eyes"`
	Rules         []Rule            `json:"rules" yaml:"rules"`
	Otherwise     Deed              `json:"otherwise" yaml:"otherwise"`
}

// Rule says what a measure does. An empty condition fits everything.
type Rule struct {
	Name          string            `json:"name" yaml:"name"`
	Jurisdictions []string          `json:"jurisdictions,omitempty" yaml:"jurisdictions,omitempty"`
	Lists         []record.SourceID `json:"lists,omitempty" yaml:"lists,omitempty"`       // on which the hit stands
	Measures      []string          `json:"measures,omitempty" yaml:"measures,omitempty"` // words of data/measures.csv, or "listed"
	Threshold     float64           `json:"threshold,omitempty" yaml:"threshold,omitempty"`
	Do            Deed              `json:"do" yaml:"do"`
}

// Listed is the word for an entry whose list names no measure.
const Listed = "listed"

//go:embed default.yaml
var shipped []byte

// Default is the policy that comes with the program.
func Default() Policy {
	p, err := Read(bytes.NewReader(shipped))
	if err != nil {
		panic(err) // a test reads it
	}
	return p
}

// jurisdictions are those that a policy can name: the authorities of the record,
// those of lists without an instrument, and the house itself.
var jurisdictions = []string{"UN", "EU", "US", "UK", "CH", "CA", "house"}

// longest is the size of the longest file that is read.
const longest = 1 << 20

// Read reads a policy and refuses one that could be misread: every complaint at
// once, each with its place.
func Read(r io.Reader) (p Policy, err error) {
	b, err := io.ReadAll(io.LimitReader(r, longest+1))
	if err != nil {
		return Policy{}, err
	}
	if len(b) > longest {
		return Policy{}, fmt.Errorf("%w: policy: longer than %d bytes", record.ErrInvalid, longest)
	}
	defer func() { // some broken files make the library panic
		if recover() != nil {
			p, err = Policy{}, fmt.Errorf("%w: policy: cannot be read as YAML", record.ErrInvalid)
		}
	}()
	if err := yaml.UnmarshalWithOptions(b, &p, yaml.Strict()); err != nil {
		return Policy{}, fmt.Errorf("%w: policy: %s", record.ErrInvalid, firstLine(yaml.FormatError(err, false, false)))
	}
	if wrong := p.complaints(); len(wrong) > 0 {
		return Policy{}, fmt.Errorf("%w: policy %s: %s", record.ErrInvalid, p.Name, strings.Join(wrong, "; "))
	}
	return p, nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func (p *Policy) complaints() (out []string) {
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if p.Name == "" || p.Version == "" {
		say("name and version: a policy needs both, so that an answer can name it")
	}
	if p.Contested == "" {
		p.Contested = InForce
	}
	if p.Unknown == "" {
		p.Unknown = InForce
	}
	if p.Otherwise == "" {
		p.Otherwise = Review
	}
	for _, t := range []struct {
		key string
		is  Treatment
	}{{"contested", p.Contested}, {"unknown", p.Unknown}} {
		if t.is != InForce && t.is != NotInForce {
			say("%s: %q: want %s or %s", t.key, t.is, InForce, NotInForce)
		}
	}
	words := measures()
	named := func(where string, js []string) {
		for _, j := range js {
			if !slices.Contains(jurisdictions, j) {
				say("%s: jurisdictions: %q: want one of %s", where, j, strings.Join(jurisdictions, ", "))
			}
		}
	}
	score := func(where string, s float64) {
		if !(s >= 0 && s <= 1) {
			say("%s: threshold %v: want a number from 0 to 1", where, s)
		}
	}
	deed := func(where string, d Deed) {
		if d != Stop && d != Review && d != Note {
			say("%s: %q: want stop, review or note", where, d)
		}
	}
	named("the policy", p.Jurisdictions)
	score("the policy", p.Threshold)
	deed("otherwise", p.Otherwise)
	if len(p.Rules) == 0 {
		say("rules: none: every hit would be %s", p.Otherwise)
	}
	for i, r := range p.Rules {
		where := fmt.Sprintf("rule %d (%s)", i+1, r.Name)
		if r.Name == "" {
			say("rule %d: no name, by which an answer could say why", i+1)
		}
		named(where, r.Jurisdictions)
		score(where, r.Threshold)
		deed(where+": do", r.Do)
		for _, m := range r.Measures {
			if !slices.Contains(words, m) {
				say("%s: measures: %q is no word for a measure; want one of %s", where, m, strings.Join(words, ", "))
			}
		}
	}
	return out
}

// measures are the words for measures, and "listed".
func measures() []string {
	out := []string{Listed}
	rows, err := csv.NewReader(bytes.NewReader(data.Measures)).ReadAll()
	if err != nil {
		panic(err) // the file in the binary
	}
	for _, r := range rows[1:] {
		if r[1] == string(record.MeasureType) {
			out = append(out, r[0])
		}
	}
	return out
}

// Used names a policy in an answer.
type Used struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Digest  string `json:"digest"` // of what it says, whatever the file's comments
}

// Title is the policy's name with its version: ours/3.
func (u Used) Title() string { return u.Name + "/" + u.Version }

// Used is how answers name the policy.
func (p Policy) Used() Used {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // plain fields only
	}
	sum := sha256.Sum256(b)
	return Used{p.Name, p.Version, hex.EncodeToString(sum[:])}
}

// Measure is one measure on the bearer of a hit, under one jurisdiction's law.
type Measure struct {
	Jurisdiction string        `json:"jurisdiction"`
	Word         string        `json:"measure"`
	Status       regime.Status `json:"status"`
}

// Hit is what a policy is asked about.
type Hit struct {
	List     record.SourceID
	Score    float64
	Match    bool // it reached the threshold that was asked for
	Measures []Measure
}

// Decision is what a hit does to a payment, and why.
type Decision struct {
	Do   Deed   `json:"do"`
	Rule string `json:"rule,omitempty"` // the rule that decided
	Why  string `json:"why"`
}

// Judge applies the policy to one hit.
func (p Policy) Judge(h Hit) Decision {
	if p.Threshold > 0 && h.Score < p.Threshold || p.Threshold == 0 && !h.Match {
		return Decision{Do: Note, Why: "the score is below the threshold"}
	}
	out := Decision{Do: Note, Why: "nothing that counts under this policy binds it on the day"}
	found := false
	for _, m := range h.Measures {
		if len(p.Jurisdictions) > 0 && !slices.Contains(p.Jurisdictions, m.Jurisdiction) || !p.binds(m.Status) {
			continue
		}
		do, rule := p.Otherwise, ""
		low := false
		for _, r := range p.Rules {
			if !r.fits(h, m) {
				continue
			}
			if r.Threshold > 0 && h.Score < r.Threshold {
				low = true
				continue
			}
			do, rule, low = r.Do, r.Name, false
			break
		}
		if low { // the rules for it want a higher score
			do = Note
		}
		if !found || rank(do) > rank(out.Do) {
			found = true
			out = Decision{do, rule, fmt.Sprintf("%s: %s %s", m.Jurisdiction, m.Word, m.Status)}
			if low {
				out.Why += "; the score is below what the rule for it asks"
			}
		}
	}
	return out
}

// binds reports whether a status counts under the policy.
func (p Policy) binds(s regime.Status) bool {
	switch s {
	case regime.InForce:
		return true
	case regime.Contested:
		return p.Contested == InForce
	case regime.Unknown:
		return p.Unknown == InForce
	}
	return false
}

func (r Rule) fits(h Hit, m Measure) bool {
	return (len(r.Jurisdictions) == 0 || slices.Contains(r.Jurisdictions, m.Jurisdiction)) &&
		(len(r.Lists) == 0 || slices.Contains(r.Lists, h.List)) &&
		(len(r.Measures) == 0 || slices.Contains(r.Measures, m.Word))
}

func rank(d Deed) int { return slices.Index([]Deed{Note, Review, Stop}, d) }

// Strongest is what several hits do together; note, if there is none.
func Strongest(of []Decision) Deed {
	out := Note
	for _, d := range of {
		if rank(d.Do) > rank(out) {
			out = d.Do
		}
	}
	return out
}
