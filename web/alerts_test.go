package web_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"article41"
	"article41/account"
	"article41/date"
	"article41/policy"
	"article41/receipt"
	"article41/sqlite"
	"article41/watch"
	"article41/web"
)

// fourEyes is the shipped policy, with a second reviewer.
func fourEyes() policy.Policy {
	p := policy.Default()
	p.Name, p.FourEyes = "house", true
	return p
}

// watching is a site with customers and alerts, as the local owner sees it; as shows
// it to others.
func watching(t testing.TB, p policy.Policy) (as func(account.Person) http.Handler, d *watch.Desk) {
	t.Helper()
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	open := func() *sqlite.Store {
		s, err := sqlite.Open(context.Background(), sqlite.Memory, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	d = watch.New(open().Shelf(), account.NewVault(open().Shelf(), account.Master{1}, rand.Reader), p)
	_, err = d.Add(t.Context(), watch.Customer{ID: "cust-1", Kind: 1, Name: "Iyad Ag Ghali", Born: "1958"}, watch.Customer{ID: "cust-2", Kind: 1, Name: "Ayman al-Zawahiri"},
		watch.Customer{ID: "cust-3", Kind: 1, Name: "Wilhelmina Quackenbush"})
	if err != nil {
		t.Fatal(err)
	}
	l, err := a.Watched(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Screen(t.Context(), l, noon(), nil); err != nil {
		t.Fatal(err)
	}
	h := web.New(a, web.Options{Today: func() date.Day { return today }, Now: noon, Version: "test",
		Failed:   func(ref string, err error) { t.Errorf("reference %s: %v", ref, err) },
		Watch:    func(context.Context) (*watch.Desk, error) { return d, nil },
		Receipts: signer{ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))}})
	return func(p account.Person) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r.WithContext(account.With(r.Context(), p)))
		})
	}, d
}

// signer signs answers and logs none.
type signer struct{ key ed25519.PrivateKey }

