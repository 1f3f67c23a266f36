package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/data"
	"article41/date"
	"article41/source/curated"
	"article41/web"
)

// today is the day of the tests: they do not change with the calendar.
var today = date.MustDay("2026-11-23")

// archive answers from the packed record, so that a page is tested on what the
// program ships.
var archive = sync.OnceValues(func() (*article41.Archive, error) {
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		return nil, err
	}
	return article41.Open(context.Background(), nil, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
})

func site(t testing.TB) http.Handler {
	t.Helper()
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	return as(account.Local(), web.New(a, web.Options{Today: func() date.Day { return today }, Version: "test",
		Failed: func(ref string, err error) { t.Errorf("reference %s: %v", ref, err) }}))
}

func gunzip(t testing.TB, r *http.Response) string {
	t.Helper()
	if r.Header.Get("Content-Encoding") != "gzip" {
		b, _ := io.ReadAll(r.Body)
		return string(b)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// as asks as somebody.
func as(p account.Person, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(account.With(r.Context(), p)))
	})
}
