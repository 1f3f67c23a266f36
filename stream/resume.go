package stream

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

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

// Resume reads what an earlier run of a batch left: how many rows it answered,
// and at which byte its last whole line ends. A line that is no answer of that
// row's number is record.ErrInvalid: the file is something else, and is not
// touched.
func Resume(r io.Reader) (done, end int64, err error) {
	b := bufio.NewReaderSize(r, 1<<20)
	for {
		text, err := b.ReadBytes('\n')
		if err == io.EOF {
			return done, end, nil // what is left has no end of line: half an answer
		}
		if err != nil {
			return done, end, err
		}
		var a struct {
			Line int64 `json:"line"`
		}
		if err := json.Unmarshal(text, &a); err != nil || a.Line != done+1 {
			return done, end, fmt.Errorf("%w: line %d is not the answer to row %d of a batch", record.ErrInvalid, done+1, done+1)
		}
		done, end = done+1, end+int64(len(text))
	}
}
