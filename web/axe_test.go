package web_test

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestAxe runs axe-core over every page in both themes, where ARTICLE41_AXE names
// its file (npm package axe-core, axe.min.js); it is not kept here.
func TestAxe(t *testing.T) {
	file := os.Getenv("ARTICLE41_AXE")
	if file == "" {
		t.Skip("did not run: ARTICLE41_AXE does not name axe.min.js")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	srv := httptest.NewServer(site(t))
	defer srv.Close()
	for _, p := range looked() {
		for _, theme := range []string{"light", "dark"} {
			call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
			run(t, ctx, chromedp.Navigate(srv.URL+p.path), chromedp.WaitReady("footer"))
			if p.post != "" {
				run(t, ctx, chromedp.SendKeys("#name", p.post+kb.Enter))
				until(t, ctx, "is name")
				run(t, ctx, chromedp.WaitReady("footer"))
			}
			run(t, ctx, chromedp.Evaluate[chromedp.Void](string(axe)))
			found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.slice(0, 3).map(n => v.id + ": " + n.target.join(" ") + ": " + n.html.slice(0, 160) + " " + (n.any[0]?.message ?? ""))))`, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Errorf("%s, %s: %s", p.name, theme, f)
			}
		}
	}
}
