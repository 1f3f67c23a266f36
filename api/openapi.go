package api

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// The document of the API, written by go test ./api -run TestOpenAPI -update from
// openapi_routes.csv, openapi_parameters.csv and the shapes of the answers; the
// same test holds it to the routes, their parameters, and real answers
// (docs/design/0009-openapi.md).
//
//go:embed openapi.json
var openapiJSON []byte

//go:embed openapi.yaml
var openapiYAML []byte

func (s *server) openapi(contentType string, text []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		allowReads(w)
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Write(text)
	}
}

// docsPage is the document as the docs page shows it.
type docsPage struct {
	Info struct{ Title, Version, Description string }
	Tags []docsTag
}

type docsTag struct {
	Name, Description string
	Routes            []docsRoute
}

type docsRoute struct {
	Method, Path, Summary, Answer string
	Parameters                    []docsParameter
}

type docsParameter struct {
	Name, In, Description string
	Required              bool
}

// docsDocument reads the document for the page, once.
var docsDocument = sync.OnceValue(func() docsPage {
	var doc struct {
		docsPage
		Paths map[string]map[string]struct {
			Summary    string
			Tags       []string
			Parameters []docsParameter
			Responses  map[string]struct {
				Content map[string]struct{ Schema map[string]any }
			}
		}
	}
	if err := json.Unmarshal(openapiJSON, &doc); err != nil {
		panic(err) // a part of the program; a test reads it first
	}
	for path, ops := range sorted(doc.Paths) {
		for method, op := range sorted(ops) {
			r := docsRoute{Method: strings.ToUpper(method), Path: path, Summary: op.Summary, Parameters: op.Parameters}
			for kind, c := range sorted(op.Responses["200"].Content) {
				r.Answer = kind
				if ref, ok := c.Schema["$ref"].(string); ok {
					r.Answer += ", " + ref[strings.LastIndex(ref, "/")+1:]
				}
			}
			i := slices.IndexFunc(doc.Tags, func(t docsTag) bool { return t.Name == op.Tags[0] })
			doc.Tags[i].Routes = append(doc.Tags[i].Routes, r)
		}
	}
	return doc.docsPage
})

var docsTemplate = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Info.Title}}</title>
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h2{border-bottom:1px solid;padding-top:1rem}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
details{margin:.5rem 0}summary{cursor:pointer}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0}
</style></head><body>
<h1>{{.Info.Title}}</h1>
<p>{{.Info.Description}}</p>
<p>The same for programs: <a href="/api/v1/openapi.json">openapi.json</a>, <a href="/api/v1/openapi.yaml">openapi.yaml</a> (OpenAPI 3.1), version {{.Info.Version}}.</p>
{{range .Tags}}<h2>{{.Name}}</h2><p>{{.Description}}</p>
{{range .Routes}}<details><summary><code>{{.Method}} {{.Path}}</code> {{.Summary}}</summary>
<p>Answers <code>{{.Answer}}</code>.</p>
{{if .Parameters}}<table><thead><tr><th scope="col">parameter</th><th scope="col">in</th><th scope="col">meaning</th></tr></thead><tbody>
{{range .Parameters}}<tr><td><code>{{.Name}}</code></td><td>{{.In}}</td><td>{{.Description}}</td></tr>{{end}}
</tbody></table>{{end}}</details>
{{end}}{{end}}</body></html>
`))

// docs answers GET /api/v1/docs: the document, to read, without any other asset.
func (s *server) docs(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	if err := docsTemplate.Execute(&b, docsDocument()); err != nil {
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	h.Set("Cache-Control", "public, max-age=300")
	w.Write([]byte(b.String()))
}
