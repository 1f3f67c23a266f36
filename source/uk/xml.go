package uk

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"article41/record"
	"article41/sheet"
)

// designations reads the XML of the UK Sanctions List: a Designation an entry,
// with its names, addresses and dates in lists of their own. It is handed on as
// the rows of the table: the n-th row of an entry holds the n-th of each list, and
// what stands once stands in each, so one reading serves all forms.
type designations struct {
	in      *sheet.Bounded
	xml     *xml.Decoder
	opt     Options
	pending []sheet.Row
	headed  bool
	closed  bool
	entries int
	at      map[string]int // the line of a designation, by its Unique ID
}

// leaves are the elements that hold a text, as columns of the table; groups are
// those of which an entry has several, by the list they stand in.
var leaves = []string{"Unique ID", "OFSI Group ID", "UN Reference Number", "Last Updated", "Date Designated", "Regime Name", "Designation Type",
	"Designation source", "Sanctions Imposed", "Other Information", "UK Statement of Reasons",
	"Name 6", "Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name type", "Alias strength",
	"Name Non-Latin Script", "Non-Latin Script Type", "Non-Latin Script Language", "Title",
	"Address Line 1", "Address Line 2", "Address Line 3", "Address Line 4", "Address Line 5", "Address Line 6", "Address Postal Code", "Address Country",
	"Phone number", "Website", "Email address", "D.O.B", "Nationality(/ies)", "Passport Number", "Passport additional information",
	"National Identifier number", "National Identifier additional information", "Position", "Gender", "Town of Birth", "Country of Birth",
	"Type of entity", "Parent company", "Subsidiaries", "Business registration number (s)", "IMO number", "Current owner/operator (s)",
	"Previous owner/operator (s)", "Current believed flag of ship", "Previous flags", "Type of ship", "Tonnage of ship", "Length of ship", "Year Built", "Hull identification number (HIN)"}

// elementNames are elements whose name is not that of the column.
var elementNames = map[string]string{
	"individualentityship": "Designation Type", "dob": "D.O.B", "nationality": "Nationality(/ies)", "phonenumber": "Phone number", "emailaddress": "Email address",
	"businessregistrationnumber": "Business registration number (s)", "parentcompany": "Parent company", "subsidiary": "Subsidiaries",
	"currentowneroperator": "Current owner/operator (s)", "previousowneroperator": "Previous owner/operator (s)", "shipimonumber": "IMO number",
	"nametype": "Name type", "aliasstrength": "Alias strength", "typeofentity": "Type of entity", "ukstatementofreasons": "UK Statement of Reasons",
	"passportadditionalinformation": "Passport additional information", "nationalidentifieradditionalinformation": "National Identifier additional information",
	"yearbuilt": "Year Built", "hullidentificationnumber": "Hull identification number (HIN)", "currentbelievedflagofship": "Current believed flag of ship",
}

func columnOfElement(name string) (int, bool) {
	k := bare(name)
	if as, ok := elementNames[k]; ok {
		k = bare(as)
	}
	i := slices.IndexFunc(leaves, func(l string) bool { return bare(l) == k })
	return i, i >= 0
}

func newDesignations(r io.Reader, in *sheet.Bounded, o Options) *designations {
	d := &designations{in: in, xml: xml.NewDecoder(r), opt: o, at: map[string]int{}}
	d.xml.Strict = true
	return d
}

func (d *designations) wrong(err error) error {
	line, _ := d.xml.InputPos()
	if errors.Is(err, sheet.ErrLong) {
		return fmt.Errorf("%w: XML: the designation at line %d is larger than %d bytes", record.ErrInvalid, line, d.opt.MaxEntry)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "unexpected EOF") {
		return fmt.Errorf("%w: %w: XML: line %d: it breaks off", record.ErrInvalid, ErrCut, line)
	}
	return fmt.Errorf("%w: XML: line %d: %w", record.ErrInvalid, line, err)
}

func (d *designations) Next() (sheet.Row, error) {
	for len(d.pending) == 0 {
		if d.closed {
			return sheet.Row{}, io.EOF
		}
		if err := d.read(); err != nil {
			return sheet.Row{}, err
		}
	}
	r := d.pending[0]
	d.pending = d.pending[1:]
	return r, nil
}

