package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// maxBody bounds a body in bytes; a batch of 100 full queries has some 100 kB.
	maxBody = 4 << 20
	// bigBody is the size in bytes from which a body is not read while the server
	// is too busy to answer it.
	bigBody = 64 << 10
	// maxDepth bounds how deep arrays and objects may nest; questions need five.
	maxDepth = 32
	// slowest is how long a body may take to arrive.
	slowest = 15 * time.Second
)

// readBody reads a whole body into b: as readText does, and not too deep.
func (s *server) readBody(w http.ResponseWriter, r *http.Request, b *bytes.Buffer) error {
	_, end := s.step(r.Context(), "read")
	defer end()
	if err := s.readText(w, r, b); err != nil {
		return err
	}
	if deep(b.Bytes()) {
		return errTooDeep
	}
	return nil
}

// readText reads a whole body into b: bounded, in time, well-formed as text.
func (s *server) readText(w http.ResponseWriter, r *http.Request, b *bytes.Buffer) error {
	if r.ContentLength > maxBody {
		return &http.MaxBytesError{Limit: maxBody}
	}
	if err := s.tooBusyFor(w, r); err != nil {
		return err
	}
	// Recorders in tests know no deadlines; servers do. It stays when the body is
	// late or too large, or the server would wait for the rest before it lets the answer go.
	c := http.NewResponseController(w)
	timed := c.SetReadDeadline(deadline(s.bodyTime)) == nil
	if _, err := b.ReadFrom(io.LimitReader(r.Body, maxBody+1)); err != nil {
		if bodyFailed(err) {
			return err
		}
		return errCut
	}
	if b.Len() > maxBody {
		return &http.MaxBytesError{Limit: maxBody}
	}
	if timed {
		c.SetReadDeadline(time.Time{})
	}
	if !utf8.Valid(b.Bytes()) {
		return errNotText
	}
	return nil
}

// tooBusyFor turns a big body away unread while the server is too busy to answer.
func (s *server) tooBusyFor(w http.ResponseWriter, r *http.Request) error {
	if (r.ContentLength < 0 || r.ContentLength > bigBody) && s.gate.closed() {
		hangUp(w, r)
		return turnedAway(w)
	}
	return nil
}

func deadline(in time.Duration) time.Time { return time.Now().Add(in) }

// bodyFailed reports whether a body could not be read, however well it was meant.
func bodyFailed(err error) bool {
	var large *http.MaxBytesError
	return errors.As(err, &large) || errors.Is(err, os.ErrDeadlineExceeded)
}

var (
	errCut     = errors.New("the body is cut off, or its chunks cannot be read")
	errNotText = errors.New("the body is not UTF-8")
	errTooDeep = fmt.Errorf("the body nests deeper than %d levels", maxDepth)
)

// deep reports whether JSON text nests deeper than is read here. It looks at
// brackets outside strings only; whether the text is JSON is for the decoder.
func deep(b []byte) bool {
	depth, inText := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// decode reads JSON strictly: an unknown field is a fault, as a misspelt one
// would otherwise go unheard.
func decode(b []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			return newProblem(http.StatusBadRequest, "something follows the JSON value in the body")
		}
		return nil
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return newProblem(http.StatusBadRequest, "the body is empty; a JSON object is wanted")
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(http.StatusBadRequest, fmt.Sprintf("the body is not JSON, at byte %d: %v", dec.InputOffset(), err))
	case errors.As(err, &kind):
		field := strings.TrimPrefix(strings.TrimPrefix(kind.Field, "Query."), "days.") // embedded: no part of the path
		if field == "" {
			field = "the body"
		}
		return wrong(field, article(kind.Value)+" stands here", "a value of JSON type "+jsonType(kind.Type.Kind().String()))
	}
	if f, ok := strings.CutPrefix(err.Error(), `json: unknown field "`); ok {
		return wrong(strings.TrimSuffix(f, `"`), "no such field", "")
	}
	return newProblem(http.StatusBadRequest, strings.TrimPrefix(err.Error(), "json: "))
}

func jsonType(goKind string) string {
	switch goKind {
	case "slice", "array":
		return "array"
	case "struct", "map":
		return "object"
	case "bool":
		return "boolean"
	case "string":
		return goKind
	}
	return "number"
}

// ask answers a question that travels in a body.
func (s *server) ask(answer func(context.Context, []byte) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.caught(w, r)
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		if _, err := paramsOf(r, nil); err != nil {
			s.refuse(w, r, newProblem(http.StatusBadRequest, "this address takes no parameters: everything travels in the body"))
			return
		}
		b := buffers.Get().(*bytes.Buffer)
		defer giveBack(b)
		b.Reset()
		err := s.readBody(w, r, b)
		if errors.Is(err, errNotText) || errors.Is(err, errTooDeep) {
			err = newProblem(http.StatusBadRequest, err.Error())
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w, left, err := s.enter(w, r)
		defer left()
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		v, err := answer(leaving(ctx, left), b.Bytes())
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		s.write(w, r, v)
	})
}

// article is a JSON type with its article.
func article(kind string) string {
	if strings.HasPrefix(kind, "a") || strings.HasPrefix(kind, "o") {
		return "an " + kind
	}
	return "a " + kind
}
