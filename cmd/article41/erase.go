package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"article41/account"
	"article41/date"
)

// erasedAnswer is what erase answers.
type erasedAnswer struct {
	Subject string          `json:"subject,omitempty"`
	Done    string          `json:"done"` // erased, held, released, ended, resumed, due
	Due     *account.Erased `json:"due,omitempty"`
}

func eraseCommand(a *app) *cobra.Command {
	var db, hold, ended, schedule string
	var release, resume, due, asJSON bool
	c := &cobra.Command{
		Use:   "erase SUBJECT",
		Short: "Destroy the key under which a subject's matter is sealed, for good; or say how long it is kept",
		Long: "erase destroys the key under which everything about a subject is sealed: whatever copy of it is\n" +
			"left, in the database or in a backup, nobody can read it again. A subject is what article41 calls\n" +
			"it, such as customer/17 or account/u-3f….",
		Example: "  article41 erase customer/17\n  article41 erase customer/17 --ended 2026-06-30\n" +
			"  article41 erase customer/17 --hold \"case 2026/114\"\n  article41 erase --due",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asked := 0
			for _, yes := range []bool{hold != "", ended != "", release, resume, due} {
				if yes {
					asked++
				}
			}
			if asked > 1 || due == (len(args) == 1) {
				return errUse{errors.New("want a SUBJECT, perhaps with one of --hold, --release, --ended, --resume; or --due alone")}
			}
			if err := a.open(c.Context(), db, false); err != nil {
				return err
			}
			v, err := a.vault(c.Context())
			if err != nil {
				return err
			}
			out := erasedAnswer{Done: "erased"}
			var s account.Subject
			if len(args) == 1 {
				out.Subject, s = args[0], account.Subject(args[0])
			}
			switch {
			case due:
				out.Done = "due"
				sched, err := readSchedule(schedule)
				if err != nil {
					return err
				}
				found, err := a.retain(c.Context(), a.now(), "command", sched)
				if err != nil {
					return errUnable{err}
				}
				out.Due = &found
			case hold != "":
				out.Done, err = "held", v.Hold(c.Context(), s, hold)
			case release:
				out.Done, err = "released", v.Release(c.Context(), s)
			case resume:
				out.Done, err = "resumed", v.Resume(c.Context(), s)
			case ended != "":
				d, e := date.ParseDay(ended)
				if e != nil {
					return errUse{fmt.Errorf("--ended: %w", e)}
				}
				out.Done, err = "ended", v.End(c.Context(), s, d)
			default:
				err = v.Erase(c.Context(), s)
			}
			if err == nil && !due { // that by the schedule is on record already
				class, _, _ := strings.Cut(out.Subject, "/")
				err = a.erased(c.Context(), a.now(), "command", class+", "+out.Done)
			}
			if err != nil {
				return err
			}
			if asJSON {
				return a.writeJSON(out)
			}
			if out.Due == nil {
				fmt.Fprintf(a.out, "%s: %s\n", out.Subject, out.Done)
				return nil
			}
			for _, class := range slices.Sorted(maps.Keys(out.Due.Classes)) {
				fmt.Fprintf(a.out, "%s: %d erased\n", class, out.Due.Classes[class])
			}
			fmt.Fprintf(a.out, "%d due were kept by a hold\n", out.Due.Held)
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&db, "db", "", "the database `file` (default article41.db)")
	f.BoolVar(&asJSON, "json", false, "answer in JSON")
	f.StringVar(&hold, "hold", "", "keep the subject from being erased, for this `reason`, such as a case number")
	f.BoolVar(&release, "release", false, "end the hold")
	f.StringVar(&ended, "ended", "", "the matter with the subject ended on this `day`: its schedule runs from there")
	f.BoolVar(&resume, "resume", false, "it goes on after all")
	f.BoolVar(&due, "due", false, "erase all whose time is over by the schedule")
	f.StringVar(&schedule, "schedule", "", "the schedule, a CSV `file` with the columns class and years (default the program's own)")
	return c
}

func readSchedule(path string) (account.Schedule, error) {
	if path == "" {
		return account.DefaultSchedule()
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errUnable{err}
	}
	defer f.Close()
	s, err := account.ReadSchedule(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return s, err
}
