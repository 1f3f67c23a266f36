package monitor

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"article41/account"
	"article41/date"
	"article41/record"
)

// Withdraw takes a published incident back, with the findings that are about it
// alone; or, with a finding's id, that finding alone. Nothing is deleted: the record
// shows as withdrawn, with the reason, and is not counted any more. To publish it
// again is to enter it again.
func (d *Desk) Withdraw(ctx context.Context, now time.Time, id record.IncidentID, finding record.FindingID, why string) error {
	if err := may(ctx, account.Publish); err != nil {
		return err
	}
	if why = strings.TrimSpace(why); why == "" || utf8.RuneCountInString(why) > 1000 {
		return fmt.Errorf("%w: say why it is withdrawn, in at most 1000 letters", record.ErrInvalid)
	}
	today := date.DayOf(now)
	_, fs, err := d.Ledger.Published(ctx, today, id)
	if err != nil {
		return err
	}
	var facts []record.FactID
	if finding == "" {
		facts = append(facts, "incident/"+record.FactID(id))
	}
	for _, f := range fs {
		if f.ID == finding || finding == "" && len(f.Incidents) == 1 {
			facts = append(facts, "finding/"+record.FactID(f.ID))
		}
	}
	if len(facts) == 0 {
		return fmt.Errorf("%w: %s has no finding %q", record.ErrNotFound, id, clip(string(finding)))
	}
	return d.Ledger.Withdraw(ctx, now, today, facts, why)
}
