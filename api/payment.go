package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"article41"
	"article41/payment"
	"article41/record"
)

// paymentParams are what a payment's address may say; its body is the message.
var paymentParams = append(append([]string{}, coordinates...), "lists", "threshold", "limit")

// payments answers POST /api/v1/payments/screen: the parties of one message, each
// with what it met.
func (s *server) payments(w http.ResponseWriter, r *http.Request) {
	defer s.caught(w, r)
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	at, how, err := s.paymentAsked(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	b := buffers.Get().(*bytes.Buffer)
	defer giveBack(b)
	b.Reset()
	// Brackets mean nothing in a payment message: it is not looked at for depth.
	if err := s.readText(w, r, b); err != nil {
		if errors.Is(err, errNotText) {
			err = newProblem(http.StatusBadRequest, err.Error())
		}
		s.refuse(w, r, err)
		return
	}
	w, left, err := s.enter(w, r)
	defer left()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	m, err := payment.Read(bytes.NewReader(b.Bytes()))
	if errors.Is(err, payment.ErrFormat) {
		s.refuse(w, r, newProblem(http.StatusBadRequest, err.Error(),
			fault{"body", err.Error(), "an ISO 20022 message such as pacs.008 or pain.001, or the text of an MT103 or MT202"}))
		return
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	out, err := s.ScreenPayment(ctx, at, m, how)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	s.write(w, r, out)
}

// paymentAsked reads the address: the days, the lists, the threshold.
func (s *server) paymentAsked(r *http.Request) (record.At, article41.Query, error) {
	var how article41.Query
	q, err := paramsOf(r, paymentParams)
	if err != nil {
		return record.At{}, how, err
	}
	at, err := s.readAt(q.Get("as_of"), q.Get("known_at"), q.Get("position"))
	if err != nil {
		return at, how, err
	}
	for _, l := range q["lists"] {
		how.Lists = append(how.Lists, record.SourceID(l))
	}
	if text := q.Get("threshold"); text != "" {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || !(f >= 0 && f <= 1) {
			return at, how, wrong("threshold", fmt.Sprintf("%q does not fit", text), "a number from 0 to 1")
		}
		how.Threshold = &f
	}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostMatches {
			return at, how, wrong("limit", fmt.Sprintf("%q does not fit", text), fmt.Sprintf("a whole number from 1 to %d", mostMatches))
		}
		how.Limit = n
	}
	return at, how, nil
}
