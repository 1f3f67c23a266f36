package monitor

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode"

	"article41/record"
)

// Limits of a file that is looked into.
const (
	MaxEvidence = 64 << 20  // bytes of a file
	maxUnpacked = 512 << 20 // bytes of all that an archive holds
	maxRatio    = 200       // of unpacked to packed bytes
	maxMembers  = 20_000
)

// SafeName refuses a file's name that is a path or hides what it is.
func SafeName(name string) error {
	bad := func(why string) error {
		return fmt.Errorf("%w: the name %q %s", record.ErrInvalid, clip(name), why)
	}
	switch {
	case name == "" || len(name) > 200:
		return bad("must have 1 to 200 bytes")
	case strings.ContainsAny(name, `/\`) && !strings.HasPrefix(name, "https://"):
		return bad("holds a path; want a file's own name")
	case strings.HasPrefix(name, ".") || strings.Contains(name, ".."):
		return bad("begins with a dot or climbs out of its folder")
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' || r == 0xFFFD {
			return bad("holds a character that hides how it reads")
		}
	}
	return nil
}

// Examine hashes a file of evidence and says what in it is dangerous to open. A
// file that cannot be taken is an error; what is only to be handled with care is
// a warning. Nothing in the file is run or unpacked to disk.
func Examine(name string, b []byte) (record.Evidence, []string, error) {
	e := record.Evidence{Title: name, Ref: name, SHA256: sha256.Sum256(b), Size: int64(len(b)), Layer: record.LayerWithheld}
	if err := SafeName(name); err != nil {
		return e, nil, err
	}
	if len(b) == 0 || len(b) > MaxEvidence {
		return e, nil, fmt.Errorf("%w: %s has %d bytes: want 1 to %d; keep a larger one by reference with its hash", record.ErrInvalid, name, len(b), MaxEvidence)
	}
	var warn []string
	switch ext := strings.ToLower(path.Ext(name)); {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		e.Type = "application/zip"
		if ext == ".wacz" {
			e.Type = "application/wacz"
		}
		if err := examineZip(name, b); err != nil {
			return e, nil, err
		}
		if err := examineWACZ(name, b); ext == ".wacz" && err != nil {
			return e, nil, err
		}
	case ext == ".wacz":
		return e, nil, fmt.Errorf("%w: %s: a WACZ is a ZIP archive, and this is none", record.ErrInvalid, name)
	case ext == ".svg" || bytes.Contains(head(b), []byte("<svg")):
		e.Type = "image/svg+xml"
		if active(b) {
			return e, nil, fmt.Errorf("%w: %s: the drawing holds a script, an event handler or an outside address; hand in a picture without them", record.ErrInvalid, name)
		}
	case bytes.HasPrefix(b, []byte("%PDF-")):
		e.Type = "application/pdf"
		if bytes.Contains(b, []byte("/JavaScript")) || bytes.Contains(b, []byte("/Launch")) {
			warn = append(warn, "the document holds a script or starts a program: open it only in a viewer that runs none")
		}
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		e.Type = "image/jpeg"
	case bytes.HasPrefix(b, []byte("\x89PNG")):
		e.Type = "image/png"
	case ext == ".html" || ext == ".htm":
		e.Type = "text/html"
	case bytes.HasPrefix(b, []byte("MZ")) || bytes.HasPrefix(b, []byte("\x7fELF")) || bytes.HasPrefix(b, []byte("#!")):
		e.Type = "application/octet-stream"
		warn = append(warn, "it is a program: nothing here runs it, and nobody should")
	default:
		e.Type = typeOfBytes(b)
	}
	if e.Type == "text/html" {
		warn = append(warn, "a page may run scripts: it is handed out as a file, never shown")
	}
	if want := typeOfName(name); want != "" && want != e.Type {
		if e.Type == "text/html" || e.Type == "image/svg+xml" {
			return e, nil, fmt.Errorf("%w: %s: its name says %s, and it is %s, which can run scripts: hand it in under the name of what it is", record.ErrInvalid, name, want, e.Type)
		}
		warn = append(warn, fmt.Sprintf("its name says %s, and its content %s", want, e.Type))
	}
	return e, warn, nil
}

// typeOfBytes is what a file begins as, of what else is told apart.
func typeOfBytes(b []byte) string {
	start := bytes.ToLower(bytes.TrimLeft(head(b), "\xef\xbb\xbf \t\r\n"))
	for _, tag := range []string{"<!doctype html", "<html", "<script", "<head", "<body", "<iframe"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return "text/html"
		}
	}
	switch {
	case bytes.HasPrefix(b, []byte("GIF8")):
		return "image/gif"
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return "image/webp"
	case len(b) > 12 && string(b[4:8]) == "ftyp":
		return "video/mp4"
	}
	return "application/octet-stream"
}

// typeOfName is the type that a file's name promises, of those that are known by
// their first bytes.
func typeOfName(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".pdf":
		return "application/pdf"
	case ".zip":
		return "application/zip"
	}
	return ""
}

func head(b []byte) []byte { return b[:min(len(b), 4096)] }

// active reports whether a drawing could run or fetch something.
func active(b []byte) bool {
	low := bytes.ToLower(b)
	for _, s := range []string{"<script", "javascript:", "<foreignobject", "<!entity", "onload=", "onerror=", "onclick=", "onmouse", "onbegin", "<iframe", "<embed", "<handler",
		`href="http`, `href='http`, "url(http", "data:text"} {
		if bytes.Contains(low, []byte(s)) {
			return true
		}
	}
	return false
}

// examineZip refuses archives whose names climb out, that nest too much, or that
// unpack to far more than they are; sizes are counted, not believed.
func examineZip(name string, b []byte) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s: %s", record.ErrInvalid, name, fmt.Sprintf(format, args...))
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return bad("the archive cannot be read: %v", err)
	}
	if len(z.File) > maxMembers {
		return bad("the archive holds %d files, at most %d", len(z.File), maxMembers)
	}
	limit := min(int64(maxUnpacked), int64(len(b))*maxRatio)
	var total int64
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "/") || strings.Contains(f.Name, `\`) || strings.Contains("/"+f.Name+"/", "/../") || strings.Contains(f.Name, ":") {
			return bad("the archive holds the name %q, which climbs out of its folder", clip(f.Name))
		}
		if m := f.Mode(); m&fs.ModeSymlink != 0 || !m.IsRegular() && !m.IsDir() {
			return bad("the archive holds %q, which is no file but a link or a device", clip(f.Name))
		}
		if f.UncompressedSize64 > uint64(maxUnpacked) {
			return bad("%s in it says that it unpacks to %d bytes, at most %d", clip(f.Name), f.UncompressedSize64, int64(maxUnpacked))
		}
		r, err := f.Open()
		if err != nil {
			return bad("%s in it cannot be read: %v", clip(f.Name), err)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, limit-total+1))
		r.Close()
		if total += n; total > limit {
			return bad("the archive unpacks to more than %d bytes: a zip bomb, or keep it by reference with its hash", limit)
		}
		if err != nil {
			return bad("%s in it cannot be read: %v", clip(f.Name), err)
		}
	}
	return nil
}

// examineWACZ wants the manifest of a web archive (datapackage.json, WACZ 1.1), and
// each file that it names with the hash it gives.
func examineWACZ(name string, b []byte) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s: %s", record.ErrInvalid, name, fmt.Sprintf(format, args...))
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return bad("the archive cannot be read: %v", err)
	}
	body := func(name string) ([]byte, error) {
		f, err := z.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, maxUnpacked))
	}
	text, err := body("datapackage.json")
	if err != nil {
		return bad("a WACZ without its manifest, datapackage.json")
	}
	var m struct {
		Resources []struct{ Path, Hash string }
	}
	if err := json.Unmarshal(text, &m); err != nil || len(m.Resources) == 0 {
		return bad("its manifest, datapackage.json, names no files")
	}
	for _, r := range m.Resources {
		held, err := body(r.Path)
		if err != nil {
			return bad("its manifest names %q, which is not in it", clip(r.Path))
		}
		if want, ok := strings.CutPrefix(r.Hash, "sha256:"); ok && want != record.Digest(sha256.Sum256(held)).String() {
			return bad("%q in it has not the hash that its manifest gives", clip(r.Path))
		}
	}
	return nil
}

// Same reports whether a file is still the one whose hash was taken; if not, what
// differs is said and nothing is changed.
func Same(e record.Evidence, b []byte) error {
	if sum := record.Digest(sha256.Sum256(b)); sum != e.SHA256 {
		return fmt.Errorf("%w: %s: its hash was %s and is now %s: the file is not the one that was taken in", record.ErrConflict, e.Title, e.SHA256, sum)
	}
	return nil
}
