package monitor_test

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"article41/date"
	"article41/monitor"
	"article41/record"
)

const gedHead = "id,relid,year,code_status,type_of_violence,conflict_new_id,conflict_name,dyad_new_id,dyad_name,side_a_new_id,side_a,side_b_new_id,side_b,number_of_sources,where_prec,where_coordinates,adm_1,adm_2,latitude,longitude,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low\n"

func TestReadGED(t *testing.T) {
	f, _ := monitor.FeedOf("ucdp")
	ins, problems, err := f.Read(strings.NewReader(gedHead +
		"900001,X-1,2024,Clear,3,9001,A vs civilians,9002,A - Civilians,1,Group A,9999,Civilians,2,2,Sampletown,Mopti,Bankass,14.1,-3.5,Mali,432,Africa,1,1,2024-05-02 00:00:00.000,2024-05-03 00:00:00.000,0,0,7,0,7,9,3\n" +
		"900002,X-2,2024,Clear,1,9001,x,9002,x,1,Government,2,Group A,1,9,Elsewhere,,,95.0,0,Mali,432,Africa,1,1,2024-05-02,2024-05-02,0,0,0,0,1,1,1\n" +
		"900003,X-3,2024,Clear,1,9001,x,9002,x,1,Government,2,Group A,1,1,Elsewhere,,,14.0,0,Mali,432,Africa,1,1,2024-05-02,2024-05-01,0,0,0,0,1,1,1\n" +
		"900004,X-4,2024,Clear,1,9001,x,9002,x,1,Government,2,Group A,1,1,Elsewhere,,,14.0,0,Mali,432,Africa,1,1,2024-05-02,2024-05-02,0,0,0,0,5,3,9\n" +
		"900001,X-5,2024,Clear,1,9001,x,9002,x,1,Government,2,Group A,1,1,Elsewhere,,,14.0,0,Mali,432,Africa,1,1,2024-05-02,2024-05-02,0,0,0,0,1,1,1\n"))
	if err != nil || len(ins) != 1 {
		t.Fatalf("%d incidents, %v, %v", len(ins), problems, err)
	}
	in := ins[0]
	c := in.Claims[0]
	if in.ID != "ucdp-900001" || in.When.String() != "2024-05-02/2024-05-03" || *c.Low != 3 || *c.Best != 7 || *c.High != 9 || c.Speaker != "UCDP" || in.Place.Country != "MLI" || in.Place.Precision != "near" || in.Acts[0] != "attack-on-civilians" || in.Licence == "" {
		t.Errorf("%+v", in)
	}
	if !strings.Contains(fmt.Sprint(in.Codes), "{UCDP GED where_prec 2}") || !strings.Contains(fmt.Sprint(in.Codes), "{UCDP GED event_clarity 1}") {
		t.Errorf("codes are lost: %v", in.Codes)
	}
	text := fmt.Sprint(problems)
	for _, want := range []string{"no place on earth", "before it begins", "low may not be above high", "stands on line 2 already"} {
		if !strings.Contains(text, want) {
			t.Errorf("the problems do not say %q: %s", want, text)
		}
	}
}

func TestReadACLED(t *testing.T) {
	f, _ := monitor.FeedOf("acled")
	ins, problems, err := f.Read(strings.NewReader("event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,inter2,iso,country,admin1,location,latitude,longitude,geo_precision,source,notes,fatalities\n" +
		"MLI1,27 March 2022,2022,1,Violence against civilians,Attack,Group A,Group B,3,Civilians (Mali),7,466,Mali,Mopti,Sampletown,14.1,-3.5,1,Someone,a text that is theirs,12\n" +
		"MLI2,2022-03-27,2022,3,Battles,Armed clash,Group A,,3,Group C,2,466,Mali,Mopti,Sampletown,14.1,-3.5,2,Someone,x,\n"))
	if err != nil || len(ins) != 2 || len(problems) != 0 {
		t.Fatalf("%d, %v, %v", len(ins), problems, err)
	}
	c := ins[0].Claims[0]
	if *c.Best != 12 || c.Low != nil || c.High != nil || ins[0].When.String() != "2022-03-27" || ins[1].When.String() != "2022-03" || ins[1].Claims[0].Best != nil {
		t.Errorf("%+v", ins)
	}
	if strings.Contains(fmt.Sprintf("%+v", ins), "a text that is theirs") {
		t.Error("the publisher's text was taken over; codes only")
	}
}

