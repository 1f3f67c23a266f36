package ch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"article41/record"
	"article41/sheet"
)

// Bounds of one entry's names and of one name's spellings.
const (
	maxNames     = 2000
	maxSpellings = 24
)

// named reads one name: its parts in their order, and its spellings. A spelling
// of one part is joined with the others of the same language and script, where
// they have one, and else with the parts as they stand.
func (p *page) named(n named, main bool) {
	parts := slices.Clone(n.Parts)
	slices.SortStableFunc(parts, func(a, b part) int {
		i, _ := strconv.Atoi(a.Order)
		j, _ := strconv.Atoi(b.Order)
		return i - j
	})
	var plain []string
	for i := range parts {
		parts[i].Value = p.Read("names", "name-part", parts[i].Value)
		if parts[i].Type == "title" {
			sheet.Once(&p.Entry.Titles, parts[i].Value)
		} else if parts[i].Value != "" {
			plain = append(plain, parts[i].Value)
		}
	}
	parts = slices.DeleteFunc(parts, func(q part) bool { return q.Type == "title" || q.Value == "" })
	out := record.Name{Quality: p.grade(n, main), Lang: p.tongue(n.Lang)}
	if out.Text = inOrder(parts, nil); len(plain) > 1 {
		out.Parts = plain
	}
	p.keep(out)

	type tongue struct{ lang, script string }
	var tongues []tongue
	for _, q := range parts {
		for _, v := range q.Variants {
			if t := (tongue{v.Lang, v.Script}); !slices.Contains(tongues, t) {
				tongues = append(tongues, t)
			}
		}
	}
	made := 0
	for _, t := range tongues {
		// The spellings of each part in this tongue; the n-th of one goes with the
		// n-th of the others, or with their last.
		spelt := make([][]string, len(parts))
		most := 0
		for i, q := range parts {
			for _, v := range q.Variants {
				if (tongue{v.Lang, v.Script}) == t {
					if s := p.Read("names", "spelling-variant", v.Text); s != "" {
						spelt[i] = append(spelt[i], s)
					}
				}
			}
			most = max(most, len(spelt[i]))
		}
		for k := range most {
			if made++; made > maxSpellings {
				p.Complain("spelling-variant", fmt.Sprintf("more than %d spellings of one name: the rest is left out", maxSpellings))
				return
			}
			words := map[int]string{}
			for i, s := range spelt {
				if len(s) > 0 {
					words[i] = s[min(k, len(s)-1)]
				}
			}
			v := record.Name{Text: inOrder(parts, words), Quality: out.Quality, Lang: p.tongue(t.lang)}
			if v.Quality == record.Primary {
				v.Quality = record.Good
			}
			p.keep(v)
		}
	}
}

// tongue is a language as ISO 639 abbreviates it in two letters, where it does:
// the list has three, "fra".
func (p *page) tongue(s string) string {
	s = p.Read("names", "lang", s)
	if base, err := language.ParseBase(s); err == nil && s != "" {
		return base.String()
	}
	return s
}

// inOrder puts a name's parts, or other spellings of them, in reading order.
func inOrder(parts []part, spelt map[int]string) string {
	var words, family []string
	given := slices.ContainsFunc(parts, func(q part) bool { return q.Type == "given-name" })
	for i, q := range parts {
		s := q.Value
		if other, ok := spelt[i]; ok {
			s = other
		}
		if given && len(words) == 0 && q.Type == "family-name" {
			family = append(family, s)
		} else {
			words = append(words, s)
		}
	}
	at := len(words)
	if n := len(parts); n > 0 && parts[n-1].Type == "suffix" && at > 0 {
		at--
	}
	return strings.Join(slices.Insert(words, at, family...), " ")
}

// grade is how much the list trusts a name.
func (p *page) grade(n named, main bool) record.Quality {
	switch strings.ToLower(n.Quality) {
	case "low":
		return record.Low
	case "", "good":
	default:
		p.Complain("quality", fmt.Sprintf("unknown quality of a name: %.40q", n.Quality))
	}
	switch n.Type {
	case "primary-name":
		if main && !slices.ContainsFunc(p.Entry.Names, func(m record.Name) bool { return m.Quality == record.Primary }) {
			return record.Primary
		}
	case "formerly-known-as":
		return record.Formerly
	case "alias":
	default:
		p.Complain("name-type", fmt.Sprintf("unknown kind of name: %.40q", n.Type))
	}
	return record.Good
}

// keep keeps a name once.
func (p *page) keep(n record.Name) {
	e := p.Entry
	if n.Text == "" || slices.ContainsFunc(e.Names, func(m record.Name) bool { return m.Text == n.Text }) {
		return
	}
	if len(e.Names) >= maxNames {
		if !slices.ContainsFunc(e.Dropped, func(c record.Complaint) bool { return c.Place == "names: all" }) {
			p.Drop("names", "all", fmt.Sprintf("more than %d names: the rest is left out", maxNames))
		}
		return
	}
	if foreign(n.Text) && n.Quality == record.Good {
		n.Quality = record.Original
	}
	e.Names = append(e.Names, n)
}
