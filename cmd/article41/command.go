package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"article41/record"
)

// world is what a command may touch of the outside.
type world struct {
	in     io.Reader
	out    io.Writer
	err    io.Writer
	getenv func(string) string
	now    func() time.Time
}

// commands is the table of commands, in the order of the help.
var commands = []func(*app) *cobra.Command{
	serveCommand,
	statusCommand,
	lawCommand,
	voteCommand,
	assemblyCommand,
	whatifCommand,
	screenCommand,
	paymentCommand,
	policyCommand,
	listingCommand,
	calendarCommand,
	storyCommand,
	monitorCommand,
	compareCommand,
	workerCommand,
	submitCommand,
	answersCommand,
	alignCommand,
	powerCommand,
	importCommand,
	updateListsCommand,
	historyCommand,
	ownershipCommand,
	exportCommand,
	changesCommand,
	watchCommand,
	alertsCommand,
	diffCommand,
	checkCommand,
	auditCommand,
	doctorCommand,
	copyCommand,
	verifyCommand,
	recordCommand,
	mcpCommand,
	loadCommand,
	compileCommand,
	accountCommand,
	keyCommand,
	anchorCommand,
	signingKeyCommand,
	backupCommand,
	restoreCommand,
	eraseCommand,
	versionCommand,
}

const (
	exitAnswered = 0
	exitNothing  = 1
	exitUse      = 2
	exitUnable   = 3
)

// errNothing ends a command with status 1 after it has said what it had to say.
var errNothing = errors.New("nothing found")

// errUse is wrong use; errUnable is a file, list or database that cannot be read.
type (
	errUse    struct{ error }
	errUnable struct{ error }
)

// run is the whole program; a test can start and stop it.
func run(ctx context.Context, w world, args []string) int {
	a := &app{world: w}
	root := &cobra.Command{
		Use:           "article41",
		Short:         "The open record and engine of United Nations sanctions",
		Long:          "article41 answers, for any day, what United Nations sanctions were in force, on whom,\nby which paragraph and until when; screens names against that; and shows what one vote\nwould have changed. It is not affiliated with the United Nations.",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(args)
	root.SetIn(w.in)
	root.SetOut(w.out)
	root.SetErr(w.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return errUse{err} })
	a.sealing.flags(root.PersistentFlags())
	for _, c := range commands {
		cmd := c(a)
		if check := cmd.Args; check != nil {
			cmd.Args = func(c *cobra.Command, args []string) error {
				if err := check(c, args); err != nil {
					return errUse{fmt.Errorf("%w\nusage: %s", err, c.UseLine())}
				}
				return nil
			}
		}
		root.AddCommand(cmd)
	}
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error { return environment(c.Flags(), w.getenv) }
	err := root.ExecuteContext(ctx)
	if closing := a.close(); err == nil {
		err = closing
	}
	var use errUse
	var unable errUnable
	switch {
	case err == nil:
		return exitAnswered
	case errors.Is(err, errNothing):
		return exitNothing
	case errors.As(err, &use) || strings.HasPrefix(err.Error(), "unknown command"):
		fmt.Fprintln(w.err, "article41:", err)
		return exitUse
	case errors.As(err, &unable):
		fmt.Fprintln(w.err, "article41:", err)
		return exitUnable
	case errors.Is(err, record.ErrNotFound):
		fmt.Fprintln(w.err, "article41:", err)
		return exitNothing
	case errors.Is(err, record.ErrInvalid):
		fmt.Fprintln(w.err, "article41:", err)
		return exitUse
	}
	fmt.Fprintln(w.err, "article41:", err)
	return exitUnable
}

// environment fills flags that were not given from their environment name:
// --list-date is ARTICLE41_LIST_DATE.
func environment(flags *pflag.FlagSet, getenv func(string) string) error {
	var first error
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" {
			return
		}
		name := "ARTICLE41_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if v := getenv(name); v != "" {
			if err := flags.Set(f.Name, v); err != nil && first == nil {
				first = errUse{fmt.Errorf("%s: %w", name, err)}
			}
		}
	})
	return first
}

// exists reports whether a file is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
