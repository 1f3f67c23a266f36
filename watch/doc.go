// Package watch answers, day after day, whom of the customers the lists may mean:
// it keeps customers, screens again what a change can touch, and keeps the alerts
// that come of it, with what reviewers decided.
//
// A [Desk] keeps [Customer]s sealed, each under a key of its own. [Desk.Screen]
// brings every alert up to the lists as they stand: where an entry is new or is
// described otherwise, the customers it may mean are looked up by the entry's
// names (screen.Index.Reverse), so that the cost follows the size of the change;
// new customers are screened against all entries. An [Alert] is one customer and
// one entry: it opens once, carries the evidence, the list's version and the
// policy, and takes [Decision]s. A decision is bound to the evidence it was made
// on: it stands while the evidence stands, also when the entry goes on under
// another reference, and no longer. A [Proof] says that the base was screened,
// also when nothing changed.
//
// An alert says that a name met an entry, never that somebody did something. What
// the law says of the entry on the day is shown beside it ([Standing]); a lapse is
// shown and deletes nothing.
//
// The package reads no clock, opens no connection and knows no publisher: what is
// screened against comes as [Lists].
//
//	desk := watch.New(shelf, vault, policy)
//	added, err := desk.Add(ctx, customers...)
//	done, err := desk.Screen(ctx, lists, now, nil)
package watch
