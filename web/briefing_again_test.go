package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"article41/account"
	"article41/briefing"
)

// TestRefusalIsTheWholeForm: the page that is put together of kept pieces holds the
// same form as the one that is drawn (a chosen day makes it so), whatever was typed.
func TestRefusalIsTheWholeForm(t *testing.T) {
	h, d := readers(t, noon, account.Anyone())
	got, err := d.Post(t.Context(), "mali-veto-2023", briefing.Form{Name: "Ada <i>", Email: "a@example.org", Message: "Fair.", Rating: "5", Address: "192.0.2.9"}, noon())
	if err != nil {
		t.Fatal(err)
	}
	q, err := d.One(got.ID)
	if err == nil {
		err = d.Judge(t.Context(), briefing.Judgement{Comment: got.ID, Version: q.Version, Do: briefing.Approve, By: "m"}, noon())
	}
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`(?s)<div class="error-summary".*</form>\s*</section>`)
	for name, typed := range map[string]url.Values{
		"nothing":              {},
		"all right but a name": {"rating": {"4"}, "message": {"<b>\"'&\nsecond line"}, "email": {"a@example.org"}, "stamp": {"1.2"}, "clear": {"2"}, "fair": {"9"}},
		"holes of our own":     {"name": {"\ue000name\ue001"}, "message": {"\ue000email\ue001 \ue000"}, "email": {"\ue001"}, "place": {"\ue000"}},
		"a correction":         {"type": {"correction"}, "place": {"“two”"}, "source": {""}, "message": {"x"}, "name": {strings.Repeat("n", 90)}, "lang": {"fr"}},
		"an answer":            {"reply_to": {string(got.ID)}, "name": {"B"}, "rating": {"3"}, "altcha": {""}},
		"an answer to nobody":  {"reply_to": {"\"><script>"}, "name": {"B"}},
		"no such type":         {"type": {"<x>"}, "rating": {"<5>"}, "altcha": {"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			kept := ask(h, "POST", maliPage+"/comments", typed)
			again := ask(h, "POST", maliPage+"/comments", typed)
			typed.Set("as_of", "2026-11-23")
			made := ask(h, "POST", maliPage+"/comments", typed)
			if kept.Code != 422 || made.Code != 422 {
				t.Fatalf("status %d and %d", kept.Code, made.Code)
			}
			a, b := form.FindString(kept.Body.String()), form.FindString(made.Body.String())
			if a == "" || a != b {
				t.Errorf("put together:\n%s\ndrawn:\n%s", a, b)
			}
			if again.Body.String() != kept.Body.String() {
				t.Error("the second answer differs from the first")
			}
			if strings.Contains(name, "answer") && !strings.Contains(name, "nobody") && !strings.Contains(a, "You answer Ada &lt;i&gt;.") {
				t.Error("whoever is answered is not named")
			}
		})
	}
}

// TestMultipart: a script may send the form as multipart; the fields are the same.
func TestMultipart(t *testing.T) {
	h, d := readers(t, noon, account.Anyone())
	body := ""
	for k, v := range good(1) {
		body += "--x\r\nContent-Disposition: form-data; name=\"" + k + "\"\r\n\r\n" + v[0] + "\r\n"
	}
	r := httptest.NewRequest("POST", maliPage+"/comments", strings.NewReader(body+"--x--\r\n"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusSeeOther || len(d.Queue()) != 1 {
		t.Errorf("status %d", w.Code)
	}
}

// TestTooLarge: a post beyond the bound is 413, and says the bound.
func TestTooLarge(t *testing.T) {
	h, _ := readers(t, noon, account.Anyone())
	form := good(1)
	form.Set("message", strings.Repeat("a", 70<<10))
	w := ask(h, "POST", maliPage+"/comments", form)
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "65,536 bytes") {
		t.Errorf("status %d: %.300s", w.Code, w.Body.String())
	}
}
