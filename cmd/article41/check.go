package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"article41/compile"
	"article41/data"
	"article41/source/curated"
)

// checked is the answer of check.
type checked struct {
	Record   string            `json:"record"`
	Entries  int               `json:"entries"`
	Folder   string            `json:"folder,omitempty"`
	Overlay  string            `json:"overlay,omitempty"`
	Problems []curated.Problem `json:"problems"`
	Against  *compile.Report   `json:"against,omitempty"`
}

func checkCommand(a *app) *cobra.Command {
	var asJSON bool
	var folder, against, over string
	c := &cobra.Command{
		Use:   "check",
		Short: "Lint the record: every complaint at once, with its file and line",
		Long:  "Lint the record. In a clone it lints the folder data, where a researcher edits; elsewhere\nit checks the record in the binary against its own digest. With --against it recomputes\nand compares with the public sources in that folder.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			out := checked{Problems: []curated.Problem{}}
			if folder == "" && exists("data/version.yaml") {
				folder = "data"
			}
			if folder != "" && !exists(filepath.Join(folder, "version.yaml")) {
				return errUnable{fmt.Errorf("%s: no folder of the record: version.yaml is not in it", folder)}
			}
			if folder != "" {
				rec, problems := curated.Read(os.DirFS(folder))
				out.Folder, out.Record, out.Entries = folder, rec.Edition.Version, len(rec.Entries)
				out.Problems = append(out.Problems, problems...)
			} else {
				rec, err := curated.Unpack(bytes.NewReader(data.Pack))
				if err != nil {
					return err
				}
				out.Record, out.Entries = rec.Edition.Version, len(rec.Entries)
			}
			if over != "" {
				if s, err := os.Stat(over); err != nil || !s.IsDir() {
					return errUse{fmt.Errorf("overlay %s: want a folder", over)}
				}
				rec, err := shipped()
				if err != nil {
					return err
				}
				laid, problems := curated.ReadOverlay(os.DirFS(over), curated.Record{Edition: rec.Edition, Entries: rec.Entries})
				out.Overlay, out.Entries = over, len(laid.Entries)
				for _, p := range problems {
					p.File = filepath.Join(over, filepath.FromSlash(p.File))
					out.Problems = append(out.Problems, p)
				}
			}
			failed := len(out.Problems) > 0
			if against != "" {
				if folder == "" {
					return errUse{fmt.Errorf("--against compares the folder of the record, which a clone holds: run it there, or give --data")}
				}
				if exists(filepath.Join(against, "council-votes")) { // the folder itself, not the one it lies in
					against = filepath.Dir(filepath.Clean(against))
				}
				r, err := compile.Against(against, folder)
				if err != nil {
					return err
				}
				out.Against = &r
				lint, err := compile.Lint(folder)
				if err != nil {
					return err
				}
				for _, l := range lint {
					out.Problems = append(out.Problems, curated.Problem{File: "votes", What: l})
				}
				failed = failed || r.Err() != nil || len(lint) > 0
			}
			if asJSON {
				if err := a.writeJSON(out); err != nil {
					return err
				}
			} else {
				for _, p := range out.Problems {
					fmt.Fprintln(a.out, p)
				}
				if out.Against != nil {
					out.Against.Write(a.out)
				}
				noun := "problems"
				if len(out.Problems) == 1 {
					noun = "problem"
				}
				fmt.Fprintf(a.out, "record %s: %d entries, %d %s\n", out.Record, out.Entries, len(out.Problems), noun)
			}
			if failed {
				return errNothing
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	c.Flags().StringVar(&folder, "data", "", "the record's `folder` (default data, if it is there)")
	c.Flags().StringVar(&over, "overlay", "", "lint this `folder` of one's own facts as one with the shipped record")
	c.Flags().StringVar(&against, "against", "", "compare with the public sources in this `folder`")
	return c
}
