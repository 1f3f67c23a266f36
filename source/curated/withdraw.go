package curated

import (
	"slices"
	"strings"

	"article41/record"
)

// withdrawn are the kinds of fact that an overlay can take back, by how their ids
// begin: what stands on its own. A regime or a source that others rest on is
// corrected, not withdrawn.
var withdrawn = []string{"effects/", "listing/", "rule/", "instrument/", "assembly/"}

// WithdrawalFact is the id under which the withdrawal of a fact lies.
func WithdrawalFact(id record.FactID) record.FactID { return "withdrawal/" + id }

// readWithdrawals reads which entries of the record an installation takes back,
// each with its reason, and answers with the regimes without them, so that what
// is left is linted as one record.
func (r *reader) readWithdrawals(base Record, docs []*regimeDoc) []*regimeDoc {
	const file = "withdraw.yaml"
	var of []record.Withdrawal
	if !r.yaml(file, &of) {
		return docs
	}
	lines := r.lines(file)
	seen := map[record.FactID]bool{}
	for i, w := range of {
		line := lines.of("$[%d].fact", i)
		at := slices.IndexFunc(base.Entries, func(e record.Entry) bool { return e.Fact == w.Fact })
		switch {
		case seen[w.Fact]:
			r.complain(file, line, "%s is withdrawn twice", w.Fact)
			continue
		case strings.TrimSpace(w.Reason) == "":
			r.complain(file, line, "%s: a withdrawal needs its reason", w.Fact)
			continue
		case !slices.ContainsFunc(withdrawn, func(p string) bool { return strings.HasPrefix(string(w.Fact), p) }):
			r.complain(file, line, "%s: only %s can be withdrawn; correct the rest in a file of the overlay", w.Fact, strings.Join(withdrawn, ", "))
			continue
		case at < 0:
			r.complain(file, line, "%s: the record states no such fact; its effects are effects/<regime>/<symbol>, its listings listing/un/<reference>", w.Fact)
			continue
		}
		seen[w.Fact] = true
		r.state(file, line, WithdrawalFact(w.Fact), knownOn(base.Entries[at].Known), w)
		docs = without(docs, w.Fact)
		r.rules = slices.DeleteFunc(r.rules, func(u record.Rule) bool { return "rule/"+u.ID == string(w.Fact) })
	}
	return docs
}

// without is the regimes without one decision's effects, or one listing.
func without(docs []*regimeDoc, id record.FactID) []*regimeDoc {
	for i, d := range docs {
		next := *d
		next.Decisions = slices.DeleteFunc(slices.Clone(d.Decisions), func(k decisionDoc) bool {
			return "effects/"+string(d.ID)+"/"+string(k.Symbol) == string(id)
		})
		next.Listings = slices.DeleteFunc(slices.Clone(d.Listings), func(l listingDoc) bool { return "listing/un/"+l.Ref == string(id) })
		docs[i] = &next
	}
	return docs
}
