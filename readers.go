package article41

import (
	"context"
	"fmt"

	"article41/briefing"
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
