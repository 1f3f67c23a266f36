package screen

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"article41/name"
)

// ScorePair scores two names of one kind, on the names alone.
func ScorePair(a, b string, kind name.Kind) float64 {
	return name.Compare(name.Prepare(a, kind, ""), name.Prepare(b, kind, "")).Score
}

// ExplainPair tells how two names of one kind meet.
func ExplainPair(a, b string, kind name.Kind) Explanation {
	s := Subject{ID: "pair", Kind: kind, Names: []Name{{Text: b}}}
	e := Explanation{Engine: Engine, RarityVersion: RarityVersion, Query: a, Listed: s.Names[0]}
	q := Query{Names: []string{a}, Kind: kind}
	e.compareNames(&q, &s)
	e.Query, e.Listed = a, s.Names[0]
	e.Score = e.NameScore
	e.Class = classOf(e.NameScore, nil, nil, false)
	return e
}

// WritePair answers "article41 compare NAME1 NAME2": the explanation in words or
// as JSON.
func WritePair(w io.Writer, a, b string, kind name.Kind, asJSON bool) error {
	e := ExplainPair(a, b, kind)
	if asJSON {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(e)
	}
	verdict := "no match"
	if e.Score >= DefaultThreshold {
		verdict = "match"
	}
	_, err := fmt.Fprintf(w, "%.4f %s (threshold %.2f, kind %s)\n%s\n", e.Score, verdict, DefaultThreshold, kind, e.Words())
	return err
}

// ErrPairs is a file of pairs that cannot be read.
var ErrPairs = errors.New("screen: pairs")

// Tally counts decisions against labels.
type Tally struct{ TruePositives, FalsePositives, TrueNegatives, FalseNegatives int }

func (t *Tally) add(same, match bool) {
	switch {
	case same && match:
		t.TruePositives++
	case same:
		t.FalseNegatives++
	case match:
		t.FalsePositives++
	default:
		t.TrueNegatives++
	}
}

// Rates gives precision, recall and F1.
func (t Tally) Rates() (precision, recall, f1 float64) {
	if t.TruePositives == 0 {
		return 0, 0, 0
	}
	precision = float64(t.TruePositives) / float64(t.TruePositives+t.FalsePositives)
	recall = float64(t.TruePositives) / float64(t.TruePositives+t.FalseNegatives)
	return precision, recall, 2 * precision * recall / (precision + recall)
}

func (t Tally) String() string {
	p, r, f := t.Rates()
	return fmt.Sprintf("P %.4f  R %.4f  F1 %.4f  (TP %d, FP %d, TN %d, FN %d)", p, r, f, t.TruePositives, t.FalsePositives, t.TrueNegatives, t.FalseNegatives)
}

// ComparePairs answers "article41 compare --pairs FILE.csv": it reads pairs with
// the columns schema, name1, name2 and, if they are labelled, is_match, writes
// them with all their columns and score and match (true or false) added, and
// reports precision, recall, F1 and the curve over thresholds if labels are
// there. Columns named score or match are written anew. A threshold of 0 is the
// default one.
func ComparePairs(in io.Reader, out, report io.Writer, threshold float64) error {
	if threshold <= 0 {
		threshold = DefaultThreshold
	}
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("%w: no head row: %v", ErrPairs, err)
	}
	if len(head) > 0 {
		head[0] = strings.TrimPrefix(head[0], "\uFEFF")
	}
	at := map[string]int{}
	for i, h := range head {
		at[strings.ToLower(strings.TrimSpace(h))] = i
	}
	for _, c := range []string{"schema", "name1", "name2"} {
		if _, ok := at[c]; !ok {
			return fmt.Errorf("%w: column %q is missing", ErrPairs, c)
		}
	}
	columns := len(head)
	for _, c := range []string{"score", "match"} {
		if _, ok := at[c]; !ok {
			at[c] = len(head)
			head = append(head, c)
		}
	}
	w := csv.NewWriter(out)
	if err := w.Write(head); err != nil {
		return err
	}
	type labelled struct {
		score float64
		same  bool
	}
	var ls []labelled
	lacking, first, unread := 0, 0, 0 // rows without two names, without a label that reads
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			w.Flush()
			return fmt.Errorf("%w: %v; the rows before it are written", ErrPairs, err)
		}
		line, _ := r.FieldPos(0)
		if len(row) > columns {
			w.Flush()
			return fmt.Errorf("%w: line %d has %d columns, the head %d; the rows before it are written", ErrPairs, line, len(row), columns)
		}
		for len(row) < len(head) {
			row = append(row, "")
		}
		kind, _ := name.ReadKind(row[at["schema"]])
		s := ScorePair(row[at["name1"]], row[at["name2"]], kind)
		row[at["score"]] = strconv.FormatFloat(s, 'f', 4, 64)
		row[at["match"]] = strconv.FormatBool(s >= threshold)
		if strings.TrimSpace(row[at["name1"]]) == "" || strings.TrimSpace(row[at["name2"]]) == "" {
			if lacking++; lacking == 1 {
				first = line
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
		if i, ok := at["is_match"]; ok {
			if same, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(row[i]))); err == nil {
				ls = append(ls, labelled{s, same})
			} else {
				unread++
			}
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	if lacking > 0 {
		fmt.Fprintf(report, "rows without two names: %d, the first in line %d; no match\n", lacking, first)
	}
	if unread > 0 {
		fmt.Fprintf(report, "rows whose is_match is neither true nor false, not counted below: %d\n", unread)
	}
	if len(ls) == 0 {
		return nil
	}
	tally := func(th float64) (t Tally) {
		for _, l := range ls {
			t.add(l.same, l.score >= th)
		}
		return
	}
	fmt.Fprintf(report, "%d labelled pairs, engine %s, %s\n", len(ls), Engine, RarityVersion)
	fmt.Fprintf(report, "at %.2f   %v\n", threshold, tally(threshold))
	sort.Slice(ls, func(i, j int) bool { return ls[i].score > ls[j].score })
	best, bestAt := Tally{}, 0.0
	for i, l := range ls {
		if i+1 < len(ls) && ls[i+1].score == l.score || l.score <= 0 {
			continue
		}
		t := tally(l.score)
		if _, _, f := t.Rates(); f > rateOf(best) {
			best, bestAt = t, l.score
		}
	}
	fmt.Fprintf(report, "best at %.4f  %v\n", bestAt, best)
	for th := 50; th <= 95; th += 5 {
		fmt.Fprintf(report, "  %.2f   %v\n", float64(th)/100, tally(float64(th)/100))
	}
	return nil
}

func rateOf(t Tally) float64 {
	_, _, f := t.Rates()
	return f
}
