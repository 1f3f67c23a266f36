package monitor_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"article41/account"
	"article41/date"
	"article41/monitor"
	"article41/record"
)

// A file goes in by its hash, each step of its way is noted with who and when, and
// one that changed is flagged.
func TestAFilesCustody(t *testing.T) {
	d, _, shelf := newDesk(t)
	ann, ben := as("ann", account.Editor), as("ben", account.Publisher)
	x, err := d.Save(ann, noon, monitor.Draft{Incident: sample()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	photo := []byte("\x89PNG and a picture of somebody")
	x, e, _, err := d.TakeIn(ann, noon, x.ID, x.Version, "photo.png", photo, true, "handed over by a witness", date.Day{})
	if err != nil || e.ID != "w1" || e.Type != "image/png" {
		t.Fatalf("%+v %v", e, err)
	}
	if _, _, _, err := d.TakeIn(ann, noon, x.ID, x.Version, "again.png", photo, true, "", date.Day{}); !errors.Is(err, record.ErrConflict) {
		t.Errorf("the same file twice: %v", err)
	}
	if x, err = d.Handle(ben, noon, x.ID, x.Version, "w1", "checked", "", photo); err != nil {
		t.Fatal(err)
	}
	x, err = d.Handle(ben, noon, x.ID, x.Version, "w1", "checked", "", append(photo, '!'))
	if !errors.Is(err, record.ErrConflict) || !strings.Contains(err.Error(), "not the one that was taken in") {
		t.Errorf("a changed file passes: %v", err)
	}
	got, _, err := d.File(ben, noon, x.ID, x.Version, "w1")
	if err != nil || !bytes.Equal(got, photo) {
		t.Errorf("the sealed file does not come back: %q %v", got, err)
	}
	x, err = d.Draft(ben, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	for _, s := range x.Withheld.Evidence[0].Custody {
		did = append(did, s.Who+": "+s.Did)
	}
	if want := "ann: received; kept sealed|ben: checked; the hash is the same|ben: checked: THE HASH DIFFERS|ben: handed out"; strings.Join(did, "|") != want {
		t.Errorf("custody %q, want %q", did, want)
	}
	// Nothing of the file stands open on the shelf, and nobody without leave has it.
	items, err := shelf.Items(ann, "evidence-file", "", 10)
	if err != nil || len(items) != 1 || bytes.Contains(items[0].Body, []byte("picture of somebody")) {
		t.Errorf("%d files on the shelf, open: %v", len(items), err)
	}
	if _, _, err := d.File(as("r", account.Reviewer), noon, x.ID, x.Version, "w1"); !errors.Is(err, monitor.ErrDenied) {
		t.Errorf("a reviewer of alerts takes the file: %v", err)
	}
	// A form that comes back keeps the custody, and cannot change the hash.
	w := *x.Withheld
	w.Evidence = []record.Evidence{{ID: "w1", Title: "photo.png", SHA256: e.SHA256, Layer: record.LayerWithheld}}
	if x, err = d.Save(ann, noon, x, &w); err != nil || len(x.Withheld.Evidence[0].Custody) != 4 {
		t.Errorf("custody is lost by a change: %+v %v", x.Withheld, err)
	}
	other := w
	other.Evidence = []record.Evidence{{ID: "w1", Title: "photo.png", SHA256: record.Digest{1}, Layer: record.LayerWithheld}}
	if _, err := d.Save(ann, noon, x, &other); !errors.Is(err, record.ErrConflict) {
		t.Errorf("another hash under the same id: %v", err)
	}
	// Whoever handled the evidence cannot review.
	if x, err = d.Submit(ann, noon, x.ID, x.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Review(ben, noon, x.ID, x.Version, true, ""); !errors.Is(err, monitor.ErrDenied) {
		t.Errorf("who handled the evidence reviews: %v", err)
	}
	if err := d.Erase(as("adm", account.Admin), x.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.File(ann, noon, x.ID, x.Version, "w1"); err == nil {
		t.Error("an erased file comes back")
	}
}

// What is released stands in the open with its hash and its custody; its notes, its
// first title and its file do not.
func TestEvidenceIsReleasedWithItsCustody(t *testing.T) {
	d, ledger, _ := newDesk(t)
	ann, ben := as("ann", account.Editor), as("ben", account.Publisher)
	x, err := d.Save(ann, noon, monitor.Draft{Incident: sample()}, &monitor.Withheld{Names: []string{"Fatou Witness"}})
	if err != nil {
		t.Fatal(err)
	}
	photo := []byte("\x89PNG and a picture of somebody")
	x, e, _, err := d.TakeIn(ann, noon, x.ID, x.Version, "fatou-at-the-well.png", photo, true, "handed over by Fatou Witness", date.Day{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		evidence, title, why string
		want                 error
	}{{"w9", "A well", "agreed", record.ErrNotFound}, {"w1", "", "agreed", record.ErrInvalid}, {"w1", "A well", " ", record.ErrInvalid}} {
		if _, err := d.Release(ann, noon, x.ID, x.Version, c.evidence, c.title, c.why); !errors.Is(err, c.want) {
			t.Errorf("%q, %q, %q: %v", c.evidence, c.title, c.why, err)
		}
	}
	if _, err := d.Release(as("r", account.Reviewer), noon, x.ID, x.Version, "w1", "A well", "agreed"); !errors.Is(err, monitor.ErrDenied) {
		t.Errorf("one who may not read it releases it: %v", err)
	}
	named, err := d.Release(ann, noon, x.ID, x.Version, "w1", "Fatou Witness at a well", "agreed")
	if err == nil {
		_, err = d.Submit(ann, noon, named.ID, named.Version)
	}
	if err == nil || !strings.Contains(err.Error(), "withheld") {
		t.Errorf("a withheld name in the title goes to review: %v", err)
	}
	named.Incident.Evidence = nil
	if _, err = d.Save(ann, noon, named, nil); !errors.Is(err, record.ErrConflict) {
		t.Errorf("what was released is dropped in silence: %v", err)
	}
	named.Incident.Evidence = []record.Evidence{{ID: "w1", Title: "A well, 28 March", SHA256: e.SHA256, Layer: record.LayerPublic}}
	if x, err = d.Save(ann, noon, named, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Release(ann, noon, x.ID, x.Version, "w1", "Again", "agreed"); !errors.Is(err, record.ErrConflict) {
		t.Errorf("released twice: %v", err)
	}
	if _, _, err = d.File(ann, noon, x.ID, x.Version, "w1"); err != nil {
		t.Fatal(err)
	}
	if x, err = d.Draft(ann, x.ID); err != nil {
		t.Fatal(err)
	}
	if len(x.Incident.Evidence[0].Custody) != 2 || len(x.Withheld.Evidence[0].Custody) != 3 {
		t.Errorf("the file's way after it was released: open %+v, withheld %+v", x.Incident.Evidence[0].Custody, x.Withheld.Evidence[0].Custody)
	}
	if x, err = d.Submit(ann, noon, x.ID, x.Version); err != nil {
		t.Fatal(err)
	}
	if x, err = d.Review(ben, noon, x.ID, x.Version, true, ""); err == nil {
		_, err = d.Publish(ben, noon, x.ID, x.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	in, _, err := ledger.Last(ann, date.DayOf(noon), x.Incident.ID)
	if err != nil || len(in.Evidence) != 1 {
		t.Fatalf("%+v %v", in.Evidence, err)
	}
	open, _ := json.Marshal(in)
	if got := in.Evidence[0]; got.SHA256 != e.SHA256 || got.Layer != record.LayerPublic || len(got.Custody) != 2 || got.Custody[1].Did != "released: agreed" {
		t.Errorf("%+v", got)
	}
	if bytes.Contains(bytes.ToLower(open), []byte("fatou")) {
		t.Errorf("a withheld name came out: %s", open)
	}
}

func archive(t *testing.T, write func(*zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	write(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostileArchivesAreRefusedWithTheReason(t *testing.T) {
	put := func(name, text string) func(*zip.Writer) {
		return func(z *zip.Writer) { w, _ := z.Create(name); w.Write([]byte(text)) }
	}
	const manifest = `{"resources":[{"path":"archive/data.warc","hash":"sha256:0000"}]}`
	for _, c := range []struct {
		why, name, says string
		b               []byte
	}{
		{"a link out of it", "a.zip", "link or a device", archive(t, func(z *zip.Writer) {
			h := &zip.FileHeader{Name: "x"}
			h.SetMode(fs.ModeSymlink | 0o777)
			w, _ := z.CreateHeader(h)
			w.Write([]byte("/etc/passwd"))
		})},
		{"a size that is only said", "a.zip", "says that it unpacks to", archive(t, func(z *zip.Writer) {
			z.CreateRaw(&zip.FileHeader{Name: "x", Method: zip.Store, CompressedSize64: 1, UncompressedSize64: 1 << 50})
		})},
		{"a name that climbs", "a.zip", "climbs out", archive(t, put("../x", "x"))},
		{"a web archive without a manifest", "a.wacz", "without its manifest", archive(t, put("archive/data.warc", "x"))},
		{"a manifest that names nothing", "a.wacz", "names no files", archive(t, put("datapackage.json", "{}"))},
		{"a manifest of files that are not there", "a.wacz", "which is not in it", archive(t, put("datapackage.json", manifest))},
		{"a file with another hash", "a.wacz", "has not the hash", archive(t, func(z *zip.Writer) { put("datapackage.json", manifest)(z); put("archive/data.warc", "x")(z) })},
		{"a web archive that is no archive", "a.wacz", "this is none", []byte("hello")},
	} {
		if _, _, err := monitor.Examine(c.name, c.b); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.why, err, c.says)
		}
	}
}

// TestEmbargo: evidence under embargo is withheld until its day, and released by
// nobody before.
func TestEmbargo(t *testing.T) {
	d, _, _ := newDesk(t)
	ann := as("ann", account.Editor)
	x, err := d.Save(ann, noon, monitor.Draft{Incident: sample()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	until := date.DayOf(noon).AddDays(30)
	x, e, _, err := d.TakeIn(ann, noon, x.ID, x.Version, "photo.png", []byte("\x89PNG and a picture"), false, "", until)
	if err != nil || e.Layer != record.LayerEmbargoed || e.Until != until {
		t.Fatalf("%+v %v", e, err)
	}
	if _, err = d.Release(ann, noon, x.ID, x.Version, e.ID, "A well", "agreed"); !errors.Is(err, record.ErrConflict) || !strings.Contains(err.Error(), until.Text()) {
		t.Errorf("released under embargo: %v", err)
	}
	if x, err = d.Release(ann, noon.AddDate(0, 0, 30), x.ID, x.Version, e.ID, "A well", "agreed"); err != nil {
		t.Fatal(err)
	}
	if got := x.Incident.Evidence[0]; got.Layer != record.LayerPublic || !got.Until.IsZero() {
		t.Errorf("what is released: %+v", got)
	}
}
