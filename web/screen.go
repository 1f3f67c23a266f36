package web

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"article41"
	"article41/account"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// screenView is the form, with what was typed, what was wrong with it, and the
// answer.
type screenView struct {
	Name, Born, Country, Kind string
	Problems                  []problem
	Answer                    *article41.Screening
	Receipts                  bool           // one can be had
	Tokens                    []tokenPicture // one a hit
	Lists                     []article41.ListUse
}

// problem is a field that could not be read, in words.
type problem struct{ Field, Says string }

var kindChoices = []struct{ Value, Word string }{
	{"", "anything"}, {"person", "a person"}, {"entity", "a group, body or undertaking"}, {"company", "a company"}, {"vessel", "a ship"}, {"aircraft", "an aircraft"},
}

func (s *site) screenForm(a *ask) (page, error) {
	lists, err := s.q.Lists(a.Context(), a.At)
	if err != nil {
		return page{}, err
	}
	return page{Title: "Screen a name", Body: screenPage(a, screenView{Lists: lists}), Nav: "/screen", Twin: "-"}, nil
}

func (s *site) screenAnswer(a *ask) (page, error) {
	return s.screened(a, viewOf(a))
}

// viewOf is the form as it was posted.
func viewOf(a *ask) screenView {
	return screenView{Name: strings.TrimSpace(a.form.Get("name")), Born: strings.TrimSpace(a.form.Get("born")),
		Country: strings.TrimSpace(a.form.Get("country")), Kind: a.form.Get("kind")}
}

// screened answers a posted form. The page holds a name, so it is private.
func (s *site) screened(a *ask, v screenView) (page, error) {
	if err := admits(a, account.ScreenNames); err != nil { // find leads here too
		return page{}, err
	}
	p := page{Title: "Screening", Nav: "/screen", Private: true, Twin: "/screen"}
	q := article41.Query{Name: v.Name, Born: v.Born, Kind: v.Kind}
	q.Countries, v.Problems = v.check()
	if len(v.Problems) == 0 {
		ans, err := s.q.Screen(a.Context(), a.At, q)
		switch {
		case errors.Is(err, record.ErrInvalid):
			v.Problems = append(v.Problems, problem{"name", words(err)})
		case err != nil:
			return page{}, err
		default:
			v.Answer, v.Lists = &ans, ans.Lists
			v.Receipts = s.o.Receipts != nil
			for _, h := range ans.Hits {
				v.Tokens = append(v.Tokens, drawTokens(h))
			}
		}
	}
	if len(v.Problems) > 0 {
		p.Status, p.Title = 400, "Screening: "+count(len(v.Problems), "field needs", "fields need")+" another look"
		lists, err := s.q.Lists(a.Context(), a.At)
		if err != nil {
			return page{}, err
		}
		v.Lists = lists
	}
	p.Body = screenPage(a, v)
	return p, nil
}

// check reads the fields beside the name.
func (v screenView) check() (countries []string, problems []problem) {
	if v.Name == "" {
		problems = append(problems, problem{"name", "Type the name to screen."})
	}
	if len([]rune(v.Name)) > 400 {
		problems = append(problems, problem{"name", "The name is longer than 400 letters: shorten it."})
	}
	if v.Born != "" {
		if _, err := date.ParseAbout(v.Born); err != nil {
			problems = append(problems, problem{"born", "Write the birth as 1962, 1962-05 or 1962-05-17."})
		}
	}
	for _, c := range strings.FieldsFunc(v.Country, func(r rune) bool { return r == ',' || r == ';' }) {
		code, err := country.Parse(strings.TrimSpace(c))
		if err != nil {
			problems = append(problems, problem{"country", capital(err.Error()) + "."})
			continue
		}
		countries = append(countries, string(code))
	}
	return countries, problems
}

func (v screenView) problem(field string) string {
	for _, p := range v.Problems {
		if p.Field == field {
			return p.Says
		}
	}
	return ""
}

// find sends a reader on: to a vote by its symbol, to a listing by its
// reference, to a regime or a state by its name. Anything else is taken for a
// name and screened here, so that it never stands in an address.
func (s *site) find(a *ask) (page, error) {
	q := strings.Trim(a.form.Get("q"), "/ \t")
	if q == "" {
		return page{Moved: a.link("/screen")}, nil
	}
	if m := bare.FindStringSubmatch(q); m != nil {
		q = "S/RES/" + m[1]
	}
	if sym, err := symbol.Parse(q); err == nil {
		if _, err := s.q.Vote(a.Context(), a.At, sym); err != nil {
			if link := sym.Link(); link != "" && errors.Is(err, record.ErrNotFound) {
				return page{}, fmt.Errorf("%w: the record holds no vote on %s; the document itself may be at %s", record.ErrNotFound, sym, link)
			}
			return page{}, err
		}
		return page{Moved: a.link(votePath(sym))}, nil
	}
	if listRef.MatchString(q) {
		return page{Moved: a.link("/listings/" + q)}, nil
	}
	if id, err := s.regimeNamed(a, q); err != nil || id != "" {
		return page{Moved: a.link("/regimes/" + string(id))}, err
	}
	if code, err := country.Parse(q); err == nil {
		return page{Moved: a.link("/members/" + string(code))}, nil
	}
	return s.screened(a, screenView{Name: q})
}

var (
	bare    = regexp.MustCompile(`(?i)^(?:unscr|sc ?res|res(?:olution)?\.?)?[ /]*([0-9]{1,4})(?: ?\([0-9]{4}\))?$`) // a resolution by its number
	listRef = regexp.MustCompile(`^[A-Z]{2,3}[ie]\.[0-9]{3}$`)
)

// regimeNamed is the one regime whose id, short name or name was typed.
func (s *site) regimeNamed(a *ask, q string) (record.RegimeID, error) {
	all, err := s.q.Statuses(a.Context(), a.At)
	if err != nil {
		return "", err
	}
	q = strings.ToLower(q)
	for _, r := range all {
		if q == string(r.Regime) || q == strings.ToLower(r.Name) || q == strings.ReplaceAll(string(r.Regime), "-", " ") {
			return r.Regime, nil
		}
	}
	var found []record.RegimeID
	for _, r := range all {
		if strings.Contains(strings.ToLower(r.Name), q) && r.Type == "sanctions" && len(q) > 3 {
			found = append(found, r.Regime)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return "", nil
}

// facts are what was asked beside the name, and the day.
func (v screenView) facts(a *ask) string {
	var parts []string
	if v.Born != "" {
		parts = append(parts, "born "+v.Born)
	}
	if v.Country != "" {
		parts = append(parts, v.Country)
	}
	return "(" + strings.Join(append(parts, "as of "+a.At.AsOf.Text()), "; ") + ")"
}

// hitLine is how near the name came, and in which list.
func hitLine(h article41.Hit) string {
	t := fmt.Sprintf("Score %.2f (name alone %.2f): %s. %s", h.Score, h.NameScore, h.Class, listName(h.List))
	if h.Version != nil {
		t += ", version of " + h.Version.Text()
	}
	return t + "."
}
