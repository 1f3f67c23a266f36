package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"article41"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
)

const votesPage = 50

// votesView is the browsable list of votes.
type votesView struct {
	Sentence string
	Rows     []article41.Decision
	Total    int
	Page     int
	Pages    int
	From, To string // years
	Reason   string
	By       string
	Regime   string
	Topic    string
	Sponsor  string
	Margin   string
	Region   string
	Regimes  []article41.Status
	Vetoes   []vetoCount
	Strip    vetoStrip
}

// vetoCount is how often a member vetoed within what was asked.
type vetoCount struct {
	Code country.Code
	Name string
	N    int
}

// reasonChoices are the outcomes a reader can ask for.
var reasonChoices = []struct {
	Value council.Reason
	Word  string
}{
	{council.Adopted, "adopted by vote"},
	{council.AdoptedWithoutVote, "adopted without a vote"},
	{council.Vetoed, "vetoed"},
	{council.LackOfVotes, "lack of votes"},
	{council.NotPut, "not put to the vote"},
}

// marginChoices are how near a vote was to the other outcome: votes in favour over
// or under what was needed.
var marginChoices = []struct{ Value, Word string }{{"0", "the last vote"}, {"1", "at most 1"}, {"2", "at most 2"}, {"3", "at most 3"}}

// regionWords name the parts of the world in which items of the agenda are filed.
var regionWords = map[council.Region]string{council.Africa: "Africa", council.Americas: "the Americas", council.Asia: "Asia", council.Europe: "Europe", council.MiddleEast: "the Middle East", council.NoRegion: "no region in the record"}

func regionWord(r council.Region) string {
	if r == "" {
		r = council.NoRegion
	}
	return regionWords[r]
}

// filedWords tell whose word it is where an item of the agenda is filed.
func filedWords(agenda string) string {
	f := council.Filed(agenda)
	if f.Region == "" {
		return ""
	}
	return "source " + f.Source + ", " + f.Sureness + ": " + f.Note
}

// permanentCodes are the members who can veto, or could.
var permanentCodes = []country.Code{"CHN", "FRA", "GBR", "RUS", "SUN", "USA"}

func (s *site) votes(a *ask) (page, error) {
	f, v, err := readVoteFilter(a)
	if err != nil {
		return page{}, err
	}
	found, err := s.q.Votes(a.Context(), a.At, f)
	if err != nil {
		return page{}, err
	}
	v.Total = len(found)
	v.Pages = max(1, (v.Total+votesPage-1)/votesPage)
	if v.Page > v.Pages {
		return page{}, fmt.Errorf("%w: there is no page %d of these votes; the last is %d", record.ErrNotFound, v.Page, v.Pages)
	}
	first := (v.Page - 1) * votesPage
	v.Rows = found[first:min(first+votesPage, v.Total)]
	v.Vetoes = vetoCounts(found)
	v.Strip = drawVetoes(a, found)
	if v.Regimes, err = s.q.Statuses(a.Context(), a.At); err != nil {
		return page{}, err
	}
	slices.SortFunc(v.Regimes, func(x, y article41.Status) int { return strings.Compare(x.Name, y.Name) })
	v.Sentence = v.sentence(found)
	return page{Title: "Votes of the Security Council", Body: votesListPage(a, v), Nav: "/votes", TwinPairs: []string{"from", v.From, "to", v.To, "reason", v.Reason, "by", v.By, "regime", v.Regime, "topic", v.Topic, "sponsor", v.Sponsor, "margin", v.Margin, "region", v.Region}, Feed: &following{"Votes of the Security Council", "/votes", v.pairs(1)}}, nil
}

