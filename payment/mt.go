package payment

import (
	"bufio"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// longestMT bounds a file of MT messages; one message has at most 10,000 letters.
const longestMT = 4 << 20

// readMT reads SWIFT's older text form: blocks in braces, and in the fourth the
// fields, each from a line ":50K:" to the next. A bare fourth block will do.
func readMT(r *bufio.Reader) (Message, error) {
	m := Message{Parties: []Party{}}
	b, err := io.ReadAll(io.LimitReader(r, longestMT+1))
	if err != nil {
		return m, err
	}
	if len(b) > longestMT {
		return m, bad("it is longer than %d bytes", longestMT)
	}
	if !utf8.Valid(b) {
		return m, bad("it is not UTF-8")
	}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	var messages []string
	if strings.HasPrefix(text, ":") {
		messages = []string{"{4:\n" + text + "\n-}"}
	} else {
		for _, one := range strings.Split(text, "{1:")[1:] {
			messages = append(messages, "{1:"+one)
		}
		if len(messages) == 0 {
			messages = []string{text}
		}
	}
	for i, one := range messages {
		if err := m.readOne(one); err != nil {
			if len(messages) > 1 {
				return m, bad("message %d of %d, line %d: %v", i+1, len(messages), 1+strings.Count(strings.Join(messages[:i], ""), "\n"), err)
			}
			return m, err
		}
	}
	return m, nil
}

var (
	fourth   = regexp.MustCompile(`(?s)\{4:\s*\n(.*?)\n-\}`)
	sentBy   = regexp.MustCompile(`\{1:F\d\d([A-Z0-9]{12})`)
	sentAs   = regexp.MustCompile(`\{2:([IO])(\d{3})(?:([A-Z0-9]{12}))?`)
	field    = regexp.MustCompile(`(?m)^:(\d\d)([A-Z]?):`)
	bicShape = regexp.MustCompile(`^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
	coded    = regexp.MustCompile(`^[1-8]/`)
	// The first line of option F may be a code, a country and a number: a passport,
	// an identity card, a tax number and the like.
	identified = regexp.MustCompile(`^(ARNU|CCPT|CUST|DRLC|EMPL|NIDN|SOSE|TXID)/[A-Z]{2}/`)
)

func (m *Message) readOne(text string) error {
	body := fourth.FindStringSubmatch(text)
	if body == nil {
		return bad("MT: no block 4 with fields in lines, {4: … -}")
	}
	kind := "103"
	var ends []Party
	if s := sentAs.FindStringSubmatch(text); s != nil {
		kind = s[2]
		if s[1] == "I" && s[3] != "" {
			ends = append(ends, Party{Role: Receiver, Sort: Bank, Identifiers: []string{logical(s[3])}, Where: "block 2"})
		}
	}
	if kind != "103" && kind != "202" {
		return bad("MT%s is not read; want MT103 or MT202", kind)
	}
	if s := sentBy.FindStringSubmatch(text); s != nil {
		ends = append(ends, Party{Role: Sender, Sort: Bank, Identifiers: []string{logical(s[1])}, Where: "block 1"})
	}
	if m.Format == "" {
		m.Format = "MT" + kind
	}
	m.Transactions++
	at := field.FindAllStringSubmatchIndex(body[1], -1)
	if len(at) == 0 {
		return bad("MT%s: block 4 has no field such as :50K:", kind)
	}
	var free, reference string
	first := len(m.Parties)
	for i, a := range at {
		end := len(body[1])
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		tag, option := body[1][a[2]:a[3]], body[1][a[4]:a[5]]
		value := strings.TrimRight(body[1][a[1]:end], "\n ")
		switch tag {
		case "20":
			reference = squeeze(value)
		case "70", "72", "77":
			free += unwrap(value) + "\n"
		}
		r, ok := roles()[tag]
		if !ok {
			continue
		}
		p := Party{Role: r.role, Transaction: m.Transactions, Where: ":" + tag + option + ":"}
		if r.bank {
			p.Sort = Bank
		}
		p.fill(option, strings.Split(value, "\n"))
		if err := m.add(p); err != nil {
			return err
		}
	}
	if m.ID == "" {
		m.ID = reference
	}
	for _, p := range append(ends, ships(free)...) {
		p.Transaction = m.Transactions
		if p.Where == "" {
			p.Where = ":70:"
		}
		if err := m.add(p); err != nil {
			return err
		}
	}
	for i := first; i < len(m.Parties); i++ {
		m.Parties[i].Reference = reference
	}
	return nil
}

// logical is the BIC in a logical terminal's address: the ninth letter is the
// terminal's own.
func logical(address string) string {
	bic := address[:8] + address[9:]
	return strings.TrimSuffix(bic, "XXX")
}

// unwrap joins a text whose lines were cut at 35 letters.
func unwrap(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "//")
	}
	return strings.Join(lines, " ")
}

// lineWidth is how many letters a line of a party may have; a full line may go on
// in the next.
const lineWidth = 35

// fill reads a party's lines. The first may be an account or a clearing code,
// after a slash; it is left out.
func (p *Party) fill(option string, lines []string) {
	if len(lines) > 0 && strings.HasPrefix(lines[0], "/") {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return
	}
	switch {
	case option == "F" || identified.MatchString(lines[0]) || len(lines) > 0 && coded.MatchString(lines[0]):
		p.numbered(lines)
		return
	case bicShape.MatchString(strings.TrimSpace(lines[0])):
		p.Identifiers = append(p.Identifiers, strings.TrimSpace(lines[0]))
		if p.Sort == Unknown {
			p.Sort = Body
		}
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return
	}
	p.Names = append(p.Names, lines[0])
	if len([]rune(lines[0])) >= lineWidth && len(lines) > 1 {
		p.Names = append(p.Names, lines[0]+lines[1], lines[0]+" "+lines[1])
	}
	p.Address = squeeze(strings.Join(lines[1:], ", "))
}

// numbered reads the lines of option F: 1 name, 2 address, 3 country and town,
// 4 day of birth, 5 place of birth, 6 customer number, 7 identity number.
func (p *Party) numbered(lines []string) {
	var name, address []string
	for _, l := range lines {
		code, rest, ok := strings.Cut(l, "/")
		if !ok {
			continue
		}
		switch code {
		case "ARNU", "CCPT", "CUST", "DRLC", "EMPL", "NIDN", "SOSE", "TXID":
			if code == "CCPT" || code == "NIDN" || code == "DRLC" {
				p.Sort = Person
			}
			if parts := strings.Split(rest, "/"); parts[len(parts)-1] != "" {
				p.Identifiers = append(p.Identifiers, parts[len(parts)-1])
			}
		case "1":
			name = append(name, rest)
		case "2":
			address = append(address, rest)
		case "3":
			if country, town, _ := strings.Cut(rest, "/"); len(country) == 2 {
				p.Country = country
				address = append(address, town)
			}
		case "4":
			if len(rest) == 8 {
				p.Sort, p.Born = Person, rest[:4]+"-"+rest[4:6]+"-"+rest[6:]
			}
		case "7":
			if parts := strings.SplitN(rest, "/", 3); parts[len(parts)-1] != "" {
				p.Identifiers = append(p.Identifiers, parts[len(parts)-1])
			}
		}
	}
	if len(name) > 0 {
		p.Names = append(p.Names, strings.Join(name, " "))
		if len(name) > 1 {
			p.Names = append(p.Names, strings.Join(name, ""), name[0])
		}
	}
	p.Address = squeeze(strings.Join(address, ", "))
}
