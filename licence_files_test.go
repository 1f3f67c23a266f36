package article41_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"article41/data"
	"article41/source/curated"
)

// othersFiles are what others made and the program carries, beside modules: by how
// the names begin, and the text of the licence beside them.
var othersFiles = []struct{ folder, name, licence, kind string }{
	{"web/static", "altcha", "LICENSE-altcha.txt", "MIT"}, // the robot check's widget, from npm
	{"web/static", "world.svg", "LICENSE-world-atlas.txt", "ISC"},
	{"web/static/fonts", "source-serif-4", "LICENSE-source-serif-4.txt", "OFL-1.1"},
	{"web/static/fonts", "source-sans-3", "LICENSE-source-sans-3.txt", "OFL-1.1"},
	{"web/static/fonts", "source-code-pro", "LICENSE-source-code-pro.txt", "OFL-1.1"},
	{"name/tables", "han.csv", "unicode-licence.txt", "Unicode"},
}

// ownFiles are ours, in the folders of what is sent to browsers.
var ownFiles = []string{"briefing.css", "desk.js", "mark.svg", "page.js", "queue.js", "robot.js", "style.css", "theme.js"}

// Every file that is sent to a browser is ours, or has the text of a licence beside
// it that lets it be sent on.
func TestLicencesOfFiles(t *testing.T) {
	for _, o := range othersFiles {
		b, err := os.ReadFile(filepath.Join(o.folder, o.licence))
		if err != nil {
			t.Error(err)
			continue
		}
		if name, may, known := licenceOf(string(b)); !known || !may || name != o.kind {
			t.Errorf("%s/%s is %q (known %v, may be carried %v), want %s", o.folder, o.licence, name, known, may, o.kind)
		}
		if found, _ := filepath.Glob(filepath.Join(o.folder, o.name+"*")); len(found) == 0 {
			t.Errorf("%s/%s: there is no such file", o.folder, o.name)
		}
	}
	err := filepath.WalkDir("web/static", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), "LICENSE-") || slices.Contains(ownFiles, e.Name()) {
			return err
		}
		for _, o := range othersFiles {
			if filepath.Dir(path) == filepath.FromSlash(o.folder) && strings.HasPrefix(e.Name(), o.name) {
				return nil
			}
		}
		t.Errorf("%s: whose is it, and under which licence?", path)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Every source of the record says under which terms its facts are used. Whose
// terms do not let everybody copy, no fact of the record comes from.
func TestLicencesOfSources(t *testing.T) {
	var all []struct{ ID, Licence string }
	readYAML(t, "data/sources.yaml", &all)
	if len(all) < 30 {
		t.Fatalf("%d sources", len(all))
	}
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		t.Fatal(err)
	}
	cited := map[string]bool{}
	for _, e := range rec.Entries {
		cited[string(e.Source)] = true
		for _, m := range regexp.MustCompile(`"source":"([^"]+)"`).FindAllStringSubmatch(string(e.Body), -1) {
			cited[m[1]] = true
		}
	}
	if !cited["DHLm"] || !cited["OS26"] {
		t.Fatalf("the record cites %v", slices.Sorted(maps.Keys(cited)))
	}
	may := []string{"facts only", "public", "public domain", "own", "MIT", "reuse with acknowledgement", "Open Government Licence",
		"data non-commercial: read, not copied", // single facts, as of any work that is read
	}
	for _, s := range all {
		if s.Licence == "" || !slices.Contains(may, s.Licence) && cited[s.ID] {
			t.Errorf("source %s: facts of the record come from it, and its licence is %q", s.ID, s.Licence)
		}
	}
}
