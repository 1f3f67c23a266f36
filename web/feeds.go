package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"article41/account"
	"article41/briefing"
	"article41/date"
	"article41/export"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// feed gathers the stories of one feed. A story's id is the address of what it is
// about, with no day in it, so a reader that comes back meets none twice; its
// updated day is that of the decision, not of the asking.
type feed func(*site, *ask) (export.Feed, error)

// feeds are the addresses followed by a feed reader, without their endings.
var feeds = map[string]feed{
	"/regimes":             (*site).regimesFeed,
	"/regimes/{id}/feed":   (*site).regimeFeed,
	"/members/{code}/feed": (*site).memberFeed,
	"/listings/{ref}/feed": (*site).listingFeed,
	"/votes":               (*site).votesFeed,
	"/calendar":            (*site).calendarFeed,
	"/changes":             (*site).changesFeed,
}

// feedFiles are those addresses, as Atom and as JSON Feed.
func (s *site) feedFiles(mux *addresses) {
	for path, f := range feeds {
		mux.file("GET "+path+".atom", account.ReadRecord, s.feeding(f))
		mux.file("GET "+path+".json", account.ReadRecord, s.feeding(f))
	}
}

// feeding writes a feed in the form that the address ends with.
func (s *site) feeding(f feed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := read(r, s.o.Today())
		if err == nil {
			err = admits(a, account.ReadRecord)
		}
		var out export.Feed
		if err == nil {
			out, err = f(s, a)
		}
		if err == nil {
			err = writeFeed(w, r, out)
		}
		if err != nil {
			s.show(account.ReadRecord, func(*site, *ask) (page, error) { return page{}, err }).ServeHTTP(w, r)
		}
	}
}

// writeFeed writes a feed in the form that the address ends with; on an error it
// has written nothing.
func writeFeed(w http.ResponseWriter, r *http.Request, f export.Feed) error {
	f.Self = origin(r) + r.URL.RequestURI()
	kind, write := "application/atom+xml; charset=utf-8", export.WriteAtom
	if strings.HasSuffix(r.URL.Path, ".json") {
		kind, write = "application/feed+json", export.WriteJSONFeed
	}
	var b bytes.Buffer
	if err := write(&b, f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Vary", "Accept-Encoding")
	text := b.Bytes()
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		text = squeeze(text)
	}
	w.Write(text)
	return nil
}

// instant is the start of a legal day, for a feed; a day that is not known wholly
// has none, and the year 1946 stands in.
func instant(d date.Day) time.Time {
	if d.IsZero() {
		d = date.MustDay("1946-01-01")
	}
	return d.At(0, 0)
}

// newest sorts the stories, cuts them and dates the feed.
func newest(out export.Feed, empty time.Time) export.Feed {
	slices.SortStableFunc(out.Stories, func(x, y export.Story) int { return y.Updated.Compare(x.Updated) })
	out.Stories = slices.Clip(out.Stories[:min(feedItems, len(out.Stories))])
	if out.Updated = empty; len(out.Stories) > 0 {
		out.Updated = out.Stories[0].Updated
	}
	return out
}

// regimeFeed tells the decisions of a regime, and the days after which something
// of it was no longer in force for want of one.
func (s *site) regimeFeed(a *ask) (export.Feed, error) {
	return s.storiesOf(a, record.RegimeID(strings.ToLower(a.PathValue("id"))))
}

func (s *site) storiesOf(a *ask, id record.RegimeID) (export.Feed, error) {
	r, err := s.q.Course(a.Context(), a.At, id)
	if err != nil {
		return export.Feed{}, err
	}
	here := origin(a.Request) + "/regimes/" + string(r.ID)
	out := export.Feed{Title: "article41: " + r.Name, Lead: regimeLine(r.Status, a.At.AsOf), Address: here}
	for _, d := range r.Decisions {
		if d.Date.After(a.At.AsOf) {
			continue
		}
		lead := []string{d.Outcome.Sentence}
		for _, x := range d.Effects {
			lead = append(lead, clause(x))
		}
		out.Stories = append(out.Stories, export.Story{ID: here + "#" + string(d.ID), Address: origin(a.Request) + votePath(d.ID), Title: strings.Trim(d.ID.String()+": "+d.Title, ": "),
			Lead: strings.TrimSpace(strings.Join(lead, " ")), By: "article41", Published: instant(d.Date), Updated: instant(d.Date)})
	}
	for _, l := range r.Lanes {
		for _, span := range l.Spans {
			if span.Status != regime.Lapsed && span.Status != regime.Terminated || span.From.After(a.At.AsOf) {
				continue
			}
			t := capital(l.Name) + ": " + statusWords[span.Status] + " since " + span.From.Text()
			out.Stories = append(out.Stories, export.Story{ID: here + "#" + string(l.ID) + "/" + span.From.String(), Address: here + "?as_of=" + span.From.String(), Title: t,
				Lead: t + ".", By: "article41", Published: instant(span.From), Updated: instant(span.From)})
		}
	}
	return newest(out, instant(a.Today)), nil
}

