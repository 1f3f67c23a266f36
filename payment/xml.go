package payment

import (
	"encoding/xml"
	"io"
	"slices"
	"strings"
)

// readXML walks an ISO 20022 message and keeps what stands below the elements of
// roles.csv. Debtors that stand above the transactions of a batch (pain.001) are
// told once, with transaction 0.
func readXML(r io.Reader) (Message, error) {
	m := Message{Parties: []Party{}}
	dec := xml.NewDecoder(r)
	w := walk{m: &m}
	for {
		t, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return m, bad("line %d: %v", line(dec), err)
		}
		switch t := t.(type) {
		case xml.Directive:
			return m, bad("line %d: a document type is declared; payment messages have none", line(dec))
		case xml.StartElement:
			if len(w.path) == deepest {
				return m, bad("line %d: elements nest deeper than %d", line(dec), deepest)
			}
			w.open(t)
		case xml.CharData:
			if w.text.Len() < longestField {
				w.text.Write(t)
			}
		case xml.EndElement:
			if err := w.close(); err != nil {
				return m, err
			}
		}
	}
	if !w.message {
		return m, bad("it holds no pacs or pain message: want an element Document with a payment in it")
	}
	m.Transactions = w.transactions
	return m, nil
}

func line(d *xml.Decoder) int {
	l, _ := d.InputPos()
	return l
}

// walk is where the reader stands.
type walk struct {
	m            *Message
	path         []string
	text         strings.Builder
	message      bool
	transactions int
	inside       bool // a transaction
	reference    string
	first        int // the first party of the transaction, whose reference comes later or not
	party        *Party
	partyDepth   int
	address      []string
	free         []string
}

// transactionElements begin one payment of a message.
var transactionElements = []string{"CdtTrfTxInf", "DrctDbtTxInf", "TxInf"}

func (w *walk) open(t xml.StartElement) {
	name := t.Name.Local
	w.path = append(w.path, name)
	w.text.Reset()
	if space := t.Name.Space; w.m.Format == "" && strings.Contains(space, "iso:20022") {
		_, w.m.Format, _ = strings.Cut(space, "xsd:")
	}
	switch name {
	case "GrpHdr", "PmtInf", "CdtTrfTxInf":
		w.message = true
	}
	if slices.Contains(transactionElements, name) {
		w.inside, w.reference, w.first, w.free = true, "", len(w.m.Parties), nil
		w.transactions++
	}
	if r, ok := roles()[name]; ok && w.party == nil {
		w.party = &Party{Role: r.role, Where: strings.Join(w.path[max(0, len(w.path)-3):], "/")}
		if w.inside {
			w.party.Transaction = w.transactions
		}
		if r.bank {
			w.party.Sort = Bank
		}
		w.partyDepth, w.address = len(w.path), nil
	}
}

// close ends an element: its text is taken, a party or a transaction is done.
func (w *walk) close() error {
	name := w.path[len(w.path)-1]
	text := strings.TrimSpace(w.text.String())
	w.text.Reset()
	defer func() { w.path = w.path[:len(w.path)-1] }()
	if w.party != nil {
		if text != "" {
			w.take(name, text)
		}
		if len(w.path) > w.partyDepth {
			return nil
		}
		p := *w.party
		w.party = nil
		p.Address = squeeze(strings.Join(w.address, ", "))
		return w.m.add(p)
	}
	switch name {
	case "MsgId":
		if w.m.ID == "" {
			w.m.ID = squeeze(text)
		}
	case "EndToEndId", "UETR", "TxId":
		if w.inside && (w.reference == "" || name == "EndToEndId") && text != "NOTPROVIDED" {
			w.reference = squeeze(text)
		}
	case "Ustrd", "AddtlRmtInf", "InstrInf":
		w.free = append(w.free, text)
	}
	if !slices.Contains(transactionElements, name) {
		return nil
	}
	w.inside = false
	for _, p := range ships(strings.Join(w.free, "\n")) {
		p.Transaction, p.Where = w.transactions, name
		if err := w.m.add(p); err != nil {
			return err
		}
	}
	for i := w.first; i < len(w.m.Parties); i++ {
		if w.m.Parties[i].Transaction == w.transactions {
			w.m.Parties[i].Reference = w.reference
		}
	}
	return nil
}

// take keeps one value below a party.
func (w *walk) take(name, text string) {
	p := w.party
	below := w.path[w.partyDepth:]
	in := func(element string) bool { return slices.Contains(below, element) }
	switch {
	case in("CtctDtls"): // whom to ring up, not who is paid
	case name == "Nm":
		p.Names = append(p.Names, text)
	case in("PstlAdr"):
		if name == "Ctry" {
			p.Country = text
		}
		if name != "CtrySubDvsn" && name != "AdrTp" && name != "Cd" {
			w.address = append(w.address, text)
		}
	case name == "CtryOfRes" && p.Country == "":
		p.Country = text
	case name == "BirthDt":
		p.Sort, p.Born = Person, strings.TrimRight(text, "Z")
	case slices.Contains([]string{"BICFI", "BIC", "BICOrBEI", "AnyBIC", "LEI"}, name):
		p.Identifiers = append(p.Identifiers, strings.ToUpper(text))
		if p.Sort == Unknown {
			p.Sort = Body
		}
	case name == "Id" && in("Othr") && !in("Acct"):
		p.Identifiers = append(p.Identifiers, text)
		switch {
		case in("PrvtId"):
			p.Sort = Person
		case in("OrgId") && p.Sort == Unknown:
			p.Sort = Body
		}
	}
}
