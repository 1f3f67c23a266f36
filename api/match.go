package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"article41/screen"
)

// The contract's limits and defaults.
const (
	matchPage      = 5
	mostMatches    = 500
	mostQueries    = 100
	mostExcluded   = 50
	candidatesEach = 10 // candidates a result asked for
	fewestFetched  = 20
	matchThreshold = screen.DefaultThreshold
	// lowestCutoff is the score below which nothing is searched: a lower cutoff
	// would make every entry of every list a result.
	lowestCutoff = 0.4
	// halfStep is half the last decimal of a printed score.
	halfStep = 0.5e-4
)

// wanted is what a /match asks for, its body aside.
type wanted struct {
	selection
	limit     int
	threshold float64
	cutoff    float64
}

// match answers POST /match/{dataset}.
func (s *server) match(w http.ResponseWriter, r *http.Request) {
	in, out := buffers.Get().(*bytes.Buffer), buffers.Get().(*bytes.Buffer)
	defer giveBack(in)
	defer giveBack(out)
	in.Reset()
	out.Reset()
	var body matchBody
	err := s.readBody(w, r, in)
	if err == nil {
		if e := json.Unmarshal(in.Bytes(), &body); e != nil {
			err = bodyFault(e)
		}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w, left, err := s.enter(w, r)
	defer left()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	params, sh, err := s.params(r, body.Params)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	want, err := s.wanted(sh, r.PathValue("dataset"), params)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	asked, err := s.queries(&body, sh, r.PathValue("dataset"), params)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	_, screened := s.step(ctx, "screen")
	b := append(out.AvailableBuffer(), `{"responses":{`...)
	for i, q := range asked {
		if i > 0 {
			b = append(b, ',')
		}
		if err := ctx.Err(); err != nil {
			screened()
			s.fail(w, r, err)
			return
		}
		b = appendText(b, q.key)
		b = append(b, ':')
		if q.want != nil {
			b = sh.answer(b, &q.understood, q.want)
			continue
		}
		b = sh.answer(b, &q.understood, &want)
	}
	screened()
	b = append(b, `},"limit":`...)
	b = strconv.AppendInt(b, int64(want.limit), 10)
	b = append(b, '}')
	out.Write(b) // keeps the grown buffer for the next answer
	h := w.Header()
	h["Content-Type"] = plainJSON
	h["X-Batch-Size"] = []string{strconv.Itoa(len(asked))}
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	w.Write(b)
}

// asked is one query with the key its answer goes under; want is what it asks
// for if that differs from the others.
type asked struct {
	key string
	understood
	want *wanted
}

func (s *server) queries(body *matchBody, sh *shelf, dataset string, params url.Values) ([]asked, error) {
	if body.Queries == nil {
		return nil, unreadable("missing", "Field required", nil, "body", "queries")
	}
	if len(body.Queries) > mostQueries {
		return nil, refused(http.StatusBadRequest, "Too many queries in one batch (limit: %d)", mostQueries)
	}
	for key := range sorted(body.Config) {
		return nil, refused(http.StatusBadRequest, "Invalid configuration parameter: %s", key)
	}
	out := make([]asked, 0, len(body.Queries))
	for key, e := range sorted(body.Queries) {
		if e == nil {
			continue
		}
		u, err := s.terms.understand(e)
		if err != nil {
			return nil, err
		}
		one := asked{key: key, understood: u}
		if len(e.Params) > 0 || len(e.Filters) > 0 {
			own := maps.Clone(params)
			e.Params.into(own)
			want, err := s.wanted(sh, dataset, own)
			if err != nil {
				return nil, err
			}
			if want.filters, err = s.terms.filtersOf(e.Filters); err != nil {
				return nil, err
			}
			one.want = &want
		}
		out = append(out, one)
	}
	if len(out) == 0 {
		return nil, refused(http.StatusBadRequest, "No queries provided.")
	}
	return out, nil
}

// params reads the address, with the body's own params over it, and the days.
func (s *server) params(r *http.Request, over params) (url.Values, *shelf, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, nil, unreadable("query_invalid", err.Error(), nil, "query")
	}
	over.into(q)
	at, err := s.daysOf(q)
	if err != nil {
		return nil, nil, err
	}
	sh, err := s.shelf(r.Context(), at)
	return q, sh, err
}

// wanted reads the parameters. Those that are not the contract's are passed
// over, as clients of other servers send theirs.
func (s *server) wanted(sh *shelf, dataset string, q url.Values) (wanted, error) {
	out := wanted{limit: matchPage, threshold: matchThreshold, cutoff: matchThreshold}
	if err := out.numbers(q); err != nil {
		return out, err
	}
	var err error
	if out.selection, err = s.selection(sh, dataset, q); err != nil {
		return out, err
	}
	if name := q.Get("algorithm"); name != "" && !s.terms.knows(name) {
		return out, refused(http.StatusBadRequest, "Unknown algorithm: %s", name)
	}
	return out, nil
}

