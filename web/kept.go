package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"article41/date"
	"article41/record"
)

// A page is a function of its address, of the day and of the ledger's length, so
// it can be kept under these three. What the pages quote of the request beside
// its address is the host (in "cite this page"), so that is in the key too.
// Private pages and errors are never kept.

// keptBytes bounds what is kept; when it is full, everything goes.
const keptBytes = 48 << 20

type keptPages struct {
	mu    sync.RWMutex
	pages map[string]*rendered
	size  int
}

// rendered is a page as it is sent.
type rendered struct {
	page   page
	bytes  []byte
	packed []byte // gzip
	tag    string
}

func render(p page, b []byte) *rendered {
	sum := sha256.Sum256(b)
	return &rendered{page: p, bytes: b, packed: squeeze(b), tag: `W/"` + hex.EncodeToString(sum[:8]) + `"`}
}

func pageKey(r *http.Request, today date.Day, at record.Position) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ""
	}
	return fmt.Sprintf("%s %s %s %d", r.Host, strings.ToValidUTF8(r.URL.RequestURI(), "?"), today, at)
}

func (k *keptPages) find(key string) *rendered {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.pages[key]
}

func (k *keptPages) keep(key string, p *rendered) {
	n := len(key) + len(p.bytes) + len(p.packed)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pages == nil || k.size+n > keptBytes {
		k.pages, k.size = map[string]*rendered{}, 0
	}
	if _, ok := k.pages[key]; !ok {
		k.pages[key], k.size = p, k.size+n
	}
}
