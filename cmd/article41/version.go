package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"article41/date"
	"article41/record"
	"article41/screen"
)

// version is the answer of version.
type version struct {
	Program string        `json:"program"`
	Engine  string        `json:"engine"`
	Rarity  string        `json:"rarity"`
	Record  string        `json:"record"`
	Edition uint64        `json:"edition"`
	Digest  record.Digest `json:"digest"`
	Entries int           `json:"entries"`
	Today   date.Day      `json:"today"` // the legal day in New York
}

func programVersion() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(devel)"
}

func versionCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "version",
		Short: "Which program, engine and record this is",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			rec, err := shipped()
			if err != nil {
				return err
			}
			v := version{programVersion(), screen.Engine, screen.RarityVersion, rec.Edition.Version, rec.Edition.Number,
				rec.Edition.Digest, rec.Edition.Entries, date.DayOf(a.now())}
			if asJSON {
				return a.writeJSON(v)
			}
			fmt.Fprintf(a.out, "article41 %s\nengine %s, rarity table %s\nrecord %s (edition %d, %d entries, %s)\n",
				v.Program, v.Engine, v.Rarity, v.Record, v.Edition, v.Entries, v.Digest)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}
