package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"article41"
	"article41/account"
	"article41/date"
	"article41/receipt"
	"article41/record"
	"article41/watch"
)

// batchRoutes are the addresses of a table that is screened at once.
var batchRoutes = []route{
	{"GET /screen/batch", account.ScreenNames, (*site).batchForm},
	{"POST /screen/batch", account.ScreenNames, (*site).batchPosted},
	{"GET /screen/batch/{job}", account.ScreenNames, (*site).batchPage},
	{"POST /screen/batch/{job}/erase", account.ScreenNames, (*site).batchErase},
}

func isInvalid(err error) bool { return errors.Is(err, record.ErrInvalid) }

// batchAsk is the form with what was wrong.
type batchAsk struct {
	Lists    []article41.ListUse
	Problems []problem
}

func (s *site) batchForm(a *ask) (page, error) { return s.batchAgain(a, nil) }

func (s *site) batchAgain(a *ask, problems []problem) (page, error) {
	lists, err := s.q.Lists(a.Context(), a.At)
	if err != nil {
		return page{}, err
	}
	p := page{Title: "Screen a table of names", Body: batchFormPage(a, batchAsk{lists, problems}), Nav: "/screen", Twin: "-", Private: true, NoIndex: true}
	if len(problems) > 0 {
		p.Status = http.StatusBadRequest
	}
	return p, nil
}

// batchPosted reads the table into memory and starts to screen it.
func (s *site) batchPosted(a *ask) (page, error) {
	data, fields, err := readUpload(a.Request)
	if err != nil {
		return s.batchAgain(a, []problem{{"file", words(err)}})
	}
	if text := strings.TrimSpace(fields["as_of"]); text != "" {
		d, err := date.ParseDay(text)
		if err != nil {
			return s.batchAgain(a, []problem{{"as_of", "Write the day as 2023-08-31."}})
		}
		a.At.AsOf, a.AsOfChosen = d, true
	}
	var rows []watch.Row
	ignored, err := watch.Read(bytes.NewReader(data), int64(len(data)), watch.Options{Rows: maxRows, Numbered: true}, func(r watch.Row) error {
		rows = append(rows, r)
		return nil
	})
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("%w: the table has a header and no row", record.ErrInvalid)
	}
	if err != nil {
		if !isInvalid(err) {
			err = fmt.Errorf("%w: the table cannot be read: %w", record.ErrInvalid, err)
		}
		return s.batchAgain(a, []problem{{"file", words(err)}})
	}
	at := a.At
	at.Position = s.q.Basis().Position
	x, err := s.startJob(account.Of(a.Context()).ID, at, rows, ignored)
	if err != nil {
		return s.batchAgain(a, []problem{{"file", words(err)}})
	}
	return page{Moved: "/screen/batch/" + x.id}, nil
}

// readUpload reads a posted file into memory: nothing of it touches a disk.
func readUpload(r *http.Request) (data []byte, fields map[string]string, err error) {
	fields = map[string]string{}
	mr, err := r.MultipartReader()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: choose a file", record.ErrInvalid)
	}
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, uploadErr(err)
		}
		if err := readPart(part, &data, fields); err != nil {
			return nil, nil, err
		}
	}
	if len(data) == 0 {
		return nil, nil, fmt.Errorf("%w: choose a file; this one is empty", record.ErrInvalid)
	}
	return data, fields, nil
}

func readPart(part *multipart.Part, data *[]byte, fields map[string]string) error {
	defer part.Close()
	if part.FormName() == "file" {
		b, err := io.ReadAll(part)
		if err != nil {
			return uploadErr(err)
		}
		*data = b
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(part, 200))
	if err != nil {
		return uploadErr(err)
	}
	if len(fields) < 10 {
		fields[part.FormName()] = string(b)
	}
	return nil
}

func uploadErr(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fmt.Errorf("%w: the file is larger than %d MB: cut it in parts", record.ErrInvalid, maxUpload>>20)
	}
	return fmt.Errorf("%w: the file did not arrive whole: send it again", record.ErrInvalid)
}

func (s *site) job(a *ask) (*job, error) {
	return s.jobs.find(a.PathValue("job"), account.Of(a.Context()).ID, s.now())
}

func (s *site) batchPage(a *ask) (page, error) {
	x, err := s.job(a)
	if err != nil {
		return page{}, err
	}
	a.At.AsOf, a.AsOfChosen = x.at.AsOf, true
	v := x.view()
	return page{Title: "Screening a table", Body: batchResult(a, v, s.o.Receipts != nil), Nav: "/screen", Twin: "-", Private: true, NoIndex: true, Head: deskScript()}, nil
}

