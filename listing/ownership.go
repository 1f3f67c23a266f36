package listing

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"article41/date"
	"article41/record"
)

// This file answers whether somebody listed owns or controls a body, from the
// links that lists give: their percentages and dates as given, and no others. A
// list names few owners of few firms, so the answer is three-valued, and "not"
// needs proof: known owners who are not listed must hold so much that nobody
// listed can reach the threshold.

//go:embed authorities.csv
var authoritiesCSV []byte

//go:embed holdings.csv
var holdingsCSV []byte

// OwnershipRule is one authority's test, a row of authorities.csv.
type OwnershipRule struct {
	Authority string          `json:"authority"`
	Rule      string          `json:"rule"`
	Least     float64         `json:"least"`    // percent
	More      bool            `json:"more"`     // it must be more than that
	Together  bool            `json:"together"` // shares of several listed owners are added up
	Control   bool            `json:"control"`  // control without shares is enough
	Cite      string          `json:"cite"`
	Sure      record.Sureness `json:"sureness"`
}

// OwnershipRules are the tests of the authorities.
func OwnershipRules() []OwnershipRule {
	var out []OwnershipRule
	for _, r := range table(authoritiesCSV) {
		least, err := strconv.ParseFloat(r[2], 64)
		if err != nil {
			panic("authorities.csv: " + err.Error())
		}
		out = append(out, OwnershipRule{r[0], r[1], least, r[3] == "yes", r[4] == "yes", r[5] == "yes", r[6], record.Sureness(r[7])})
	}
	return out
}

func table(b []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		panic(err) // embedded, and read by a test
	}
	return rows[1:]
}

// Holding is a link by which one owns or controls another.
type Holding struct {
	Owner   string `json:"owner"`
	Asset   string `json:"asset"`
	Control bool   `json:"control,omitempty"`
	Percent string `json:"percent,omitempty"` // as given
	From    string `json:"from,omitempty"`
	Until   string `json:"until,omitempty"`
	Said    string `json:"said"` // the entry that gives the link, and its word for it
}

// HoldingOf reads a link of an entry as a holding; false if it says nothing of
// ownership or control. Who is a director, a relative or "linked to" owns
// nothing by that.
func HoldingOf(ref string, l record.Relation) (Holding, bool) {
	h := Holding{Percent: l.Percent, From: l.From, Until: l.Until, Said: ref + ": " + l.Kind}
	for _, row := range table(holdingsCSV) {
		if row[0] != l.Kind {
			continue
		}
		switch row[1] {
		case "owner":
			h.Owner, h.Asset = l.To, ref
		case "asset":
			h.Owner, h.Asset = ref, l.To
		case "controller":
			h.Owner, h.Asset, h.Control = l.To, ref, true
		case "controlled":
			h.Owner, h.Asset, h.Control = ref, l.To, true
		}
		return h, true
	}
	return h, false
}

// Controlled is the three-valued answer.
type Controlled string

const (
	IsControlled  Controlled = "controlled"
	NotControlled Controlled = "not"
	CannotSay     Controlled = "cannot say"
)

// Ownership is what an authority's test says of one body.
type Ownership struct {
	OwnershipRule
	Answer  Controlled `json:"answer"`
	Why     string     `json:"why"`
	AtLeast float64    `json:"at_least"` // percent that listed owners hold, as proved
	AtMost  float64    `json:"at_most"`  // and as far as cannot be excluded
	Path    []Holding  `json:"path"`     // the links that the answer rests on
}

// Known is what is known of those who may own: whether one is listed. False and
// no error is "not on the lists held"; unsure stands for a name that could not be
// told from others, or an entry that no longer binds.
type Known func(id string) (listed, unsure bool)

