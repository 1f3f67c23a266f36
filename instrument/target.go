package instrument

import (
	"slices"
	"strings"

	"article41/date"
	"article41/record"
	"article41/regime"
)

// Target is somebody whom the Council lists or listed, or who stands on the list
// of another authority, with what the loaded lists show of it.
type Target struct {
	Regime    record.RegimeID // of the Council; empty if none is known
	UN        []string        // its references on the UN list
	UNBinds   bool            // the Council's measures bind it on the day
	Sort      string
	List      record.SourceID // the entry that was met, on whatever list
	Ref       string
	Programme []string
	Sightings []Sighting
	Held      map[record.SourceID]date.Day // lists that are loaded, with the version that counts on the day; zero: loaded, none of that day
}

// Sighting is what a loaded list shows of the target on the day.
type Sighting struct {
	List      record.SourceID `json:"list"`
	Ref       string          `json:"id"`
	On        bool            `json:"on"` // it stands on the version of the day
	Version   *date.Day       `json:"version"`
	Programme []string        `json:"programme,omitempty"`
	Only      []string        `json:"only,omitempty"` // measure words its own text limits it to
	Tie       string          `json:"tie"`            // what ties it to the target
}

const (
	TieReference = "UN reference"
	TieRecord    = "the record"
	TieName      = "name and programme" // the same name under a programme for it: not proof of identity
	TieItself    = "the entry itself"
)

// Standing is where a target stands under one authority's law.
type Standing struct {
	Authority  string              `json:"authority"` // UN, EU, US, UK, CH
	Status     string              `json:"status"`    // in-force, unknown, lapsed, terminated, not-yet, not-listed, not-held, not-loaded; of the UN as its own answer says
	Sentence   string              `json:"sentence"`
	Instrument record.InstrumentID `json:"instrument,omitempty"`
	Short      string              `json:"short,omitempty"`
	Entry      string              `json:"entry,omitempty"` // its reference on that authority's list
	Basis      record.Grounds      `json:"basis,omitempty"` // of what binds it
	Law        []State             `json:"law"`
	Sightings  []Sighting          `json:"sightings"`
	Note       string              `json:"note,omitempty"`
}

const (
	NotListed = "not-listed"
	NotHeld   = "not-held"
	NotLoaded = "not-loaded"
	// Unsure is the basis of an entry whose list does not say where it came from.
	Unsure record.Grounds = "unknown"
)

// Stand answers where the target stands under every instrument that carries its
// regime, or that its own list names.
func (b *Book) Stand(at record.At, t Target) []Standing {
	out := []Standing{}
	for _, x := range b.all {
		own := slices.Contains(x.Lists, t.List) && slices.ContainsFunc(t.Programme, func(p string) bool { return contains(x.Programme, p) })
		if own || t.Regime != "" && slices.Contains(x.Carries, t.Regime) {
			out = append(out, stand(at, x, t))
		}
	}
	return out
}

