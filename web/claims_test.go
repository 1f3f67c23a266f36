package web_test

import (
	"context"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// eachLooked opens every page of [looked] in a browser and judges it.
func eachLooked(t *testing.T, script bool, judge func(t *testing.T, ctx context.Context, p lookedPage)) {
	t.Helper()
	if testing.Short() {
		t.Skip("did not run: opens every page; left out by -short")
	}
	houses := everyHouse(t)
	for _, name := range slices.Sorted(maps.Keys(houses)) {
		t.Run(name, func(t *testing.T) {
			ctx := browser(t)
			call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script})
			srv := httptest.NewServer(houses[name].Handler)
			defer srv.Close()
			for _, p := range looked {
				if p.house != name || p.js != "" && !script {
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
					judge(t, ctx, p)
				})
			}
		})
	}
}

// seen tells of an element whether a reader can see it.
const seen = `const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.getBoundingClientRect().width > 0;
	const named = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + [...e.classList].map(c => "." + c).join("") + " " + JSON.stringify((e.textContent || e.value || "").trim().slice(0, 40));
`

// TestEveryPageWithoutScript: with script off each page has its first line and what
// it is about, each form can be sent, no button is there that only script answers,
// and nothing waits for script to be shown but what has a plain twin beside it.
//
//	go test ./web -run EveryPageWithoutScript/record/mali
func TestEveryPageWithoutScript(t *testing.T) {
	eachLooked(t, false, func(t *testing.T, ctx context.Context, p lookedPage) {
		for _, fault := range eval[[]string](t, ctx, `(() => {`+seen+`
			const out = [];
			const h1 = document.querySelector("h1");
			if (!h1 || !h1.textContent.trim() || !seen(h1)) out.push("no first line to be seen");
			const main = document.querySelector("main");
			const beside = main.innerText.replace(h1 ? h1.innerText : "", "").trim();
			if (beside.length < 40) out.push("nothing but its first line: " + beside);
			for (const f of document.forms) {
				const sends = [...f.elements].filter(e => e.type === "submit" && !e.disabled);
				if (seen(f) && !sends.some(seen)) out.push("a form without a button that sends it: " + f.action);
			}
			for (const b of document.querySelectorAll("button[type=button]")) if (seen(b)) out.push("a button that only script answers: " + named(b));
			// The theme is the system's; the day is also a field; the widget's proof has words in its place.
			for (const h of document.querySelectorAll("[hidden]")) if (!h.matches("[data-slider], [data-theme-button]")) out.push("hidden until script shows it: " + named(h));
			const days = document.querySelector("[data-slider]");
			if (days && !seen(document.getElementById("as_of"))) out.push("a slider without a date field");
			if (document.querySelector("altcha-widget") && !/\S/.test(document.querySelector("#robot").innerText)) out.push("a widget without words in its place");
			return out;
		})()`) {
			t.Error(fault)
		}
	})
}

// TestEveryPageKeepsItsClaims: targets of 24 px, a focus that is seen and goes in the
// order of the document, no motion for who wants none, other scripts set apart with
// their language and direction, a skip link, landmarks, and no other host.
//
//	go test ./web -run EveryPageKeepsItsClaims/record/vote
func TestEveryPageKeepsItsClaims(t *testing.T) {
	eachLooked(t, true, func(t *testing.T, ctx context.Context, p lookedPage) {
		call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
		for _, w := range []int64{390, 1440} {
			call(t, ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w, Height: 900, DeviceScaleFactor: 1, Mobile: w < 500})
			for _, fault := range eval[[]string](t, ctx, smallTargets) {
				t.Errorf("at %d: %s", w, fault)
			}
		}
		for _, js := range []string{landmarks, motion, scripts} {
			for _, fault := range eval[[]string](t, ctx, js) {
				t.Error(fault)
			}
		}
		run(t, ctx, chromedp.Evaluate[chromedp.Void](trail))
		for range 40 {
			run(t, ctx, chromedp.KeyEvent(kb.Tab))
		}
		for _, fault := range eval[[]string](t, ctx, `trailFaults()`) {
			t.Error(fault)
		}
	})
}

