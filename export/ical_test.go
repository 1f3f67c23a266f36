package export

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"article41"
	"article41/data"
	"article41/date"
	"article41/record"
	"article41/source/curated"
	"article41/symbol"
)

var update = flag.Bool("update", false, "write the files that tests compare against")

var noon = time.Date(2023, 9, 1, 16, 0, 0, 0, time.UTC)

func mali(t *testing.T, asOf string) []article41.Due {
	t.Helper()
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		t.Fatal(err)
	}
	a, err := article41.Open(context.Background(), nil, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, noon)
	if err != nil {
		t.Fatal(err)
	}
	on := date.MustDay(asOf)
	all, err := a.Calendar(context.Background(), record.At{AsOf: on, KnownAt: on}, on.AddDays(-31), on.AddDays(31))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(d article41.Due) bool { return !d.Concerns("mali") })
}

// TestCalendarFile is the file a reader gets, the day after Mali's measures ended.
func TestCalendarFile(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCalendar(&b, mali(t, "2023-09-01"), Calendar{Name: "UN sanctions: Mali", Stamp: noon, Alarms: []int{7, 1}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "mali.ics")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s differs (write it anew with -update, and review the difference):\n%s", path, diff)
	}
}

// events reads a file by the rules of RFC 5545 itself, without the library.
func events(t interface{ Fatalf(string, ...any) }, file string) []map[string][]string {
	for i, l := range strings.SplitAfter(file, "\r\n") {
		if l != "" && !strings.HasSuffix(l, "\r\n") || strings.Contains(strings.TrimSuffix(l, "\r\n"), "\n") {
			t.Fatalf("line %d does not end in CRLF: %q", i+1, l)
		}
		if len(l) > 77 || !utf8.ValidString(l) {
			t.Fatalf("line %d: %d octets, at most 75 and whole characters are allowed: %q", i+1, len(l)-2, l)
		}
	}
	var out []map[string][]string
	depth := []string{}
	for l := range strings.SplitSeq(strings.ReplaceAll(file, "\r\n ", ""), "\r\n") {
		if l == "" {
			continue
		}
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			t.Fatalf("no colon in %q", l)
		}
		params := strings.Split(name, ";")
		slices.Sort(params)
		if len(slices.Compact(params)) != strings.Count(name, ";")+1 {
			t.Fatalf("a parameter stands twice in %q", l)
		}
		switch name {
		case "BEGIN":
			depth = append(depth, value)
			if value == "VEVENT" {
				out = append(out, map[string][]string{})
			}
		case "END":
			if depth[len(depth)-1] != value {
				t.Fatalf("%s ends inside %s", value, depth[len(depth)-1])
			}
			depth = depth[:len(depth)-1]
		default:
			if in := depth[len(depth)-1]; in == "VEVENT" {
				out[len(out)-1][name] = append(out[len(out)-1][name], value)
			} else if in == "VALARM" {
				out[len(out)-1]["VALARM "+name] = append(out[len(out)-1]["VALARM "+name], value)
			}
		}
	}
	return out
}

