package name

import (
	"strings"
	"testing"
)

// An explanation shows the words as they were written, and what was read of them
// where that is another thing.
func TestShow(t *testing.T) {
	for _, c := range []struct {
		text string
		kind Kind
		want string
	}{
		{"Hong Kong Shipping", Company, "Hong|Kong|Shipping"},
		{"José María NÚÑEZ", Person, "José|María|NÚÑEZ"},
		{"LAVROV, Sergey", Person, "Sergey|LAVROV"},
		{"Сергей Лавров", Person, "Сергей (sergey)|Лавров (lavrov)"},
		{"김정은", Person, "김 (gim)|정 (jong)|은 (un)"},
		{"Nurullah Wakil", Person, "Nurullah (nur)|Nurullah (alah)|Wakil"},
		{"abd al-Rahman Wakil", Person, "abd al|Rahman|Wakil"},
		{"Abdulrahman Wakil", Person, "Abdulrahman (abdul)|Abdulrahman (rahman)|Wakil"},
		{"A.B.C. Trading Ltd.", Company, "A.B.C|Trading|Ltd (limited-liability company)"},
		{"Limited Liability Company Murom", Company, "Limited Liability Company (limited-liability company)|Murom"},
		{"Brigade forty-four", Organisation, "Brigade|forty-four (44)"},
		{"Steel & Sons", Company, "Steel|&|Sons"},
		{"Рutin", Person, "Рutin"},                               // a Cyrillic letter that looks alike
		{"Pu\u200btin \u202eVladimir", Person, "Putin|Vladimir"}, // what hides or turns letters is not shown
		{"Ｐｕｔｉｎ", Person, "Putin"},
	} {
		p := Trace(c.text, c.kind, "")
		if len(p.Readings) == 0 {
			t.Errorf("%q has no reading", c.text)
			continue
		}
		var got []string
		for i := range p.Readings[0] {
			got = append(got, p.Show(0, i, 1))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q is shown as %s, want %s", c.text, s, c.want)
		}
	}
	p := Trace("Hong Kong Shipping", Company, "")
	if got := p.Show(0, 0, 2); got != "Hong Kong" {
		t.Errorf("two words that met as one are shown as %q", got)
	}
	p = Trace("Abdulrahman", Person, "")
	if got := p.Show(0, 0, 2); got != "Abdulrahman" {
		t.Errorf("both halves of a word are shown as %q", got)
	}
	p = Prepare("Hong Kong Shipping", Company, "")
	if got := p.Show(0, 2, 1); got != "shiping" {
		t.Errorf("without a trace a word is shown as %q", got)
	}
}
