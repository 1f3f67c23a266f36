package article41_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// licences are the kinds that may be linked, by words that stand in their text.
// The first that fits counts.
var licences = []struct {
	name  string
	words []string
	may   bool
}{
	{"AGPL", []string{"GNU AFFERO GENERAL PUBLIC LICENSE"}, false},
	{"LGPL", []string{"GNU LESSER GENERAL PUBLIC LICENSE"}, false},
	{"GPL", []string{"GNU GENERAL PUBLIC LICENSE"}, false},
	{"MPL-2.0", []string{"Mozilla Public License", "2.0"}, true}, // by the file; none of theirs is changed
	{"Apache-2.0", []string{"Apache License", "Version 2.0"}, true},
	{"MIT", []string{"Permission is hereby granted, free of charge", "THE SOFTWARE IS PROVIDED"}, true},
	{"BSD", []string{"Redistribution and use in source and binary forms"}, true},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software"}, true},
	{"ISC", []string{"Permission to use, copy, modify, and distribute this software for any purpose"}, true},
	{"Unlicense", []string{"This is free and unencumbered software released into the public domain"}, true},
	{"CC0", []string{"CC0 1.0 Universal"}, true},
	{"OFL-1.1", []string{"SIL OPEN FONT LICENSE Version 1.1"}, true},                                         // of fonts
	{"Unicode", []string{"of the Unicode data files", "Permission is hereby granted, free of charge"}, true}, // of tables
}

func licenceOf(text string) (name string, may, known bool) {
	text = strings.Join(strings.Fields(text), " ")
	for _, l := range licences {
		if !slices.ContainsFunc(l.words, func(w string) bool { return !strings.Contains(text, w) }) {
			return l.name, l.may, true
		}
	}
	return "", false, false
}

// Every module that the program links has a licence that this test knows and that
// lets it be linked.
func TestLicences(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/article41")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			Module *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module == nil || p.Module.Main || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		files, _ := filepath.Glob(filepath.Join(p.Module.Dir, "*"))
		found := false
		for _, f := range files {
			base := strings.ToUpper(filepath.Base(f))
			if !strings.HasPrefix(base, "LICEN") && !strings.HasPrefix(base, "COPYING") && !strings.HasPrefix(base, "UNLICENSE") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				continue // a folder of licences
			}
			name, may, known := licenceOf(string(b))
			if known && !may {
				t.Errorf("%s %s: %s, which may not be linked", p.Module.Path, p.Module.Version, name)
			}
			found = found || known
		}
		if !found {
			t.Errorf("%s %s: no licence that is known; see %s", p.Module.Path, p.Module.Version, p.Module.Path)
		}
	}
	if len(seen) < 20 {
		t.Errorf("%d modules were looked at", len(seen))
	}
	t.Logf("%d modules", len(seen))
}

func TestLicencesAreToldApart(t *testing.T) {
	for text, want := range map[string]string{
		"GNU GENERAL PUBLIC LICENSE\n Version 2":                              "GPL",
		"GNU LESSER\nGENERAL PUBLIC LICENSE":                                  "LGPL",
		"Apache License\n  Version 2.0, January":                              "Apache-2.0",
		"Redistribution and use in source and\nbinary forms, with or without": "BSD",
	} {
		if name, may, known := licenceOf(text); name != want || !known || may != (want[len(want)-1] != 'L') {
			t.Errorf("%q: %s, %v", text, name, may)
		}
	}
	if _, _, known := licenceOf("All rights reserved."); known {
		t.Error("no licence is taken for one")
	}
}
