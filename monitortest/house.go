// Package monitortest is an installation with its desk of incidents, for tests of
// what pages, JSON and commands say of it: whoever asks names themselves, an
// incident with a withheld part goes in, and every answer can be searched for it.
//
//	h := monitortest.New(t, func(arc *article41.Archive, desk *monitor.Desk) http.Handler { return web.New(arc, …) })
//	id := h.Enter(t, "ann", monitortest.Entered())
//	code, text := h.Ask(t, "reader", "GET", "/desk/incidents/drafts/"+id, nil)
package monitortest

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/data"
	"article41/date"
	"article41/monitor"
	"article41/shelf"
	"article41/source/curated"
	"article41/sqlite"
)

// Now is the instant of the house: its answers do not change with the clock.
func Now() time.Time { return time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC) }

// Today is its day.
func Today() date.Day { return date.MustDay("2026-11-23") }

// House is an installation whose visitors say who they are in a header or a
// cookie, as a door would: by a role's name, as ann (an editor) or as ben (a
// publisher). Anybody else is nobody.
type House struct {
	http.Handler
	Faces   http.Handler // before anybody has said who they are
	Archive *article41.Archive
	Desk    *monitor.Desk
	people  map[string]account.Person
	shelf   *countedShelf
}

// countedShelf counts what is read of the desk's shelf.
type countedShelf struct {
	shelf.Store
	reads atomic.Int64
}

func (s *countedShelf) Item(ctx context.Context, k shelf.Kind, id shelf.ID) (shelf.Item, error) {
	s.reads.Add(1)
	return s.Store.Item(ctx, k, id)
}

func (s *countedShelf) Items(ctx context.Context, k shelf.Kind, after shelf.ID, limit int) ([]shelf.Item, error) {
	s.reads.Add(1)
	return s.Store.Items(ctx, k, after, limit)
}

// Reads is how often the desk's shelf was read so far: two questions that read it
// alike cannot be told apart by how long they take.
func (h *House) Reads() int64 { return h.shelf.reads.Load() }

// New is a house with the packed record, an empty desk, and the faces that are
// asked. Two houses in which the same is done give the same ids.
func New(t testing.TB, faces func(*article41.Archive, *monitor.Desk) http.Handler) *House {
	t.Helper()
	store, err := sqlite.Open(context.Background(), sqlite.Memory, sqlite.Options{Now: Now})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := sqlite.Open(context.Background(), sqlite.Memory, sqlite.Options{Now: Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close(); keys.Close() })
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		t.Fatal(err)
	}
	arc, err := article41.Open(context.Background(), store, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, Now())
	if err != nil {
		t.Fatal(err)
	}
	// The ids and the seals come from two streams: what is sealed besides does not
	// change the ids.
	counted := &countedShelf{Store: store.Shelf()}
	h := Over(arc, &monitor.Desk{Shelf: counted, Vault: account.NewVault(keys.Shelf(), account.Master{7}, rand.NewChaCha8([32]byte{1})), Ledger: arc.Ledger(), Random: rand.NewChaCha8([32]byte{2})}, faces)
	h.shelf = counted
	return h
}

// Over is a house over an archive and a desk that are there already.
func Over(arc *article41.Archive, desk *monitor.Desk, faces func(*article41.Archive, *monitor.Desk) http.Handler) *House {
	h := &House{Archive: arc, Desk: desk, Faces: faces(arc, desk), people: map[string]account.Person{
		"ann": {ID: "u-ann", Name: "Ann", Roles: []account.Role{account.Editor}},
		"ben": {ID: "u-ben", Name: "Ben", Roles: []account.Role{account.Publisher}},
	}}
	for _, r := range Roles() {
		h.people[string(r)] = account.Person{ID: "u-" + string(r), Name: string(r), Roles: []account.Role{r}}
	}
	h.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := r.Header.Get("X-Test-Person")
		if c, err := r.Cookie("person"); err == nil && who == "" {
			who = c.Value
		}
		h.Faces.ServeHTTP(w, r.WithContext(account.With(r.Context(), h.Person(who))))
	})
	return h
}

