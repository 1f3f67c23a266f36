package web_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"article41/account"
	"article41/briefing"
	"article41/shelf"
)

// vectors are texts that would run pwn() if something between a form and a page
// let them; testdata/xss.jsonl, written for this test.
func vectors(t testing.TB) []string {
	t.Helper()
	f, err := os.Open("testdata/xss.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		var v string
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if len(out) < 200 {
		t.Fatalf("%d vectors, want 200", len(out))
	}
	return out
}

// hooked is what a page is opened with: everything that a vector could run counts.
const hooked = `window.pwned = 0; window.pwn = () => { window.pwned++ }; window.alert = window.pwn`

// harm counts what ran, and what could run: handlers and running addresses in the
// page, scripts that are not this site's.
const harm = `(() => {
	const all = [...document.querySelectorAll("*")];
	const handlers = all.flatMap(e => [...e.attributes].filter(a => /^on/i.test(a.name)).map(a => e.tagName + " " + a.name + "=" + a.value));
	const addresses = all.flatMap(e => ["href", "src", "action", "formaction", "xlink:href", "data", "srcdoc", "poster", "ping"].map(n => e.getAttribute(n)).filter(v => v !== null && /^[\s\x00-\x20]*(javascript|vbscript|data|livescript|mocha|feed|blob|view-source):/i.test(v)));
	const scripts = [...document.scripts].filter(s => s.type !== "application/ld+json" && !s.src.startsWith(location.origin)).map(s => s.outerHTML);
	const strange = [...document.querySelectorAll("iframe, object, embed, base, frame, portal, math, article style, .comment svg, .comment img, .comment form")].map(e => e.outerHTML);
	return [window.pwned ? "pwn() ran " + window.pwned + " times" : "", ...handlers, ...addresses, ...scripts, ...strange].filter(Boolean);
})()`

// TestNothingRuns sends every vector through each field of a comment, through a
// briefing and through the feeds, and opens what comes of it in a real browser that
// was told to ignore the content security policy: the cleaning has to hold alone.
func TestNothingRuns(t *testing.T) {
	ctx := browser(t)
	all := vectors(t)
	now := noon()
	h, d := readers(t, func() time.Time { return now }, account.Anyone())
	fits := func(s string, n int) string {
		s = strings.Map(func(r rune) rune {
			if r < ' ' {
				return ' '
			}
			return r
		}, s)
		if r := []rune(s); len(r) > n {
			s = string(r[:n])
		}
		return s
	}
	body := "---\ntitle: " + quoteYAML(all[0]) + "\nlead: " + quoteYAML(strings.Join(all[:20], " ")) + "\nby: " + quoteYAML(all[30]) +
		"\npicture: {file: x.png, alt: " + quoteYAML(all[61]) + ", caption: " + quoteYAML(all[62]) + ", credit: " + quoteYAML(all[63]) + ", licence: " + quoteYAML(all[64]) + "}" +
		"\ncorrections:\n- {on: 2026-11-01, says: " + quoteYAML(all[120]) + ", by: " + quoteYAML(all[121]) + "}\n---\n{{picture}}\n\n"
	for i, v := range all {
		f := briefing.Form{Name: fits("n"+v, 80), Email: fmt.Sprintf("x%d@example.org", i), Message: "m " + v, Rating: "3", Place: fits(v, 300), Source: fits(v, 500), Address: fmt.Sprintf("10.%d.%d.1", i/250, i%250)}
		c, err := d.Proofs.Challenge(now)
		if err != nil {
			t.Fatal(err)
		}
		if f.Proof, err = briefing.Solve(c); err != nil {
			t.Fatal(err)
		}
		f.ProofAsked = true
		got, err := d.Post(t.Context(), "mali-veto-2023", f, now)
		if err != nil || len(got.Faults) > 0 {
			t.Fatalf("%q: %v %v", v, got.Faults, err)
		}
		q, _ := d.One(got.ID)
		if err := d.Judge(t.Context(), briefing.Judgement{Comment: got.ID, Version: q.Version, Do: briefing.Approve, By: "m"}, now); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(v, "{{") { // a block that cannot be read keeps a text from being published
			body += "[@SCR] " + strings.ReplaceAll(v, "\n\n", "\n\n[@SCR] ") + "\n\n[@SCR] word " + strings.ReplaceAll(v, "\n", " ") + "\n\n"
		}
	}
	if err := d.Save(t.Context(), "of-vectors", 0, body, "ed", now); err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SetPicture(t.Context(), "of-vectors", picture.Bytes(), "ed", now); err != nil {
		t.Fatal(err)
	}
	e, err := d.Editing("of-vectors", now)
	if err != nil || e.Preview == nil {
		t.Fatalf("%v %v", err, e.Problems)
	}
	if err := d.Publish(t.Context(), "of-vectors", e.Version, time.Time{}, "", "ed", now); err != nil && !strings.Contains(err.Error(), "names no source") {
		t.Fatal(err)
	} else if err != nil {
		t.Fatalf("a vector broke a paragraph in two: %v", err)
	}
	now = now.Add(8 * 24 * time.Hour) // links are active now
	srv := httptest.NewServer(h)
	defer srv.Close()
	call(t, ctx, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true})
	call(t, ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: hooked})
	look := func(path string) {
		t.Helper()
		run(t, ctx, chromedp.Navigate(srv.URL+path), chromedp.WaitReady("footer, body.embed, body"))
		time.Sleep(300 * time.Millisecond)
		run(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true); document.querySelectorAll(".comment *").forEach(e => { for (const n of ["mouseover", "pointerenter", "focus"]) e.dispatchEvent(new Event(n)) })`))
		for _, x := range eval[[]string](t, ctx, harm) {
			t.Errorf("%s: %.300s", path, x)
		}
	}
	pages := d.Thread("mali-veto-2023", 1, now).Pages
	if pages*50 < len(all) {
		t.Fatalf("%d pages for %d comments", pages, len(all))
	}
	for i := 1; i <= pages; i++ {
		look(fmt.Sprintf("%s?comments=%d", maliPage, i))
	}
	for _, p := range []string{"/briefings/of-vectors", "/briefings/of-vectors/embed", "/briefings"} {
		look(p)
	}
	// A reader of feeds sets their HTML into a page of its own.
	run(t, ctx, chromedp.Navigate(srv.URL+"/about"), chromedp.WaitReady("footer"))
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`(async () => {
		const feed = await (await fetch("/briefings.json")).json();
		const atom = new DOMParser().parseFromString(await (await fetch("/briefings.atom")).text(), "text/xml");
		const texts = [...feed.items.map(i => i.content_html), ...[...atom.querySelectorAll("content, summary")].map(e => e.textContent)];
		if (atom.querySelector("parsererror") || texts.length < 4) return ["the feeds cannot be read"];
		for (const t of texts) { const d = document.createElement("article"); d.innerHTML = t; document.body.append(d); }
		await new Promise(r => setTimeout(r, 500));
		return `+harm+`;
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range found {
		t.Errorf("feed: %.300s", x)
	}
}

// TestHarmIsSeen plants what TestNothingRuns looks for: each must be found, and what
// can run must have run, or that test could not fail.
func TestHarmIsSeen(t *testing.T) {
	ctx := browser(t)
	planted := ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<!DOCTYPE html><title>x</title><body><article class="comment">`+planted+`</article><footer></footer>`)
	}))
	defer srv.Close()
	call(t, ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: hooked})
	for _, x := range []struct {
		html string
		runs bool
	}{
		{`<p>Nothing.</p>`, false}, {`<script>pwn()</script>`, true}, {`<img src=x onerror=pwn()>`, true}, {`<svg onload=pwn()></svg>`, true},
		{`<a href="javascript:pwn()">x</a>`, false}, {`<a href="&#1;javascript:pwn()">x</a>`, false}, {`<p onmouseover=pwn()>x</p>`, false},
		{`<iframe src="about:blank"></iframe>`, false}, {`<form action="https://example.org"></form>`, false},
	} {
		planted = x.html
		run(t, ctx, chromedp.Navigate(srv.URL), chromedp.WaitReady("footer"))
		time.Sleep(200 * time.Millisecond)
		found := eval[[]string](t, ctx, harm)
		ran := eval[int](t, ctx, "window.pwned") > 0
		if quiet := x.html == `<p>Nothing.</p>`; (len(found) == 0) != quiet || ran != x.runs {
			t.Errorf("%s: found %q, ran: %v", x.html, found, ran)
		}
	}
}

func quoteYAML(s string) string {
	b, _ := json.Marshal(s)
	return strings.NewReplacer(`\u2028`, " ", `\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// fill lays approved comments on the desk's shelf, as Post and Judge would have
// left them.
func fill(b testing.TB, d *briefing.Desk, n int, now time.Time) {
	b.Helper()
	var changes []shelf.Change
	for i := range n {
		at := now.Add(time.Duration(i-n) * time.Minute).UTC()
		c := briefing.Comment{ID: briefing.ID(fmt.Sprintf("c%06d", i)), Briefing: "mali-veto-2023", Type: briefing.Opinion, Rating: 1 + i%5, At: at, State: briefing.Approved, Decided: at.Add(-30 * 24 * time.Hour), By: "m"}
		text, err := json.Marshal(briefing.Written{Name: fmt.Sprintf("Reader %d", i), Email: "r@example.org", Message: fmt.Sprintf("It is *clear* and well sourced; see https://example.org/%d and what follows.", i)})
		if err == nil {
			c.Sealed, err = d.Vault.Seal(b.Context(), account.Subject("comment/"+c.ID), text)
		}
		if err != nil {
			b.Fatal(err)
		}
		changes = append(changes, shelf.Drawer[briefing.Comment]{Kind: "comment"}.Change(shelf.ID(c.ID), 0, c))
	}
	if _, err := d.Store.Write(b.Context(), changes...); err != nil {
		b.Fatal(err)
	}
	if err := d.Follow(b.Context()); err != nil {
		b.Fatal(err)
	}
}
