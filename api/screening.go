package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"article41"
	"article41/record"
)

// screenBatch is how many queries one body may carry.
const screenBatch = 100

// screenBody is one query, or several under queries. Coordinates stand beside
// them and hold for all.
type screenBody struct {
	article41.Query
	Queries []article41.Query `json:"queries"`
	Receipt bool              `json:"receipt"` // each answer with a signed receipt
	days
}

// screeningsDocument answers a batch, in the order of its queries.
type screeningsDocument struct {
	Answers []screeningDocument `json:"answers"`
}

// screenOne screens one name, under a span of its own.
func (s *server) screenOne(ctx context.Context, at record.At, q article41.Query) (article41.Screening, error) {
	ctx, end := s.step(ctx, "screen")
	defer end()
	return s.Screen(ctx, at, q)
}

func (s *server) screen(ctx context.Context, body []byte) (any, error) {
	var q screenBody
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	at, err := s.readAt(q.AsOf, q.KnownAt, q.position())
	if err != nil {
		return nil, err
	}
	if q.Queries == nil {
		a, err := s.screenOne(ctx, at, q.Query)
		if err != nil {
			return nil, inField("", err)
		}
		out, err := s.receipted(ctx, []article41.Screening{a}, q.Receipt)
		if err != nil {
			return nil, err
		}
		return out[0], nil
	}
	if len(q.Queries) == 0 || len(q.Queries) > screenBatch {
		return nil, wrong("queries", fmt.Sprintf("%d queries", len(q.Queries)), fmt.Sprintf("from 1 to %d queries", screenBatch))
	}
	if q.Name != "" || len(q.Names) > 0 {
		return nil, wrong("name", "a query stands beside queries", "either one query, or all of them under queries")
	}
	answers := make([]article41.Screening, 0, len(q.Queries))
	for i, one := range q.Queries {
		a, err := s.screenOne(ctx, at, one)
		if err != nil {
			return nil, inField(fmt.Sprintf("queries[%d].", i), err)
		}
		answers = append(answers, a)
	}
	out, err := s.receipted(ctx, answers, q.Receipt)
	if err != nil {
		return nil, err
	}
	return screeningsDocument{out}, nil
}

// queryFields are the fields of a query that an error may name first.
var queryFields = []string{"name", "kind", "born", "country", "threshold"}

// inField turns an error about a query into a fault of its field. The archive
// says "born: date …" or "threshold 3: …"; the word in front is the field.
func inField(path string, err error) error {
	if !errors.Is(err, record.ErrInvalid) {
		return err
	}
	text := told(err)
	field, _, _ := strings.Cut(strings.ReplaceAll(text, ":", " "), " ")
	if !slices.Contains(queryFields, field) {
		return err
	}
	detail, want, _ := strings.Cut(strings.TrimPrefix(text, field+": "), ": want ")
	if field == "country" {
		field = "countries"
	}
	return newProblem(http.StatusBadRequest, path+text, fault{path + field, detail, want})
}