func readVoteFilter(a *ask) (article41.VoteFilter, votesView, error) {
	get := func(k string) string { return strings.TrimSpace(a.form.Get(k)) }
	v := votesView{Page: 1, From: get("from"), To: get("to"), Reason: get("reason"), By: strings.ToUpper(get("vetoed_by")), Regime: get("regime"), Topic: get("q"), Sponsor: get("sponsor"), Margin: get("margin"), Region: get("region")}
	f := article41.VoteFilter{Newest: true, Reason: council.Reason(v.Reason), By: country.Code(v.By), Regime: record.RegimeID(v.Regime), Text: v.Topic, Region: council.Region(v.Region)}
	year := func(name, s, tail string) (date.Day, error) {
		if s == "" {
			return date.Day{}, nil
		}
		if len(s) == 4 {
			s += tail
		}
		d, err := date.ParseDay(s)
		if err != nil {
			return d, fmt.Errorf("%w: %s: %q is no year: write it as 1994", record.ErrInvalid, name, clip(s))
		}
		return d, nil
	}
	if v.Region != "" && !slices.Contains(council.Regions, f.Region) {
		return f, v, fmt.Errorf("%w: region: %q is none of %v", record.ErrInvalid, clip(v.Region), council.Regions)
	}
	var err error
	if f.From, err = year("from", v.From, "-01-01"); err != nil {
		return f, v, err
	}
	if f.To, err = year("to", v.To, "-12-31"); err != nil {
		return f, v, err
	}
	if v.Sponsor != "" {
		if f.Sponsor, err = country.Parse(v.Sponsor); err != nil {
			return f, v, fmt.Errorf("%w: sponsor: %w", record.ErrInvalid, err)
		}
		v.Sponsor = string(f.Sponsor)
	}
	if v.Margin != "" {
		n, err := strconv.Atoi(v.Margin)
		if err != nil || n < 0 || n > 15 {
			return f, v, fmt.Errorf("%w: margin: %q is no number of votes: write it as 1", record.ErrInvalid, clip(v.Margin))
		}
		f.Margin = &n
	}
	if p := get("page"); p != "" {
		if v.Page, err = strconv.Atoi(p); err != nil || v.Page < 1 {
			return f, v, fmt.Errorf("%w: page: %q is no page number", record.ErrInvalid, clip(p))
		}
	}
	return f, v, nil
}

// pairs are the filter as it stands in the address, at another page.
func (v votesView) pairs(page int) []string {
	p := ""
	if page > 1 {
		p = strconv.Itoa(page)
	}
	return []string{"from", v.From, "to", v.To, "reason", v.Reason, "vetoed_by", v.By, "regime", v.Regime, "q", v.Topic, "sponsor", v.Sponsor, "margin", v.Margin, "region", v.Region, "page", p}
}

func (v votesView) filtered() bool {
	return v.From+v.To+v.Reason+v.By+v.Regime+v.Topic+v.Sponsor+v.Margin+v.Region != ""
}

func (v votesView) sentence(found []article41.Decision) string {
	if len(found) == 0 {
		return "No vote in the record meets what you asked for."
	}
	n := map[council.Reason]int{}
	for _, d := range found {
		n[d.Outcome.Reason]++
	}
	t := fmt.Sprintf("%s, %d to %d: %s adopted, %s vetoed, %s short of votes",
		capital(strings.Replace(count(len(found), "draft", "drafts"), strconv.Itoa(len(found)), number(len(found)), 1)),
		found[len(found)-1].Date.Year(), found[0].Date.Year(),
		number(n[council.Adopted]+n[council.AdoptedWithoutVote]), number(n[council.Vetoed]), number(n[council.LackOfVotes]))
	if k := n[council.NotPut]; k > 0 {
		t += fmt.Sprintf(", %s not put to the vote", number(k))
	}
	if k := n[council.Undecided]; k > 0 {
		t += fmt.Sprintf(", %s whose outcome the sources do not tell", number(k))
	}
	return t + "."
}

func vetoCounts(found []article41.Decision) []vetoCount {
	var out []vetoCount
	for _, d := range found {
		for _, p := range d.Outcome.VetoedBy {
			i := slices.IndexFunc(out, func(c vetoCount) bool { return c.Code == p.Code })
			if i < 0 {
				i = len(out)
				out = append(out, vetoCount{Code: p.Code, Name: p.Code.Name(d.Date)})
			}
			out[i].N++
		}
	}
	slices.SortStableFunc(out, func(a, b vetoCount) int { return b.N - a.N })
	return out
}

// memberView is a page of one state: what reaches it, and how it vetoed.
type memberView struct {
	State     country.State
	Name      string
	Sentence  string
	Over      []article41.Status
	Past      []article41.Status
	Vetoes    []article41.Decision
	Sponsored []article41.Decision
	Minority  *article41.Minority
	Seats     []record.Seat // its stretches on the Council
	Term      *record.Seat  // the last of them that had begun by the day
	Cast      []castVote    // the newest votes of that
}

