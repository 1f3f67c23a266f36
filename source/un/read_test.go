package un

import (
	"os"
	"path/filepath"
	"testing"

	"article41/shareddata"
)

func TestReadRealCounts(t *testing.T) {
	dir := shareddata.Path(t, "data/un-list")
	files, _ := filepath.Glob(filepath.Join(dir, "*.xml.gz"))
	for _, f := range files {
		r, err := os.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		list, entries, err := Read(r, Options{Name: filepath.Base(f)})
		r.Close()
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(f), err)
			continue
		}
		t.Log(list.Date, len(entries), list.Damaged, list.Narrowed, len(list.Complaints))
		for i, c := range list.Complaints {
			if i < 12 {
				t.Log(c)
			}
		}
	}
}
