package api

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"

	"article41/account"
	"article41/watch"
)

const (
	// maxCustomerLine bounds one customer, in bytes.
	maxCustomerLine = 64 << 10
	// maxCustomers bounds how many one body may carry.
	maxCustomers = 100_000
	// refusedShown bounds how many refused lines an answer names; it counts all.
	refusedShown = 1000
)

type customersDocument struct {
	Customers []watch.Customer `json:"customers"`
	Next      string           `json:"next"`
}

type removedDocument struct {
	Removed bool `json:"removed"`
	Erased  bool `json:"erased"`
}

func (s *server) customers(d *watch.Desk, a *ask, _ []byte) (any, error) {
	limit, err := a.whole("limit", 1, 1000, 100)
	if err != nil {
		return nil, err
	}
	out, next, err := d.Customers(a.Context(), a.params.Get("cursor"), limit)
	return customersDocument{append([]watch.Customer{}, out...), next}, err
}

// removeBody names a customer in the body: its number may be personal, and stands
// in no address.
type removeBody struct {
	ID    watch.CustomerID `json:"id"`
	Erase bool             `json:"erase"`
}

func (s *server) removeCustomer(d *watch.Desk, a *ask, body []byte) (any, error) {
	var b removeBody
	if err := decode(body, &b); err != nil {
		return nil, err
	}
	if b.ID == "" {
		return nil, wrong("id", "missing", "the customer's number")
	}
	if b.Erase && !account.Of(a.Context()).May(account.EraseSubjects) {
		return nil, newProblem(http.StatusForbidden, "no role of this key or account may "+string(account.EraseSubjects))
	}
	if err := d.Remove(a.Context(), b.ID, b.Erase); err != nil {
		return nil, err
	}
	return removedDocument{true, b.Erase}, nil
}

// takenCustomers is what became of the lines.
type takenCustomers struct {
	watch.Added
	Refused []refusedLine `json:"refused"`
	// RefusedCount counts the lines that were not taken, also those not shown.
	RefusedCount int `json:"refused_count"`
}

type refusedLine struct {
	Line  int    `json:"line"`
	Field string `json:"field,omitempty"`
	Says  string `json:"says"`
}

// addCustomers keeps customers sent as JSON lines. A line that cannot be used is
// named; the others are kept.
func (s *server) addCustomers(w http.ResponseWriter, r *http.Request) {
	defer s.caught(w, r)
	w.Header().Set("Cache-Control", "no-store")
	out, err := s.takeCustomers(w, r)
	if err != nil {
		hangUp(w, r)
		s.refuse(w, r, err)
		return
	}
	s.write(w, r, out)
}

func (s *server) takeCustomers(w http.ResponseWriter, r *http.Request) (out takenCustomers, err error) {
	out.Refused = []refusedLine{}
	if _, err := paramsOf(r, nil); err != nil {
		return out, newProblem(http.StatusBadRequest, "this address takes no parameters: everything travels in the body")
	}
	d, err := s.openDesk(r.Context())
	if err != nil {
		return out, err
	}
	refuse := func(line int, field, says string) {
		if out.RefusedCount++; len(out.Refused) < refusedShown {
			out.Refused = append(out.Refused, refusedLine{line, field, says})
		}
	}
	var page []watch.Customer
	var at []int // the lines of the page
	var given watch.Given
	keep := func() error {
		n, err := d.Add(r.Context(), page...)
		out.New, out.Changed, out.Unchanged = out.New+n.New, out.Changed+n.Changed, out.Unchanged+n.Unchanged
		for _, i := range n.Erased {
			refuse(at[i], "id", "this customer was erased, and is not taken back")
		}
		page, at = page[:0], at[:0]
		return err
	}
	c := http.NewResponseController(w)
	lines := bufio.NewScanner(&patient{r.Body, func() { c.SetReadDeadline(deadline(s.bodyTime)) }})
	lines.Buffer(make([]byte, 0, 4<<10), maxCustomerLine)
	n := 0
	for lines.Scan() {
		if n++; n > maxCustomers {
			return out, newProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("a body may have %d lines; %d were kept: send the rest apart", maxCustomers, n-1-out.RefusedCount))
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			refuse(n, "", "the line is not UTF-8")
			continue
		}
		var one watch.Customer
		if err := decode(line, &one); err != nil {
			refuse(n, "", "no customer in JSON: "+told(err))
			continue
		}
		if err := one.Validate(); err != nil {
			var f watch.Fault
			errors.As(err, &f)
			refuse(n, f.Field, f.Says)
			continue
		}
		if before := given.Twice(n, one); before > 0 {
			refuse(n, "id", fmt.Sprintf("line %d has it with other words; that line was taken", before))
			continue
		}
		at = append(at, n)
		if page = append(page, one); len(page) == 1000 {
			if err := keep(); err != nil {
				return out, err
			}
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		if err := keep(); err != nil {
			return out, err
		}
		return out, newProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("line %d: more than %d bytes; of those before it %d were kept: send the rest apart", n+1, maxCustomerLine, out.New+out.Changed+out.Unchanged))
	}
	if lines.Err() != nil {
		return out, lines.Err()
	}
	return out, keep()
}
