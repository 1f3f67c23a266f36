package web_test

import (
	"regexp"
	"strings"
	"testing"
)

func TestCalendarFile(t *testing.T) {
	r, body := answer(t, "GET", "/calendar.ics?regime=al-shabaab", nil)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d, %q", r.StatusCode, r.Header.Get("Content-Type"))
	}
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "DTSTART;VALUE=DATE:20261130\r\n", "END:VCALENDAR\r\n"} {
		if !strings.Contains(body, want) {
			t.Errorf("does not hold %q", want)
		}
	}
	if strings.Contains(body, "sunset.yemen") {
		t.Error("another regime's days are in it")
	}
	if r, body := answer(t, "GET", "/calendar.ics?as_of=soon", nil); r.StatusCode != 400 || !strings.Contains(body, "This could not be read") {
		t.Errorf("a day that is none: %d", r.StatusCode)
	}
}

func TestAssemblyDebate(t *testing.T) {
	_, body := answer(t, "GET", "/votes/S/2023/638", nil)
	for _, want := range []string{"The Assembly’s debate on the veto", "A/RES/76/262", "Sources on “assembly-debate”"} {
		if !strings.Contains(plain(body), want) {
			t.Errorf("does not say %q", want)
		}
	}
	if _, body := answer(t, "GET", "/votes/S/2023/639", nil); strings.Contains(body, "debate on the veto") {
		t.Error("a draft that lacked votes has a debate on a veto")
	}
}

func TestCalendarMonth(t *testing.T) {
	_, body := answer(t, "GET", "/calendar?month=2027-06", nil)
	for _, want := range []string{"<h2>June 2027</h2>", `href="/calendar?month=2027-05#month"`, `href="/calendar?month=2027-07#month"`, `<time class="no" datetime="2027-06-30">30</time>`,
		`href="#due-sunset.isil-aq.`, `href="/api/v1/calendar?as_of=2026-11-23&amp;known_at=2026-11-23"`, "Next: Al-Shabaab"} {
		if !strings.Contains(body, want) {
			t.Errorf("June 2027 does not hold %q", want)
		}
	}
	// What falls due in the month drawn stands beneath it, and nowhere else again.
	if n := strings.Count(body, `<time datetime="2027-06-30">`); n != 2 {
		t.Errorf("30 June 2027 stands in %d rows, want 2", n)
	}
	for _, link := range regexp.MustCompile(`href="#(due-[^"]*)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, ` id="`+link[1]+`"`) {
			t.Errorf("a square leads to %q, which is not there", link[1])
		}
	}
	if _, body := answer(t, "GET", "/calendar?as_of=2026-11-30", nil); !strings.Contains(body, `<td class="asof"><time class="no" datetime="2026-11-30">`) {
		t.Error("the day asked about is not marked")
	}
	if _, body := answer(t, "GET", "/calendar?month=2026-11", nil); !strings.Contains(body, "Thanksgiving") {
		t.Error("a holiday at Headquarters is not named")
	}
	for _, wrong := range []string{"2026", "2026-13", "november", "2026-11-01"} {
		if r, _ := answer(t, "GET", "/calendar?month="+wrong, nil); r.StatusCode != 400 {
			t.Errorf("month=%s: %d", wrong, r.StatusCode)
		}
	}
}
