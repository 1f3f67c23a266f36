package monitor

import (
	"context"
	"fmt"
	"time"

	"article41/account"
	"article41/date"
	"article41/record"
)

// Merge says that two published incidents are one event. Both records stay: the
// second points to the first and is no longer counted; nothing is added up.
func (d *Desk) Merge(ctx context.Context, now time.Time, keep, other record.IncidentID, why string) error {
	if err := may(ctx, account.Publish); err != nil {
		return err
	}
	if keep == other {
		return fmt.Errorf("%w: an incident is not merged with itself", record.ErrInvalid)
	}
	if why == "" {
		return fmt.Errorf("%w: say why the two are one event", record.ErrInvalid)
	}
	today := date.DayOf(now)
	a, _, err := d.Ledger.Published(ctx, today, keep)
	if err != nil {
		return err
	}
	b, _, err := d.Ledger.Published(ctx, today, other)
	if err != nil {
		return err
	}
	switch {
	case a.Merged != "":
		return fmt.Errorf("%w: %s is itself merged into %s", record.ErrConflict, keep, a.Merged)
	case b.Merged != "":
		return fmt.Errorf("%w: %s is merged into %s already", record.ErrConflict, other, b.Merged)
	}
	mark := record.Erratum{On: today, What: "same event", Was: "two records", Is: fmt.Sprintf("%s and %s are one event; both stay", keep, other), Why: why, By: account.Of(ctx).ID}
	cite := record.Cite{Source: string(DeskSource), Sure: record.Verified, Note: why}
	b.Merged = keep
	a.Links = append(a.Links, record.IncidentLink{Kind: "incident", To: string(other), As: "the same event", Cite: cite})
	b.Links = append(b.Links, record.IncidentLink{Kind: "incident", To: string(keep), As: "the same event", Cite: cite})
	a.Errata, b.Errata = append(a.Errata, mark), append(b.Errata, mark)
	return d.Ledger.Publish(ctx, now, today, []record.Incident{a, b}, nil)
}