// Owned applies a rule to a body on a day. Cycles, missing percentages and owners
// that nobody names widen what cannot be excluded; they never prove anything.
func Owned(id string, holdings []Holding, known Known, rule OwnershipRule, on date.Day) Ownership {
	x := &owning{byAsset: map[string][]Holding{}, known: known, rule: rule, on: on, open: map[string]bool{}}
	for _, h := range holdings {
		if !slices.Contains(x.byAsset[h.Asset], h) {
			x.byAsset[h.Asset] = append(x.byAsset[h.Asset], h)
		}
	}
	return x.of(id)
}

type owning struct {
	byAsset map[string][]Holding
	known   Known
	rule    OwnershipRule
	on      date.Day
	open    map[string]bool // being looked at: a cycle comes back to them
	work    int
}

// mostWork bounds how many owners are looked at, as a web of links can be walked
// in more ways than anybody can wait for. What lies beyond cannot be said.
const mostWork = 10_000

func (x *owning) of(id string) Ownership {
	out := Ownership{OwnershipRule: x.rule, Path: []Holding{}, AtMost: 100}
	x.open[id] = true
	defer delete(x.open, id)
	proved, together := 0.0, 0.0
	others := 0.0 // proved in hands that are not listed
	var doubts []string
	doubt := func(format string, args ...any) {
		if s := fmt.Sprintf(format, args...); !slices.Contains(doubts, s) {
			doubts = append(doubts, s)
		}
	}
	var path, doubtful []Holding
	for _, b := range x.blocks(id) {
		h := b.links[0]
		if b.unsure {
			doubt("whether the link to %s held on the day cannot be told by its dates", h.Owner)
		}
		if len(b.links) > 1 {
			doubt("%s is named as owner more than once", h.Owner)
		}
		through, chain := x.ofOwner(h.Owner)
		switch through {
		case IsControlled:
			switch {
			case h.Control && x.rule.Control && !b.unsure:
				out.Answer, out.Why = IsControlled, fmt.Sprintf("%s is listed and is said to control it", h.Owner)
				out.Path = append([]Holding{h}, chain...)
				return out
			case h.Control:
				doubt("%s is said to control it, and control alone is not this rule's test", h.Owner)
				continue
			}
			path = append(append(path, b.links...), chain...)
			if !b.given {
				doubt("no percentage is given for %s", h.Owner)
			}
			proved, together = max(proved, b.least), together+b.least
		case NotControlled:
			others += b.least
			if b.least < b.most {
				doubt("the share of %s is not exact", h.Owner)
			}
		default:
			doubt("whether %s is listed or owned by somebody listed cannot be said", h.Owner)
			doubtful = append(append(doubtful, b.links...), chain...)
		}
	}
	if x.rule.Together {
		proved = together
	}
	out.AtLeast, out.AtMost = min(proved, 100), max(0, 100-others)
	reaches := func(p float64) bool { return p > x.rule.Least || p == x.rule.Least && !x.rule.More }
	conflict := out.AtLeast > out.AtMost
	if conflict {
		doubt("the shares that are given add up to more than the whole")
	}
	switch {
	case reaches(out.AtLeast) && !conflict:
		out.Answer, out.Path = IsControlled, path
		out.Why = fmt.Sprintf("listed owners hold at least %s percent", percent(out.AtLeast))
	case !reaches(out.AtMost) && !x.rule.Control && !conflict:
		out.Answer = NotControlled
		out.Why = fmt.Sprintf("owners who are not on the lists held have at least %s percent", percent(others))
	default:
		out.Answer, out.Path = CannotSay, append(path, doubtful...)
		switch {
		case len(x.byAsset[id]) == 0:
			doubt("no list held names an owner")
		case !reaches(out.AtMost):
			doubt("no listed owner can reach the threshold, but control without shares cannot be excluded")
		case !x.rule.Together && reaches(together):
			doubt("several listed owners reach the threshold only together")
		case len(doubts) == 0:
			doubt("the owners that are named hold %s percent, who holds the rest is not told", percent(together+others))
		}
		out.Why = strings.Join(doubts, "; ")
	}
	return out
}

