package monitor

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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

// Signed is what manifest.sig says: whose key, and its Ed25519 signature of the
// manifest's bytes behind bundleSigns. The manifest holds the hash of every file,
// so the signature covers them all.
type Signed struct {
	Key       string `json:"key"`       // public, in base64
	Signature string `json:"signature"` // in base64
}

const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
	bundleSigns   = bundleForm + "\n" // a signature of a bundle is one of nothing else
)

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
// It is signed if a key is given.
func WriteBundle(w io.Writer, m Manifest, ins []record.Incident, fs []record.Finding, files []File, key ed25519.PrivateKey) error {
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
	head = append(head, '\n')
	first := []File{{manifestName, head}}
	if key != nil {
		public, _ := key.Public().(ed25519.PublicKey)
		signed, err := json.Marshal(Signed{base64.StdEncoding.EncodeToString(public), base64.StdEncoding.EncodeToString(ed25519.Sign(key, append([]byte(bundleSigns), head...)))})
		if err != nil {
			return err
		}
		first = append(first, File{signatureName, append(signed, '\n')})
	}
	z := zip.NewWriter(w)
	for _, p := range append(first, parts...) {
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
// nothing but the bytes. problems are all that is wrong with it; by is the key that
// signed it, in base64, empty where nobody did. Whose key that is nobody can tell
// from a bundle: compare it with one that you had another way (want; empty: none).
func VerifyBundle(b []byte, want string) (m Manifest, by string, problems []string, err error) {
	if err := examineZip("bundle", b); err != nil {
		return m, "", nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return m, "", nil, fmt.Errorf("%w: bundle: %v", record.ErrInvalid, err)
	}
	held := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return m, "", nil, fmt.Errorf("%w: bundle: %s: %v", record.ErrInvalid, named(f.Name), err)
		}
		body, err := io.ReadAll(io.LimitReader(r, maxUnpacked))
		r.Close()
		if err != nil {
			return m, "", nil, fmt.Errorf("%w: bundle: %s: %v", record.ErrInvalid, named(f.Name), err)
		}
		if _, twice := held[f.Name]; twice {
			problems = append(problems, named(f.Name)+" is in it twice")
		}
		held[f.Name] = body
	}
	if err := json.Unmarshal(held[manifestName], &m); err != nil {
		return m, "", nil, fmt.Errorf("%w: bundle: manifest.json: %v", record.ErrInvalid, err)
	}
	if m.Form != bundleForm {
		return m, "", nil, fmt.Errorf("%w: bundle: its form is %q, this program reads %q", record.ErrInvalid, clip(m.Form), bundleForm)
	}
	by, problems = bundleSigner(held, want, problems)
	stated := map[string]bool{manifestName: true, signatureName: true}
	for _, f := range m.Files {
		stated[f.Name] = true
		body, ok := held[f.Name]
		switch {
		case !ok:
			problems = append(problems, named(f.Name)+" is missing")
		case int64(len(body)) != f.Size || record.Digest(sha256.Sum256(body)) != f.SHA256:
			problems = append(problems, named(f.Name)+" was changed: its hash is not the manifest's")
		}
	}
	for name := range held {
		if !stated[name] {
			problems = append(problems, named(name)+" is in it, and the manifest does not name it")
		}
	}
	problems = append(problems, evidenceProblems(held)...)
	slices.Sort(problems)
	return m, by, problems, nil
}

// bundleSigner is the key that signed the manifest, with what is wrong about that.
func bundleSigner(held map[string][]byte, want string, problems []string) (string, []string) {
	text, ok := held[signatureName]
	if !ok {
		if want != "" {
			problems = append(problems, "nobody signed it, and a key was asked for")
		}
		return "", problems
	}
	var s Signed
	if err := json.Unmarshal(text, &s); err != nil {
		return "", append(problems, signatureName+" cannot be read")
	}
	key, err1 := base64.StdEncoding.DecodeString(s.Key)
	sig, err2 := base64.StdEncoding.DecodeString(s.Signature)
	switch {
	case err1 != nil || err2 != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, append([]byte(bundleSigns), held[manifestName]...), sig):
		return "", append(problems, "the signature is not that of this manifest: the manifest, the key or the signature was changed")
	case want != "" && want != s.Key:
		problems = append(problems, fmt.Sprintf("it is signed by %s, not by the key that was asked for", named(s.Key)))
	}
	return s.Key, problems
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
			out = append(out, named(name)+" has a hash that no incident in the bundle names")
		}
	}
	return out
}

// named is a name as it can be printed: one that a terminal would obey is quoted.
func named(name string) string {
	name = clip(name)
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}