func (s *site) batchErase(a *ask) (page, error) {
	x, err := s.job(a)
	if err != nil {
		return page{}, err
	}
	s.jobs.mu.Lock()
	s.jobs.drop(x.id)
	s.jobs.mu.Unlock()
	return page{Moved: "/screen/batch"}, nil
}

// batchFiles are the downloads of a batch.
func (s *site) batchFiles(mux *addresses) {
	for name, write := range map[string]func(*site, context.Context, io.Writer, *job) error{
		"results.csv": (*site).batchCSV, "results.xlsx": (*site).batchXLSX, "receipts.jsonl": (*site).batchReceipts,
	} {
		kinds := map[string]string{"results.csv": "text/csv; charset=utf-8", "receipts.jsonl": "application/jsonl",
			"results.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
		mux.file("GET /screen/batch/{job}/"+name, account.ScreenNames, func(w http.ResponseWriter, r *http.Request) {
			a := &ask{Request: r, Today: s.o.Today(), At: record.At{AsOf: s.o.Today(), KnownAt: s.o.Today()}}
			x, err := s.job(a)
			if denied := admits(a, account.ScreenNames); denied != nil {
				err = denied
			}
			if err != nil {
				s.show(account.ScreenNames, func(*site, *ask) (page, error) { return page{}, err }).ServeHTTP(w, r)
				return
			}
			h := w.Header()
			h.Set("Content-Type", kinds[name])
			h.Set("Content-Disposition", `attachment; filename="screening-`+name+`"`)
			h.Set("Cache-Control", "no-store")
			if err := write(s, r.Context(), w, x); err != nil && r.Context().Err() == nil {
				s.tell(newReference(), err)
				panic(http.ErrAbortHandler) // a cut file must not look whole
			}
		})
	}
}

var batchColumns = []string{"row", "id", "name", "screened", "verdict", "problem", "hits", "list", "entry", "listed_as", "status", "score", "match", "class", "sentence", "as_of", "known_at", "position"}

// cells are one row for a spreadsheet, with the best hit.
func (x *job) cells(r batchRow) []string {
	h, _ := r.best()
	score, match := "", ""
	if h.ID != "" {
		score, match = strconv.FormatFloat(h.Score, 'f', 3, 64), strconv.FormatBool(h.Match)
	}
	out := []string{strconv.Itoa(r.Number), r.ID, r.Name, strconv.FormatBool(r.Problem == ""), r.Verdict, r.Problem, strconv.Itoa(len(r.Hits)),
		string(h.List), h.ID, h.Caption, h.Status, score, match, h.Class, h.Sentence, x.at.AsOf.String(), x.at.KnownAt.String(), strconv.FormatUint(uint64(x.at.Position), 10)}
	for i := range out {
		out[i] = watch.Cell(out[i])
	}
	return out
}

func (x *job) taken() []batchRow {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.rows[:len(x.rows):len(x.rows)]
}

func (s *site) batchCSV(_ context.Context, w io.Writer, x *job) error {
	c := csv.NewWriter(w)
	c.Write(batchColumns)
	for _, r := range x.taken() {
		c.Write(x.cells(r))
	}
	c.Flush()
	return c.Error()
}

func (s *site) batchXLSX(_ context.Context, w io.Writer, x *job) error {
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Sheet1"
	put := func(row int, cells []string) error {
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
		}
		return f.SetSheetRow(sheet, "A"+strconv.Itoa(row), &values)
	}
	if err := put(1, batchColumns); err != nil {
		return err
	}
	for i, r := range x.taken() {
		if err := put(i+2, x.cells(r)); err != nil {
			return err
		}
	}
	return f.Write(w)
}

// signedTogether is how many rows share one write of the log.
const signedTogether = 100

// batchReceipts asks each question again, at the same position of the ledger, and
// signs the answer: so nothing signed is kept.
func (s *site) batchReceipts(ctx context.Context, w io.Writer, x *job) error {
	if s.o.Receipts == nil {
		return fmt.Errorf("%w: this installation signs nothing", record.ErrNotFound)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	asked := slices.DeleteFunc(slices.Clone(x.taken()), func(r batchRow) bool { return r.Problem != "" })
	for some := range slices.Chunk(asked, signedTogether) {
		answers := make([]article41.Screening, len(some))
		for i, r := range some {
			var err error
			if answers[i], err = s.q.Screen(ctx, x.at, r.Query); err != nil {
				return err
			}
		}
		signed, err := s.o.Receipts.Receipt(ctx, answers...)
		if err != nil {
			return err
		}
		for i, r := range some {
			if err := enc.Encode(struct {
				Row     int             `json:"row"`
				Receipt receipt.Receipt `json:"receipt"`
			}{r.Number, signed[i]}); err != nil {
				return err
			}
		}
	}
	return nil
}