// Roles are the columns of the table of roles.
func Roles() []account.Role {
	var out []account.Role
	for _, may := range account.Table() {
		for r := range may {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Person is who is called that.
func (h *House) Person(who string) account.Person {
	if p, ok := h.people[who]; ok {
		return p
	}
	return account.Anyone()
}

// Everybody are all that can ask, nobody ("") among them.
func (h *House) Everybody() []string {
	out := []string{""}
	for who := range h.people {
		out = append(out, who)
	}
	slices.Sort(out)
	return out
}

// Ask is one request; the answer's whole text is given: its headers, then its
// body, byte for byte.
func (h *House) Ask(t testing.TB, who, method, target string, form url.Values) (int, string) {
	t.Helper()
	return h.Send(t, who, method, target, form.Encode(), "application/x-www-form-urlencoded")
}

// Send is Ask with a body of another kind.
func (h *House) Send(t testing.TB, who, method, target, body, kind string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("X-Test-Person", who)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	res := w.Result()
	var head bytes.Buffer
	res.Header.Write(&head)
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Errorf("%s %s: %v", method, target, err)
	}
	return res.StatusCode, head.String() + string(b)
}

var (
	draftAddress = regexp.MustCompile(`/desk/incidents/drafts/([a-z2-7]{24})`)
	versionField = regexp.MustCompile(`name="version" value="(\d+)"`)
)

// Enter keeps a draft and answers its id.
func (h *House) Enter(t testing.TB, who string, form url.Values) string {
	t.Helper()
	code, text := h.Ask(t, who, "POST", "/desk/incidents/save", form)
	m := draftAddress.FindStringSubmatch(text)
	if code != http.StatusSeeOther || m == nil {
		t.Fatalf("%d: %.2000s", code, text)
	}
	return m[1]
}

// Upload sends a form with a file, as a browser does, with the version that the
// draft's page shows.
func (h *House) Upload(t testing.TB, who, draft, evidence string, fields map[string]string, name string, file []byte) (int, string) {
	t.Helper()
	kind, body := Multipart(t, h.Version(t, who, draft), fields, name, file)
	target := "/desk/incidents/drafts/" + draft + "/evidence"
	if evidence != "" {
		target += "/" + evidence
	}
	return h.Send(t, who, "POST", target, body, kind)
}

// Version is the version that a draft's page shows to somebody, or 1.
func (h *House) Version(t testing.TB, who, draft string) string {
	t.Helper()
	_, text := h.Ask(t, who, "GET", "/desk/incidents/drafts/"+draft, nil)
	if m := versionField.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return "1"
}

// Multipart is a form with a file.
func Multipart(t testing.TB, version string, fields map[string]string, name string, file []byte) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary("article41article41article41"); err != nil {
		t.Fatal(err)
	}
	w.WriteField("version", version)
	for k, v := range fields {
		w.WriteField(k, v)
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(file)
	w.Close()
	return w.FormDataContentType(), b.String()
}

// Step finds the version on a draft's page and takes it further.
func (h *House) Step(t testing.TB, who, id, do, note string) (int, string) {
	t.Helper()
	return h.Ask(t, who, "POST", "/desk/incidents/drafts/"+id, url.Values{"do": {do}, "version": {h.Version(t, who, id)}, "note": {note}})
}

// Publish enters an incident as ann, and lets ben review and publish it.
func (h *House) Publish(t testing.TB, form url.Values) (draft string) {
	t.Helper()
	draft = h.Enter(t, "ann", form)
	for _, s := range []struct{ who, do string }{{"ann", "submit"}, {"ben", "accept"}, {"ben", "publish"}} {
		if code, text := h.Step(t, s.who, draft, s.do, "read"); code != http.StatusSeeOther {
			t.Fatalf("%s: %d: %.2000s", s.do, code, text)
		}
	}
	return draft
}

// Entered is the form of an incident with a withheld part.
func Entered() url.Values {
	return url.Values{"title": {"Raid on Sampletown"}, "id": {"sampletown-2025"}, "when": {"2025-03-04"}, "place": {"Sampletown"}, "country": {"MLI"}, "precision": {"town"}, "acts": {"killing"},
		"summary":         {"Men came at dawn."},
		"claim.0.speaker": {"a village head"}, "claim.0.hedge": {"reported"}, "claim.0.about": {"people killed"}, "claim.0.says": {"at least 3 people were killed"}, "claim.0.low": {"3"}, "claim.0.counts": {"killed"}, "claim.0.source": {"interview 1"}, "claim.0.sure": {"verified"},
		"actor.0.name": {"armed men"}, "actor.0.role": {"unidentified"},
		"cite.0.source": {"interview 1"}, "cite.0.sure": {"verified"},
		"finding.0.title": {"Killing of civilians at Sampletown"}, "finding.0.text": {"At least three people were killed."}, "finding.0.by": {"the team"}, "finding.0.on": {"2025-05"}, "finding.0.level": {"credible"}, "finding.0.claims": {"c1"}, "finding.0.source": {"interview 1"}, "finding.0.criteria": {"mali/f: killing of civilians"},
		"withheld.names": {Planted}, "withheld.notes": {PlantedNote}, "sealed.0.title": {"photograph of " + Planted}, "sealed.0.sha256": {PlantedHash}}
}
