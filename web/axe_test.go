package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// axeScript is axe-core, which is not kept here: ARTICLE41_AXE names its file
// (npm package axe-core, axe.min.js; make axe fetches it). Under CI its want is a
// failure.
func axeScript(t *testing.T) string {
	t.Helper()
	file := os.Getenv("ARTICLE41_AXE")
	b, err := os.ReadFile(file)
	switch {
	case file != "" && err == nil:
		return string(b)
	case file != "" && !errors.Is(err, fs.ErrNotExist):
		t.Fatal(err)
	case os.Getenv("CI") == "true":
		t.Fatalf("axe-core is not there (ARTICLE41_AXE=%q), and CI=true", file)
	}
	t.Skip("did not run: axe-core is not there (make axe fetches it)")
	return ""
}

// violations is what axe-core finds on the page as it stands.
func violations(t *testing.T, ctx context.Context) []string {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.slice(0, 3).map(n => v.id + ": " + n.target.join(" ") + ": " + n.html.slice(0, 160) + " " + (n.any[0]?.message ?? ""))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEveryPageFitsAndAxe opens every page of [looked] in a browser: at three widths
// nothing sticks out of the window, nothing is asked of another host, and axe-core
// finds nothing in either theme, wide and narrow.
//
//	go test ./web -run EveryPageFits -shots pictures
//	go test ./web -run EveryPageFits/record/calendar
func TestEveryPageFitsAndAxe(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: opens every page; left out by -short")
	}
	axe := axeScript(t)
	houses := everyHouse(t)
	for _, name := range slices.Sorted(maps.Keys(houses)) {
		t.Run(name, func(t *testing.T) {
			ctx := browser(t)
			srv := httptest.NewServer(houses[name].Handler)
			defer srv.Close()
			for _, p := range looked {
				if p.house != name {
					continue
				}
				t.Run(p.name, func(t *testing.T) {
					address := srv.URL + houses[name].address(p.path)
					if p.post == nil {
						run(t, ctx, chromedp.Navigate(address), chromedp.WaitReady("main"))
					} else {
						send(t, ctx, srv.URL, address, houses[name].form(p.post))
					}
					if p.js != "" {
						run(t, ctx, chromedp.Evaluate[chromedp.Void](p.js), chromedp.WaitReady(".error-summary"))
					}
					run(t, ctx, chromedp.Evaluate[chromedp.Void](axe))
					lookAt(t, ctx)
				})
			}
		})
	}
}

// lookAt judges the page that is open, without asking for it again.
func lookAt(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, w := range []int64{390, 820, 1440} {
		call(t, ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w, Height: 900, DeviceScaleFactor: 1, Mobile: w < 500})
		for _, theme := range []string{"light", "dark"} {
			call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
			if over := eval[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("at %d: %d px stick out: %s", w, over, eval[string](t, ctx, stickOut))
			}
			if *shots != "" {
				picture(t, ctx, filepath.Base(t.Name()), w, theme)
			}
			if w == 820 || w == 390 && theme == "dark" {
				continue
			}
			for _, f := range violations(t, ctx) {
				t.Errorf("at %d, %s: %s", w, theme, f)
			}
		}
	}
	if hosts := eval[[]string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin))`); len(hosts) > 0 {
		t.Errorf("asks %v", hosts)
	}
}

// send posts a form in the browser, as a page of the site does.
func send(t *testing.T, ctx context.Context, site, address string, form url.Values) {
	t.Helper()
	fields, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(site+"/about"), chromedp.WaitReady("footer"), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const f = document.createElement("form"); f.id = "sent"; f.method = "post"; f.action = %q;
		for (const [name, values] of Object.entries(%s)) for (const value of values) {
			const i = document.createElement("textarea"); i.name = name; i.value = value; f.append(i) }
		document.body.append(f); f.submit() })()`, address, fields)), chromedp.WaitNotPresent("#sent"), chromedp.WaitReady("footer"))
}

const stickOut = `[...document.querySelectorAll("main *, header *, footer *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, svg, .timeline")).slice(0, 4).map(e => e.tagName + "." + e.className).join(" ")`

// picture writes what the browser shows to the folder of -shots.
func picture(t *testing.T, ctx context.Context, name string, w int64, theme string) {
	t.Helper()
	height := eval[float64](t, ctx, `document.documentElement.scrollHeight`)
	beyond := true
	b := call(t, ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond,
		Clip: &page.Viewport{Width: float64(w), Height: min(5000, height), Scale: 1}}).Data
	file := filepath.Join(*shots, fmt.Sprintf("%s-%d-%s.png", name, w, theme))
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
