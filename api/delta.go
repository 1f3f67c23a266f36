package api

import (
	"bufio"
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
)

// mostDeltas bounds how many steps a dataset offers; who is further behind loads
// it whole.
const mostDeltas = 30

// step is what changed up to one version of a dataset. It compares two days, so
// a measure that ended counts as well as a new list.
type step struct {
	version string
	from    date.Day // the version before; zero: there was none, everything is new
	to      date.Day
}

// steps are the versions of a dataset, oldest first. The newest has the version
// that the catalog tells.
func (sh *shelf) steps(lists map[record.SourceID]bool) (out []step) {
	var days []date.Day
	for _, d := range sh.held {
		if lists != nil && !lists[d.List] {
			continue
		}
		for _, v := range sh.Versions(d.List) {
			if !v.Date.After(sh.At.AsOf) {
				days = append(days, v.Date)
			}
		}
	}
	slices.SortFunc(days, date.Day.Compare)
	days = slices.Compact(days)
	current := sh.versionOf(lists)
	for i, d := range days {
		st := step{version: moment(d) + "-aaa", to: d}
		if i > 0 {
			st.from = days[i-1]
		}
		if i == len(days)-1 {
			st.version, st.to = current, sh.At.AsOf
		}
		out = append(out, st)
	}
	return out[max(0, len(out)-mostDeltas):]
}

func moment(d date.Day) string { return strings.ReplaceAll(d.String(), "-", "") + "000000" }

// versionOf is the version that the catalog tells of these lists.
func (sh *shelf) versionOf(lists map[record.SourceID]bool) string {
	var whole heldDataset
	for _, d := range sh.held {
		if (lists == nil || lists[d.List]) && d.Newest != nil && (whole.Newest == nil || d.Newest.After(*whole.Newest)) {
			whole.Newest = d.Newest
		}
	}
	return sh.version(whole.ListUse)
}

// base is how clients reach this server: as told, or as they asked.
func (s *server) base(r *http.Request) string {
	if s.Site != "" {
		return strings.TrimSuffix(s.Site, "/")
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host
}

// scoped is today's shelf and the lists of the dataset in the path.
func (s *server) scoped(w http.ResponseWriter, r *http.Request) (*shelf, map[record.SourceID]bool, bool) {
	sh, err := s.shelfOf(r)
	if err != nil {
		s.fail(w, r, err)
		return nil, nil, false
	}
	lists, ok := sh.scope(r.PathValue("dataset"))
	if !ok {
		s.fail(w, r, refused(http.StatusNotFound, "No such dataset."))
	}
	return sh, lists, ok
}

// deltas answers what stands at a dataset's delta_url: the versions, each with
// the address of what changed up to it.
func (s *server) deltas(w http.ResponseWriter, r *http.Request) {
	sh, lists, ok := s.scoped(w, r)
	if !ok {
		return
	}
	versions := map[string]string{}
	for _, st := range sh.steps(lists) {
		versions[st.version] = s.base(r) + "/datasets/" + url.PathEscape(r.PathValue("dataset")) + "/delta/" + st.version
	}
	writeJSON(w, http.StatusOK, map[string]any{"versions": versions})
}

// delta answers with one step, a JSON line an entity. The order is that of ids.
func (s *server) delta(w http.ResponseWriter, r *http.Request) {
	sh, lists, ok := s.scoped(w, r)
	if !ok {
		return
	}
	steps := sh.steps(lists)
	i := slices.IndexFunc(steps, func(st step) bool { return st.version == r.PathValue("version") })
	if i < 0 {
		s.fail(w, r, refused(http.StatusNotFound, "No such version."))
		return
	}
	st := steps[i]
	old := map[string]*entity{}
	if !st.from.IsZero() {
		before, err := s.shelf(r.Context(), record.At{AsOf: st.from, KnownAt: st.from})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		for _, e := range before.living(lists) {
			old[e.id] = e
		}
	}
	now, err := s.shelf(r.Context(), record.At{AsOf: st.to, KnownAt: st.to})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", linesType)
	out := bufio.NewWriter(w)
	for _, e := range now.living(lists) {
		was, known := old[e.id]
		delete(old, e.id)
		switch {
		case !known:
			writeOp(out, "ADD", e.whole())
		case !bytes.Equal(e.content(), was.content()):
			writeOp(out, "MOD", e.whole())
		}
	}
	for id := range sorted(old) {
		writeOp(out, "DEL", encoded(map[string]string{"id": id}))
	}
	out.Flush()
}

// linesType is how JSON lines are called.
const linesType = "application/x-ndjson"

func writeOp(out *bufio.Writer, op string, entity []byte) {
	out.WriteString(`{"op":"` + op + `","entity":`)
	out.Write(entity)
	out.WriteString("}\n")
}

// content is what a change of an entity is a change of: not the day on which it
// was last seen.
func (e *entity) content() []byte {
	p := *e.printed
	p.LastSeen, p.LastChange = nil, nil
	return append(encoded(p), e.law...)
}

// living are the entities of the lists that stand on the shelf's day.
func (sh *shelf) living(lists map[record.SourceID]bool) (out []*entity) {
	for _, id := range sh.Subjects() {
		list, _, _ := strings.Cut(string(id), ":")
		if lists != nil && !lists[record.SourceID(list)] {
			continue
		}
		if e := sh.entity(id); e != nil && e.alive {
			out = append(out, e)
		}
	}
	return out
}

// entities answers what stands at a dataset's entities_url: all of it, an entity
// a line.
func (s *server) entities(w http.ResponseWriter, r *http.Request) {
	sh, lists, ok := s.scoped(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", linesType)
	out := bufio.NewWriter(w)
	for _, e := range sh.living(lists) {
		out.Write(e.whole())
		out.WriteByte('\n')
	}
	out.Flush()
}