// Each hostile row is left out or kept with its line and field named, and the sound
// rows around it come in.
func TestHostileRowsAreNamedAndNothingElseIsLost(t *testing.T) {
	const gedHead = "id,type_of_violence,date_start,date_end,best,high,low,country,side_a,side_b,where_prec,latitude,longitude\n"
	const acledHead = "event_id_cnty,event_date,event_type,actor1,country,fatalities,time_precision,geo_precision,latitude,longitude\n"
	ged := func(id, cells string) string { return id + "," + cells + "\n" }
	const fine = "1,2024-05-01,2024-05-02,3,5,2,Mali,A,B,1,14.5,-4.2"
	const calm = "2024-05-01,Battles,A,Mali,3,1,1,14.5,-4.2"
	for _, c := range []struct {
		why, feed, row, field, says string
		rows                        int // that come in, of the sound ones before and behind and the row itself
	}{
		{"low above high", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,9,Mali,A,B,1,14.5,-4.2"), "line 3, claims[0].low", "low may not be above high", 2},
		{"best above high", "ucdp", ged("7", "1,2024-05-01,2024-05-02,6,5,2,Mali,A,B,1,14.5,-4.2"), "line 3, claims[0].best", "best may not be above high", 2},
		{"days the wrong way round", "ucdp", ged("7", "1,2024-05-02,2024-05-01,3,5,2,Mali,A,B,1,14.5,-4.2"), "line 3, when", "before it begins", 2},
		{"a day that is none", "ucdp", ged("7", "1,2024-02-30,2024-05-01,3,5,2,Mali,A,B,1,14.5,-4.2"), "line 3, date_start", "is no day", 2},
		{"an unknown kind of violence", "ucdp", ged("7", "9,2024-05-01,2024-05-02,3,5,2,Mali,A,B,1,14.5,-4.2"), "line 3, type_of_violence", "want 1, 2 or 3", 2},
		{"an unknown precision", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,Mali,A,B,77,14.5,-4.2"), "line 3, where_prec", "kept; \"77\"", 3},
		{"an unknown state", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,Atlantis,A,B,1,14.5,-4.2"), "line 3, country", "kept; \"Atlantis\"", 3},
		{"a count that is none", "ucdp", ged("7", "1,2024-05-01,2024-05-02,many,5,2,Mali,A,B,1,14.5,-4.2"), "line 3, best", "is no count", 2},
		{"a count below nothing", "ucdp", ged("7", "1,2024-05-01,2024-05-02,-3,5,2,Mali,A,B,1,14.5,-4.2"), "line 3, best", "is no count", 2},
		{"a count beyond everybody", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,99999999999999999999,2,Mali,A,B,1,14.5,-4.2"), "line 3, high", "is no count", 2},
		{"off the earth", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,Mali,A,B,1,114.5,-4.2"), "line 3, latitude", "no place on earth", 2},
		{"half a place", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,Mali,A,B,1,14.5,"), "line 3, latitude", "no place on earth", 2},
		{"no number at all for a place", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,Mali,A,B,1,NaN,Inf"), "line 3, latitude", "no place on earth", 2},
		{"the same id again", "ucdp", ged("1", fine), "line 3, id", "stands on line 2 already", 2},
		{"an id with a path", "ucdp", ged("../x", fine), "line 3, id", "want small letters", 2},
		{"no id", "ucdp", ged("", fine), "line 3, id", "needs an id", 2},
		{"a field too few", "ucdp", "7,1,2024-05-01\n", "line 3, row", "has 3 fields, and the header 13", 2},
		{"a field too many", "ucdp", ged("7", fine+",x"), "line 3, row", "has 14 fields", 2},
		{"another encoding", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,C\xf4te d'Ivoire,A,B,1,14.5,-4.2"), "line 3, country", "is not UTF-8", 2},
		{"a NUL", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,Mali,A\x00,B,1,14.5,-4.2"), "line 3, side_a", "holds a NUL", 2},
		{"a huge field", "ucdp", ged("7", "1,2024-05-01,2024-05-02,3,5,2,Mali,"+strings.Repeat("A", 1<<20)+",B,1,14.5,-4.2"), "line 3, side_a", "has 1048576 bytes", 2},
		{"a quote that is left open", "ucdp", ged("7", `1,2024-05-01,2024-05-02,3,5,2,Mali,"A,B,1,14.5,-4.2`), "line 3, row", "is a quote left open", 1},
		{"an unknown type of event", "acled", ged("MLI7", "2024-05-01,Dance,A,Mali,3,1,1,14.5,-4.2"), "line 3, event_type", "kept; \"Dance\"", 3},
		{"an unknown precision of the day", "acled", ged("MLI7", "2024-05-01,Battles,A,Mali,3,8,1,14.5,-4.2"), "line 3, time_precision", "kept; \"8\"", 3},
		{"a day in no form", "acled", ged("MLI7", "05/01/2024,Battles,A,Mali,3,1,1,14.5,-4.2"), "line 3, event_date", "is no day", 2},
		{"off the earth", "acled", ged("MLI7", "2024-05-01,Battles,A,Mali,3,1,1,14.5,-400"), "line 3, latitude", "no place on earth", 2},
	} {
		head, before, behind := gedHead, ged("1", fine), ged("2", fine)
		if c.feed == "acled" {
			head, before, behind = acledHead, ged("MLI1", calm), ged("MLI2", calm)
		}
		f, err := monitor.FeedOf(c.feed)
		if err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{"", "\ufeff"} {
			ins, problems, err := f.Read(strings.NewReader(mark + head + before + c.row + behind))
			if err != nil || len(ins) != c.rows {
				t.Errorf("%s: %d rows, want %d: %v", c.why, len(ins), c.rows, err)
			}
			if !slices.ContainsFunc(problems, func(p monitor.Problem) bool {
				return p.Field == c.field && strings.Contains(p.Says, c.says)
			}) {
				t.Errorf("%s: %.300v, want %s: %s", c.why, problems, c.field, c.says)
			}
		}
	}
	f, _ := monitor.FeedOf("ucdp")
	for _, c := range []struct{ why, text, says string }{
		{"UTF-16", "\xff\xfei\x00d\x00", "is UTF-16"},
		{"a column is missing", "id,best\n", "has no column"},
		{"a column stands twice", "id,id\n", "stands twice"},
	} {
		if _, _, err := f.Read(strings.NewReader(c.text)); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

func TestAFileThatIsNoPublishers(t *testing.T) {
	f, _ := monitor.FeedOf("ucdp")
	for _, text := range []string{"", "a,b,c\n1,2,3\n", "\x00\x01"} {
		if _, _, err := f.Read(strings.NewReader(text)); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzFeeds(f *testing.F) {
	f.Add(gedHead+"1,,,,3,,,,,,A,,B,,1,p,,,1,1,Mali,,,,,2024-05-02,2024-05-02,,,,,1,1,1\n", true)
	f.Add("event_id_cnty,event_date,event_type,actor1,country,fatalities\nM1,1 May 2024,Riots,A,Mali,\"1\n", false)
	f.Fuzz(func(t *testing.T, text string, ged bool) {
		id := "acled"
		if ged {
			id = "ucdp"
		}
		feed, _ := monitor.FeedOf(id)
		ins, _, err := feed.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, in := range ins {
			if ps := monitor.Check(in, date.Day{}); len(ps) > 0 {
				t.Fatalf("taken in with %v", ps)
			}
			if _, err := record.State("incident/"+record.FactID(in.ID), feed.ID, date.MustDay("2024-01-01"), in); err != nil {
				t.Fatalf("cannot be stated: %v", err)
			}
		}
	})
}

func TestABundleVerifiesAndShowsEveryChange(t *testing.T) {
	photo := []byte("\x89PNG not really")
	in := sample()
	in.Evidence = []record.Evidence{{ID: "e1", Title: "photograph", SHA256: sha256.Sum256(photo), Layer: record.LayerPublic}}
	m := monitor.Manifest{Made: noon, Record: "2026-11-23"}
	var b, again bytes.Buffer
	if err := monitor.WriteBundle(&b, m, []record.Incident{in}, nil, []monitor.File{{Name: "photo.png", Bytes: photo}}, nil); err != nil {
		t.Fatal(err)
	}
	monitor.WriteBundle(&again, m, []record.Incident{in}, nil, []monitor.File{{Name: "photo.png", Bytes: photo}}, nil)
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same bundle has other bytes")
	}
	if _, _, problems, err := monitor.VerifyBundle(b.Bytes(), ""); err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v", problems, err)
	}
	if err := monitor.WriteBundle(&again, m, []record.Incident{in}, nil, []monitor.File{{Name: "photo.png", Bytes: append(photo, 0x21)}}, nil); !errors.Is(err, record.ErrConflict) {
		t.Errorf("a changed photograph went in: %v", err)
	}
	z, _ := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	for _, change := range []string{"manifest.json", "incidents.json", "evidence", "another"} {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range z.File {
			r, _ := f.Open()
			var body bytes.Buffer
			body.ReadFrom(r)
			text := body.String()
			switch {
			case change == "manifest.json" && f.Name == change:
				text = strings.Replace(text, `"size": `, `"size": 1`, 1)
			case change == "incidents.json" && f.Name == change:
				text = strings.Replace(text, "at least 3", "at least 4", 1)
			case change == "evidence" && strings.HasPrefix(f.Name, "evidence/"):
				text += "!"
			}
			x, _ := w.Create(f.Name)
			x.Write([]byte(text))
		}
		if change == "another" {
			x, _ := w.Create("more.txt")
			x.Write([]byte("x"))
		}
		w.Close()
		if _, _, problems, err := monitor.VerifyBundle(out.Bytes(), ""); err != nil || len(problems) == 0 {
			t.Errorf("%s changed: %v, %v", change, problems, err)
		}
	}
}

func zipped(t *testing.T, name string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	f.Write(body)
	z.Close()
	return b.Bytes()
}

func TestHostileFiles(t *testing.T) {
	for _, c := range []struct {
		why, name string
		bytes     []byte
		want      string
	}{
		{"a zip bomb", "a.wacz", zipped(t, "big", make([]byte, 30<<20)), "zip bomb"},
		{"a name that climbs out", "a.zip", zipped(t, "../../etc/passwd", []byte("x")), "climbs out"},
		{"an absolute name", "a.zip", zipped(t, "/etc/passwd", []byte("x")), "climbs out"},
		{"a drive's name", "a.zip", zipped(t, "C:evil", []byte("x")), "climbs out"},
		{"a script in a drawing", "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "script"},
		{"a handler in a drawing", "a.svg", []byte(`<svg OnLoad="alert(1)"/>`), "script"},
		{"a drawing that calls outside", "picture.png", []byte(`<svg><image href="https://outside.example/x"/></svg>`), "outside address"},
		{"a path as name", "../a.png", []byte("x"), "path"},
		{"a hidden file", ".a", []byte("x"), "dot"},
		{"a name that reads backwards", "a\u202egnp.exe", []byte("x"), "hides"},
		{"nothing", "a.png", nil, "0 bytes"},
		{"half an archive", "a.zip", []byte("PK\x03\x04 and no more"), "cannot be read"},
	} {
		if _, _, err := monitor.Examine(c.name, c.bytes); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.why, err, c.want)
		}
	}
	e, warn, err := monitor.Examine("page.html", []byte("<script>x</script>"))
	if err != nil || len(warn) != 1 || e.Layer != record.LayerWithheld {
		t.Errorf("a page: %+v, %v, %v", e, warn, err)
	}
	if err := monitor.Same(e, []byte("<script>y</script>")); !errors.Is(err, record.ErrConflict) || !strings.Contains(err.Error(), "not the one that was taken in") {
		t.Errorf("another hash: %v", err)
	}
	if err := monitor.Same(e, []byte("<script>x</script>")); err != nil {
		t.Error(err)
	}
}

func FuzzExamine(f *testing.F) {
	f.Add("a.zip", []byte("PK\x03\x04"))
	f.Add("a.svg", []byte("<svg/>"))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		if e, _, err := monitor.Examine(name, b); err == nil && monitor.Same(e, b) != nil {
			t.Fatal("a file is not the same as itself")
		}
	})
}

// A bundle is signed as a whole; whatever is changed in it is placed, and another
// key, or none, is told.
func TestASignedBundleNamesWhatWasChanged(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, thief, _ := ed25519.GenerateKey(rand.Reader)
	public := func(k ed25519.PrivateKey) string {
		return base64.StdEncoding.EncodeToString(k.Public().(ed25519.PublicKey))
	}
	in := record.Incident{ID: "a", Title: "A"}
	made := func(k ed25519.PrivateKey) []byte {
		var b bytes.Buffer
		if err := monitor.WriteBundle(&b, monitor.Manifest{Record: "r"}, []record.Incident{in}, nil, nil, k); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	// rewritten is the bundle with one file changed or taken out.
	rewritten := func(b []byte, name string, change func([]byte) []byte) []byte {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range z.File {
			r, _ := f.Open()
			body, _ := io.ReadAll(r)
			if f.Name == name {
				if body = change(body); body == nil {
					continue
				}
			}
			x, _ := w.Create(f.Name)
			x.Write(body)
		}
		w.Close()
		return out.Bytes()
	}
	louder := func(b []byte) []byte { return bytes.Replace(b, []byte(`"A"`), []byte(`"B"`), 1) }
	gone := func([]byte) []byte { return nil }
	whole := made(key)
	for _, c := range []struct {
		why    string
		b      []byte
		want   string
		by     string
		places []string // one problem holds each
	}{
		{"whole", whole, public(key), public(key), nil},
		{"whole, no key asked for", whole, "", public(key), nil},
		{"an incident was changed", rewritten(whole, "incidents.json", louder), "", public(key), []string{"incidents.json was changed"}},
		{"a file is gone", rewritten(whole, "findings.json", gone), "", public(key), []string{"findings.json is missing"}},
		{"the manifest was changed", rewritten(whole, "manifest.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"r"`), []byte(`"s"`), 1) }), "", "", []string{"not that of this manifest"}},
		{"the signature was taken off", rewritten(whole, "manifest.sig", gone), public(key), "", []string{"nobody signed it"}},
		{"signed by another", made(thief), public(key), public(thief), []string{"not by the key that was asked for"}},
		{"the signature of another bundle", rewritten(whole, "manifest.sig", func([]byte) []byte { return []byte(`{"key":"` + public(key) + `","signature":"AAAA"}`) }), "", "", []string{"not that of this manifest"}},
		{"no signature at all", made(nil), "", "", nil},
	} {
		_, by, problems, err := monitor.VerifyBundle(c.b, c.want)
		if err != nil || by != c.by || (len(c.places) == 0) != (len(problems) == 0) {
			t.Errorf("%s: by %q, %v, %v", c.why, by, problems, err)
		}
		for _, p := range c.places {
			if !strings.Contains(strings.Join(problems, "; "), p) {
				t.Errorf("%s: %v, want %q", c.why, problems, p)
			}
		}
	}
}

// FuzzVerifyBundle: what passes as whole holds each file that its manifest names, by
// its hash, and nothing else; and it never passes for the work of another key.
func FuzzVerifyBundle(f *testing.F) {
	in := sample()
	for _, key := range []ed25519.PrivateKey{nil, ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))} {
		var b bytes.Buffer
		if err := monitor.WriteBundle(&b, monitor.Manifest{Made: noon, Record: "2026-11-23"}, []record.Incident{in}, nil, nil, key); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
		f.Add(b.Bytes()[:b.Len()/2])
	}
	other := base64.StdEncoding.EncodeToString(make([]byte, ed25519.PublicKeySize))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, _, problems, err := monitor.VerifyBundle(b, "")
		if err != nil || len(problems) > 0 {
			return
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatalf("whole, and no archive: %v", err)
		}
		sums := map[string]record.Digest{}
		for _, file := range z.File {
			r, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			sums[file.Name] = sha256.Sum256(body)
		}
		for _, file := range m.Files {
			if sums[file.Name] != file.SHA256 {
				t.Fatalf("%q passes, and its hash is another", file.Name)
			}
			delete(sums, file.Name)
		}
		delete(sums, "manifest.json")
		delete(sums, "manifest.sig")
		if len(sums) > 0 {
			t.Fatalf("files that nothing names pass: %v", sums)
		}
		if _, _, problems, err := monitor.VerifyBundle(b, other); err == nil && len(problems) == 0 {
			t.Fatal("passes for another key's")
		}
	})
}

func TestAProblemOfABundleCannotSteerATerminal(t *testing.T) {
	var b, out bytes.Buffer
	if err := monitor.WriteBundle(&b, monitor.Manifest{Record: "x", Made: noon}, []record.Incident{sample()}, nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	in, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("x\x1b[2J\nwhole, 3 files")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, ps, err := monitor.VerifyBundle(out.Bytes(), "")
	if err != nil || len(ps) != 1 || !strings.HasPrefix(ps[0], `"x\x1b[2J\nwhole, 3 files" is in it, and the manifest`) {
		t.Errorf("%q %v", ps, err)
	}
}