// ofOwner: an owner counts as listed if it is, or if the rule makes it so through
// its own owners; then the whole of its share counts, not a fraction of it.
func (x *owning) ofOwner(id string) (Controlled, []Holding) {
	if x.work++; x.open[id] || x.work > mostWork {
		return CannotSay, nil // a cycle, or too much
	}
	listed, unsure := x.known(id)
	switch {
	case listed:
		return IsControlled, nil
	case unsure:
		return CannotSay, nil
	case len(x.byAsset[id]) == 0:
		return NotControlled, nil // nobody is named above it
	}
	o := x.of(id)
	if o.Answer == CannotSay && o.Control {
		return CannotSay, o.Path
	}
	return o.Answer, o.Path
}

// block is what one owner is said to hold of one asset. Several links tell of the
// same shares, so they are not added: what all of them allow is what is proved.
type block struct {
	links       []Holding
	least, most float64 // percent
	given       bool    // by each of them
	unsure      bool    // whether one held on the day cannot be told, so it proves nothing
}

// blocks are an asset's, those of the day and those that may be, in the order in
// which the owners are named.
func (x *owning) blocks(asset string) []block {
	var out []block
	for _, h := range x.byAsset[asset] {
		over, unsure := x.past(h)
		if over {
			continue
		}
		least, most, given := share(h.Percent)
		if unsure {
			least = 0
		}
		b := block{[]Holding{h}, least, most, given, unsure}
		i := slices.IndexFunc(out, func(o block) bool { return o.links[0].Owner == h.Owner && o.links[0].Control == h.Control })
		if i < 0 {
			out = append(out, b)
			continue
		}
		o := &out[i]
		o.links = append(o.links, h)
		o.least, o.most = min(o.least, least), max(o.most, most)
		o.given = o.given && given
		o.unsure = o.unsure && unsure // for control one sure link is enough
	}
	return out
}

// past: the link had ended, or had not begun, on the day; unsure where its dates
// are too wide to tell, or cannot be read.
func (x *owning) past(h Holding) (over, unsure bool) {
	for _, end := range []struct {
		text string
		out  func(date.Day) bool
	}{{h.Until, func(d date.Day) bool { return d.Before(x.on) }}, {h.From, func(d date.Day) bool { return d.After(x.on) }}} {
		if end.text == "" {
			continue
		}
		d, err := date.ParseAbout(end.text)
		switch {
		case err != nil:
			unsure = true
		case end.out(d.From) && end.out(d.To):
			return true, false
		case end.out(d.From) || end.out(d.To):
			unsure = true
		}
	}
	return false, unsure
}

var number = `([0-9]{1,3}(?:[.,][0-9]+)?)`
var shares = []struct {
	form  *regexp.Regexp
	least func(a, b float64) (float64, float64)
}{
	{regexp.MustCompile(`^` + number + ` ?%?$`), func(a, _ float64) (float64, float64) { return a, a }},
	{regexp.MustCompile(`^` + number + ` ?%? ?(?:-|–|to) ?` + number + ` ?%?$`), func(a, b float64) (float64, float64) { return a, b }},
	{regexp.MustCompile(`^(?:>|more than|over|at least|>=) ?` + number + ` ?%?$`), func(a, _ float64) (float64, float64) { return a, 100 }},
	{regexp.MustCompile(`^(?:<|less than|under|up to|<=) ?` + number + ` ?%?$`), func(a, _ float64) (float64, float64) { return 0, a }},
}

// share reads a percentage as given; what cannot be read may be anything.
func share(text string) (least, most float64, given bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, s := range shares {
		m := s.form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		var n [2]float64
		for i, t := range m[1:] {
			n[i], _ = strconv.ParseFloat(strings.ReplaceAll(t, ",", "."), 64)
		}
		if least, most = s.least(n[0], n[1]); least <= most && most <= 100 {
			return least, most, true
		}
	}
	return 0, 100, false
}

func percent(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) }
