package stream

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strconv"

	"article41/record"
)

// deadLetter is a line that could not be screened, with its reason.
func (l line) deadLetter() []byte {
	b, _ := json.Marshal(struct {
		Line   int64  `json:"line"`
		Reason string `json:"reason"`
		Text   string `json:"text"`
	}{l.number, l.fault.Error(), string(l.text)}) // plain fields: cannot fail
	return append(b, '\n')
}

// Earlier is what an earlier run of a batch left. The zero value is nothing.
type Earlier struct {
	Rows  int64 // answered
	Bytes int64 // where the last whole answer ends
	ids   [sha256.Size]byte
}

// Resume reads what an earlier run left. A line that is no answer of that row's
// number is record.ErrInvalid: the file is something else, and is not touched.
// Whether it is of the same rows, Batch finds when it reads them again.
func Resume(r io.Reader) (e Earlier, err error) {
	b := bufio.NewReaderSize(r, 1<<20)
	ids := sha256.New()
	for {
		text, err := b.ReadBytes('\n')
		if err == io.EOF { // what is left has no end of line: half an answer
			ids.Sum(e.ids[:0])
			return e, nil
		}
		if err != nil {
			return e, err
		}
		var a struct {
			ID   ID    `json:"id"`
			Line int64 `json:"line"`
		}
		if err := json.Unmarshal(text, &a); err != nil || a.Line != e.Rows+1 {
			return e, fmt.Errorf("%w: line %d is not the answer to row %d of a batch", record.ErrInvalid, e.Rows+1, e.Rows+1)
		}
		a.ID.into(ids)
		e.Rows, e.Bytes = e.Rows+1, e.Bytes+int64(len(text))
	}
}

// into adds the id to a digest of ids, as it reads and not as it was written: an
// answer may escape other letters than its row.
func (id ID) into(h hash.Hash) {
	var text string
	if json.Unmarshal([]byte(id), &text) == nil {
		id = ID(strconv.Quote(text))
	}
	io.WriteString(h, string(id)+"\n")
}

// otherRows says that answers are not those of the rows at hand: to go on would
// leave these without an answer.
func (e Earlier) otherRows() error {
	return fmt.Errorf("%w: the %d answers there are of other rows", record.ErrInvalid, e.Rows)
}
