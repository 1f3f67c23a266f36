package web_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"article41/account"
	"article41/briefing"
)

// TestBriefingsFitAndAxe opens the pages of readers, editors and moderators at three
// widths; where ARTICLE41_AXE names axe.min.js, axe looks at each in both themes.
func TestBriefingsFitAndAxe(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: short")
	}
	ctx := browser(t)
	h, d := readers(t, noon, account.Local())
	srv := httptest.NewServer(h)
	defer srv.Close()
	var token, id string
	for i := range 7 {
		form := good(i)
		if i == 6 {
			form = url.Values{"name": {"Ama"}, "email": {"a@example.org"}, "message": {"It is 2024."}, "type": {"correction"}, "place": {"30 September 2023"}, "source": {"S/2023/638"}}
		}
		got, err := d.Post(t.Context(), "mali-veto-2023", briefing.Form{Name: form.Get("name"), Email: form.Get("email"), Message: form.Get("message"), Rating: form.Get("rating"), Type: form.Get("type"),
			Place: form.Get("place"), Source: form.Get("source"), Address: fmt.Sprintf("10.0.%d.1", i)}, noon())
		if err != nil || got.Token == "" {
			t.Fatal(err, got.Faults)
		}
		token, id = got.Token, string(got.ID)
		if i < 6 {
			q, _ := d.One(got.ID)
			if err := d.Judge(t.Context(), briefing.Judgement{Comment: got.ID, Version: q.Version, Do: briefing.Approve, By: "m"}, noon()); err != nil {
				t.Fatal(err)
			}
		}
		if i == 5 {
			if _, err := d.Report(t.Context(), got.ID, "abuse", "It insults.", "", "10.9.9.9", noon()); err != nil {
				t.Fatal(err)
			}
		}
	}
	q, _ := d.One(briefing.ID(id))
	if _, err := d.Draft(t.Context(), q.ID, q.Version, "m", noon()); err != nil {
		t.Fatal(err)
	}
	if w := ask(h, "POST", "/desk/briefings", url.Values{"of": {"S/2023/639"}}); w.Code != 303 {
		t.Fatalf("begin a draft: %d %s", w.Code, w.Body)
	}
	if e, err := d.Editing("s-2023-639", noon()); err != nil || len(e.Problems) != 1 || !strings.Contains(e.Problems[0], "Write here what it means") {
		t.Errorf("the draft offered: %v %q", err, e.Problems)
	}
	axe, _ := os.ReadFile(os.Getenv("ARTICLE41_AXE"))
	for _, p := range []struct{ name, path, js string }{
		{"briefings", "/briefings", ""},
		{"briefing", maliPage, ""},
		{"briefing-fr", maliPage + "?lang=fr", ""},
		{"briefing-faults", maliPage, `document.querySelector(".comment-form button[type=submit]").click()`},
		{"embed", maliPage + "/embed", ""},
		{"mine", "/comments/" + token, ""},
		{"report", maliPage + "/comments/" + string(d.Thread("mali-veto-2023", 1, noon()).Comments[0].ID) + "/report", ""},
		{"check", "/check", ""},
		{"checked", "/check", `document.querySelector("#text").value = "On 30 August 2023 the Council voted on sanctions against Mali: 13 out of 15 were in favor. Russia reportedly vetoed it. So it goes."; document.querySelector("main form").submit()`},
		{"desk", "/desk/briefings", ""},
		{"editing", "/desk/briefings/s-2023-639", ""},
		{"queue", "/desk/comments", ""},
		{"errata", "/desk/errata", ""},
		{"log", "/desk/log", ""},
	} {
		for _, w := range []int64{390, 1440} {
			for _, theme := range []string{"light", "dark"} {
				call(t, ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w, Height: 900, DeviceScaleFactor: 1, Mobile: w < 500})
				call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
				run(t, ctx, chromedp.Navigate(srv.URL+p.path), chromedp.WaitReady("main"))
				if p.js != "" {
					run(t, ctx, chromedp.Evaluate[chromedp.Void](p.js))
					run(t, ctx, chromedp.WaitReady(".error-summary, .checked"))
				}
				if over := eval[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s at %d: %d px stick out: %s", p.name, w, over, eval[string](t, ctx, stickOut))
				}
				if *shots != "" {
					picture(t, ctx, p.name, w, theme)
				}
				if len(axe) == 0 || w == 390 {
					continue
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
}
