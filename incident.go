package article41

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"article41/date"
	"article41/monitor"
	"article41/record"
	"article41/regime"
)

// Incident is an incident with everything that is said of it.
type Incident struct {
	record.Incident
	Sentence string            `json:"sentence"`
	Differ   []Differ          `json:"contradictions"` // where speakers give different answers on one matter
	Findings []record.Finding  `json:"findings"`
	Reports  []PanelReport     `json:"reports"`
	Twins    []record.Incident `json:"merged_here"` // kept whole beside this one
	Near     []string          `json:"may_be_same"` // for a person to look at
	History  []monitor.Version `json:"history"`     // every version that was published
	// Withdrawn says that the record was taken back, when and why.
	Withdrawn *monitor.Taken         `json:"withdrawn,omitempty"`
	Taken     []monitor.TakenFinding `json:"withdrawn_findings"`
	Source    record.SourceID        `json:"published_by"` // whose record it is
	Known     date.Day               `json:"first_known"`  // when its first version was known
	AsOf      date.Day               `json:"as_of"`        //
	KnownAt   date.Day               `json:"known_at"`     //
	Regimes   []record.Criterion     `json:"-"`            // of the regimes it is linked to
	Basis     Basis                  `json:"basis"`
}

// Differ is one matter on which speakers differ. Their words stand in claims.
type Differ struct {
	About    string   `json:"about"`
	Claims   []string `json:"claims"` // ids
	Speakers []string `json:"speakers"`
}

// PanelReport is a report of an expert body with its mandate's clock.
type PanelReport struct {
	record.Report
	Regime record.RegimeID `json:"regime"`
	Name   string          `json:"body_name"`
	// Due is the last day of the mandate that the report fell under: no later day
	// was open to the body. The decision's text may set an earlier one.
	Due   *date.Day `json:"mandate_until"`
	Set   string    `json:"mandate_by,omitempty"` // the decision
	Words string    `json:"clock"`
}

// Incidents answers which incidents the filter leaves, with counts.
func (a *Archive) Incidents(ctx context.Context, at record.At, f monitor.Filter) (monitor.Found, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return monitor.Found{}, err
	}
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		return monitor.Found{}, fmt.Errorf("%w: from %s to %s ends before it begins", record.ErrInvalid, f.From, f.To)
	}
	return s.book.Index(at.KnownAt).Find(f), nil
}

// Incident answers for one incident as known by a day: claims, context and replies
// that were published later are left out.
func (a *Archive) Incident(ctx context.Context, at record.At, id record.IncidentID) (Incident, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return Incident{}, err
	}
	in, versions, err := s.book.Incident(id, at.KnownAt)
	var taken *monitor.Taken
	if errors.Is(err, record.ErrNotFound) {
		var t monitor.Taken
		if was, before, why, e := s.book.Withdrawn(id, at.KnownAt); e == nil {
			in, versions, t, err, taken = was, before, why, nil, &t
		}
	}
	if err != nil {
		return Incident{}, err
	}
	out := Incident{Withdrawn: taken, Taken: s.book.TakenFindings(id, at.KnownAt), Incident: knownBy(in, at.KnownAt), Findings: s.book.Findings(id, at.KnownAt), Twins: s.book.Merged(id, at.KnownAt), Near: []string{},
		History: versions, Source: versions[len(versions)-1].Source, Known: versions[0].Known, AsOf: at.AsOf, KnownAt: at.KnownAt, Basis: s.basis(), Reports: []PanelReport{}}
	for _, n := range s.book.Index(at.KnownAt).Near(in) {
		out.Near = append(out.Near, string(n))
	}
	out.Differ = differ(out.Claims)
	out.Sentence = incidentSentence(out)
	if taken != nil {
		out.Sentence = fmt.Sprintf("%s: withdrawn on %s: %s", out.Title, taken.On.Text(), strings.TrimSuffix(taken.Why, ".")+".")
	}
	w := s.world(at.KnownAt)
	for _, l := range in.Links {
		if l.Kind == "regime" {
			out.Reports = append(out.Reports, reportsOf(w, record.RegimeID(l.To), at)...)
		}
	}
	return out, nil
}

