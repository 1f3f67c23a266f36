package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"

	"article41/date"
)

// published is one dataset of the catalog.
type published struct {
	Name         string     `json:"name"`
	Title        string     `json:"title"`
	Summary      string     `json:"summary"`
	URL          string     `json:"url,omitempty"`
	Version      string     `json:"version"`
	UpdatedAt    *string    `json:"updated_at"`
	LastExport   *string    `json:"last_export"`
	Load         bool       `json:"load"`
	EntitiesURL  *string    `json:"entities_url"`
	DeltaURL     *string    `json:"delta_url"`
	Namespace    bool       `json:"namespace"`
	IndexVersion *string    `json:"index_version"`
	IndexCurrent bool       `json:"index_current"`
	EntityCount  int        `json:"entity_count"`
	TargetCount  int        `json:"target_count"`
	Children     []string   `json:"children"`
	Tags         []string   `json:"tags"`
	Resources    []string   `json:"resources"`
	Publisher    *publisher `json:"publisher,omitempty"`
}

type publisher struct {
	Name     string `json:"name"`
	Country  string `json:"country,omitempty"`
	URL      string `json:"url,omitempty"`
	Official bool   `json:"official"`
}

// catalogDocument is the catalog. Nothing is ever outdated here: a list is in the
// index as soon as it is in the ledger.
type catalogDocument struct {
	Datasets   []published `json:"datasets"`
	Current    []string    `json:"current"`
	Outdated   []string    `json:"outdated"`
	IndexStale bool        `json:"index_stale"`
}

func (s *server) catalog(w http.ResponseWriter, r *http.Request) {
	sh, err := s.shelfOf(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	doc := sh.catalog(s.base(r))
	sum := sha256.New()
	for _, d := range doc.Datasets {
		sum.Write([]byte(d.Name + ":" + d.Version + ":" + *d.IndexVersion + "\n"))
	}
	sum.Write([]byte(fmt.Sprintf("%d %s %s", sh.At.Position, s.Version, s.base(r))))
	tag := `"` + hex.EncodeToString(sum.Sum(nil)[:12]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=300")
	if holds(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	writeJSON(w, http.StatusOK, doc)
}

func (sh *shelf) catalog(base string) catalogDocument {
	var newest date.Day
	var children []string
	entries := 0
	doc := catalogDocument{Outdated: []string{}}
	for _, d := range sh.held {
		p := sh.published(d, base)
		children = append(children, d.name)
		entries += d.Entries
		if d.Newest != nil && d.Newest.After(newest) {
			newest = *d.Newest
		}
		doc.Datasets = append(doc.Datasets, p)
	}
	whole := heldDataset{}
	whole.Entries = entries
	if !newest.IsZero() {
		whole.Newest = &newest
	}
	for _, c := range []struct {
		name, title, summary string
		children             []string
	}{
		{sanctionDatasets, "Sanctions lists", "Every sanctions list held here.", children},
		{allDatasets, "Everything", "Everything held here.", []string{sanctionDatasets}},
	} {
		whole.name, whole.title = c.name, c.title
		p := sh.published(whole, base)
		p.Summary, p.Children, p.Publisher = c.summary, c.children, nil
		doc.Datasets = append([]published{p}, doc.Datasets...)
	}
	for _, d := range doc.Datasets {
		doc.Current = append(doc.Current, d.Name)
	}
	return doc
}

func (sh *shelf) published(d heldDataset, base string) published {
	v := sh.version(d.ListUse)
	p := published{Name: d.name, Title: d.title, URL: d.url, Version: v, Load: true, IndexVersion: &v, IndexCurrent: true,
		EntityCount: d.Entries, TargetCount: d.Entries, Children: []string{}, Tags: []string{"sanctions"}, Resources: []string{},
		Publisher: &publisher{d.publisher, d.country, d.url, true}}
	at := base + "/datasets/" + url.PathEscape(d.name)
	entities, delta := at+"/entities", at+"/delta"
	p.EntitiesURL, p.DeltaURL = &entities, &delta
	if d.Newest != nil {
		p.UpdatedAt = instant(*d.Newest)
		p.LastExport = p.UpdatedAt
		p.Summary = "The version of " + d.Newest.Text() + "."
	}
	if d.Damaged {
		p.Summary += " It was published damaged; fields that could not be read are left out."
	}
	if d.Partial {
		p.Summary += " It was cut, and taken in as partial by hand."
	}
	return p
}