func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\;`, ";", `\,`, ",").Replace(s)
}

func TestCalendarEvents(t *testing.T) {
	days := mali(t, "2023-09-01")
	var b bytes.Buffer
	if err := WriteCalendar(&b, days, Calendar{Name: "x", Stamp: noon, Alarms: []int{7, 1}}); err != nil {
		t.Fatal(err)
	}
	by := map[string]map[string][]string{}
	for _, e := range events(t, b.String()) {
		for _, name := range []string{"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SEQUENCE", "STATUS", "SUMMARY", "URL"} {
			if len(e[name]) != 1 {
				t.Errorf("%v has %d of %s, want one", e["UID"], len(e[name]), name)
			}
		}
		by[e["UID"][0]] = e
	}
	for _, c := range []struct{ why, uid, property, want string }{
		{"the first day", "sunset.mali.travel-ban@article41", "DTSTART;VALUE=DATE", "20230831"},
		{"the day after the last", "sunset.mali.travel-ban@article41", "DTEND;VALUE=DATE", "20230901"},
		{"five renewals", "sunset.mali.travel-ban@article41", "SEQUENCE", "5"},
		{"lapsed: it happened", "sunset.mali.travel-ban@article41", "STATUS", "CONFIRMED"},
		{"the renewal that set it", "sunset.mali.travel-ban@article41", "URL", "https://undocs.org/S/RES/2649%20%282022%29"},
		{"past: no alarm", "sunset.mali.travel-ban@article41", "VALARM TRIGGER", ""},
		{"a month later", "sunset.mali.panel@article41", "DTSTART;VALUE=DATE", "20230930"},
		{"two alarms at nine", "sunset.mali.panel@article41", "VALARM TRIGGER", "-P6DT15H -P0DT15H"},
		{"the Assembly's debate", "assembly-debate.S/2023/638@article41", "DTSTART;VALUE=DATE", "20230914"},
		{"the vetoed draft", "assembly-debate.S/2023/638@article41", "URL", "https://undocs.org/S/2023/638"},
		{"when it was made", "assembly-debate.S/2023/638@article41", "DTSTAMP", "20230901T160000Z"},
		{"by kind and regime", "assembly-debate.S/2023/638@article41", "CATEGORIES", "assembly-debate mali"},
	} {
		if got := strings.Join(by[c.uid][c.property], " "); got != c.want {
			t.Errorf("%s: %s of %s is %q, want %q", c.why, c.property, c.uid, got, c.want)
		}
	}
	text := unescape(by["assembly-debate.S/2023/638@article41"]["DESCRIPTION"][0])
	for _, want := range []string{"due by 14 September 2023", "it would be 13 September 2023", "A/RES/76/262 para 1", "emergency special session"} {
		if !strings.Contains(text, want) {
			t.Errorf("the description does not say %q:\n%s", want, text)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		why    string
		status article41.DueStatus
		sure   record.Sureness
		want   ics.ObjectStatus
	}{
		{"ahead and read in a source", article41.DueAhead, record.Verified, "CONFIRMED"},
		{"ahead, from memory", article41.DueAhead, record.Unverified, "TENTATIVE"},
		{"past, and what followed is not known", article41.DueUnknown, record.Verified, "TENTATIVE"},
		{"lapsed", article41.DueEnded, record.Verified, "CONFIRMED"},
		{"held", article41.DueHeld, record.Verified, "CONFIRMED"},
		{"ended before its term", article41.DueCancelled, record.Unverified, "CANCELLED"},
	} {
		if got := status(article41.Due{Status: c.status, Sure: c.sure}); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestLink(t *testing.T) {
	for _, c := range []struct{ why, symbol, want string }{
		{"a draft", "S/2023/638", "https://undocs.org/S/2023/638"},
		{"a text without a symbol: its meeting", "S/PV.9520/ORAL-AMENDMENT", "https://undocs.org/S/PV.9520"},
		{"no symbol", "", ""},
	} {
		if got := (Calendar{}).link(article41.Due{Symbol: symbol.Symbol(c.symbol)}); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
	own := Calendar{Link: func(d article41.Due) string { return "http://localhost/" + d.UID }}
	if got := own.link(article41.Due{UID: "x", Symbol: "S/2023/638"}); got != "http://localhost/x" {
		t.Errorf("the caller's page: %q", got)
	}
}

func TestWriteCalendarRefuses(t *testing.T) {
	day := []article41.Due{{UID: "x", Day: date.MustDay("2023-09-14"), Status: article41.DueAhead}}
	if err := WriteCalendar(&bytes.Buffer{}, day, Calendar{Alarms: []int{0}}); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("an alarm on the day itself: %v", err)
	}
	full := errors.New("disk full")
	if err := WriteCalendar(writer(func([]byte) (int, error) { return 0, full }), day, Calendar{}); !errors.Is(err, full) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// TestAnyText: whatever a title holds, the file keeps to RFC 5545 and the title
// comes back, by our own reading and by the library's.
func TestAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(" ,;:\\\"<>\nnNé—’漢字العربية🕊abcXYZ0189()/.-="))).Draw(t, "title")
		day := article41.Due{UID: "x@article41", Day: date.MustDay("2023-09-14"), Title: "a" + text + "z", Status: article41.DueAhead,
			Regime: "mali", Symbol: "S/2023/638", Assumption: text, Sequence: rapid.IntRange(0, 99).Draw(t, "sequence")}
		var b bytes.Buffer
		if err := WriteCalendar(&b, []article41.Due{day, day}, Calendar{Name: text, Stamp: noon, Alarms: []int{3}}); err != nil {
			t.Fatal(err)
		}
		got := events(t, b.String())
		if len(got) != 2 || len(got[0]["SUMMARY"]) != 1 || unescape(got[0]["SUMMARY"][0]) != day.Title {
			t.Fatalf("title %q came back as %q", day.Title, got[0]["SUMMARY"])
		}
		cal, err := ics.ParseCalendar(&b)
		if err != nil {
			t.Fatal(err)
		}
		if e := cal.Events(); len(e) != 2 || e[0].GetProperty(ics.ComponentPropertySummary).Value != day.Title {
			t.Fatalf("the library reads %q", e[0].GetProperty(ics.ComponentPropertySummary).Value)
		}
	})
}
