package ftm

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// role is what a line holds, by its schema.
type role uint8

const (
	aside    role = iota // of no use here: documents, events
	subject              // an entry
	sanction             // told of a subject: its designation
	document             // an identity paper of a holder
	address
	position  // an office
	occupancy // who held it
	link      // ties two subjects
)

var roleWords = map[string]role{"aside": aside, "subject": subject, "sanction": sanction, "document": document,
	"address": address, "position": position, "occupancy": occupancy, "link": link}

// wallet is an entry and, by its key, an identifier of its holder.
const wallet = "CryptoWallet"

// schema is a line of schemas.csv.
type schema struct {
	role role
	sort string
}

// schemas.csv says what the entities of each schema are to us.
//
//go:embed schemas.csv
var schemasCSV string

var schemas = sync.OnceValue(func() map[string]schema {
	m := map[string]schema{}
	for _, r := range table("schemas.csv", schemasCSV) {
		does, ok := roleWords[r[1]]
		if !ok {
			panic("ftm: schemas.csv: role " + r[1])
		}
		m[r[0]] = schema{does, r[2]}
	}
	return m
})

// property is a line of properties.csv: where a property of a subject goes.
type property struct{ place, kind string }

//go:embed properties.csv
var propertiesCSV string

var properties = sync.OnceValue(func() map[string]property {
	m := map[string]property{}
	for _, r := range table("properties.csv", propertiesCSV) {
		m[r[0]] = property{r[1], r[2]}
	}
	return m
})

// tie is a line of links.csv: the two properties of an entity that ties two
// subjects, and what each is to the other.
type tie struct{ from, to, kind, back string }

//go:embed links.csv
var linksCSV string

var ties = sync.OnceValue(func() map[string]tie {
	m := map[string]tie{}
	for _, r := range table("links.csv", linksCSV) {
		m[r[0]] = tie{r[1], r[2], r[3], r[4]}
	}
	return m
})

func table(name, text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("ftm: %s: %v", name, err))
	}
	return rows[1:]
}

// maxID bounds an id; real ones have some 40 bytes.
const maxID = 500

// entity is a line.
type entity struct {
	ID, Caption, Schema             string
	Target                          *bool
	FirstSeen, LastSeen, LastChange string
	Datasets, Referents             values
	Properties                      map[string]values
	raw                             []byte // of the properties
}

// headOf reads a line but for its properties, which stay raw. The line must be
// valid JSON, and is kept as long as the entity. What is not of the type it
// should be is left out and named in the error.
func headOf(line []byte) (e entity, err error) {
	wrong := func(key []byte) {
		if err == nil {
			err = fmt.Errorf("%q is not of the type it should be", key)
		}
	}
	members(line, func(key, raw []byte) {
		var to *string
		switch string(key) {
		case "id":
			to = &e.ID
		case "caption":
			to = &e.Caption
		case "schema":
			to = &e.Schema
		case "first_seen":
			to = &e.FirstSeen
		case "last_seen":
			to = &e.LastSeen
		case "last_change":
			to = &e.LastChange
		case "target":
			switch yes := string(raw) == "true"; {
			case yes, string(raw) == "false":
				e.Target = &yes
			case string(raw) != "null":
				wrong(key)
			}
			return
		case "datasets", "referents":
			vs := valuesOf(raw)
			for _, v := range vs {
				if v.other || v.nested != nil {
					wrong(key)
				}
			}
			if string(key) == "datasets" {
				e.Datasets = vs
			} else {
				e.Referents = vs
			}
			return
		case "properties":
			if raw[0] == '{' {
				e.raw = raw
			} else if string(raw) != "null" {
				wrong(key)
			}
			return
		default:
			return
		}
		if v := valueOf(raw); !v.other && v.nested == nil {
			*to = v.text
		} else if string(raw) != "null" {
			wrong(key)
		}
	})
	return e, err
}

// parse reads a line with its properties.
func parse(line []byte) (entity, error) {
	e, err := headOf(line)
	e.Properties = map[string]values{}
	members(e.raw, func(key, raw []byte) {
		name := string(key)
		if bytes.IndexByte(key, '\\') >= 0 {
			name = valueOf([]byte(`"` + name + `"`)).text
		}
		e.Properties[name] = valuesOf(raw)
	})
	return e, err
}

// members calls back with the members of an object in valid JSON; keys are as
// they stand between their quotation marks.
func members(b []byte, each func(key, raw []byte)) {
	if b = trimJSON(b); len(b) == 0 || b[0] != '{' {
		return
	}
	for rest := trimJSON(b[1:]); len(rest) > 0 && rest[0] == '"'; {
		n := extent(rest)
		key := rest[1 : n-1]
		if rest = trimJSON(rest[n:]); len(rest) == 0 || rest[0] != ':' {
			return
		}
		rest = trimJSON(rest[1:])
		if n = extent(rest); n == 0 {
			return
		}
		each(key, bytes.TrimRight(rest[:n], " \t\r\n"))
		if rest = trimJSON(rest[n:]); len(rest) > 0 && rest[0] == ',' {
			rest = trimJSON(rest[1:])
		}
	}
}

// values are a property's; each is a text or, in a nested file, an entity.
type values []value

type value struct {
	text   string
	nested []byte // an object
	other  bool   // neither: a number, a list
}

// valuesOf reads a list of values or one alone from valid JSON.
func valuesOf(b []byte) (vs values) {
	switch {
	case len(b) > 0 && b[0] == '[':
		for rest := trimJSON(b[1:]); len(rest) > 0 && rest[0] != ']'; {
			n := extent(rest)
			if n == 0 {
				break
			}
			if vs == nil {
				vs = make(values, 0, 2)
			}
			vs = append(vs, valueOf(rest[:n]))
			if rest = trimJSON(rest[n:]); len(rest) > 0 && rest[0] == ',' {
				rest = trimJSON(rest[1:])
			}
		}
	case !bytes.Equal(b, []byte("null")):
		vs = append(vs, valueOf(b))
	}
	return vs
}

func trimJSON(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\t' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

// extent is the length of the JSON value at the head of valid JSON.
func extent(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return min(i+1, len(b)) // a text
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
			if depth < 0 {
				return i
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}

func valueOf(b []byte) value {
	b = bytes.TrimRight(b, " \t\r\n")
	switch {
	case len(b) >= 2 && b[0] == '"' && bytes.IndexByte(b, '\\') < 0:
		return value{text: string(b[1 : len(b)-1])}
	case len(b) > 0 && b[0] == '"':
		var s string
		if json.Unmarshal(b, &s) == nil {
			return value{text: s}
		}
	case len(b) > 0 && b[0] == '{':
		return value{nested: bytes.Clone(b)}
	}
	return value{other: true}
}
