package article41

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"article41/account"
	"article41/briefing"
	"article41/date"
	"article41/record"
)

// Named says which entries of the lists a text may name: the words that look like
// a person's name, screened. It is for a moderator to look at before a comment is
// shown, and says nothing about anybody.
func (a *Archive) Named(ctx context.Context, at record.At, text string) ([]string, error) {
	out := []string{}
	for _, p := range briefing.People(text) {
		found, err := a.Screen(ctx, at, Query{Name: p, Limit: 1})
		if err != nil {
			return nil, fmt.Errorf("screen the words %q: %w", p, err)
		}
		for _, h := range found.Hits {
			if h.Match {
				out = append(out, fmt.Sprintf("“%s”, like %s (%s, %s)", p, h.ID, h.Caption, h.Status))
			}
		}
	}
	return out, nil
}

// Story lays the claims of an article beside the record: what agrees, what differs,
// what the record does not hold. written is the story's own day, from which it counts
// others; zero: the one that it states. It asks nobody else.
func (a *Archive) Story(ctx context.Context, at record.At, text string, written date.Day) (briefing.Checked, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return briefing.Checked{}, err
	}
	w := s.world(at.KnownAt)
	r := briefing.Record{At: at, Written: written, Council: w.council, Law: w.World, Assembly: w.assembly,
		Listed: func(id record.RegimeID, on date.Day) int {
			then, n := at, 0
			then.AsOf = on
			for _, l := range s.entriesOf(w, then, id) {
				if w.Stand(then, l).Alive() {
					n++
				}
			}
			return n
		}}
	if account.Of(ctx).May(account.ScreenNames) { // a reader asks about no names by this way either
		r.Named = func(words string) (string, []record.Cite, bool) {
			found, err := a.Screen(ctx, at, Query{Name: words, Limit: 1})
			if err != nil || len(found.Hits) == 0 || !found.Hits[0].Match {
				return "", nil, false
			}
			h := found.Hits[0]
			return fmt.Sprintf("A name like it is on the record: %s, %s. %s A like name is no more than that.", h.ID, h.Caption, h.Sentence), nil, true
		}
	}
	for _, id := range w.Regimes() {
		if c, err := w.Regime(id); err == nil && !c.Known.After(at.KnownAt) {
			r.Regimes = append(r.Regimes, described(c.Regime, at.KnownAt))
		}
	}
	return r.Check(text)
}

// BriefingDraft is a briefing to begin from: the facts of a decision filled in, as
// blocks and sentences with their sources, and marks where an editor has to write.
func BriefingDraft(v Vote, today date.Day) string {
	var b strings.Builder
	title := v.Title
	if title == "" {
		title = v.Agenda
	}
	about := []string{string(v.ID)}
	for _, e := range v.Effects {
		about = append(about, string(e.Regime))
	}
	source := "[@computed]"
	if len(v.Cites) > 0 {
		source = sourceMark(v.Cites[0])
	}
	fmt.Fprintf(&b, "---\ntitle: %q\nlead: %q\nlang: en\nby: article41\nabout: [%s]\ncard: %s\ncomments: 90 days\n---\n\n",
		strings.TrimSpace(v.ID.String()+" "+title), "On "+v.Date.Text()+": "+v.Outcome.Sentence, quoted(about), quoted([]string{string(v.ID)}))
	fmt.Fprintf(&b, "On %s the Security Council voted on %s. %s %s\n\n{{vote %s}}\n", v.Date.Text(), v.ID, v.Outcome.Sentence, source, v.ID.Path())
	if len(v.Rivals) > 0 {
		b.WriteString("\n## The other text\n\n")
		for _, r := range v.Rivals {
			fmt.Fprintf(&b, "%s was voted on too: %s %s\n\n", r.ID, r.Outcome.Sentence, source)
		}
		fmt.Fprintf(&b, "{{rollcall %s", v.ID.Path())
		for _, r := range v.Rivals {
			fmt.Fprintf(&b, " %s", r.ID.Path())
		}
		b.WriteString("}}\n")
	}
	for _, e := range v.Effects {
		fmt.Fprintf(&b, "\n## %s\n\n", e.Name)
		for _, x := range e.Effects {
			until := ""
			if !x.Until.IsZero() {
				until = " until " + x.Until.Text()
			}
			does := "would " + string(x.Do)
			if v.Outcome.Adopted {
				does = string(x.Do) + "s"
			}
			if x.Do == record.Establish && v.Outcome.Adopted {
				does = "establishes"
			}
			fmt.Fprintf(&b, "It %s: %s%s. %s\n\n", does, words(x.What), until, sourceMark(x.Cite))
		}
		fmt.Fprintf(&b, "{{status %s as_of=%s}}\n\n{{timeline %s from=%s to=%s}}\n", e.Regime, v.Date.Next(), e.Regime, v.Date.AddMonths(-12), date.Max(v.Date, today))
	}
	if len(v.Statements) > 0 {
		b.WriteString("\n## What was said\n")
		said := map[string]bool{}
		for _, x := range v.Statements {
			if !said[string(x.Member)] {
				said[string(x.Member)] = true
				fmt.Fprintf(&b, "\n{{quote %s %s}}\n", v.ID.Path(), x.Member)
			}
		}
	}
	matters := map[string]bool{}
	claims := slices.Clone(v.Claims)
	for _, e := range v.Effects {
		claims = append(claims, e.Claims...)
	}
	for _, c := range claims {
		if m := strings.ReplaceAll(c.About, " ", "-"); !matters[m] {
			if len(matters) == 0 {
				b.WriteString("\n## Where the sources disagree\n")
			}
			matters[m] = true
			fmt.Fprintf(&b, "\n{{disagree %s %s}}\n", v.ID.Path(), m)
		}
	}
	b.WriteString("\nWrite here what it means and who says so.\n")
	return b.String()
}

func quoted(in []string) string {
	var out []string
	for _, s := range in {
		out = append(out, fmt.Sprintf("%q", s))
	}
	return strings.Join(out, ", ")
}

func words(ids []record.ComponentID) string {
	var out []string
	for _, id := range ids {
		out = append(out, strings.ReplaceAll(string(id), "-", " "))
	}
	return strings.Join(out, ", ")
}

// sourceMark is a cite as a briefing writes it: of several sources joined in one
// cite, the first.
func sourceMark(c record.Cite) string {
	key, _, _ := strings.Cut(c.Source, ";")
	return strings.TrimSpace("[@"+strings.TrimSpace(key)+" "+c.Place) + "]"
}
