package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/record"
	"article41/stream"
)

// finding is one thing that doctor looked at.
type finding struct {
	What   string `json:"what"`
	State  string `json:"state"` // fine, noted, ill
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// The states of a finding.
const (
	fine  = "well"
	noted = "note"
	ill   = "ill"
)

// stale is the age at which a list is noted: publishers amend theirs more often.
const stale = 14

func doctorCommand(a *app) *cobra.Command {
	var q asked
	var nats string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look an installation over: database, keys, lists, clock, room; exit 1 if something is ill",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if q.db == "" {
				q.db = defaultDB
			}
			found := a.look(c.Context(), q, nats)
			bad := false
			for _, f := range found {
				bad = bad || f.State == ill
			}
			if q.asJSON {
				if err := a.writeJSON(found); err != nil {
					return err
				}
			} else {
				var rows [][]string
				for _, f := range found {
					text := strings.Join(strings.Fields(f.Detail), " ") // one line a finding
					if f.Remedy != "" {
						text += "; " + f.Remedy
					}
					rows = append(rows, []string{f.State, f.What, text})
				}
				table(a.out, rows)
			}
			if bad {
				return errNothing
			}
			return nil
		},
	}
	c.Flags().StringVar(&q.db, "db", "", "the database (default article41.db)")
	c.Flags().BoolVar(&q.asJSON, "json", false, "answer in JSON")
	c.Flags().StringVar(&nats, "nats", "", "the `address` of the NATS cluster that workers use, if they do")
	return c
}

// look looks at one thing after the other; what depends on one that is ill is
// left out.
func (a *app) look(ctx context.Context, q asked, nats string) (found []finding) {
	say := func(what, state, detail, remedy string) {
		found = append(found, finding{what, state, detail, remedy})
	}
	say("program", fine, fmt.Sprintf("%s, %s on %s/%s", programVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH), "")
	rec, err := shipped()
	if err != nil {
		say("record", ill, err.Error(), "this build is damaged; build or fetch it anew")
		return found
	}
	say("record", fine, fmt.Sprintf("edition %d with %d facts in the program", rec.Edition.Number, len(rec.Entries)), "")
	if nats != "" {
		if bus, err := stream.Connect(nats, 1); err != nil {
			say("stream", ill, err.Error(), "is the cluster up, and may this machine reach it?")
		} else {
			bus.Close()
			say("stream", fine, "reached "+nats, "")
		}
	}
	if !strings.Contains(q.db, ":") && !exists(q.db) {
		say("database", noted, q.db+": there is none", "article41 serve or import makes one")
		return found
	}
	store, err := a.ledger(ctx, q.db, false)
	if err != nil {
		say("database", ill, err.Error(), remedyOf(q.db, err))
		return found
	}
	a.store, a.db = store, q.db
	head, err := store.Head(ctx)
	if err == nil {
		err = record.Verify(ctx, store)
	}
	if err != nil {
		say("ledger", ill, err.Error(), "restore a backup; article41 audit places the damage")
		return found
	}
	say("ledger", fine, fmt.Sprintf("%s, sound, head %s", entries(head.Position), head.Digest), "")
	found = append(found, a.lookClock(ctx, store)...)
	found = append(found, lookFiles(q.db)...)
	found = append(found, a.lookKeys(ctx)...)
	arc, err := article41.Open(ctx, store, rec, a.now())
	if err != nil {
		say("archive", ill, err.Error(), "a newer program wrote this ledger? use that one")
		return found
	}
	return append(found, a.lookLists(ctx, arc)...)
}

// remedyOf says what to do about a database that cannot be opened.
func remedyOf(db string, err error) string {
	switch {
	case errors.Is(err, record.ErrNewer):
		return "use the newer program, or restore a backup of before"
	case strings.Contains(db, "://"):
		return "is the server up, is the address right, and may this machine and that user reach it?"
	}
	return "let it and its folder belong to whoever runs this; if it is damaged, article41 restore puts a backup back"
}

