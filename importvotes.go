package article41

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Votes that a user imports lie beside those of the record, never over them: each
// is a fact of its own, under the file's source. Where the record has the vote it
// stays as it is; what it does not say is taken from the import and cited, and
// where the two differ both stand as claims. Where it has none the imported vote
// is the answer. docs/design/0011-imported-votes.md says why.

// VoteFact is the id of an imported vote.
func VoteFact(source record.SourceID, s symbol.Symbol) record.FactID {
	return record.FactID(string(source) + "/vote/" + string(s))
}

// voteSources are the sources whose facts are imported votes, with what a claim
// calls them.
var voteSources = map[record.SourceID]string{"undl-sc": "UN Digital Library", "undl-ga": "UN Digital Library"}

// importedFrom is the source of an imported vote's fact; "" if it is none.
func importedFrom(id record.FactID) record.SourceID {
	head, _, ok := strings.Cut(string(id), "/vote/")
	if _, known := voteSources[record.SourceID(head)]; !ok || !known {
		return ""
	}
	return record.SourceID(head)
}

// VotesTaken is what bringing in a file of votes did.
type VotesTaken struct {
	Source   record.SourceID `json:"source"`
	Votes    int             `json:"votes"`
	Added    int             `json:"added"`
	Changed  int             `json:"changed"` // stated otherwise by an earlier import
	Same     int             `json:"same"`    // held already
	New      int             `json:"new"`     // the record has no such vote
	Agree    int             `json:"agree"`
	Differ   int             `json:"differ"`
	First    date.Day        `json:"first"`
	Last     date.Day        `json:"last"`
	Position record.Position `json:"position"`
	// Differences are what the record and the file say otherwise; both stay.
	Differences []VoteDifference   `json:"differences"`
	Complaints  []record.Complaint `json:"complaints"`
}

// VoteDifference is one matter on which the file and the record differ.
type VoteDifference struct {
	Symbol symbol.Symbol `json:"symbol"`
	About  string        `json:"about"`
	Record string        `json:"record"`
	Import string        `json:"import"`
}

// TakeVotes brings in votes that a reader made entries of, all of them or none,
// and tells how they agree with the record.
func (a *Archive) TakeVotes(ctx context.Context, now time.Time, source record.SourceID, entries []record.Entry) (VotesTaken, error) {
	if a.store == nil {
		return VotesTaken{}, fmt.Errorf("%w: there is no database to import into", record.ErrInvalid)
	}
	if _, ok := voteSources[source]; !ok {
		return VotesTaken{}, fmt.Errorf("%w: %q is no source of votes", record.ErrInvalid, source)
	}
	for tries := 0; ; tries++ {
		out, err := a.takeVotesOnce(ctx, now, source, entries)
		if err == nil || tries == 8 || !isConflict(err) {
			return out, err
		}
	}
}

func (a *Archive) takeVotesOnce(ctx context.Context, now time.Time, source record.SourceID, entries []record.Entry) (VotesTaken, error) {
	if err := a.Follow(ctx); err != nil {
		return VotesTaken{}, err
	}
	s := a.now.Load()
	out := VotesTaken{Source: source, Votes: len(entries), Position: s.head.Position, Differences: []VoteDifference{}, Complaints: []record.Complaint{}}
	var add []record.Entry
	own := s.world(date.DayOf(now)).owned
	for _, e := range entries {
		if e.Source != source || importedFrom(e.Fact) != source {
			return VotesTaken{}, fmt.Errorf("%w: entry %s is no vote of %s", record.ErrInvalid, e.Fact, source)
		}
		body, err := decode(e)
		if err != nil {
			return VotesTaken{}, err
		}
		on, diffs, known := own.compare(body)
		out.First, out.Last = date.Min(out.First, on), date.Max(out.Last, on)
		switch {
		case !known:
			out.New++
		case len(diffs) == 0:
			out.Agree++
		default:
			out.Differ++
			out.Differences = append(out.Differences, diffs...)
		}
		switch held, ok := s.stated(e.Fact); {
		case ok && bytes.Equal(held, e.Body):
			out.Same++
			continue
		case ok:
			out.Changed++
		default:
			out.Added++
		}
		add = append(add, e)
	}
	if len(add) == 0 {
		return out, nil
	}
	b := record.Batch{ID: record.BatchID(fmt.Sprintf("votes-%s-%d", source, now.UnixNano())), Edition: a.shipped.Edition.Number, Recorded: now, After: &s.head.Position}
	r, err := record.Append(ctx, a.store, b, add)
	if err != nil {
		return VotesTaken{}, fmt.Errorf("import %s: %w", source, err)
	}
	out.Position = r.Last()
	return out, a.Follow(ctx)
}