// read reads up to the end of the next designation, or of the list.
func (d *designations) read() error {
	for {
		d.in.Next()
		t, err := d.xml.Token()
		if err == io.EOF {
			if d.entries == 0 {
				return fmt.Errorf("%w: XML: no designation is in it", record.ErrInvalid)
			}
			return d.wrong(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return d.wrong(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "Designations" {
				d.closed = true
				return nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "Designations":
			case "DateGenerated":
				var text string
				if err := d.xml.DecodeElement(&text, &t); err != nil {
					return d.wrong(err)
				}
				d.pending = append(d.pending, sheet.Row{Line: 1, Cells: []string{"Report Date: " + text}})
			case "Designation":
				if !d.headed {
					d.headed = true
					d.pending = append(d.pending, sheet.Row{Line: 1, Cells: slices.Clone(leaves)})
				}
				d.entries++
				return d.designation()
			default:
				if !d.headed && d.entries == 0 {
					return fmt.Errorf("%w: XML: not the UK Sanctions List: the element %s where Designations is due", record.ErrInvalid, t.Name.Local)
				}
				if err := d.xml.Skip(); err != nil {
					return d.wrong(err)
				}
			}
		}
	}
}

// deepest bounds how deep a designation may be nested; the real depth is five.
const deepest = 20

// designation reads one entry into rows.
func (d *designations) designation() error {
	line, _ := d.xml.InputPos()
	type value struct {
		column int
		text   string
	}
	var groups [][]value // of each list, its members in order
	var once []value
	kind := map[string]int{} // list by its path: how many members were met
	var members []struct {
		list   string
		values []value
	}
	var path []string
	var text strings.Builder
	leaf := false
	for {
		t, err := d.xml.Token()
		if err != nil {
			return d.wrong(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(path) == deepest {
				return fmt.Errorf("%w: XML: line %d: elements nested more than %d deep", record.ErrInvalid, line, deepest)
			}
			path = append(path, t.Name.Local)
			text.Reset()
			leaf = true
			// A member of a list: Names/Name, Addresses/Address, DOBs/DOB …
			if n := len(path); n >= 2 && isListOf(path[n-2], path[n-1]) {
				list := strings.Join(path[:n-1], "/")
				kind[list]++
				members = append(members, struct {
					list   string
					values []value
				}{list: list})
			}
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if len(path) == 0 { // of the Designation
				rowsNeeded := 1
				for _, n := range kind {
					rowsNeeded = max(rowsNeeded, n)
				}
				if rowsNeeded > maxRows {
					return fmt.Errorf("%w: XML: line %d: an entry of more than %d names or addresses", record.ErrInvalid, line, maxRows)
				}
				// Rows of one reference are one entry in the table, designations are not.
				for _, v := range once {
					if leaves[v.column] != "Unique ID" {
						continue
					}
					if was, twice := d.at[v.text]; twice && !d.opt.AcceptPartial {
						return fmt.Errorf("%w: XML: line %d: the designation %.20s stands at line %d and again at line %d", record.ErrInvalid, line, v.text, was, line)
					}
					d.at[v.text] = line
				}
				groups = make([][]value, rowsNeeded)
				at := map[string]int{}
				for _, m := range members {
					groups[at[m.list]] = append(groups[at[m.list]], m.values...)
					at[m.list]++
				}
				for _, g := range groups {
					r := sheet.Row{Line: line, Cells: make([]string, len(leaves))}
					for _, v := range append(slices.Clone(once), g...) {
						if r.Cells[v.column] == "" {
							r.Cells[v.column] = v.text
						}
					}
					d.pending = append(d.pending, r)
				}
				return nil
			}
			if leaf {
				if i, ok := columnOfElement(path[len(path)-1]); ok {
					v := value{i, strings.TrimSpace(text.String())}
					if n := len(members); n > 0 && within(path, members[n-1].list) {
						members[n-1].values = append(members[n-1].values, v)
					} else {
						once = append(once, v)
					}
				}
			}
			leaf = false
			path = path[:len(path)-1]
		}
	}
}

// isListOf: Names holds Name, DOBs holds DOB, Nationalities holds Nationality.
func isListOf(list, member string) bool {
	l, m := strings.ToLower(list), strings.ToLower(member)
	switch l {
	case "passportdetails", "nationalidentifierdetails", "birthdetails":
		return m == "passport" || m == "nationalidentifier" || m == "location"
	}
	return l == m+"s" || l == m+"es" || strings.TrimSuffix(l, "ies")+"y" == m
}

// within: the path lies in the list.
func within(path []string, list string) bool {
	return strings.HasPrefix(strings.Join(path, "/")+"/", list+"/")
}