func (s *site) member(a *ask) (page, error) {
	code, err := country.Parse(a.PathValue("code"))
	if err != nil {
		return page{}, fmt.Errorf("%w: %w", record.ErrNotFound, err)
	}
	st, _ := country.Of(code)
	v := memberView{State: st, Name: code.Name(a.At.AsOf)}
	all, err := s.q.Over(a.Context(), a.At, code)
	if err != nil {
		return page{}, err
	}
	for _, r := range all {
		if r.Overall.Binds() {
			v.Over = append(v.Over, r)
		} else {
			v.Past = append(v.Past, r)
		}
	}
	if slices.Contains(permanentCodes, code) {
		if v.Vetoes, err = s.q.Votes(a.Context(), a.At, article41.VoteFilter{By: code, Reason: council.Vetoed, Newest: true}); err != nil {
			return page{}, err
		}
	}
	if v.Seats, err = s.q.Seats(a.Context(), a.At, code); err != nil {
		return page{}, err
	}
	if err := s.latestCast(a, &v); err != nil {
		return page{}, err
	}
	if v.Sponsored, err = s.q.Votes(a.Context(), a.At, article41.VoteFilter{Sponsor: code, Newest: true}); err != nil {
		return page{}, err
	}
	if len(v.Seats) > 0 {
		if v.Minority, err = s.q.InMinority(a.Context(), a.At, code); err != nil {
			return page{}, err
		}
	}
	v.Sentence = v.sentence(a.At.AsOf)
	return page{Title: v.Name, Body: memberPage(a, v), Twin: "/status", TwinPairs: []string{"territory", string(code)}, Feed: &following{v.Name + " in the Security Council", "/members/" + string(code) + "/feed", nil}}, nil
}

func (v memberView) sentence(on date.Day) string {
	var names []string
	for _, r := range v.Over {
		names = append(names, r.Name)
	}
	t := fmt.Sprintf("No measure in the record concerns %s on %s.", v.Name, on.Text())
	if len(names) > 0 {
		t = fmt.Sprintf("On %s, %s in force or presumed so %s %s.", on.Text(), count(len(names), "regime", "regimes"), singular(len(names), "concerns", "concern"), v.Name)
	}
	if n := len(v.Vetoes); n > 0 {
		t += fmt.Sprintf(" It has vetoed %s by that day.", count(n, "draft", "drafts"))
	}
	return t
}

func singular(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// vetoName tells the two holders of one seat apart.
func vetoName(c country.Code) string {
	if c == "SUN" {
		return "Soviet Union (to 1991)"
	}
	return c.Name(date.Day{})
}

// minorityWords is the minority index in a sentence.
func minorityWords(v memberView) string {
	m := v.Minority
	t := fmt.Sprintf("In %s of %s it stood outside the majority of the others: %.0f in 100", number(m.Against), count(m.N, "vote", "votes"), 100**m.Index)
	if m.Interval != nil {
		t += fmt.Sprintf(" (Wilson interval %.0f to %.0f)", 100*m.Interval.Low, 100*m.Interval.High)
	}
	if m.Alone > 0 {
		t += fmt.Sprintf("; in %s it stood alone", number(m.Alone))
	}
	return t + "."
}

// castVote is a vote in which a member sat, with its ballot.
type castVote struct {
	article41.Decision
	Ballot article41.Ballot
}

// latestCast adds the newest votes of the member's last term on the Council, and
// how it took part in each.
func (s *site) latestCast(a *ask, v *memberView) error {
	for i, t := range v.Seats {
		if !t.From.After(a.At.AsOf) && (v.Term == nil || t.From.After(v.Term.From)) {
			v.Term = &v.Seats[i]
		}
	}
	if v.Term == nil {
		return nil
	}
	found, err := s.q.Votes(a.Context(), a.At, article41.VoteFilter{From: v.Term.From, To: v.Term.To, Newest: true, Limit: 8})
	if err != nil {
		return err
	}
	for _, d := range found {
		whole, err := s.q.Vote(a.Context(), a.At, d.ID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(whole.Rollcall, func(b article41.Ballot) bool { return b.Member == v.State.Code }); i >= 0 {
			v.Cast = append(v.Cast, castVote{d, whole.Rollcall[i]})
		}
	}
	return nil
}

// lastYear is the year in which a term ends, or the year asked about.
func (v memberView) lastYear(on date.Day) string {
	return strconv.Itoa(date.Min(v.Term.To, on).Year())
}
