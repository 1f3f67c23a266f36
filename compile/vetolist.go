package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"article41/country"
	"article41/date"
)

// listed is a row of the veto list.
type listed struct {
	day     date.Day
	draft   string // as one key with the other sources
	raw     string
	meeting int
	agenda  string
	by      []country.Code
	ordinal int // among drafts of one meeting that go by the same name
}

// readVetoList reads the list of vetoed drafts. A draft without a document
// symbol stands there under its meeting; the applicant makes it one key with the
// meetings table.
func readVetoList(shared string) ([]listed, error) {
	rows, err := sheet(shared, fileVetoes, ',')
	if err != nil {
		return nil, err
	}
	var out []listed
	for i, r := range rows {
		t, err := time.Parse("1/2/2006", r["date"])
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", fileVetoes, i+2, err)
		}
		day, err := date.New(t.Year(), t.Month(), t.Day())
		if err != nil {
			return nil, err
		}
		v := listed{day: day, raw: tidy(r["draft"]), meeting: meetingNumber(r["meeting_record"]), agenda: tidy(r["agenda_item"])}
		v.draft = draftSymbol.FindString(v.raw)
		if strings.HasPrefix(v.draft, "S/PV.") {
			v.draft = "S/PV." + strconv.Itoa(v.meeting)
			if w := strings.Fields(v.agenda); strings.HasPrefix(v.agenda, "Application for Membership ") {
				v.draft += "/" + strings.ToUpper(strings.Join(w[3:], "-"))
			}
		}
		for _, c := range []string{"member_veto1", "member_veto2", "member_veto3"} {
			if n := strings.ToLower(tidy(r[c])); n != "" {
				code, ok := blockerName[n]
				if !ok {
					return nil, fmt.Errorf("%s: row %d: member %q", fileVetoes, i+2, r[c])
				}
				v.by = append(v.by, code)
			}
		}
		v.by = sorted(v.by)
		out = append(out, v)
	}
	apart(out)
	return out, nil
}

// apart numbers drafts of one meeting that go by the same name.
func apart(list []listed) {
	times := map[string]int{}
	for _, v := range list {
		times[v.key()]++
	}
	n := map[string]int{}
	for i := range list {
		if k := list[i].key(); times[k] > 1 && strings.HasSuffix(k, "/DRAFT") {
			n[k]++
			list[i].ordinal = n[k]
		}
	}
}

// nameUnnumbered gives a draft without a document symbol, which the table calls
// by its meeting, a key of its own: by the applicant where the veto list tells
// which, else by a number.
func nameUnnumbered(m *meeting, vetoes []listed) {
	same := map[string][]int{} // S/PV.57 → items that go by it and nothing else
	for i := range m.items {
		it := &m.items[i]
		if strings.Contains(strings.ToLower(it.note), "preliminary question") {
			it.draft += "/PRELIMINARY"
			it.note = "the preliminary question, whether the matter is procedural"
			continue
		}
		if it.resolution == 0 && strings.HasPrefix(it.draft, "S/PV.") && strings.Count(it.draft, "/") == 1 {
			same[it.draft] = append(same[it.draft], i)
		}
	}
	for sym, at := range same {
		var vetoed []int
		for _, i := range at {
			if m.items[i].vetoed {
				vetoed = append(vetoed, i)
			}
		}
		var named []listed
		for _, v := range vetoes {
			taken := slices.ContainsFunc(m.items, func(it item) bool { return it.draft == v.key() })
			if strings.HasPrefix(v.key(), sym+"/") && v.day == m.day && v.key() != sym+"/DRAFT" && !taken {
				named = append(named, v)
			}
		}
		if len(named) > 0 && len(named) == len(vetoed) {
			var tallies []string
			alike := true
			for _, i := range vetoed {
				t := ""
				if m.items[i].tally != nil {
					t = m.items[i].tally.String()
				}
				tallies = append(tallies, t)
				alike = alike && t == tallies[0]
			}
			for k, i := range vetoed {
				m.items[i].draft = named[k].key()
				if !alike {
					m.items[i].tally = nil
					m.items[i].note = "the meetings table counts " + strings.Join(tallies, ", ") + " for the drafts of this meeting and does not say which is whose"
				}
			}
			at = slices.DeleteFunc(slices.Clone(at), func(i int) bool { return slices.Contains(vetoed, i) })
		}
		for k, i := range at {
			m.items[i].draft = sym + "/DRAFT"
			if len(at) > 1 {
				m.items[i].draft = sym + "/DRAFT-" + strconv.Itoa(k+1)
			}
		}
	}
}

// key is the listed draft's name among the other sources.
func (v listed) key() string {
	switch {
	case strings.Contains(v.agenda, "preliminary question") && strings.HasPrefix(v.draft, "S/PV."):
		return v.draft + "/PRELIMINARY"
	case strings.Contains(v.raw, ", S/PV."):
		return v.draft + "/PRELIMINARY"
	case v.raw == "S/PV.45": // put at the meeting 45, voted at 47
		return "S/PV.45/DRAFT"
	case v.ordinal > 0:
		return v.draft + "/DRAFT-" + strconv.Itoa(v.ordinal)
	case strings.HasPrefix(v.draft, "S/PV.") && strings.Count(v.draft, "/") == 1:
		return v.draft + "/DRAFT"
	}
	return v.draft
}
