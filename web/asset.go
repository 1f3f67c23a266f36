package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed static
var static embed.FS

// file is one embedded file under a name that changes with its bytes, so that it
// can be kept for good.
type file struct {
	name   string // such as /static/style.1a2b3c4d.css
	kind   string
	bytes  []byte
	packed []byte // gzip, where that is smaller
}

type files struct {
	byName map[string]*file // style.css
	byPath map[string]*file // /static/style.1a2b3c4d.css
}

// assets are the embedded files; a stylesheet's own references are renamed too,
// so fonts come first.
var assets = sync.OnceValue(func() files {
	out := files{map[string]*file{}, map[string]*file{}}
	add := func(sheets bool) {
		fs.WalkDir(static, "static", func(p string, d fs.DirEntry, err error) error {
			kind := kinds[path.Ext(p)]
			if err != nil || d.IsDir() || kind == "" || (path.Ext(p) == ".css") != sheets {
				return err
			}
			b, err := static.ReadFile(p)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(p, "static/")
			if sheets {
				b = reference.ReplaceAllFunc(b, func(m []byte) []byte {
					return []byte("url(" + out.byName[string(reference.FindSubmatch(m)[1])].name + ")")
				})
			}
			sum := sha256.Sum256(b)
			f := &file{kind: kind, bytes: b}
			f.name = "/static/" + strings.TrimSuffix(name, path.Ext(name)) + "." + hex.EncodeToString(sum[:4]) + path.Ext(name)
			if z := squeeze(b); len(z) < len(b)*9/10 {
				f.packed = z
			}
			out.byName[name], out.byPath[f.name] = f, f
			return nil
		})
	}
	add(false)
	add(true)
	return out
})

var reference = regexp.MustCompile(`url\(([a-z0-9/.-]+)\)`)

var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// asset is the address of an embedded file.
func asset(name string) string { return assets().byName[name].name }

func serveAsset(w http.ResponseWriter, r *http.Request) {
	f := assets().byPath[r.URL.Path]
	if f == nil {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	h, b := w.Header(), f.bytes
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	if f.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		b = f.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	if r.Method != http.MethodHead {
		w.Write(b)
	}
}
