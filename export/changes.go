package export

import (
	"fmt"
	"time"

	"article41"
)

// ChangesFeed is a stretch of the change log as a feed, newest first. A story's id
// is its cursor, so a reader that comes back meets none twice; who wants every
// change and in order asks for the log itself. The site is an address with no
// slash behind it; now stands for a log without changes.
func ChangesFeed(log article41.Log, site string, now time.Time) Feed {
	out := Feed{Title: "article41: changes of the record and the lists", Address: site + "/changes.atom", Self: site + "/changes.atom", Updated: now}
	for i := len(log.Changes) - 1; i >= 0; i-- {
		c := log.Changes[i]
		at := c.Recorded
		if at.IsZero() {
			at = c.Known.At(0, 0)
		}
		if len(out.Stories) == 0 {
			out.Updated = at
		}
		out.Stories = append(out.Stories, Story{ID: fmt.Sprintf("%s/changes.atom#%d", site, c.Cursor), Title: c.Sentence, Lead: c.Sentence, By: string(c.Source),
			Address: fmt.Sprintf("%s/api/v1/changes?after=%d&limit=1", site, c.Cursor-1), Published: at, Updated: at})
	}
	return out
}