// knownBy leaves out what was published after the day.
func knownBy(in record.Incident, day date.Day) record.Incident {
	later := func(on, known date.Day) bool { return on.After(day) || known.After(day) }
	in.Claims = slices.DeleteFunc(slices.Clone(in.Claims), func(t record.Testimony) bool { return later(t.On, t.Known.From) })
	in.Context = slices.DeleteFunc(slices.Clone(in.Context), func(c record.ContextNote) bool { return later(c.On.From, date.Day{}) })
	in.Replies = slices.DeleteFunc(slices.Clone(in.Replies), func(r record.Reply) bool { return later(r.On, date.Day{}) })
	in.Errata = slices.DeleteFunc(slices.Clone(in.Errata), func(e record.Erratum) bool { return later(e.On, date.Day{}) })
	return in
}

// differ are the matters on which more than one speaker spoke, and not alike.
func differ(claims []record.Testimony) []Differ {
	out := []Differ{}
	at := map[string]int{}
	for _, c := range claims {
		i, ok := at[c.About]
		if !ok {
			i = len(out)
			at[c.About] = i
			out = append(out, Differ{About: c.About})
		}
		out[i].Claims = append(out[i].Claims, c.ID)
		if !slices.Contains(out[i].Speakers, c.Speaker) {
			out[i].Speakers = append(out[i].Speakers, c.Speaker)
		}
	}
	return slices.DeleteFunc(out, func(d Differ) bool { return len(d.Speakers) < 2 })
}

// incidentSentence is the answer in a sentence: who gives which number. No number
// is added up or chosen.
func incidentSentence(in Incident) string {
	var parts []string
	for _, c := range in.Claims {
		if c.Counts == "killed" {
			parts = append(parts, c.Speaker+": "+Counted(c))
		}
	}
	what := in.Title
	if len(parts) == 0 {
		return fmt.Sprintf("%s: %s, by %s.", what, plural(len(in.Claims), "claim", "claims"), plural(len(speakers(in.Claims)), "speaker", "speakers"))
	}
	if len(parts) == 1 {
		return fmt.Sprintf("%s: people killed, as one speaker counts them: %s.", what, parts[0])
	}
	return fmt.Sprintf("%s: speakers differ on how many were killed: %s.", what, strings.Join(parts, "; "))
}

func speakers(claims []record.Testimony) []string {
	var out []string
	for _, c := range claims {
		if !slices.Contains(out, c.Speaker) {
			out = append(out, c.Speaker)
		}
	}
	return out
}

// Numbers is what a speaker gives, in words: "at least 500", "203", "12 to 20, best 15".
func Numbers(low, best, high *int) string {
	switch {
	case low != nil && high != nil && *low == *high:
		return fmt.Sprint(*low)
	case low != nil && high != nil && best != nil:
		return fmt.Sprintf("%d to %d, best %d", *low, *high, *best)
	case low != nil && high != nil:
		return fmt.Sprintf("%d to %d", *low, *high)
	case low != nil && best != nil:
		return fmt.Sprintf("at least %d, best %d", *low, *best)
	case low != nil:
		return fmt.Sprintf("at least %d", *low)
	case high != nil && best != nil:
		return fmt.Sprintf("%d, at most %d", *best, *high)
	case high != nil:
		return fmt.Sprintf("at most %d", *high)
	case best != nil:
		return fmt.Sprint(*best)
	}
	return "no number"
}

// Counted is Numbers, as roughly as the speaker said it: "about 300" is not 300.
func Counted(c record.Testimony) string {
	n := Numbers(c.Low, c.Best, c.High)
	word, _, _ := strings.Cut(c.Wording, ";")
	if w := strings.TrimSpace(word); c.Low == nil && c.High == nil && c.Best != nil && (w == "about" || w == "an estimated") {
		return "about " + n
	}
	return n
}

