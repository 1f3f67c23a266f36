package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
)

// kept is what lies beside a copy: what the publisher knows it by, and the digest
// by which we know that it is whole.
type kept struct {
	URL      string `json:"url"`
	From     string `json:"from"` // after redirects
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"last_modified,omitempty"`
	SHA256   string `json:"sha256"`
}

func (c *Client) place(address string) (note, body string) {
	sum := sha256.Sum256([]byte(address))
	name := filepath.Join(c.o.Cache, hex.EncodeToString(sum[:16]))
	return name + ".json", name + ".bytes"
}

// held is the copy from before. One that is cut, changed or of another address is
// none.
func (c *Client) held(address string) (answer, bool) {
	if c.o.Cache == "" {
		return answer{}, false
	}
	note, body := c.place(address)
	var k kept
	n, err := os.ReadFile(note)
	if err != nil || json.Unmarshal(n, &k) != nil || k.URL != address {
		return answer{}, false
	}
	f, err := os.Open(body)
	if err != nil {
		return answer{}, false
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, c.o.Limit+1))
	sum := sha256.Sum256(b)
	if err != nil || int64(len(b)) > c.o.Limit || hex.EncodeToString(sum[:]) != k.SHA256 {
		return answer{}, false
	}
	return answer{Answer{URL: k.From, Bytes: b, SHA256: sum}, k.ETag, k.Modified}, true
}

// keep keeps a copy that the publisher can be asked after. A folder that cannot
// be written costs the publisher a second download and us nothing, so it is no
// error.
func (c *Client) keep(address string, a answer) {
	if c.o.Cache == "" || a.etag == "" && a.modified == "" {
		return
	}
	note, body := c.place(address)
	n, err := json.Marshal(kept{address, a.URL, a.etag, a.modified, hex.EncodeToString(a.SHA256[:])})
	if err != nil || os.MkdirAll(c.o.Cache, 0o700) != nil {
		return
	}
	// The note goes last: bytes without their note are nobody's copy.
	if write(body, a.Bytes) == nil {
		_ = write(note, n)
	}
}

// write replaces a file whole or not at all.
func write(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
