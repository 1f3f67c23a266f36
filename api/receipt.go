package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"article41"
	"article41/receipt"
	"article41/record"
)

// Receipts signs answers and proves by the log that it did.
type Receipts interface {
	// Receipt answers a receipt for each; when it returns, all are in the log.
	Receipt(ctx context.Context, all ...article41.Screening) ([]receipt.Receipt, error)
	Prove(ctx context.Context, commitment record.Digest) (receipt.Proof, error)
	Checkpoint(ctx context.Context) (string, error)
	Consistency(ctx context.Context, older int64) (receipt.Growth, error)
	Keys(ctx context.Context) (receipt.History, error)
}

// screeningDocument is an answer with its receipt, where one was asked for.
type screeningDocument struct {
	article41.Screening
	Receipt    *receipt.Receipt `json:"receipt,omitempty"`
	Commitment string           `json:"commitment,omitempty"` // under which its proof is found
}

// receipted adds receipts to answers. The request gives its place back first: to
// wait for the log is no work, and the more wait together, the less it costs each.
func (s *server) receipted(ctx context.Context, answers []article41.Screening, wanted bool) ([]screeningDocument, error) {
	out := make([]screeningDocument, len(answers))
	for i, a := range answers {
		out[i].Screening = a
	}
	if !wanted {
		return out, nil
	}
	if s.Options.Receipts == nil {
		return nil, errNoReceipts
	}
	ctx, end := s.step(ctx, "receipt")
	defer end()
	leave(ctx)
	all, err := s.Options.Receipts.Receipt(ctx, answers...)
	if err != nil {
		return nil, err
	}
	for i, r := range all {
		c, err := r.Commitment()
		if err != nil {
			return nil, err
		}
		out[i].Receipt, out[i].Commitment = &r, c.String()
	}
	return out, nil
}

var errNoReceipts = newProblem(http.StatusBadRequest, "receipt: this server answers without a database, and so without a log of receipts")

// logRead answers a read of the log, which grows while the ledger does not: it has
// no ETag of the ledger's.
func (s *server) logRead(answer func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowReads(w)
		defer s.caught(w, r)
		if s.Options.Receipts == nil {
			s.refuse(w, r, newProblem(http.StatusNotFound, "this server keeps no log: it answers without a database"))
			return
		}
		v, err := answer(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		s.write(w, r, v)
	})
}

func (s *server) receiptProof(r *http.Request) (any, error) {
	var c record.Digest
	if err := c.UnmarshalText([]byte(r.PathValue("commitment"))); err != nil {
		return nil, wrong("commitment", "not a commitment", "64 hexadecimal digits, as the answer gave them")
	}
	return s.Options.Receipts.Prove(r.Context(), c)
}

// checkpointDocument is the log's signed head.
type checkpointDocument struct {
	Checkpoint string `json:"checkpoint"`
}

func (s *server) checkpoint(r *http.Request) (any, error) {
	text, err := s.Options.Receipts.Checkpoint(r.Context())
	return checkpointDocument{text}, err
}

// keysDocument is every key that signed receipts and checkpoints, and when.
type keysDocument struct {
	Keys receipt.History `json:"keys"`
}

func (s *server) logKeys(r *http.Request) (any, error) {
	h, err := s.Options.Receipts.Keys(r.Context())
	return keysDocument{h}, err
}

func (s *server) consistency(r *http.Request) (any, error) {
	q, err := paramsOf(r, []string{"from"})
	if err != nil {
		return nil, err
	}
	from, err := strconv.ParseInt(q.Get("from"), 10, 64)
	if err != nil || from < 1 {
		return nil, wrong("from", fmt.Sprintf("%q is no size of the log", q.Get("from")), "the size that an older checkpoint names")
	}
	return s.Options.Receipts.Consistency(r.Context(), from)
}