// votesFeed tells the newest votes, of those that the address asks for.
func (s *site) votesFeed(a *ask) (export.Feed, error) {
	f, v, err := readVoteFilter(a)
	if err != nil {
		return export.Feed{}, err
	}
	f.Limit = feedItems
	found, err := s.q.Votes(a.Context(), a.At, f)
	if err != nil {
		return export.Feed{}, err
	}
	site := origin(a.Request)
	out := export.Feed{Title: "article41: votes of the Security Council", Address: site + address("/votes", queries(v.pairs(1)))}
	if v.filtered() {
		out.Title = "article41: a selection of the votes of the Security Council"
	}
	for _, d := range found {
		out.Stories = append(out.Stories, export.Story{ID: site + votePath(d.ID), Address: site + votePath(d.ID), Title: strings.TrimSuffix(d.ID.String()+", "+voteLabel(d), ", "),
			Lead: d.Outcome.Sentence, By: "article41", Published: instant(d.Date), Updated: instant(d.Date)})
	}
	return newest(out, instant(a.Today)), nil
}

// calendarFeed tells what falls due from today on; a renewal makes its item new.
func (s *site) calendarFeed(a *ask) (export.Feed, error) {
	all, err := s.due(a, a.At.AsOf, date.Day{})
	if err != nil {
		return export.Feed{}, err
	}
	site := origin(a.Request)
	out := export.Feed{Title: "article41: what falls due", Lead: "Sunsets, reviews and the Assembly's debates on vetoes", Address: site + address("/calendar", queries([]string{"regime", a.form.Get("regime")}))}
	decided := map[symbol.Symbol]date.Day{}
	for _, d := range all {
		on, ok := decided[d.Symbol]
		if !ok && d.Symbol != "" {
			if v, err := s.q.Vote(a.Context(), a.At, d.Symbol); err == nil {
				on = v.Date
			}
			decided[d.Symbol] = on
		}
		for _, near := range []int{28, 7} {
			if from := d.Day.AddDays(-near); !from.After(a.At.AsOf) {
				out.Stories = append(out.Stories, export.Story{ID: fmt.Sprintf("%s/calendar#%s/%s/%d", site, d.UID, d.Day, near), Address: site + "/calendar#" + dueID(d), Title: fmt.Sprintf("Within %d days: %s", near, d.Title),
					Lead: strings.TrimSpace(d.Title + " " + d.Assumption), By: "article41", Published: instant(from), Updated: instant(from)})
			}
		}
		at := site + "/calendar"
		if d.Regime != "" {
			at = site + "/regimes/" + string(d.Regime)
		}
		out.Stories = append(out.Stories, export.Story{ID: site + "/calendar#" + d.UID, Address: at, Title: d.Day.Text() + ": " + d.Title, Lead: strings.TrimSpace(d.Title + " " + d.Assumption),
			By: "article41", Published: instant(on), Updated: instant(on)})
	}
	return newest(out, instant(a.Today)), nil
}

// changesFeed is the newest changes of the ledger, or those after a cursor.
func (s *site) changesFeed(a *ask) (export.Feed, error) {
	log, err := s.changesAfter(a)
	if err != nil {
		return export.Feed{}, err
	}
	return export.ChangesFeed(log, origin(a.Request), a.Today.At(0, 0)), nil
}

// following names the feeds of a page; programs find them in its head, readers under
// "Follow".
type following struct {
	Title string
	Path  string // without its ending
	Pairs []string
}

// byMail is the form that follows the feed by e-mail.
func (f following) byMail(lang string) string {
	if lang == string(briefing.English) {
		lang = ""
	}
	return address("/follow", queries([]string{"feed", f.address(""), "lang", lang}))
}

func (f following) address(ending string) string { return address(f.Path+ending, queries(f.Pairs)) }
