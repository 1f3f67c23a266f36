package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"article41"
	"article41/account"
	"article41/receipt"
	"article41/record"
)

// Receipts signs answers; nil where there is no database to log them in.
type Receipts interface {
	Receipt(ctx context.Context, all ...article41.Screening) ([]receipt.Receipt, error)
}

// receiptFile screens what was posted once more and sends the signed receipt as a
// file: the page before it was an answer of its own, of which nothing was kept.
func (s *site) receiptFile(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	a, err := read(r, s.o.Today())
	if err == nil {
		err = admits(a, account.ScreenNames)
	}
	if err == nil {
		err = s.writeReceipt(a, &b)
	}
	if err != nil {
		s.show(account.ReadRecord, func(*site, *ask) (page, error) { return page{}, err }).ServeHTTP(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="receipt.json"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	w.Write(b.Bytes())
}

func (s *site) writeReceipt(a *ask, b *bytes.Buffer) error {
	if s.o.Receipts == nil {
		return fmt.Errorf("%w: this site answers without a database, and so without a log of receipts", record.ErrInvalid)
	}
	v := viewOf(a)
	countries, problems := v.check()
	if len(problems) > 0 {
		return fmt.Errorf("%w: %s", record.ErrInvalid, problems[0].Says)
	}
	ans, err := s.q.Screen(a.Context(), a.At, article41.Query{Name: v.Name, Born: v.Born, Kind: v.Kind, Countries: countries})
	if err != nil {
		return err
	}
	signed, err := s.o.Receipts.Receipt(a.Context(), ans)
	if err != nil {
		return err
	}
	return signed[0].Write(b)
}
