package payment

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Role is what a party does in a payment: debtor, creditor-agent … (roles.csv).
type Role string

// Roles that no element carries: they stand in other fields.
const (
	Sender   Role = "sender"   // of an MT message, by its first block
	Receiver Role = "receiver" // by its second
	Ship     Role = "vessel"   // named in the free text
)

// Sort is what kind of thing a party is, as far as the message says.
type Sort string

const (
	Unknown Sort = ""
	Person  Sort = "person"
	Body    Sort = "entity"
	Bank    Sort = "bank"
	Vessel  Sort = "vessel"
)

// Party is somebody or something that a message names.
type Party struct {
	Role        Role     `json:"role"`
	Transaction int      `json:"transaction"`         // from 1; 0: the message as a whole
	Reference   string   `json:"reference,omitempty"` // of the transaction, as the sender gave it
	Sort        Sort     `json:"sort,omitempty"`
	Names       []string `json:"names"`                 // the first is the one given, others are ways to read it
	Identifiers []string `json:"identifiers,omitempty"` // BIC, LEI, IMO number, numbers of documents
	Born        string   `json:"born,omitempty"`
	Country     string   `json:"country,omitempty"` // of the address or residence; says nothing of nationality
	Address     string   `json:"address,omitempty"`
	Where       string   `json:"where"` // the element or field
}

// Message is a payment message read.
type Message struct {
	Format       string  `json:"format"` // pacs.008.001.08, MT103
	ID           string  `json:"id,omitempty"`
	Transactions int     `json:"transactions"`
	Parties      []Party `json:"parties"`
}

// Limits of what is read.
const (
	MostParties  = 5_000
	longestName  = 500
	deepest      = 64
	longestField = 10_000
)

// ErrFormat is wrapped by every error that says the text is no message that is
// read here.
var ErrFormat = errors.New("not a payment message that can be read")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// Read reads one message; an MT file may hold several, one after another.
func Read(r io.Reader) (Message, error) {
	b := bufio.NewReader(r)
	for {
		head, err := b.Peek(1)
		if err == io.EOF {
			return Message{}, bad("the text is empty")
		}
		if err != nil {
			return Message{}, err
		}
		switch c := head[0]; c {
		case ' ', '\t', '\r', '\n', 1, 0xEF, 0xBB, 0xBF: // blanks, FIN's start of header, a byte order mark
			b.ReadByte()
		case '<':
			return readXML(b)
		case '{', ':':
			return readMT(b)
		default:
			return Message{}, bad("it begins with %q; want XML (<) or an MT text ({1: or :20:)", c)
		}
	}
}

type role struct {
	role Role
	bank bool
}

//go:embed roles.csv
var rolesCSV []byte

// roles are the elements and fields that name a party.
var roles = sync.OnceValue(func() map[string]role {
	rows, err := csv.NewReader(bytes.NewReader(rolesCSV)).ReadAll()
	if err != nil {
		panic(err) // a fault of the build, found by the first test
	}
	out := map[string]role{}
	for _, r := range rows[1:] {
		out[r[0]] = role{Role(r[1]), r[2] == "bank"}
	}
	return out
})

// add keeps a party that has something to screen.
func (m *Message) add(p Party) error {
	var names []string
	for _, n := range p.Names {
		if n = squeeze(n); n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	p.Names = names
	if len(p.Names) == 0 && len(p.Identifiers) == 0 {
		return nil
	}
	if p.Names == nil {
		p.Names = []string{}
	}
	if len(m.Parties) == MostParties {
		return bad("it names more than %d parties", MostParties)
	}
	m.Parties = append(m.Parties, p)
	return nil
}

// squeeze joins the words of a name; what is longer than any name is cut.
func squeeze(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	for len(s) > longestName {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}
