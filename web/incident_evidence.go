package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"article41/account"
	"article41/date"
	"article41/monitor"
	"article41/record"
)

// evidenceRoutes are where files of evidence go in and come out: both need a
// person who may read what is withheld, and both are noted in the custody.
var evidenceRoutes = []route{
	{"POST /desk/incidents/drafts/{id}/evidence", account.WriteDrafts, (*site).evidencePosted},
	{"POST /desk/incidents/drafts/{id}/evidence/{evidence}", account.WriteDrafts, (*site).evidenceFile},
}

// maxTaken bounds a file that is taken in over a page, in memory. A larger one is
// taken in by the command, where it lies.
const maxTaken = 16 << 20

// sent is what a form with a file holds. The name is as the browser gave it.
type sent struct {
	fields map[string]string
	name   string
	file   []byte
}

// readSent reads a posted file into memory: nothing of it touches a disk.
func readSent(r *http.Request) (out sent, err error) {
	out.fields = map[string]string{}
	parts, err := r.MultipartReader()
	if err != nil {
		return out, fmt.Errorf("%w: choose a file", record.ErrInvalid)
	}
	for range 20 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, sentErr(err)
		}
		if part.FormName() == "file" {
			// FileName would cut a path off in silence; a name that is one is refused.
			if _, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition")); err == nil {
				out.name = params["filename"]
			}
			if out.file, err = io.ReadAll(part); err != nil {
				return out, sentErr(err)
			}
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, 4000))
		if err != nil {
			return out, sentErr(err)
		}
		out.fields[part.FormName()] = string(b)
	}
	return out, fmt.Errorf("%w: the form has too many parts", record.ErrInvalid)
}

func sentErr(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fmt.Errorf("%w: the file is larger than %d MB: take it in where it lies, with article41 monitor take-in", record.ErrInvalid, maxTaken>>20)
	}
	return fmt.Errorf("%w: the file did not arrive whole: send it again", record.ErrInvalid)
}

// evidencePosted takes a file in as withheld evidence of a draft.
func (s *site) evidencePosted(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	in, err := readSent(a.Request)
	if err == nil && in.name == "" {
		err = fmt.Errorf("%w: choose a file", record.ErrInvalid)
	}
	if err != nil {
		return s.draftShown(a, words(err))
	}
	version, _ := strconv.ParseInt(in.fields["version"], 10, 64)
	id := monitor.DraftID(a.PathValue("id"))
	var until date.Day
	if t := strings.TrimSpace(in.fields["until"]); t != "" {
		if until, err = date.ParseDay(t); err != nil {
			return s.draftShown(a, fmt.Sprintf("Embargo: %q is not a day: write it as 2024-05-02", clip(t)))
		}
	}
	_, e, _, err := d.TakeIn(a.Context(), s.instant(), id, version, in.name, in.file, in.fields["keep"] == "yes", strings.TrimSpace(in.fields["note"]), until)
	return s.handled(a, id, e.ID, err)
}

// evidenceFile compares a file with the hash of a piece of evidence, or hands out
// the one that is kept sealed.
func (s *site) evidenceFile(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	id, evidence := monitor.DraftID(a.PathValue("id")), a.PathValue("evidence")
	in := sent{fields: map[string]string{"do": a.form.Get("do"), "version": a.form.Get("version")}}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "multipart/form-data") {
		if in, err = readSent(a.Request); err != nil {
			return s.draftShown(a, words(err))
		}
	}
	version, _ := strconv.ParseInt(in.fields["version"], 10, 64)
	switch in.fields["do"] {
	case "check":
		if len(in.file) == 0 {
			return s.draftShown(a, "Choose the file that is to be compared.")
		}
		_, err = d.Handle(a.Context(), s.instant(), id, version, evidence, "checked", strings.TrimSpace(in.fields["note"]), in.file)
	case "take":
		b, e, err := d.File(a.Context(), s.instant(), id, version, evidence)
		if err != nil {
			return s.handled(a, id, evidence, err)
		}
		return page{File: b, FileName: e.ID + "-" + e.Title}, nil
	default:
		err = fmt.Errorf("%w: nothing to do was chosen", record.ErrInvalid)
	}
	return s.handled(a, id, evidence, err)
}

// handled leads back to the draft, with what could not be done.
func (s *site) handled(a *ask, id monitor.DraftID, evidence string, err error) (page, error) {
	switch {
	case errors.Is(err, account.ErrErased):
		return s.draftShown(a, "What was withheld of this draft was erased.")
	case errors.Is(err, record.ErrInvalid), errors.Is(err, record.ErrConflict), errors.Is(err, monitor.ErrDenied), errors.Is(err, record.ErrNotFound):
		return s.draftShown(a, words(err))
	case err != nil:
		return page{}, err
	}
	return page{Moved: "/desk/incidents/drafts/" + string(id) + "#custody-" + evidence}, nil
}

// sendFile hands a file over to be kept, never to be shown: whatever it is, a
// browser does not run it.
func sendFile(w http.ResponseWriter, p page) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.FileName}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Length", strconv.Itoa(len(p.File)))
	w.Write(p.File)
}
