package monitor

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"article41/record"
)

// bundleForm names the form of a bundle; another is not read.
const bundleForm = "article41 monitoring bundle 1"

// Manifest says what a bundle holds, so that it can be verified without us.
type Manifest struct {
	Form     string          `json:"form"`
	Made     time.Time       `json:"made"`
	Record   string          `json:"record"`   // version of the record
	Position record.Position `json:"position"` // of the ledger
	Licences []string        `json:"licences"`
	Files    []BundleFile    `json:"files"`
}

// BundleFile is one file of a bundle.
type BundleFile struct {
	Name   string        `json:"name"`
	Size   int64         `json:"size"`
	SHA256 record.Digest `json:"sha256"`
}

// File is a file of evidence that goes into a bundle whole.
type File struct {
	Name  string
	Bytes []byte
}

// WriteBundle writes published incidents and findings, with those files whose hash
// stands as evidence in one of the incidents. A file with another hash is refused:
// it is not the one that was taken in. The same bundle has the same bytes.
func WriteBundle(w io.Writer, m Manifest, ins []record.Incident, fs []record.Finding, files []File) error {
	m.Form, m.Files, m.Licences = bundleForm, nil, []string{}
	known := map[record.Digest]bool{}
	for _, in := range ins {
		for _, e := range in.Evidence {
			known[e.SHA256] = true
		}
		if in.Licence != "" && !slices.Contains(m.Licences, in.Licence) {
			m.Licences = append(m.Licences, in.Licence)
		}
	}
	parts := []File{}
	for _, p := range []struct {
		name string
		v    any
	}{{"incidents.json", append([]record.Incident{}, ins...)}, {"findings.json", append([]record.Finding{}, fs...)}} {
		b, err := json.MarshalIndent(p.v, "", "  ")
		if err != nil {
			return err
		}
		parts = append(parts, File{p.name, append(b, '\n')})
	}
	for _, f := range files {
		if err := SafeName(f.Name); err != nil {
			return err
		}
		sum := record.Digest(sha256.Sum256(f.Bytes))
		if !known[sum] {
			return fmt.Errorf("%w: %s: its hash %s stands nowhere as evidence: the file was changed, or belongs to another record", record.ErrConflict, f.Name, sum)
		}
		parts = append(parts, File{"evidence/" + sum.String()[:16] + "-" + f.Name, f.Bytes})
	}
	for _, p := range parts {
		m.Files = append(m.Files, BundleFile{p.Name, int64(len(p.Bytes)), sha256.Sum256(p.Bytes)})
	}
	head, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, p := range append([]File{{"manifest.json", append(head, '\n')}}, parts...) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.Name, Method: zip.Deflate, Modified: m.Made.UTC()})
		if err != nil {
			return err
		}
		if _, err := f.Write(p.Bytes); err != nil {
			return err
		}
	}
	return z.Close()
}

// VerifyBundle says whether a bundle is whole: every file has the hash and the
// size that the manifest gives, and none is there that it does not name. It needs
// nothing but the bytes. problems are all that is wrong with it.
func VerifyBundle(b []byte) (m Manifest, problems []string, err error) {
	if err := examineZip("bundle", b); err != nil {
		return m, nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return m, nil, fmt.Errorf("%w: bundle: %v", record.ErrInvalid, err)
	}
	held := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return m, nil, fmt.Errorf("%w: bundle: %s: %v", record.ErrInvalid, clip(f.Name), err)
		}
		body, err := io.ReadAll(io.LimitReader(r, maxUnpacked))
		r.Close()
		if err != nil {
			return m, nil, fmt.Errorf("%w: bundle: %s: %v", record.ErrInvalid, clip(f.Name), err)
		}
		if _, twice := held[f.Name]; twice {
			problems = append(problems, clip(f.Name)+" is in it twice")
		}
		held[f.Name] = body
	}
	if err := json.Unmarshal(held["manifest.json"], &m); err != nil {
		return m, nil, fmt.Errorf("%w: bundle: manifest.json: %v", record.ErrInvalid, err)
	}
	if m.Form != bundleForm {
		return m, nil, fmt.Errorf("%w: bundle: its form is %q, this program reads %q", record.ErrInvalid, clip(m.Form), bundleForm)
	}
	named := map[string]bool{"manifest.json": true}
	for _, f := range m.Files {
		named[f.Name] = true
		body, ok := held[f.Name]
		switch {
		case !ok:
			problems = append(problems, f.Name+" is missing")
		case int64(len(body)) != f.Size || record.Digest(sha256.Sum256(body)) != f.SHA256:
			problems = append(problems, f.Name+" was changed: its hash is not the manifest's")
		}
	}
	for name := range held {
		if !named[name] {
			problems = append(problems, clip(name)+" is in it, and the manifest does not name it")
		}
	}
	problems = append(problems, evidenceProblems(held)...)
	slices.Sort(problems)
	return m, problems, nil
}

// evidenceProblems finds files of evidence that no incident of the bundle names.
func evidenceProblems(held map[string][]byte) (out []string) {
	var ins []record.Incident
	if json.Unmarshal(held["incidents.json"], &ins) != nil {
		return []string{"incidents.json cannot be read"}
	}
	known := map[record.Digest]bool{}
	for _, in := range ins {
		for _, e := range in.Evidence {
			known[e.SHA256] = true
		}
	}
	for name, body := range held {
		if strings.HasPrefix(name, "evidence/") && !known[sha256.Sum256(body)] {
			out = append(out, name+" has a hash that no incident in the bundle names")
		}
	}
	return out
}