// reportsOf are a regime's published reports with the clock of the mandate that
// each fell under.
func reportsOf(w *world, id record.RegimeID, at record.At) []PanelReport {
	var out []PanelReport
	c, err := w.Regime(id)
	if err != nil {
		return nil
	}
	for _, r := range w.regimes[id].Reports {
		if r.On.From.After(at.KnownAt) {
			continue
		}
		p := PanelReport{Report: r, Regime: id, Name: string(r.Body)}
		for _, k := range c.Components {
			if k.ID == r.Body {
				p.Name = k.Name
			}
		}
		p.Due, p.Set, p.Words = mandateOf(c, r, at.KnownAt)
		out = append(out, p)
	}
	return out
}

// mandateOf is the last day of the mandate that a report fell under, and what set
// it. Of a report whose day is not known only a clock that holds for all the days
// it may be of is told.
func mandateOf(c *regime.Chain, r record.Report, known date.Day) (until *date.Day, set, words string) {
	words = "its day is not known, so neither is the mandate it fell under"
	first, ok1 := runs(c, r.Body, r.On.From, known)
	last, ok2 := runs(c, r.Body, r.On.To, known)
	if !ok1 || !ok2 || *first.Until != *last.Until {
		return nil, "", words
	}
	by := first.ExtendedBy
	if by == nil {
		by = first.ImposedBy
	}
	if by != nil {
		set = by.Symbol.String()
	}
	return first.Until, set, fmt.Sprintf("due before the mandate ended on %s", first.Until.Text())
}

func runs(c *regime.Chain, id record.ComponentID, on, known date.Day) (regime.State, bool) {
	st, err := c.On(record.At{AsOf: on, KnownAt: known}, id)
	return st, err == nil && st.Until != nil && !on.IsZero() && !on.After(*st.Until)
}

// Reports are the published reports of a regime's experts, with their clocks.
func (a *Archive) Reports(ctx context.Context, at record.At, id record.RegimeID) ([]PanelReport, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	return append([]PanelReport{}, reportsOf(s.world(at.KnownAt), id, at)...), nil
}

// Findings are the published findings, about one incident or, with an empty id, all.
func (a *Archive) Findings(ctx context.Context, at record.At, about record.IncidentID) ([]record.Finding, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	return s.book.Findings(about, at.KnownAt), nil
}

// Finding is one finding, with how it stood before.
func (a *Archive) Finding(ctx context.Context, at record.At, id record.FindingID) (record.Finding, []record.Finding, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return record.Finding{}, nil, err
	}
	return s.book.Finding(id, at.KnownAt)
}

// IncidentsImported is what bringing in incidents did.
type IncidentsImported struct {
	Source   record.SourceID `json:"source"`
	Read     int             `json:"read"`
	Added    int             `json:"added"`
	Changed  int             `json:"changed"`
	Same     int             `json:"same"`
	Position record.Position `json:"position"`
}

// PublishIncidents appends incidents and findings to the ledger: all of them or
// nothing; those that are held word for word already are left out. known is the
// day on which the source had published them.
func (a *Archive) PublishIncidents(ctx context.Context, now time.Time, source record.SourceID, known date.Day, ins []record.Incident, fs []record.Finding) (IncidentsImported, error) {
	if a.store == nil {
		return IncidentsImported{}, fmt.Errorf("%w: there is no database to publish into", record.ErrInvalid)
	}
	var entries []record.Entry
	for _, in := range ins {
		e, err := record.State("incident/"+record.FactID(in.ID), source, known, in)
		if err != nil {
			return IncidentsImported{}, err
		}
		entries = append(entries, e)
	}
	for _, f := range fs {
		e, err := record.State("finding/"+record.FactID(f.ID), source, known, f)
		if err != nil {
			return IncidentsImported{}, err
		}
		entries = append(entries, e)
	}
	for tries := 0; ; tries++ {
		out, err := a.publishOnce(ctx, now, source, entries)
		if err == nil || tries == 8 || !isConflict(err) {
			return out, err
		}
	}
}

