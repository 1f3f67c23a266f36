package monitor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
)

// Change is one thing that reads otherwise than it was published. What is its
// place, as in a [Problem].
type Change struct {
	What string `json:"what"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// added are the lists of an incident to which something may be added without
// changing what was published. Of a finding there are none: it is one assertion.
var added = []string{"claims", "evidence", "links", "replies", "context", "cites", "custody"}

// apart are lists that only grow, and are held to that by rules of their own.
var apart = []string{"errata", "raised"}

// Changes are what an incident says otherwise than it did, in order. What is only
// added to it, such as a further claim, is no change.
func Changes(was, is record.Incident) []Change { return changes(was, is, added) }

// FindingChanges are what a finding says otherwise than it did; whatever is added
// is one too. A raised standard of proof with its row in raised shows there.
func FindingChanges(was, is record.Finding) []Change {
	return slices.DeleteFunc(changes(was, is, nil), func(c Change) bool {
		return c.What == "level" && slices.ContainsFunc(is.Raised[min(len(was.Raised), len(is.Raised)):], func(r record.LevelChange) bool {
			return r.From == was.Level && r.To == is.Level && strings.TrimSpace(r.Why) != "" && !r.On.IsZero()
		})
	})
}

func changes(was, is any, free []string) []Change {
	d := differences{free: free}
	d.compare("", tree(was), tree(is))
	return d.out
}

// tree is a record as its JSON has it.
func tree(v any) (out any) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	n := json.NewDecoder(bytes.NewReader(b))
	n.UseNumber()
	if n.Decode(&out) != nil {
		return nil
	}
	return out
}

type differences struct {
	free []string
	out  []Change
}

func (d *differences) compare(at string, was, is any) {
	a, isMap := was.(map[string]any)
	b, alsoMap := is.(map[string]any)
	if isMap && alsoMap {
		keys := slices.Sorted(maps.Keys(a))
		for k := range b {
			if _, ok := a[k]; !ok {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range keys {
			if at != "" || !slices.Contains(apart, k) {
				d.compare(strings.TrimPrefix(at+"."+k, "."), a[k], b[k])
			}
		}
		return
	}
	x, isList := was.([]any)
	y, alsoList := is.([]any)
	if (isList || alsoList) && (isList || empty(was)) && (alsoList || empty(is)) {
		d.list(at, x, y)
		return
	}
	if m, n := exact(was), exact(is); m != n {
		d.out = append(d.out, Change{at, reading(was), reading(is)})
	}
}

// list compares two lists: those whose members have a name of their own member by
// member, others whole.
func (d *differences) list(at string, was, is []any) {
	_, last, _ := cutLast(strings.ReplaceAll(at, ".", " "))
	free := slices.Contains(d.free, last)
	a, order, named := members(was)
	b, more, also := members(is)
	if !named || !also {
		if free {
			left := slices.Clone(is)
			for _, v := range was {
				i := slices.IndexFunc(left, func(o any) bool { return exact(o) == exact(v) })
				if i < 0 {
					left = nil
					break
				}
				left = slices.Delete(left, i, i+1)
			}
			if left != nil {
				return
			}
		}
		if exact(was) != exact(is) {
			d.out = append(d.out, Change{at, reading(was), reading(is)})
		}
		return
	}
	for _, k := range order {
		d.compare(fmt.Sprintf("%s[%s]", at, k), a[k], b[k])
	}
	for _, k := range more {
		if _, held := a[k]; !held && !free {
			d.compare(fmt.Sprintf("%s[%s]", at, k), nil, b[k])
		}
	}
}

// members are a list's members by their id, else by their name; named is false if
// one has neither, or two have the same.
func members(list []any) (by map[string]any, order []string, named bool) {
	by = map[string]any{}
	for _, v := range list {
		m, _ := v.(map[string]any)
		k, ok := m["id"].(string)
		if !ok {
			k, ok = m["name"].(string)
		}
		if _, twice := by[k]; !ok || twice {
			return nil, nil, false
		}
		by[k] = v
		order = append(order, k)
	}
	return by, order, true
}

func empty(v any) bool { return exact(v) == "" }

// exact is a value as it compares: what is empty is all the same.
func exact(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		if t == "" {
			return ""
		}
	case []any:
		if len(t) == 0 {
			return ""
		}
	case map[string]any:
		if !slices.ContainsFunc(slices.Collect(maps.Values(t)), func(v any) bool { return !empty(v) }) {
			return ""
		}
		t = maps.Clone(t)
		maps.DeleteFunc(t, func(_ string, v any) bool { return empty(v) })
		v = t
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// reading is a value as somebody reads it.
func reading(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		return t
	case []any:
		out := make([]string, len(t))
		for i, v := range t {
			out[i] = reading(v)
		}
		return strings.Join(out, "; ")
	case map[string]any:
		var out []string
		for _, k := range slices.Sorted(maps.Keys(t)) {
			if !empty(t[k]) {
				out = append(out, k+" "+reading(t[k]))
			}
		}
		return strings.Join(out, ", ")
	}
	return fmt.Sprint(v)
}

// errata are the changes as errata, with one reason for all.
func errata(cs []Change, on date.Day, why, by string) []record.Erratum {
	out := make([]record.Erratum, len(cs))
	for i, c := range cs {
		out[i] = record.Erratum{On: on, What: c.What, Was: c.Was, Is: c.Is, Why: why, By: by}
	}
	return out
}

// corrected refuses a change of what was published without an erratum of its own,
// which holds the old reading, the new one and the reason. What was said in earlier
// errata stays.
func corrected(at string, cs []Change, now, was []record.Erratum, today date.Day) (ps []Problem) {
	if len(now) < len(was) || !slices.Equal(now[:len(was)], was) {
		return []Problem{{at + "errata", "earlier errata stay as they were"}}
	}
	fresh := now[len(was):]
	for _, c := range cs {
		if !slices.ContainsFunc(fresh, func(e record.Erratum) bool { return e.What == c.What && e.Was == c.Was && e.Is == c.Is }) {
			ps = append(ps, Problem{at + c.What, fmt.Sprintf("was published as “%s” and now reads “%s”: it needs an erratum; say why", clip(c.Was), clip(c.Is))})
		}
	}
	for i, e := range fresh {
		if e.What == "" || strings.TrimSpace(e.Why) == "" || e.On.IsZero() || e.On.After(today) {
			ps = append(ps, Problem{fmt.Sprintf("%serrata[%d]", at, len(was)+i), "an erratum says on which day, what, what it said, what it says now, and why"})
		}
	}
	return ps
}