func (x signer) Receipt(_ context.Context, all ...article41.Screening) (out []receipt.Receipt, err error) {
	for _, s := range all {
		st := receipt.Statement{Issued: noon()}
		if st.Query, err = json.Marshal(s.Query); err != nil {
			return nil, err
		}
		if st.Answer, err = json.Marshal(s); err != nil {
			return nil, err
		}
		r, err := receipt.Issue(x.key, st)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

const table = "id,name,kind,birth_date\nc-1,Iyad Ag Ghali,person,1958\nc-2,Wilhelmina Quackenbush,person,\nc-3,,person,\nc-4,=Nobody Atall,person,31/12/1980\nc-5,Houka Houka Ag Alhousseini,person,\n"

func upload(t testing.TB, h http.Handler, name string, data []byte, asOf string) *http.Response {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("as_of", asOf)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(data)
	w.Close()
	r := httptest.NewRequest("POST", "/screen/batch", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Result()
}

func fetchPage(t testing.TB, h http.Handler, path string) (int, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec.Code, gunzip(t, rec.Result())
}

// finished waits until a batch is done.
func finished(t testing.TB, h http.Handler, path string) string {
	t.Helper()
	for range 400 {
		if _, body := fetchPage(t, h, path); strings.Contains(h1(body), "looked at") {
			return body
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the batch never ended")
	return ""
}

func workbook(t testing.TB, text string) []byte {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBatch(t *testing.T) {
	as, _ := watching(t, policy.Default())
	h := as(account.Local())
	for name, data := range map[string][]byte{"a.csv": []byte(table), "a.xlsx": workbook(t, table)} {
		t.Run(name, func(t *testing.T) {
			r := upload(t, h, name, data, "2023-08-01")
			at := r.Header.Get("Location")
			if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, "/screen/batch/") {
				t.Fatalf("%d to %q: %s", r.StatusCode, at, gunzip(t, r))
			}
			body := finished(t, h, at)
			if got := h1(body); got != "5 rows were looked at. 2 names meet an entry listed on the day. 2 rows could not be screened." {
				t.Errorf("%q", got)
			}
			for _, want := range []string{"QDi.316", "MLi.005", "name: nothing to screen", "birth_date: want YYYY", "results.xlsx", "receipts.jsonl"} {
				if !strings.Contains(body, want) {
					t.Errorf("does not hold %q", want)
				}
			}
			for _, m := range addresses.FindAllStringSubmatch(body, -1) {
				if low := strings.ToLower(m[1]); strings.Contains(low, "ghali") || strings.Contains(low, "c-1") {
					t.Errorf("the address %q holds a name", m[1])
				}
			}
			_, text := fetchPage(t, h, at+"/results.csv")
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil || len(rows) != 6 || rows[1][8] != "QDi.316" || rows[4][2] != "'=Nobody Atall" || rows[4][3] != "false" {
				t.Errorf("%v, %q", err, rows)
			}
			_, sheet := fetchPage(t, h, at+"/results.xlsx")
			f, err := excelize.OpenReader(strings.NewReader(sheet))
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := f.GetRows("Sheet1"); len(got) != 6 || got[5][8] != "MLi.005" {
				t.Errorf("%q", got)
			}
			_, lines := fetchPage(t, h, at+"/receipts.jsonl")
			n := 0
			for dec := json.NewDecoder(strings.NewReader(lines)); ; n++ {
				var one struct{ Receipt receipt.Receipt }
				if err := dec.Decode(&one); err == io.EOF {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				if _, err := one.Receipt.Verify(); err != nil {
					t.Errorf("receipt %d: %v", n, err)
				}
			}
			if n != 3 {
				t.Errorf("%d receipts", n)
			}
			// It is the uploader's alone, and gone when erased.
			if code, _ := fetchPage(t, as(account.Person{ID: "u-2", Roles: []account.Role{account.Screener}}), at); code != 404 {
				t.Errorf("another sees it: %d", code)
			}
			if code, body := fetchPage(t, as(account.Anyone()), at+"/results.csv"); code != 404 && code != 401 || strings.Contains(body, "Ghali") {
				t.Errorf("anyone downloads it: %d", code)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("POST", at+"/erase", nil))
			if code, _ := fetchPage(t, h, at); rec.Code != http.StatusSeeOther || code != 404 {
				t.Errorf("erased: %d, then %d", rec.Code, code)
			}
		})
	}
}

func TestBatchRefuses(t *testing.T) {
	as, _ := watching(t, policy.Default())
	h := as(account.Local())
	many := "name\n" + strings.Repeat("Nobody Atall\n", 5001)
	for _, c := range []struct {
		name string
		data []byte
		asOf string
		says string
	}{
		{"nothing", nil, "", "choose a file"},
		{"no column called name", []byte("who,when\na,b\n"), "", "no column &#34;name&#34;"},
		{"a header alone", []byte("name\n"), "", "a header and no row"},
		{"too many rows", []byte(many), "", "more than 5000 rows"},
		{"too large", bytes.Repeat([]byte("x"), 9<<20), "", "larger than 8 MB"},
		{"no workbook", []byte("PK\x03\x04 nonsense"), "", "no workbook"},
		{"no Parquet", []byte("PAR1 nonsense"), "", "no Parquet"},
		{"no day", []byte(table), "31/08/2023", "Write the day as"},
	} {
		r := upload(t, h, "a", c.data, c.asOf)
		body := gunzip(t, r)
		if r.StatusCode != 400 || !strings.Contains(strings.ToLower(body), strings.ToLower(c.says)) {
			t.Errorf("%s: %d, want 400 and %q", c.name, r.StatusCode, c.says)
		}
	}
	if r := upload(t, as(account.Anyone()), "a", []byte(table), ""); r.StatusCode != 401 {
		t.Errorf("anyone: %d", r.StatusCode)
	}
}

func TestAlertPages(t *testing.T) {
	as, d := watching(t, policy.Default())
	h := as(account.Local())
	code, body := fetchPage(t, h, "/alerts")
	if code != 200 || !strings.Contains(h1(body), "alert") || !strings.Contains(body, "Iyad Ag Ghali") {
		t.Fatalf("%d %q", code, h1(body))
	}
	for _, m := range addresses.FindAllStringSubmatch(body, -1) {
		if low := strings.ToLower(m[1]); strings.Contains(low, "ghali") || strings.Contains(low, "cust-") {
			t.Errorf("the address %q holds a name", m[1])
		}
	}
	waiting, err := d.Alerts(t.Context(), watch.Alert.Waits)
	if err != nil || len(waiting) == 0 {
		t.Fatal(err)
	}
	a := waiting[0]
	path := "/alerts/" + string(a.ID)
	post := func(h http.Handler, form string) (int, string) {
		r := httptest.NewRequest("POST", path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code, gunzip(t, rec.Result())
	}
	for _, c := range []struct {
		name, form string
		status     int
		says       string
	}{
		{"nothing chosen", "reason=x&evidence=" + a.Evidence, 400, "Choose what you found."},
		{"no reason", "verdict=not-same&evidence=" + a.Evidence, 400, "Say why"},
		{"on evidence that is no more", "verdict=not-same&reason=x&evidence=older", 400, "changed while you looked"},
		{"a verdict of nobody", "verdict=cleared&reason=x&evidence=" + a.Evidence, 400, "true-hit or not-same"},
		{"decided", "verdict=not-same&reason=another+birth+year&evidence=" + a.Evidence, 303, ""},
	} {
		code, body := post(h, c.form)
		if code != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d, want %d and %q", c.name, code, c.status, c.says)
		}
	}
	if _, body := fetchPage(t, h, path); !strings.Contains(h1(body), "Decided: not the same") || !strings.Contains(body, "another birth year") {
		t.Errorf("%q", h1(body))
	}
	screener := as(account.Person{ID: "s", Roles: []account.Role{account.Screener}})
	if code, body := fetchPage(t, screener, path); code != 200 || strings.Contains(body, `name="verdict"`) {
		t.Errorf("a screener, who may read and not decide: %d", code)
	}
	if code, _ := post(screener, "verdict=true-hit&reason=x&evidence="+a.Evidence); code != 403 {
		t.Errorf("a screener decides: %d", code)
	}
	if code, _ := fetchPage(t, as(account.Anyone()), "/alerts"); code != 401 {
		t.Errorf("anyone: %d", code)
	}
	if code, _ := fetchPage(t, site(t), "/alerts"); code != 404 {
		t.Errorf("where no customers are kept: %d", code)
	}
}

// A table is uploaded and an alert decided by keyboard alone, with script and
// without.
func TestBatchAndAlertsByKeyboard(t *testing.T) {
	ctx := browser(t)
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	focused := `document.activeElement.id || document.activeElement.textContent.trim()`
	for _, off := range []bool{false, true} {
		t.Run(fmt.Sprintf("script off %v", off), func(t *testing.T) {
			as, _ := watching(t, policy.Default())
			srv := httptest.NewServer(as(account.Local()))
			defer srv.Close()
			call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
			run(t, ctx, chromedp.Navigate(srv.URL+"/screen/batch?as_of=2023-08-01"), chromedp.WaitReady("footer"))
			tab(t, ctx, focused, "file")
			// The file itself is chosen in a window of the system, which no page sees.
			doc := call(t, ctx, dom.GetDocument, dom.GetDocumentParams{})
			node := call(t, ctx, dom.QuerySelector, dom.QuerySelectorParams{NodeID: doc.Root.NodeID, Selector: "#file"})
			call(t, ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, NodeID: node.NodeID})
			tab(t, ctx, focused, "Screen this table")
			run(t, ctx, chromedp.KeyEvent(kb.Enter))
			if off {
				until(t, ctx, "row")
				for range 100 {
					if eval[bool](t, ctx, `!document.getElementById("again")`) {
						break
					}
					tab(t, ctx, focused, "again")
					run(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady("footer"))
				}
			}
			until(t, ctx, "5 rows were looked at. 2 names meet an entry listed on the day. 2 rows could not be screened.")
			if url := eval[string](t, ctx, `location.href`); strings.Contains(strings.ToLower(url), "ghali") {
				t.Errorf("the address %q holds a name", url)
			}
			tab(t, ctx, focused, "erase")
			run(t, ctx, chromedp.KeyEvent(kb.Enter))
			until(t, ctx, "Screen a table of names")

			run(t, ctx, chromedp.Navigate(srv.URL+"/alerts"), chromedp.WaitReady("footer"))
			until(t, ctx, "wait")
			if off {
				tab(t, ctx, focused, "Iyad Ag Ghali")
				run(t, ctx, chromedp.KeyEvent(kb.Enter))
				until(t, ctx, "A customer's name meets")
				tab(t, ctx, focused, "verdict-not-same")
				run(t, ctx, chromedp.KeyEvent(" "))
				tab(t, ctx, focused, "reason")
			} else {
				run(t, ctx, chromedp.KeyEvent("?"))
				if at := eval[string](t, ctx, focused); at != "keys" {
					t.Errorf("? goes to %q", at)
				}
				run(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"), chromedp.KeyEvent("e"))
				if !eval[bool](t, ctx, `document.activeElement.classList.contains("alert") && document.activeElement.querySelector("details").open`) {
					t.Error("e does not open what was compared")
				}
				run(t, ctx, chromedp.KeyEvent("c"))
				until(t, ctx, "A customer's name meets")
				run(t, ctx, chromedp.WaitReady("footer"))
				for range 50 {
					if eval[string](t, ctx, focused) == "reason" {
						break
					}
					time.Sleep(20 * time.Millisecond)
				}
				if at := eval[string](t, ctx, focused); at != "reason" {
					t.Fatalf("c goes to %q", at)
				}
			}
			run(t, ctx, chromedp.KeyEvent("another birth year"))
			tab(t, ctx, focused, "Keep this decision")
			run(t, ctx, chromedp.KeyEvent(kb.Enter))
			until(t, ctx, "Decided: not the same")
		})
	}
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
}