// stated is the canonical body that a fact was last given.
func (s *state) stated(id record.FactID) ([]byte, bool) {
	vs := s.facts[id]
	if len(vs) == 0 {
		return nil, false
	}
	b, ok := vs[len(vs)-1].body.(record.Body)
	if !ok {
		return nil, false
	}
	out, err := record.Encode(b)
	return out, err == nil
}

// owned are the record's own votes, before imported ones were joined.
type owned struct {
	votes    map[symbol.Symbol]record.Vote
	assembly map[symbol.Symbol]record.Assembly
}

func (o owned) compare(body any) (on date.Day, diffs []VoteDifference, known bool) {
	switch b := body.(type) {
	case *record.Vote:
		v, ok := o.votes[b.ID]
		return b.Date, voteDiffers(v, *b), ok
	case *record.Assembly:
		v, ok := o.assembly[b.Resolution]
		return b.Date, assemblyDiffers(v, *b), ok
	}
	return date.Day{}, nil, false
}

// join lays imported votes beside the record's own: it fills what those do not
// say, adds the differences as claims, and appends what is new.
func join(drafts []council.Draft, assembly []record.Assembly, votes []council.Draft, calls []record.Assembly) ([]council.Draft, []record.Assembly, owned) {
	own := owned{map[symbol.Symbol]record.Vote{}, map[symbol.Symbol]record.Assembly{}}
	at := map[symbol.Symbol]int{}
	for i, d := range drafts {
		own.votes[d.ID] = d.Vote
		at[d.ID] = i
		if d.Draft != "" && d.Resolution == "" {
			at[d.Draft] = i
		}
	}
	for _, v := range votes {
		i, ok := at[v.ID]
		if !ok && v.Vote.Draft != "" {
			i, ok = at[v.Vote.Draft]
		}
		if ok {
			drafts[i].Vote = joinedVote(drafts[i].Vote, v.Vote)
		} else {
			drafts = append(drafts, v)
		}
	}
	calledAt := map[symbol.Symbol]int{}
	for i, c := range assembly {
		own.assembly[c.Resolution] = c
		calledAt[c.Resolution] = i
	}
	for _, c := range calls {
		if i, ok := calledAt[c.Resolution]; ok {
			assembly[i] = joinedAssembly(assembly[i], c)
		} else {
			assembly = append(assembly, c)
		}
	}
	return drafts, assembly, own
}

func joinedVote(own, lib record.Vote) record.Vote {
	out := own
	out.Claims = append(slices.Clone(own.Claims), asClaims(voteDiffers(own, lib), own.Cites, lib.Cites)...)
	filled := []string{}
	if out.Tally == nil && lib.Tally != nil {
		out.Tally, filled = lib.Tally, append(filled, "tally")
	}
	if out.Ballots == nil && lib.Ballots != nil && len(voteDiffers(own, lib)) == 0 {
		out.Ballots, filled = lib.Ballots, append(filled, "roll call")
	}
	if out.Draft == "" && lib.Draft != "" {
		out.Draft, filled = lib.Draft, append(filled, "draft")
	}
	if out.Meeting == "" && len(out.Letters) == 0 && lib.Meeting != "" {
		out.Meeting, filled = lib.Meeting, append(filled, "meeting")
	}
	out.Cites = append(slices.Clone(own.Cites), noted(lib.Cites, filled)...)
	return out
}

func joinedAssembly(own, lib record.Assembly) record.Assembly {
	out := own
	out.Claims = append(slices.Clone(own.Claims), asClaims(assemblyDiffers(own, lib), own.Cites, lib.Cites)...)
	filled := []string{}
	if out.Tally == nil && lib.Tally != nil {
		out.Tally, filled = lib.Tally, append(filled, "tally")
	}
	if out.Ballots == nil && lib.Ballots != nil {
		out.Ballots, filled = lib.Ballots, append(filled, "roll call")
	} else if len(assemblyDiffers(own, lib)) == 0 {
		if more := withBallots(&out, lib.Ballots); more > 0 {
			filled = append(filled, plural(more, "ballot", "ballots"))
		}
	}
	out.Cites = append(slices.Clone(own.Cites), noted(lib.Cites, filled)...)
	return out
}

// noted says of an import's cites what was taken from it.
func noted(cites []record.Cite, filled []string) []record.Cite {
	out := slices.Clone(cites)
	for i := range out {
		if len(filled) > 0 {
			out[i].Note = "imported; taken from it: " + strings.Join(filled, ", ")
		} else {
			out[i].Note = "imported beside it"
		}
	}
	return out
}

