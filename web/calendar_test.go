package web_test

import (
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
