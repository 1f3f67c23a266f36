package web

import (
	"fmt"
	"strings"

	"article41"
	"article41/country"
	"article41/export"
	"article41/record"
)

// regimesFeed tells what every regime's own feed does, newest first.
func (s *site) regimesFeed(a *ask) (export.Feed, error) {
	all, err := s.q.Statuses(a.Context(), a.At)
	if err != nil {
		return export.Feed{}, err
	}
	out := export.Feed{Title: "article41: every sanctions regime", Address: origin(a.Request) + "/regimes"}
	for _, st := range all {
		one, err := s.storiesOf(a, st.Regime)
		if err != nil {
			return export.Feed{}, err
		}
		for _, x := range one.Stories {
			x.Title = st.Name + ": " + x.Title
			out.Stories = append(out.Stories, x)
		}
	}
	return newest(out, instant(a.Today)), nil
}

// memberFeed tells the drafts that a state sponsored, and those that it vetoed.
func (s *site) memberFeed(a *ask) (export.Feed, error) {
	code, err := country.Parse(a.PathValue("code"))
	if err != nil {
		return export.Feed{}, fmt.Errorf("%w: %w", record.ErrNotFound, err)
	}
	site, name := origin(a.Request), code.Name(a.At.AsOf)
	out := export.Feed{Title: "article41: " + name + " in the Security Council", Lead: "Drafts that it sponsored, and those that it vetoed, as far as the record names them", Address: site + "/members/" + string(code)}
	for _, k := range []struct {
		deed string
		f    article41.VoteFilter
	}{{"sponsored", article41.VoteFilter{Sponsor: code, Newest: true, Limit: feedItems}}, {"vetoed", article41.VoteFilter{By: code, Newest: true, Limit: feedItems}}} {
		found, err := s.q.Votes(a.Context(), a.At, k.f)
		if err != nil {
			return export.Feed{}, err
		}
		for _, d := range found {
			out.Stories = append(out.Stories, export.Story{ID: out.Address + "#" + k.deed + "-" + string(d.ID), Address: site + votePath(d.ID), Title: strings.TrimSuffix(name+" "+k.deed+" "+d.ID.String()+", "+voteLabel(d), ", "),
				Lead: d.Outcome.Sentence, By: "article41", Published: instant(d.Date), Updated: instant(d.Date)})
		}
	}
	return newest(out, instant(a.Today)), nil
}

// listingFeed tells what decisions did to an entry of a list, and what its held
// versions showed.
func (s *site) listingFeed(a *ask) (export.Feed, error) {
	list := record.SourceID(a.form.Get("list"))
	if list == "" {
		list = "un"
	}
	e, err := s.q.Entry(a.Context(), a.At, list, a.PathValue("ref"), false)
	if err != nil {
		return export.Feed{}, err
	}
	at := origin(a.Request) + address("/listings/"+e.ID, queries([]string{"list", otherList(list)}))
	out := export.Feed{Title: "article41: " + e.ID + " of " + listName(list), Lead: e.Sentence, Address: at}
	tell := func(id, title string, on record.Step) {
		out.Stories = append(out.Stories, export.Story{ID: at + "#" + id, Address: at, Title: e.ID + ": " + title, Lead: on.Note, By: "article41", Published: instant(on.On), Updated: instant(on.On)})
	}
	for i, x := range e.Steps {
		if !x.On.After(a.At.AsOf) {
			tell(fmt.Sprintf("%s-%d", x.Do, i), stepWord(x.Do)+" "+x.On.Text(), x)
		}
	}
	said := history(e.Spans)
	for i, h := range said {
		tell(fmt.Sprintf("version-%d", len(said)-i), h.What, record.Step{On: h.On})
	}
	return newest(out, instant(a.Today)), nil
}