// smallTargets are the targets under 24 px that WCAG 2.5.8 does not exempt: a link in
// a line of text is exempt; one around which a circle of 24 px meets no other target;
// one to where a larger one on the page leads too, as from a map's marks; and a mark
// of a chart that the keyboard does not go to, whose place is what it tells.
const smallTargets = `(() => {` + seen + `
	const box = e => {
		const own = e.getBoundingClientRect();
		const label = (e.type === "checkbox" || e.type === "radio") && (e.closest("label") || document.querySelector("label[for='" + CSS.escape(e.id) + "']"));
		if (!label) return own;
		const r = label.getBoundingClientRect();
		const l = Math.min(own.left, r.left), t = Math.min(own.top, r.top);
		return new DOMRect(l, t, Math.max(own.right, r.right) - l, Math.max(own.bottom, r.bottom) - t);
	};
	const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(e => seen(e) && !e.closest(".trap, .skip"))
		.map(e => ({ e, r: box(e) })).filter(x => x.r.bottom > 0 && x.r.right > 0);
	const inline = e => {
		if (e.tagName !== "A" || getComputedStyle(e).display !== "inline" || e.closest("svg")) return false;
		let block = e.parentElement;
		while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
		const words = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
		for (let n; n = words.nextNode();) if (/\p{L}|\p{N}/u.test(n.data) && !n.parentElement.closest("a, button, summary, script")) return true;
		return false;
	};
	const small = x => x.r.width < 23.5 || x.r.height < 23.5;
	const mid = r => [r.left + r.width / 2, r.top + r.height / 2];
	const near = (x, y) => {
		const [a, b] = mid(x.r);
		if (small(y)) { const [c, d] = mid(y.r); return Math.hypot(a - c, b - d) < 24; }
		return Math.hypot(a - Math.max(y.r.left, Math.min(a, y.r.right)), b - Math.max(y.r.top, Math.min(b, y.r.bottom))) < 12;
	};
	const twin = x => x.e.closest("svg") && (x.e.matches("[aria-hidden=true][tabindex='-1']") || all.some(y => y !== x && y.e.href && y.e.getAttribute("href") === x.e.getAttribute("href") && (!small(y) || inline(y.e) || !y.e.closest("svg"))));
	return all.filter(x => small(x) && !inline(x.e) && !twin(x)).filter(x => all.some(y => y !== x && !x.e.contains(y.e) && !y.e.contains(x.e) && near(x, y)))
		.slice(0, 6).map(x => "a target of " + x.r.width.toFixed(0) + " by " + x.r.height.toFixed(0) + " px, too near to another: " + named(x.e));
})()`

const landmarks = `(() => {` + seen + `
	const out = [];
	const main = document.querySelectorAll("main");
	if (main.length !== 1) out.push(main.length + " mains");
	if (!document.documentElement.lang) out.push("no language");
	if (!document.title) out.push("no title");
	for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) out.push("an order of its own: " + named(e));
	if (!document.body.classList.contains("embed")) {
		const skip = document.querySelector("a.skip");
		if (!skip || skip.getAttribute("href") !== "#" + main[0].id) out.push("no link that skips to what the page is about");
		const first = document.querySelector("a[href], button, input, select, textarea, summary");
		if (first !== skip) out.push("the first that is reached is " + named(first));
		if (!document.querySelector("body > header")) out.push("no banner");
		if (!document.querySelector("body > footer")) out.push("no foot");
		for (const n of document.querySelectorAll("nav, aside")) if (!n.getAttribute("aria-label") && !n.getAttribute("aria-labelledby")) out.push("a landmark without a name: " + named(n));
	}
	for (const h of performance.getEntriesByType("resource")) if (!h.name.startsWith(location.origin)) out.push("asks another host: " + h.name);
	return out;
})()`

const motion = `(() => {
	const out = [];
	for (const e of document.querySelectorAll("*")) for (const part of [null, "::before", "::after"]) {
		const s = getComputedStyle(e, part);
		if (s.transitionDuration.split(",").some(d => parseFloat(d) > 0) || s.animationName !== "none" && parseFloat(s.animationDuration) > 0 || s.scrollBehavior === "smooth")
			out.push("moves for who wants no motion: " + e.tagName + "." + e.className);
	}
	return out.slice(0, 6);
})()`

// scripts are the texts in other letters that do not say their language and direction.
const scripts = `(() => {
	const out = [];
	const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; n = words.nextNode();) {
		if (!/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Georgian}\p{Script=Armenian}\p{Script=Devanagari}\p{Script=Thai}]{2}/u.test(n.data)) continue;
		const e = n.parentElement;
		if (e.closest("script, textarea, option, title, desc")) continue; // what is said of a picture holds no markup
		const lang = e.closest("[lang]"), dir = e.closest("[dir], text[direction]");
		if (!lang || lang === document.documentElement || !dir || dir === document.documentElement)
			out.push("other letters without their language and direction: " + e.tagName + " " + JSON.stringify(n.data.trim().slice(0, 40)));
	}
	return out.slice(0, 6);
})()`