func (a *Archive) publishOnce(ctx context.Context, now time.Time, source record.SourceID, entries []record.Entry) (IncidentsImported, error) {
	if err := a.Follow(ctx); err != nil {
		return IncidentsImported{}, err
	}
	s := a.now.Load()
	out := IncidentsImported{Source: source, Read: len(entries), Position: s.head.Position}
	var add []record.Entry
	for _, e := range entries {
		switch _, body, held := s.book.Newest(e.Fact); {
		case !held:
			out.Added++
		case string(body) == string(e.Body):
			out.Same++
			continue
		case source == monitor.DeskSource || e.Kind != record.KindIncident:
			out.Changed++
		default:
			var same bool
			var err error
			if e, same, err = s.book.Revised(e); err != nil {
				return IncidentsImported{}, err
			} else if same {
				out.Same++
				continue
			}
			out.Changed++
		}
		add = append(add, e)
	}
	if len(add) == 0 {
		return out, nil
	}
	b := record.Batch{ID: record.BatchID(fmt.Sprintf("incidents-%s-%d", source, now.UnixNano())), Edition: a.shipped.Edition.Number, Recorded: now, After: &s.head.Position}
	r, err := record.Append(ctx, a.store, b, add)
	if err != nil {
		return IncidentsImported{}, fmt.Errorf("publish incidents of %s: %w", source, err)
	}
	out.Position = r.Last()
	return out, a.Follow(ctx)
}

// Ledger is the archive as a desk publishes to it.
func (a *Archive) Ledger() monitor.Ledger { return deskLedger{a} }

type deskLedger struct{ a *Archive }

func (l deskLedger) Publish(ctx context.Context, now time.Time, known date.Day, ins []record.Incident, fs []record.Finding) error {
	_, err := l.a.PublishIncidents(ctx, now, monitor.DeskSource, known, ins, fs)
	return err
}

func (l deskLedger) Withdraw(ctx context.Context, now time.Time, known date.Day, facts []record.FactID, why string) error {
	a := l.a
	if a.store == nil {
		return fmt.Errorf("%w: there is no database to publish into", record.ErrInvalid)
	}
	var entries []record.Entry
	for _, f := range facts {
		e, err := record.State("withdrawal/"+f, monitor.DeskSource, known, record.Withdrawal{Fact: f, Reason: why})
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	for tries := 0; ; tries++ {
		if err := a.Follow(ctx); err != nil {
			return err
		}
		s := a.now.Load()
		for _, f := range facts {
			switch v, _, ok := s.book.Newest(f); {
			case !ok:
				return fmt.Errorf("%w: %s does not stand, or was withdrawn already", record.ErrConflict, f)
			case v.Source != monitor.DeskSource:
				return fmt.Errorf("%w: %s is the record of %s: it is theirs to withdraw; a correction is an erratum", record.ErrInvalid, f, v.Source)
			}
		}
		b := record.Batch{ID: record.BatchID(fmt.Sprintf("withdrawal-%d", now.UnixNano())), Edition: a.shipped.Edition.Number, Recorded: now, After: &s.head.Position}
		if _, err := record.Append(ctx, a.store, b, entries); err == nil {
			return a.Follow(ctx)
		} else if tries == 8 || !isConflict(err) {
			return fmt.Errorf("withdraw: %w", err)
		}
	}
}

func (l deskLedger) Published(ctx context.Context, day date.Day, id record.IncidentID) (record.Incident, []record.Finding, error) {
	s := l.a.now.Load()
	in, _, err := s.book.Incident(id, day)
	if err != nil {
		return in, nil, err
	}
	return in, s.book.Findings(id, day), nil
}

func (l deskLedger) Last(_ context.Context, day date.Day, id record.IncidentID) (record.Incident, *monitor.Taken, error) {
	return l.a.now.Load().book.Last(id, day)
}

func (l deskLedger) LastFinding(_ context.Context, day date.Day, id record.FindingID) (record.Finding, *monitor.Taken, error) {
	return l.a.now.Load().book.LastFinding(id, day)
}
