package api

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

const docs = "../docs/api.md"

// TestDocsNameEveryRoute: an address that is not documented is not there.
func TestDocsNameEveryRoute(t *testing.T) {
	text, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range New(a, options()).(*server).patterns {
		if !strings.Contains(string(text), "`"+p+"`") {
			t.Errorf("docs/api.md does not name `%s`", p)
		}
	}
}

// shown is a request in the docs: a method and an address, a body on the lines
// below, and the status it is said to have.
var shown = regexp.MustCompile("(?s)```http\n(GET|POST) (\\S+)(?: → (\\d+))?\n(.*?)```")

// TestDocsExamples sends every request that the docs show.
func TestDocsExamples(t *testing.T) {
	text, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	h := handler(t)
	found := shown.FindAllStringSubmatch(string(text), -1)
	if len(found) < 10 || len(found) != strings.Count(string(text), "```http") {
		t.Fatalf("%d of %d examples were understood", len(found), strings.Count(string(text), "```http"))
	}
	for _, m := range found {
		method, target, want, body := m[1], m[2], m[3], m[4]
		if want == "" {
			want = "200"
		}
		w := send(h, method, target, body)
		if got := w.Result().Status[:3]; got != want {
			t.Errorf("%s %s: status %s, the docs say %s: %.200s", method, target, got, want, w.Body)
		}
	}
}
