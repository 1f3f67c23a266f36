package api

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// compressFrom is the size of a body from which it is compressed, as the
// contract has it.
const compressFrom = 500

// zippers write at the fastest level: a body is sent once.
var zippers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

// zipped compresses what is written, if the first write is large enough: answers
// are written whole, and streams of lines begin with a full buffer.
type zipped struct {
	http.ResponseWriter
	begun bool
	code  int
	z     *gzip.Writer
}

// compressed lets a handler's answers be compressed where the client takes it;
// done must be called when the answer is written.
func compressed(w http.ResponseWriter, r *http.Request) (_ http.ResponseWriter, done func()) {
	if !acceptsGzip(r.Header["Accept-Encoding"]) {
		return w, func() {}
	}
	z := &zipped{ResponseWriter: w}
	return z, z.close
}

// acceptsGzip reads Accept-Encoding (RFC 9110 section 12.5.3); a weight of zero
// refuses.
func acceptsGzip(header []string) bool {
	for _, line := range header {
		for _, part := range strings.Split(line, ",") {
			name, q, _ := strings.Cut(part, ";")
			if name = strings.TrimSpace(name); !strings.EqualFold(name, "gzip") && name != "*" {
				continue
			}
			q = strings.TrimPrefix(strings.TrimSpace(q), "q=")
			weight, err := strconv.ParseFloat(q, 64)
			return q == "" || err == nil && weight > 0
		}
	}
	return false
}

func (z *zipped) WriteHeader(code int) {
	if code >= 100 && code < 200 {
		z.ResponseWriter.WriteHeader(code)
		return
	}
	if z.code == 0 {
		z.code = code
	}
}

func (z *zipped) Write(b []byte) (int, error) {
	if !z.begun {
		z.begin(len(b))
	}
	if z.z != nil {
		return z.z.Write(b)
	}
	return z.ResponseWriter.Write(b)
}

func (z *zipped) begin(first int) {
	z.begun = true
	h := z.Header()
	h.Add("Vary", "Accept-Encoding")
	if first >= compressFrom && h.Get("Content-Encoding") == "" && z.code != http.StatusNoContent && z.code != http.StatusNotModified {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		// The bytes are others than those of the plain answer: the tag is weak.
		if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
			h.Set("ETag", "W/"+tag)
		}
		z.z = zippers.Get().(*gzip.Writer)
		z.z.Reset(z.ResponseWriter)
	}
	if z.code != 0 {
		z.ResponseWriter.WriteHeader(z.code)
	}
}

// FlushError sends what was written so far, for answers that come in lines.
func (z *zipped) FlushError() error {
	if z.z != nil {
		if err := z.z.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(z.ResponseWriter).Flush()
}

// Unwrap lets deadlines through to the connection.
func (z *zipped) Unwrap() http.ResponseWriter { return z.ResponseWriter }

func (z *zipped) close() {
	if !z.begun {
		z.begin(0)
	}
	if z.z != nil {
		z.z.Close()
		z.z.Reset(nil)
		zippers.Put(z.z)
		z.z = nil
	}
}