// asClaims are both sides of each difference, each with its speaker.
func asClaims(diffs []VoteDifference, own, lib []record.Cite) []record.Claim {
	var out []record.Claim
	side := func(about, says, speaker string, cites []record.Cite) {
		c := record.Claim{About: about, Says: says, Speaker: speaker, Hedge: record.Stated, Sure: record.Unverified}
		if len(cites) > 0 {
			c.Source, c.Sure = cites[0].Source, cites[0].Sure
		}
		out = append(out, c)
	}
	for _, d := range diffs {
		side(d.About, d.Record, "this record", own)
		side(d.About, d.Import, voteSources[record.SourceID(sourceOf(lib))], lib)
	}
	return out
}

func sourceOf(cites []record.Cite) string {
	if len(cites) == 0 {
		return ""
	}
	return cites[0].Source
}

func voteDiffers(own, lib record.Vote) []VoteDifference {
	if own.ID == "" {
		return nil
	}
	out := tallyDiffers(own.ID, own.Date, lib.Date, own.Tally, lib.Tally, own.Ballots, lib.Ballots)
	differs := func(about string, a, b symbol.Symbol) {
		if a != "" && b != "" && a != b {
			out = append(out, VoteDifference{own.ID, about, a.String(), b.String()})
		}
	}
	differs("draft", own.Draft, lib.Draft)
	differs("meeting", own.Meeting, lib.Meeting)
	if own.Mode != "" && own.Mode != record.ByVote && lib.Mode == record.ByVote || own.Mode == record.ByVote && lib.Mode != record.ByVote {
		out = append(out, VoteDifference{own.ID, "mode", string(own.Mode), string(lib.Mode)})
	}
	return out
}

func assemblyDiffers(own, lib record.Assembly) []VoteDifference {
	if own.Resolution == "" {
		return nil
	}
	return tallyDiffers(own.Resolution, own.Date, lib.Date, own.Tally, lib.Tally, own.Ballots, lib.Ballots)
}

func tallyDiffers(id symbol.Symbol, ownOn, libOn date.Day, own, lib *record.Tally, ownB, libB *record.Ballots) []VoteDifference {
	var out []VoteDifference
	if ownOn != libOn {
		out = append(out, VoteDifference{id, "date", ownOn.String(), libOn.String()})
	}
	if own != nil && lib != nil && (own.Yes != lib.Yes || own.No != lib.No || own.Abstain != lib.Abstain) {
		out = append(out, VoteDifference{id, "tally", fmt.Sprintf("%d-%d-%d", own.Yes, own.No, own.Abstain), fmt.Sprintf("%d-%d-%d", lib.Yes, lib.No, lib.Abstain)})
	}
	mine, theirs := cast(ownB), cast(libB)
	var members []country.Code
	for c := range mine {
		if v, ok := theirs[c]; ok && v != mine[c] {
			members = append(members, c)
		}
	}
	slices.Sort(members)
	for _, c := range members {
		out = append(out, VoteDifference{id, "vote of " + string(c), mine[c], theirs[c]})
	}
	return out
}

// cast is each member's ballot in a word; who was absent and who took no part are
// one, as not every source tells them apart.
func cast(b *record.Ballots) map[country.Code]string {
	out := map[country.Code]string{}
	if b == nil {
		return out
	}
	for word, of := range map[string][]country.Code{"yes": b.Yes, "no": b.No, "abstained": slices.Concat(b.Abstain, b.ObligatoryAbstain), "did not vote": slices.Concat(b.NotParticipating, b.Absent)} {
		for _, c := range of {
			out[c] = word
		}
	}
	return out
}

// AssemblyVote is a recorded vote of the General Assembly.
type AssemblyVote struct {
	record.Assembly
	Basis Basis `json:"basis"`
}

// AssemblyVote answers for one resolution of the Assembly.
func (a *Archive) AssemblyVote(ctx context.Context, at record.At, id symbol.Symbol) (AssemblyVote, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return AssemblyVote{}, err
	}
	for _, v := range s.world(at.KnownAt).assembly {
		if v.Resolution == id {
			v.Claims = claimsKnown(v.Claims, at.KnownAt)
			return AssemblyVote{v, s.basis()}, nil
		}
	}
	return AssemblyVote{}, known(fmt.Errorf("%w: no recorded vote on %s; the Library's voting data can be imported (undl-ga)", record.ErrNotFound, id), at)
}