// trail notes where Tab goes, and whether it can be seen there.
const trail = `(() => {
	document.activeElement?.blur(); window.scrollTo(0, 0);
	const been = [], out = [];
	document.addEventListener("focusin", ev => {
		const e = ev.target, s = getComputedStyle(e), inner = e.querySelector?.(".target");
		const ring = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none" || inner && getComputedStyle(inner).stroke !== "none";
		if (e.matches("main, body, [autofocus]")) return;
		if (!ring) out.push("the focus is not seen on " + e.tagName + "#" + e.id + "." + (e.className.baseVal ?? e.className) + " " + (e.textContent || "").trim().slice(0, 30));
		const r = e.getBoundingClientRect();
		if (r.width < 1 || r.right < 0 || r.left > innerWidth && !e.closest(".scroll, .timeline, .chart, .years-strip, svg")) out.push("the focus goes out of sight: " + e.tagName + "#" + e.id);
		been.push(e);
	}, true);
	window.trailFaults = () => {
		for (let i = 1; i < been.length; i++) if (been[i] !== been[i-1] && document.contains(been[i]) && document.contains(been[i-1]) && !(been[i-1].compareDocumentPosition(been[i]) & Node.DOCUMENT_POSITION_FOLLOWING) && !been[i].matches(".skip"))
			out.push("from " + been[i-1].tagName + "#" + been[i-1].id + " back to " + been[i].tagName + "#" + been[i].id);
		if (!been.length) out.push("Tab goes nowhere");
		return out.slice(0, 6);
	};
})()`

var cited = regexp.MustCompile(`(?s)<details class="cite-this">.*?</details>`)

// TestEveryPageIsCited: each page with an address that lasts is cited by a footnote
// and by BibTeX, both with the day and what was known; a private one, and one of an
// error, by neither.
func TestEveryPageIsCited(t *testing.T) {
	houses := everyHouse(t)
	n := 0
	for _, p := range looked {
		w := request(houses[p.house], p, "example.com")
		body := gunzip(t, w.Result())
		cite := cited.FindString(body)
		if p.name == "briefing-embed" {
			continue // a part of another page, which it leads to
		}
		if w.Code != 200 || w.Header().Get("Cache-Control") == "no-store" || p.post != nil {
			if cite != "" && w.Header().Get("Cache-Control") == "no-store" {
				t.Errorf("%s is private, and its address is given to be cited", p.name)
			}
			continue
		}
		n++
		m := regexp.MustCompile(`as_of=(\d{4}-\d\d-\d\d)&amp;known_at=(\d{4}-\d\d-\d\d)`).FindStringSubmatch(cite)
		if m == nil {
			t.Errorf("%s is cited without its days: %s", p.name, cite)
			continue
		}
		if asked := regexp.MustCompile(`as_of=(\d{4}-\d\d-\d\d)`).FindStringSubmatch(p.path); asked != nil && asked[1] != m[1] {
			t.Errorf("%s is cited as of %s", p.name, m[1])
		}
		for _, want := range []string{`class="footnote"`, "@misc{article41", "note = {As of " + m[1] + ", known at " + m[2] + "}"} {
			if !strings.Contains(cite, want) {
				t.Errorf("%s is cited without %q: %s", p.name, want, cite)
			}
		}
	}
	t.Logf("%d pages are cited", n)
}

// TestOnPaper: on A4 and on US letter the pictures are there, and what only a screen
// has use for is not.
func TestOnPaper(t *testing.T) {
	ctx := browser(t)
	srv := httptest.NewServer(site(t))
	defer srv.Close()
	for path, picture := range map[string]string{"/regimes/mali": ".timeline > svg[role]", "/votes/S/2023/638": ".horseshoe", "/": ".map svg", "/alignment/mali": ".chart svg", "/calendar": ".month"} {
		run(t, ctx, chromedp.Navigate(srv.URL+path), chromedp.WaitReady("footer"))
		for _, w := range []int64{680, 703} { // 180 and 186 mm between the margins
			call(t, ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w, Height: 960, DeviceScaleFactor: 1})
			call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			for _, fault := range eval[[]string](t, ctx, `(() => {`+seen+`
				const out = [], over = document.documentElement.scrollWidth - innerWidth;
				if (over > 0) out.push(over + " px stick out: " + [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(named).join(", "));
				const p = document.querySelector("`+picture+`");
				if (!p || !seen(p) || p.getBoundingClientRect().right > innerWidth + 1) out.push("the picture is not whole");
				for (const e of document.querySelectorAll("nav, form, button, .skip")) if (seen(e) && !e.matches(".crumb")) out.push("of use on a screen only: " + named(e));
				if (!seen(document.querySelector(".print-only"))) out.push("it does not say where it was printed from");
				return out.slice(0, 5);
			})()`) {
				t.Errorf("%s at %d: %s", path, w, fault)
			}
			call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
		}
	}
}
