package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"article41/date"
	"article41/record"
)

// ask is one request with the two days it asks about.
type ask struct {
	*http.Request
	At    record.At
	Today date.Day
	// Chosen: the reader named the day; links then carry it on.
	AsOfChosen, KnownChosen bool
	explained               map[string]bool // words of the glossary that the page has shown
	form                    url.Values      // of the address, or of a posted form
}

// read takes the two days from the address, or from a posted form. Without
// as_of the day is today; without known_at everything published by today counts.
func read(r *http.Request, today date.Day) (*ask, error) {
	a := &ask{Request: r, Today: today, At: record.At{AsOf: today, KnownAt: today}, form: r.URL.Query(), explained: map[string]bool{}}
	if r.Method == http.MethodPost {
		parse := r.ParseForm
		if strings.HasSuffix(r.URL.Path, "/comments") && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") { // a script may send it as multipart
			parse = func() error { return r.ParseMultipartForm(maxForm) }
		}
		if err := parse(); err != nil {
			return a, fmt.Errorf("%w: the form could not be read: %w", record.ErrInvalid, err)
		}
		a.form = r.PostForm
	}
	for _, f := range []struct {
		name   string
		day    *date.Day
		chosen *bool
	}{{"as_of", &a.At.AsOf, &a.AsOfChosen}, {"known_at", &a.At.KnownAt, &a.KnownChosen}} {
		v := strings.TrimSpace(a.form.Get(f.name))
		if v == "" {
			continue
		}
		d, err := date.ParseDay(v)
		if err != nil {
			return a, fmt.Errorf("%w: %s: %q is not a day: write it as 2023-08-31", record.ErrInvalid, f.name, clip(v))
		}
		*f.day, *f.chosen = d, true
	}
	return a, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// link is an address of the site that carries the chosen days on. pairs are
// further keys and values; empty values are left out.
func (a *ask) link(path string, pairs ...string) string {
	var q []string
	if a.AsOfChosen {
		q = append(q, "as_of="+a.At.AsOf.String())
	}
	if a.KnownChosen {
		q = append(q, "known_at="+a.At.KnownAt.String())
	}
	return address(path, append(q, queries(pairs)...))
}

// on is the address with another day asked about.
func (a *ask) on(day date.Day, path string, pairs ...string) string {
	b := *a
	b.At.AsOf, b.AsOfChosen = day, true
	return b.link(path, pairs...)
}

// fixed is the address that will always mean the same: with both days.
func (a *ask) fixed() string {
	b := *a
	b.AsOfChosen, b.KnownChosen = true, true
	return b.link(a.URL.Path, a.others()...)
}

// others are the pairs of the address beside the two days, in a stable order.
func (a *ask) others() []string {
	var out []string
	for _, k := range []string{"vote", "adopt", "list", "from", "to", "reason", "vetoed_by", "regime", "q", "sponsor", "margin", "region", "page", "feed", "country", "violation", "source", "year", "month", "hedge", "merged", "a", "b", "body", "topic", "votes", "consensus", "first", "second", "states", "pole", "state", "before", "after", "by", "blocs", "rule", "seats", "quota", "vetoes", "block", "lang"} {
		for _, v := range a.URL.Query()[k] {
			out = append(out, k, v)
		}
	}
	return out
}

func queries(pairs []string) []string {
	var q []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			// A colon and a slash mean themselves in a query; left as they are, a
			// shared address can be read.
			v := strings.NewReplacer("%3A", ":", "%2F", "/").Replace(url.QueryEscape(pairs[i+1]))
			q = append(q, pairs[i]+"="+v)
		}
	}
	return q
}

func address(path string, q []string) string {
	path = (&url.URL{Path: path}).EscapedPath()
	if len(q) == 0 {
		return path
	}
	return path + "?" + strings.Join(q, "&")
}

// twin is the address of the same answer as JSON, with both days.
func (a *ask) twin(p page) string {
	tail, pairs := p.Twin, p.TwinPairs
	if tail == "" {
		tail = a.URL.Path
	}
	if pairs == nil {
		for i, all := 0, a.others(); i < len(all); i += 2 {
			if all[i] != "page" && all[i] != "lang" { // the JSON has cursors instead, and no language
				pairs = append(pairs, all[i], all[i+1])
			}
		}
	}
	b := *a
	b.AsOfChosen, b.KnownChosen = true, true
	return b.link("/api/v1"+tail, pairs...)
}
