package web_test

import (
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestDarkIsOneDark: the colours stand twice in the sheet, for the system's theme
// and for a chosen one; they may not drift apart.
func TestDarkIsOneDark(t *testing.T) {
	css, err := os.ReadFile("static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := func(selector string) string {
		_, rest, ok := strings.Cut(string(css), selector+" {")
		rest, _, _ = strings.Cut(rest, "}")
		if !ok || !strings.Contains(rest, "--ground") {
			t.Fatalf("%s sets no ground", selector)
		}
		rest = strings.Replace(rest, "color-scheme: dark;", "", 1)
		return regexp.MustCompile(`\s+`).ReplaceAllString(rest, "")
	}
	if a, b := colours(":root:not([data-theme=light])"), colours(":root[data-theme=dark]"); a != b {
		t.Errorf("system: %s\nchosen: %s", a, b)
	}
}

// TestThemeIsChosen: the button goes round, and the next page has the theme before
// anything is drawn.
func TestThemeIsChosen(t *testing.T) {
	ctx := browser(t)
	srv := httptest.NewServer(site(t))
	defer srv.Close()
	run(t, ctx, chromedp.Navigate(srv.URL+"/about"), chromedp.WaitVisible("[data-theme-button]"))
	for _, want := range []string{"light", "dark", "system", "light", "dark"} {
		run(t, ctx, chromedp.Click("[data-theme-button]"))
		if got := eval[string](t, ctx, `document.querySelector("[data-theme-button]").textContent`); got != "Theme: "+want {
			t.Errorf("the button says %q; want %s", got, want)
		}
	}
	run(t, ctx, chromedp.Navigate(srv.URL+"/regimes"), chromedp.WaitVisible("[data-theme-button]"))
	if got := eval[string](t, ctx, `getComputedStyle(document.body).backgroundColor + " " + getComputedStyle(document.documentElement).colorScheme`); got != "rgb(20, 23, 28) dark" {
		t.Errorf("the next page is %q; want the dark ground", got)
	}
}
