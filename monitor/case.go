package monitor

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"article41/record"
)

// Case is a draft statement of case: what published findings say against a
// regime's criteria, and what is missing. It is not a document of the United
// Nations; only States and committees propose a listing.
type Case struct {
	Mark     string          `json:"mark"` // stands on every page of it
	Proposed string          `json:"proposed"`
	Regime   record.RegimeID `json:"regime"`
	Name     string          `json:"regime_name"`
	Criteria []CaseCriterion `json:"criteria"`
	Reply    string          `json:"reply"` // what the named answered, or that nothing is recorded
	Replies  []record.Reply  `json:"replies"`
	Missing  []string        `json:"missing"`
}

// CaseCriterion is one criterion, with the findings that may meet it.
type CaseCriterion struct {
	record.Criterion
	Acts    []CaseAct `json:"acts"`
	Missing []string  `json:"missing"`
}

// CaseAct is an act that a finding holds to be so.
type CaseAct struct {
	Finding  record.FindingID  `json:"finding"`
	Incident record.IncidentID `json:"incident"`
	Title    string            `json:"title"`
	By       string            `json:"by"`
	Acts     string            `json:"acts"`
	Level    string            `json:"level"`
	Sources  []record.Cite     `json:"sources"`
	Evidence []record.Evidence `json:"evidence"`
	Names    bool              `json:"names_the_proposed"` // the finding ties the acts to the one proposed
	Theirs   []string          `json:"acts_of_the_proposed"`
	Others   []string          `json:"also_named"`
	Errata   []record.Erratum  `json:"errata"` // corrections of the finding
}

// CaseMark is what stands on every draft statement of case.
const CaseMark = "draft, not a UN document; only States and committees propose"

// BuildCase assembles the case against one that is proposed, from findings about
// incidents. It weighs nothing: it says which criterion, which acts, on which
// evidence, by which standard of proof, and what is missing.
func BuildCase(proposed string, r record.Regime, findings []record.Finding, incidents []record.Incident) Case {
	c := Case{Mark: CaseMark, Proposed: strings.TrimSpace(proposed), Regime: r.ID, Name: r.Name, Missing: []string{}, Replies: []record.Reply{}}
	evidence := map[string]record.Evidence{}
	for _, in := range incidents {
		for _, e := range in.Evidence {
			evidence[e.ID] = e
		}
		for _, p := range in.Replies {
			if samePerson(p.Of, c.Proposed) {
				c.Replies = append(c.Replies, p)
			}
		}
	}
	met, tied := false, false
	for _, k := range r.Criteria {
		cc := CaseCriterion{Criterion: k, Acts: []CaseAct{}, Missing: []string{}}
		for _, f := range findings {
			i := slices.IndexFunc(f.Meets, func(m record.CriterionCase) bool { return m.Regime == r.ID && m.Letter == k.Letter })
			if i < 0 {
				continue
			}
			a := CaseAct{Finding: f.ID, Incident: f.Incidents[0], Title: f.Title, By: f.By, Acts: f.Meets[i].Acts, Level: f.Level, Sources: f.Cites, Evidence: []record.Evidence{}, Theirs: []string{}, Others: []string{}, Errata: append([]record.Erratum{}, f.Errata...)}
			for _, id := range f.Evidence {
				if e, ok := evidence[id]; ok {
					a.Evidence = append(a.Evidence, e)
				}
			}
			for _, n := range f.Named {
				if !samePerson(n.Name, c.Proposed) {
					a.Others = append(a.Others, n.Name)
					continue
				}
				a.Names, tied = true, true
				a.Theirs = append(a.Theirs, n.Acts...)
				if n.Reply != nil && !slices.Contains(c.Replies, *n.Reply) {
					c.Replies = append(c.Replies, *n.Reply)
				}
			}
			cc.Acts = append(cc.Acts, a)
		}
		if len(cc.Acts) == 0 {
			cc.Missing = append(cc.Missing, "no published finding speaks to this criterion")
		} else {
			met = true
			cc.Missing = append(cc.Missing, lacking(cc.Acts)...)
		}
		c.Criteria = append(c.Criteria, cc)
	}
	if !met {
		c.Missing = append(c.Missing, "no finding that was chosen speaks to any criterion of this regime")
	}
	if !tied {
		c.Missing = append(c.Missing, "no finding ties specific acts to the one proposed: without that there is no case against them")
	}
	c.Reply = "No reply of the one proposed is recorded."
	if len(c.Replies) > 0 {
		said := make([]string, len(c.Replies))
		for i, r := range c.Replies {
			said[i] = capital(ReplyWords(r))
		}
		c.Reply = strings.Join(said, " ")
	}
	if !slices.ContainsFunc(c.Replies, func(r record.Reply) bool { return r.Sort != "not-asked" }) {
		c.Missing = append(c.Missing, "a reply of the one proposed, or a record that they were asked and did not answer")
	}
	c.Missing = append(c.Missing, "identifiers of the one proposed: they are given to the committee, never kept here")
	return c
}

// ReplyWords are what somebody named answered, in words.
func ReplyWords(r record.Reply) string {
	on := ""
	if !r.On.IsZero() {
		on = ", " + r.On.Text()
	}
	words := WordsOf(ReplySorts(), r.Sort) + on
	if r.Says != "" {
		words += ": " + r.Says
	}
	return strings.TrimSuffix(words, ".") + "."
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

func samePerson(a, b string) bool { return b != "" && plain(a) == plain(b) }

// lacking is what the acts under one criterion lack.
func lacking(acts []CaseAct) (out []string) {
	named, held, strong := false, false, false
	for _, a := range acts {
		named = named || a.Names
		held = held || len(a.Evidence) > 0
		l, _ := Find(Levels(), a.Level)
		reasonable, _ := Find(Levels(), "reasonable-grounds")
		strong = strong || l.Rank >= reasonable.Rank
	}
	if !named {
		out = append(out, "the findings do not name the one proposed with specific acts")
	}
	if !held {
		out = append(out, "no evidence with a hash is attached to these findings")
	}
	if !strong {
		out = append(out, "no finding reaches reasonable grounds to believe")
	}
	return out
}
