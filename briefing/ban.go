package briefing

import (
	"context"
	"fmt"
	"time"

	"article41/record"
	"article41/shelf"
)

// Anybody can type anybody's e-mail address. A ban is by the address only where its
// holder followed a link that came by mail; else by the network that the comment came
// from, and then for days, as others may share it. Kept is a keyed hash of either,
// never the address itself.

// Ban keeps whoever wrote a comment from commenting until a day.
type Ban struct {
	Until   time.Time `json:"until"`
	By      string    `json:"by"`
	Reason  Reason    `json:"reason"`
	Comment ID        `json:"comment"`
	Of      string    `json:"of"` // address or network
}

// What a ban is of.
const (
	ofAddress = "address"
	ofNetwork = "network"
)

const (
	longestBan        = 365 // days
	longestNetworkBan = 7
)

// networkKey is a ban's key for a network's hash.
func networkKey(hash string) string {
	if hash == "" {
		return ""
	}
	return "network-" + hash
}

// network is the keyed hash of where a post came from; empty: that is not known.
func (d *Desk) network(address string) string {
	n := Network(address)
	if n == "unknown" {
		return ""
	}
	return d.mac("network " + n)
}

// banned is the ban that a post falls under, if any.
func (d *Desk) banned(who, network string, now time.Time) (Ban, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, key := range []string{who, networkKey(network)} {
		if b, ok := d.bans[key]; ok && key != "" && now.Before(b.Until) {
			return b, true
		}
	}
	return Ban{}, false
}

// BanOf says what a ban of a comment's author would be of, and for how many days at
// most.
func (d *Desk) BanOf(id ID) (of string, days int) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	h := d.comments[id]
	switch {
	case h == nil:
		return "", 0
	case h.Confirmed && h.Who != "":
		return ofAddress, longestBan
	case h.Network != "":
		return ofNetwork, longestNetworkBan
	}
	return "", 0
}

// Ban bans the author of a comment for some days; 0 lifts the ban. The log says what
// the ban is of.
func (d *Desk) Ban(ctx context.Context, id ID, days int, why Reason, by string, now time.Time) error {
	of, most := d.BanOf(id)
	if of == "" {
		return fmt.Errorf("%w: there is no comment %s, or its author is not known any more", record.ErrNotFound, clip(string(id)))
	}
	if days < 0 || days > most {
		return fmt.Errorf("%w: a ban of %d days: want 1 to %d by %s, or 0 to lift it", record.ErrInvalid, days, most, of)
	}
	if days > 0 && why.Words(English) == "" {
		return fmt.Errorf("%w: nobody is banned without a reason from the table", record.ErrInvalid)
	}
	d.mu.RLock()
	h := d.comments[id]
	d.mu.RUnlock()
	key := h.Who
	if of == ofNetwork {
		key = networkKey(h.Network)
	}
	l, err := d.log(LogEntry{By: by, Do: "ban", Comment: id, About: of, Reason: why, Days: days}, now)
	if err != nil {
		return err
	}
	b := shelf.Drawer[Ban]{Kind: kindBan}.Change(shelf.ID(key), shelf.Any, Ban{now.AddDate(0, 0, days).UTC(), by, why, id, of})
	if days == 0 {
		b = shelf.Change{Kind: kindBan, ID: shelf.ID(key), Version: shelf.Any, Gone: true}
	}
	if _, err := d.Store.Write(ctx, b, l); err != nil {
		return err
	}
	return d.Follow(ctx)
}
