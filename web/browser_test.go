package web_test

import (
	"context"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var shots = flag.String("shots", "", "write pictures of the pages to this `folder`")

// browser starts a real browser, or says that the test did not run. Under CI a
// missing browser is a failure.
func browser(t *testing.T) context.Context {
	t.Helper()
	bin, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("chromium is not installed, and CI=true")
		}
		t.Skip("did not run: chromium is not installed")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(bin), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
	)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	// The first call starts the browser and lasts as long as it does.
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int]("1")); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	ctx, stop = context.WithTimeout(ctx, 15*time.Minute)
	t.Cleanup(stop)
	return ctx
}

func run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func call[P, R any](t *testing.T, ctx context.Context, cmd cdp.Command[P, R], params P) R {
	t.Helper()
	r, err := chromedp.Call(ctx, cmd, params)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// eval is a value of the page as it stands.
func eval[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// until waits for the first line of the page to say something.
func until(t *testing.T, ctx context.Context, want string) {
	t.Helper()
	var h1 string
	for range 100 {
		// A page that is just being left has no answer yet.
		h1, _ = chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("h1")?.textContent ?? ""`))
		if strings.Contains(h1, want) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the first line is %q; want it to say %q", h1, want)
}

const russia = `#seat-RUS`

func TestTapASeat(t *testing.T) {
	ctx := browser(t)
	srv := httptest.NewServer(site(t))
	defer srv.Close()
	for _, c := range []struct {
		name string
		off  bool
	}{{"with script the page is not left", false}, {"without script the link is followed", true}} {
		t.Run(c.name, func(t *testing.T) {
			call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: c.off})
			run(t, ctx, chromedp.Navigate(srv.URL+"/votes/S/2023/638"), chromedp.WaitReady("footer"))
			until(t, ctx, "the no of a permanent member (Russian Federation) is a veto")
			if !c.off {
				run(t, ctx, chromedp.Evaluate[chromedp.Void](`window.stayed = true`))
			}
			run(t, ctx, chromedp.Click(russia))
			until(t, ctx, "What if Russian Federation had abstained? Adopted: 13 for, 0 against, 2 abstaining.")
			if url := eval[string](t, ctx, `location.href`); !strings.Contains(url, "vote=RUS:abstain") {
				t.Errorf("the address %q does not carry the supposition", url)
			}
			text := eval[string](t, ctx, `document.querySelector("#swap").innerText`)
			for _, want := range []string{"8 listings live that had lapsed", "MLi.005", "What is assumed"} {
				if !strings.Contains(text, want) {
					t.Errorf("the other world does not say %q", want)
				}
			}
			if stayed := eval[bool](t, ctx, `window.stayed === true`); stayed == c.off {
				t.Errorf("stayed on the page: %v", stayed)
			}
			run(t, ctx, chromedp.Click(`#swap .acts a`))
			until(t, ctx, "is a veto")
		})
	}
}

func TestKeyboardOnly(t *testing.T) {
	ctx := browser(t)
	srv := httptest.NewServer(site(t))
	defer srv.Close()
	focused := `document.activeElement.getAttribute("aria-label") ?? document.activeElement.id`

	t.Run("a seat is reached by Tab and turned by Enter", func(t *testing.T) {
		run(t, ctx, chromedp.Navigate(srv.URL+"/votes/S/2023/638"), chromedp.WaitReady("footer"))
		tab(t, ctx, focused, "seat-RUS")
		run(t, ctx, chromedp.KeyEvent(kb.Enter))
		until(t, ctx, "What if Russian Federation had abstained?")
		if at := eval[string](t, ctx, `document.activeElement.querySelector("title")?.textContent ?? ""`); !strings.HasPrefix(at, "A RUS: Russian Federation abstained. Suppose it had voted yes.") {
			t.Errorf("after the turn the focus is on %q, not on the seat", at)
		}
		run(t, ctx, chromedp.KeyEvent(kb.Enter))
		until(t, ctx, "What if Russian Federation had voted yes?")
		run(t, ctx, chromedp.KeyEvent(kb.Enter))
		until(t, ctx, "is a veto")
		run(t, ctx, chromedp.NavigateBack())
		until(t, ctx, "had voted yes?")
	})
	t.Run("the slider is moved by arrows", func(t *testing.T) {
		run(t, ctx, chromedp.Navigate(srv.URL+"/regimes/mali?as_of=2023-08-31"), chromedp.WaitVisible("#slide"))
		until(t, ctx, "This is the last day")
		tab(t, ctx, focused, "slide")
		run(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
		until(t, ctx, "No measure in force: lapsed after 31 August 2023")
		if url := eval[string](t, ctx, `location.search`); !strings.Contains(url, "as_of=2023-09-01") {
			t.Errorf("the address says %q", url)
		}
	})
	t.Run("a slash goes to the search box, a regime's name to its page", func(t *testing.T) {
		run(t, ctx, chromedp.Navigate(srv.URL+"/about"), chromedp.WaitReady("footer"), chromedp.KeyEvent("/"), chromedp.KeyEvent("mali"+kb.Enter))
		until(t, ctx, "No measure in force")
	})
	t.Run("a name is screened and stands in no address", func(t *testing.T) {
		run(t, ctx, chromedp.Navigate(srv.URL+"/screen?as_of=2023-08-01"), chromedp.WaitReady("footer"))
		tab(t, ctx, focused, "name")
		run(t, ctx, chromedp.KeyEvent("Houka Houka Ag Alhousseini"+kb.Enter))
		until(t, ctx, "This name meets 1 entry listed on 1 August 2023")
		if n := eval[int](t, ctx, `[location.href, ...[...document.querySelectorAll("[href],[action],[src]")].map(e => e.getAttribute("href") ?? e.getAttribute("action") ?? e.getAttribute("src"))].filter(u => /houka/i.test(u)).length`); n != 0 {
			t.Errorf("%d addresses hold the name", n)
		}
	})
}

// tab presses Tab until the focus is where it should be.
func tab(t *testing.T, ctx context.Context, where, want string) {
	t.Helper()
	var at string
	for range 200 {
		run(t, ctx, chromedp.KeyEvent(kb.Tab))
		at = eval[string](t, ctx, where)
		if strings.HasPrefix(at, want) {
			return
		}
	}
	t.Fatalf("Tab never reached %q; it ended on %q", want, at)
}
