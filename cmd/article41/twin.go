package main

import (
	"net/http"
	"strings"
)

// twins are the pages whose address also answers in JSON: with .json behind it, or
// if the request accepts JSON and no page. The answer is the API's own.
var twins = []string{"/incidents", "/incidents/", "/findings/"}

// twin is the request for a page's JSON, if that is what is asked for.
func twin(r *http.Request) (*http.Request, bool) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, false
	}
	path, named := strings.CutSuffix(r.URL.Path, ".json")
	known := false
	for _, t := range twins {
		known = known || path == t || strings.HasSuffix(t, "/") && strings.HasPrefix(path, t)
	}
	accept := r.Header.Get("Accept")
	if !known || !named && (!strings.Contains(accept, "application/json") || strings.Contains(accept, "text/html")) {
		return nil, false
	}
	to := r.Clone(r.Context())
	to.URL.Path, to.URL.RawPath = "/api/v1"+path, ""
	return to, true
}