// numbers reads limit, threshold and cutoff.
func (want *wanted) numbers(q url.Values) error {
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return unreadable("int_parsing", "Input should be a valid integer, unable to parse string as an integer", text, "query", "limit")
		}
		if n > mostMatches {
			return unreadable("less_than_equal", fmt.Sprintf("Input should be less than or equal to %d", mostMatches), text, "query", "limit")
		}
		if n < 0 {
			return unreadable("greater_than_equal", "Input should be greater than or equal to 0", text, "query", "limit")
		}
		if want.limit = n; n == 0 {
			want.limit = matchPage
		}
	}
	for _, p := range []struct {
		name string
		to   *float64
	}{{"threshold", &want.threshold}, {"cutoff", &want.cutoff}} {
		if text := q.Get(p.name); text != "" {
			f, err := strconv.ParseFloat(text, 64)
			if err != nil || f != f {
				return unreadable("float_parsing", "Input should be a valid number, unable to parse string as a number", text, "query", p.name)
			}
			*p.to = f
		}
	}
	want.cutoff = min(want.cutoff, want.threshold)
	return nil
}

// knows reports whether a client may ask for the algorithm.
func (t *terms) knows(algorithm string) bool {
	algorithm = strings.ToLower(strings.TrimSpace(algorithm))
	if algorithm == bestAlgorithm {
		return true
	}
	for _, a := range t.algorithms {
		if a.name == algorithm {
			return true
		}
	}
	return algorithm == "ofacmatcher"
}

// found is a hit with its entity.
type found struct {
	screen.Hit
	*entity
}

// candidates searches until enough hits are allowed or none is left: what the
// day or the scope takes away must not push a listed entry out.
func (sh *shelf) candidates(q *understood, want *wanted) []found {
	if len(q.query.Names) == 0 && len(q.query.Identifiers) == 0 || q.schema.empty || want.nothing {
		return nil
	}
	enough := max(fewestFetched, want.limit*candidatesEach)
	query := q.query
	query.Threshold = max(min(want.cutoff, want.threshold)-halfStep, lowestCutoff)
	for query.Limit = enough; ; query.Limit *= 4 {
		hits := sh.Search(query)
		out := make([]found, 0, min(len(hits), enough))
		for _, h := range hits {
			e := sh.entity(h.ID)
			if e == nil || !want.allows(e, sh.terms) || q.schema.name != e.schema && !sh.terms.related(q.schema.name, e.schema) || h.NameScore > 0 && !slices.Contains(e.names, h.Matched.Text) {
				continue
			}
			if out = append(out, found{h, e}); len(out) == enough {
				return out
			}
		}
		if len(hits) < query.Limit {
			return out
		}
	}
}

// before orders results: the higher score first. Of equal scores, as where the
// same bearer stands on several lists, the Council's own entry is first, because
// its law is told; beyond that the index's order stands.
func before(a, b found) int {
	council := func(f found) int {
		if f.list == councilList {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.Score, a.Score), council(a)-council(b))
}

// answer appends the answer to one query.
func (sh *shelf) answer(b []byte, q *understood, want *wanted) []byte {
	all := sh.candidates(q, want)
	total := 0
	for i := range all {
		// Compared as printed, so that nobody reads 0.7000 and no match.
		all[i].Score = math.Round(all[i].Score*1e4) / 1e4
		if all[i].Score >= want.threshold {
			total++
		}
	}
	slices.SortStableFunc(all, before)
	b = append(b, `{"status":200,"results":[`...)
	for i, f := range all[:min(want.limit, len(all))] {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.head...)
		b = append(b, `,"score":`...)
		b = appendScore(b, f.Score)
		b = append(b, `,"match":`...)
		b = strconv.AppendBool(b, f.Score >= want.threshold)
		b = append(b, `,"explanations":{`...)
		b = sh.appendExplanations(b, q, f.Hit)
		b = append(b, '}')
		b = append(b, f.law...)
		b = append(b, '}')
	}
	b = append(b, `],"total":{"value":`...)
	b = strconv.AppendInt(b, int64(total), 10)
	b = append(b, `,"relation":"eq"},"query":{"id":`...)
	if q.id == nil {
		b = append(b, "null"...)
	} else {
		b = appendText(b, *q.id)
	}
	b = append(b, `,"schema":`...)
	b = appendText(b, q.schema.name)
	b = append(b, `,"properties":{`...)
	first := true
	for prop, vs := range sorted(q.properties) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendText(b, prop)
		b = append(b, ":["...)
		for i, v := range vs {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, v)
		}
		b = append(b, ']')
	}
	return append(b, "}}}"...)
}