// lookKeys sees whether the master key opens the keys. Where there are none it
// makes none.
func (a *app) lookKeys(ctx context.Context) []finding {
	keys := a.sealing.keys
	if keys == "" {
		keys = a.keysName()
	}
	if !strings.Contains(keys, "://") && !exists(keys) {
		return []finding{{"keys", noted, keys + ": there are none", "they are made at first need; if they lie elsewhere, name them with --keys"}}
	}
	if _, err := a.vault(ctx); err != nil {
		return []finding{{"keys", ill, err.Error(), "name the master key they were made under: --master-key-file, --master-key-command or ARTICLE41_MASTER_KEY"}}
	}
	return []finding{{"keys", fine, address(keys) + " opens under the master key", ""}}
}

// lookClock compares this machine's clock with the latest instant in the ledger,
// which is not its last where a clock was once behind.
func (a *app) lookClock(ctx context.Context, store record.Store) []finding {
	var last time.Time
	if err := store.Ranges(ctx, 0, func(r record.Range) error {
		if r.Recorded.After(last) {
			last = r.Recorded
		}
		return nil
	}); err != nil {
		return []finding{{"clock", ill, err.Error(), ""}}
	}
	if ahead := last.Sub(a.now()); ahead > 5*time.Minute {
		return []finding{{"clock", ill, fmt.Sprintf("a range of the ledger was recorded %s after now", ahead.Round(time.Second)), "set this machine's clock"}}
	}
	return []finding{{"clock", fine, "no range was recorded after now, " + a.now().UTC().Format(time.RFC3339), ""}}
}

// lookFiles looks at who may read the database's files, and the room left.
func lookFiles(db string) (found []finding) {
	if strings.Contains(db, "://") {
		return nil
	}
	for _, f := range []string{db + ".keys", db + ".keys.master", strings.TrimSuffix(db, ".db") + ".key"} {
		s, err := os.Stat(f)
		if err != nil {
			continue
		}
		if s.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			found = append(found, finding{"keys", ill, fmt.Sprintf("%s can be read by others (%s)", filepath.Base(f), s.Mode().Perm()), "chmod 600"})
		} else {
			found = append(found, finding{"keys", fine, filepath.Base(f) + " is its owner's alone", ""})
		}
	}
	s, err := os.Stat(db)
	if err != nil {
		return append(found, finding{"room", ill, err.Error(), ""})
	}
	free, ok := room(filepath.Dir(db))
	switch size := uint64(s.Size()); {
	case !ok:
	case free < max(size/4, 256<<20):
		found = append(found, finding{"room", ill, fmt.Sprintf("%d MB free beside a database of %d MB", free>>20, size>>20), "make room: an import stages before it publishes"})
	default:
		found = append(found, finding{"room", fine, fmt.Sprintf("%d MB free beside a database of %d MB", free>>20, size>>20), ""})
	}
	return found
}

// lookLists notes lists that are old, cut or damaged.
func (a *app) lookLists(ctx context.Context, arc *article41.Archive) (found []finding) {
	today := date.DayOf(a.now())
	lists, err := arc.Lists(ctx, record.At{AsOf: today, KnownAt: today})
	if err != nil {
		return []finding{{"lists", ill, err.Error(), ""}}
	}
	for _, l := range lists {
		if l.Newest == nil {
			continue
		}
		f := finding{What: "list " + string(l.List), State: fine, Detail: fmt.Sprintf("%s, version of %s", entries(l.Entries), l.Newest)}
		age := today.Sub(*l.Newest)
		switch {
		case l.Partial:
			f.State, f.Detail, f.Remedy = ill, f.Detail+", cut", "import a whole one"
		case age > stale:
			f.State, f.Detail, f.Remedy = noted, fmt.Sprintf("%s, %d days old", f.Detail, age), "article41 update "+string(l.List)
		case l.Damaged:
			f.State, f.Detail = noted, f.Detail+", damaged as published"
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		found = append(found, finding{"lists", noted, "none is held but the record's own", "article41 update"})
	}
	return found
}
