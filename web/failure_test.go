package web_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"article41"
	"article41/date"
	"article41/record"
	"article41/web"
)

// broken is an archive whose disk has gone.
type broken struct{ web.Questions }

func (broken) Basis() article41.Basis { return article41.Basis{} }

func (broken) Statuses(context.Context, record.At) ([]article41.Status, error) {
	return nil, errors.New("read /secret/place: the disk has gone")
}

// Of an unknown error the reader is shown a reference, and whoever runs the site
// is told the error under the same one.
func TestUnknownErrorShowsAReference(t *testing.T) {
	var told, under string
	h := web.New(broken{}, web.Options{Today: func() date.Day { return today }, Failed: func(ref string, err error) { under, told = ref, err.Error() }})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/regimes", nil))
	if w.Code != 500 {
		t.Errorf("status %d", w.Code)
	}
	if strings.Contains(w.Body.String(), "secret") || !strings.Contains(told, "secret") {
		t.Error("the error's text went to the reader, or to nobody")
	}
	if under == "" || !strings.Contains(w.Body.String(), under) {
		t.Errorf("the page does not name the reference %q", under)
	}
	if w.Header().Get("ETag") != "" {
		t.Error("an error page is kept")
	}
}