// Regimes are the regimes that an entry of a list can belong to, by its programme.
func (b *Book) Regimes(list record.SourceID, programme []string) []record.RegimeID {
	var out []record.RegimeID
	for _, x := range b.all {
		if slices.Contains(x.Lists, list) && slices.ContainsFunc(programme, func(p string) bool { return contains(x.Programme, p) }) {
			for _, r := range x.Carries {
				if !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// Designated finds the references on the UN list of an entry of another one, by
// the record.
func (b *Book) Designated(list record.SourceID, ref string) (un []string, id record.RegimeID) {
	for _, x := range b.all {
		for _, d := range x.Designations {
			if d.List == list && d.Ref == ref && ref != "" && len(d.UN) > 0 && len(x.Carries) > 0 {
				return d.UN, x.Carries[0]
			}
		}
	}
	return nil, ""
}

// Programmes are the marks under which the lists of the instruments that carry a
// regime show its entries.
func (b *Book) Programmes(list record.SourceID, id record.RegimeID) []string {
	var out []string
	for _, x := range b.all {
		if slices.Contains(x.Lists, list) && slices.Contains(x.Carries, id) {
			out = append(out, x.Programme...)
		}
	}
	return out
}

// Lists are the lists that show whom some instrument reaches.
func (b *Book) Lists() []record.SourceID {
	var out []record.SourceID
	for _, x := range b.all {
		for _, l := range x.Lists {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}

func contains(in []string, p string) bool {
	return slices.ContainsFunc(in, func(q string) bool { return strings.EqualFold(strings.TrimSpace(q), strings.TrimSpace(p)) })
}

func stand(at record.At, x record.Instrument, t Target) Standing {
	out := Standing{Authority: x.Authority, Instrument: x.ID, Short: x.Short, Law: []State{}, Sightings: []Sighting{}}
	for _, s := range t.Sightings {
		if slices.Contains(x.Lists, s.List) {
			out.Sightings = append(out.Sightings, s)
		}
	}
	if d, ok := designation(x, t); ok {
		return recorded(at, x, d, t, out)
	}
	for _, s := range out.Sightings {
		if s.On && out.Entry == "" {
			out.Entry = s.Ref
			out.Law = shown(at, x, s, t.Sort)
		}
	}
	switch loaded, version := held(x, t); {
	case len(out.Law) > 0:
		out.conclude(x, t)
	case over(at, x) != "":
		out.Status, out.Sentence = string(strongest(states(at, x))), over(at, x)
	case len(out.Sightings) > 0 && out.Sightings[0].Version != nil:
		out.Status = NotListed
		out.Sentence = "no longer on the list " + string(out.Sightings[0].List) + " (version of " + out.Sightings[0].Version.Text() + ")"
	case loaded && version.IsZero():
		out.Status, out.Sentence = NotHeld, "no whole version of its list is held for that day; "+x.Short+" carries the regime"
	case loaded:
		out.Status, out.Sentence = NotListed, "not found on its list (version of "+version.Text()+") by reference or by name and programme"
	default:
		out.Status, out.Sentence = NotLoaded, "not loaded; "+x.Short+" carries the regime"
	}
	return out
}

// designation finds the target among those whose life under the instrument the
// record knows.
func designation(x record.Instrument, t Target) (record.Designation, bool) {
	for _, d := range x.Designations {
		if slices.ContainsFunc(d.UN, func(r string) bool { return slices.Contains(t.UN, r) }) || d.List == t.List && d.Ref != "" && d.Ref == t.Ref {
			return d, true
		}
	}
	return record.Designation{}, false
}

// recorded is the standing of a target whose life under the instrument is known
// step by step; the lists are evidence beside it.
func recorded(at record.At, x record.Instrument, d record.Designation, t Target, out Standing) Standing {
	out.Entry, out.Note = d.Ref, d.Note
	if out.Entry == "" {
		for _, s := range out.Sightings {
			out.Entry = s.Ref
			break
		}
	}
	began := false
	for _, p := range x.Parts {
		var on, off date.Day
		var by record.Stage
		for _, s := range d.Steps {
			if s.On.After(at.AsOf) || s.On.After(at.KnownAt) || !slices.Contains(s.What, p.ID) {
				continue
			}
			switch s.Do {
			case "list":
				on, off = s.On, date.Day{}
			case "lift":
				off, by = s.On, s
			}
		}
		if on.IsZero() {
			continue
		}
		began = true
		s := replay(x, p, at)
		if s.Status == regime.NotYet {
			continue
		}
		if s.Since != nil && s.Status == regime.InForce && on.After(*s.Since) {
			s.Since = day(on)
		}
		if !off.IsZero() && s.Status.Binds() {
			s.Status, s.Since, s.Until, s.Presumed, s.Note = regime.Terminated, day(off), day(off.AddDays(-1)), "", "removed"
			s.By = &Reference{ID: by.Act, Adopted: by.On, Cite: by.Cite}
			s.Sentence = s.sentence()
		}
		out.Law = append(out.Law, s)
	}
	if !began {
		first := d.Steps[0].On
		out.Status, out.Sentence = string(regime.NotYet), "not yet listed"
		if !first.After(at.KnownAt) {
			out.Sentence += ": listed on " + first.Text()
		}
		return out
	}
	out.conclude(x, t)
	var seen date.Day
	for _, s := range d.Seen {
		if !s.After(at.KnownAt) {
			seen = date.Max(seen, s)
		}
	}
	if !seen.IsZero() && seen.Before(at.AsOf) && len(out.Sightings) == 0 && binds(out.Law) {
		out.Sentence += "; last seen on the list of " + seen.Text()
	}
	for _, s := range out.Sightings {
		if s.Version != nil && s.On != binds(out.Law) {
			differs := "; the loaded list " + string(s.List) + " of " + s.Version.Text()
			if s.On {
				out.Sentence += differs + " still shows it"
			} else {
				out.Sentence += differs + " does not show it"
			}
		}
	}
	if loaded, version := held(x, t); loaded && !version.IsZero() && len(out.Sightings) == 0 && binds(out.Law) {
		out.Sentence += "; not found on the loaded list of " + version.Text()
	}
	return out
}

// shown are the parts that bind an entry because its list shows it: of an entry
// with a UN reference those that carry the Council's list.
func shown(at record.At, x record.Instrument, s Sighting, sort string) []State {
	basis := record.Grounds("")
	derived := slices.ContainsFunc(x.Parts, func(p record.Part) bool { return p.Basis == record.Derived })
	own := slices.ContainsFunc(x.Parts, func(p record.Part) bool { return p.Basis == record.Autonomous })
	switch {
	case s.Tie == TieReference && derived:
		basis = record.Derived
	case s.Tie != TieReference && own && derived:
		basis = record.Autonomous
	}
	out := []State{}
	for _, p := range x.Parts {
		if basis != "" && p.Basis != basis || len(s.Only) > 0 && !slices.Contains(s.Only, p.Word) || sort != "" && sort != "person" && p.Word == "travel-ban" {
			continue
		}
		st := replay(x, p, at)
		if st.Status == regime.NotYet {
			continue
		}
		if basis == "" && p.Basis == record.Derived {
			st.Basis = Unsure
			st.Note = strings.TrimPrefix(st.Note+"; the list gives no UN reference: whether the entry is UN-derived or the authority's own is not known", "; ")
		}
		out = append(out, st)
	}
	return out
}

func binds(law []State) bool {
	return slices.ContainsFunc(law, func(s State) bool { return s.Status.Binds() })
}

// conclude says in one line where the law on the target stands.
func (s *Standing) conclude(x record.Instrument, t Target) {
	s.Status = string(strongest(s.Law))
	var parts []string
	if s.Entry != "" {
		e := s.Entry
		if x.Entry != "" && !strings.HasPrefix(e, x.Entry) {
			e = x.Entry + " " + e
		}
		parts = append(parts, e)
	}
	on := "on"
	if len(t.UN) > 0 && !t.UNBinds {
		on = "still on"
	}
	deleted := map[string]bool{}
	for _, l := range s.Law {
		if l.Status.Binds() && s.Basis != l.Basis {
			if s.Basis == "" {
				s.Basis = l.Basis
			} else {
				s.Basis = "UN-derived and autonomous"
			}
		}
		switch l.Status {
		case regime.InForce:
			p := l.Name + l.hedge() + " " + on + ", " + l.Place
			if l.Until != nil {
				p += ", until " + l.Until.Text()
			} else {
				p += ", no end date set"
			}
			parts = append(parts, p)
		case regime.Unknown:
			p := l.Note
			if !strings.HasPrefix(p, "entry deleted") {
				p = l.Name + " unknown: " + p
			} else if l.By != nil {
				deleted[l.By.ID] = true
				p += "; whether the " + l.Name + " of " + l.Place + " still binds is unknown, presumed in force"
			}
			parts = append(parts, p)
		}
	}
	for _, l := range s.Law {
		if l.Status == regime.Lapsed || l.Status == regime.Terminated {
			p := l.Name + " ended, last day " + l.Until.Text()
			if l.By != nil && l.By.ID != "" && !deleted[l.By.ID] {
				p += ", by " + l.By.String()
			}
			parts = append(parts, p)
		}
	}
	s.Sentence = strings.Join(parts, "; ")
}

// held says whether a list of the instrument is loaded, with its version.
func held(x record.Instrument, t Target) (loaded bool, version date.Day) {
	for _, l := range x.Lists {
		if v, ok := t.Held[l]; ok {
			loaded, version = true, date.Max(version, v)
		}
	}
	return loaded, version
}

func states(at record.At, x record.Instrument) []State {
	var out []State
	for _, p := range x.Parts {
		out = append(out, replay(x, p, at))
	}
	return out
}

// over says that nothing of the instrument binds anybody on the day, whatever a
// list shows; empty if something does.
func over(at record.At, x record.Instrument) string {
	all := states(at, x)
	if slices.ContainsFunc(all, func(s State) bool { return s.Status.Binds() }) {
		return ""
	}
	var last State
	for _, s := range all {
		if s.Until != nil && (last.Until == nil || s.Until.After(*last.Until)) {
			last = s
		}
	}
	if last.Until == nil {
		return "not yet: " + x.Short + " came later"
	}
	return x.Short + " ended, last in force on " + last.Until.Text()
}
