package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"article41"
	"article41/council"
	"article41/country"
	"article41/record"
	"article41/symbol"
)

func mcpCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:   "mcp",
		Short: "Answer an agent's tools over standard input and output (Model Context Protocol); nothing is changed",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			out := &whole{w: a.out}
			t := &mcp.IOTransport{Reader: messages(a.in, out), Writer: out}
			err = agentServer(a, arc).Run(c.Context(), t)
			if errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) {
				err = nil // the agent hung up
			}
			return err
		},
	}
	c.Flags().StringVar(&q.db, "db", "", "the database `file` (default article41.db if it is there, else the shipped record alone)")
	q.laid(c)
	return c
}

// whole writes a message at a time: the server's answers and those to lines that
// are no messages come from two sides.
type whole struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *whole) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(b)
}

// Close leaves standard output open.
func (*whole) Close() error { return nil }

// messages are the lines that are JSON; another is answered with JSON-RPC's parse
// error and passed over, as the protocol's reader would end the session at it.
func messages(in io.Reader, out io.Writer) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, maxMessage)
		for lines.Scan() {
			switch b := bytes.TrimSpace(lines.Bytes()); {
			case len(b) == 0:
			case !json.Valid(b):
				io.WriteString(out, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error: the line is not JSON"}}`+"\n")
			default:
				if _, err := w.Write(append(b, '\n')); err != nil {
					return
				}
			}
		}
		w.CloseWithError(lines.Err()) // nil: the end
	}()
	return r
}

// maxMessage bounds one message, in bytes.
const maxMessage = 4 << 20

// agentDays are the coordinates as a tool takes them.
type agentDays struct {
	AsOf    string `json:"as_of,omitempty" jsonschema:"the legal day asked about, YYYY-MM-DD at New York; default today"`
	KnownAt string `json:"known_at,omitempty" jsonschema:"the last day whose publications count, YYYY-MM-DD; default today"`
}

func (d agentDays) at(a *app) (record.At, error) {
	return a.at(asked{asOf: d.AsOf, knownAt: d.KnownAt})
}

type inForceInput struct {
	Regime    string `json:"regime,omitempty" jsonschema:"a regime's id such as mali or south-sudan; leave out for every regime"`
	Territory string `json:"territory,omitempty" jsonschema:"only regimes that reach this state, a code or a name such as SSD"`
	agentDays
}

type voteInput struct {
	Symbol string `json:"symbol" jsonschema:"the symbol of a draft or resolution, such as S/2023/638 or S/RES/2374"`
	agentDays
}

type whatIfInput struct {
	Symbol string            `json:"symbol" jsonschema:"the draft whose votes are changed, such as S/2023/638"`
	Votes  map[string]string `json:"votes,omitempty" jsonschema:"ballots to change, by member: RUS to abstain, yes, no, absent"`
	Adopt  []string          `json:"adopt,omitempty" jsonschema:"symbols of drafts to take as adopted"`
	agentDays
}

type screenInput struct {
	Name      string   `json:"name" jsonschema:"the name of a person, body, ship or aircraft, in any script"`
	Kind      string   `json:"kind,omitempty" jsonschema:"person, entity, company, vessel or aircraft"`
	Born      string   `json:"born,omitempty" jsonschema:"YYYY, YYYY-MM or YYYY-MM-DD"`
	Countries []string `json:"countries,omitempty" jsonschema:"nationalities, codes or names"`
	Limit     int      `json:"limit,omitempty" jsonschema:"at most this many hits"`
	agentDays
}

type historyInput struct {
	Entry string `json:"entry" jsonschema:"the reference of a list's entry, such as MLi.005"`
	List  string `json:"list,omitempty" jsonschema:"the list's id; default un, the Council's"`
	agentDays
}

// agentServer offers the questions that only read. Every answer is the JSON that
// the command of the same name prints.
func agentServer(a *app, arc *article41.Archive) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "article41", Version: programVersion()}, &mcp.ServerOptions{
		Instructions: "Answers about United Nations sanctions on any day: what was in force and by which paragraph, votes, what another vote would have changed, whether a name meets a listed entry, an entry's history. A match says that a name's score reached a threshold, never that two bearers of a name are one; nothing found means not found in the lists named, never cleared. Quote the paragraph and the day with each answer. Not affiliated with the United Nations."})
	tool(s, "in_force", "What was in force on a day: measures, mandates and bodies of one regime or all, each with its paragraph, its last day and, if it ended, why.",
		func(ctx context.Context, in inForceInput) (any, error) {
			at, err := in.at(a)
			if err != nil {
				return nil, err
			}
			switch {
			case in.Regime != "" && in.Territory != "":
				return nil, fmt.Errorf("regime and territory: want one of them")
			case in.Regime != "":
				return arc.Status(ctx, at, record.RegimeID(in.Regime))
			case in.Territory != "":
				code, err := country.Parse(in.Territory)
				if err != nil {
					return nil, err
				}
				all, err := arc.Over(ctx, at, code)
				return map[string]any{"regimes": all}, err
			}
			all, err := arc.Statuses(ctx, at)
			return map[string]any{"regimes": all}, err
		})
	tool(s, "vote", "What became of a draft resolution: the outcome and its reason, the roll call, rivals, and what it did.",
		func(ctx context.Context, in voteInput) (any, error) {
			at, err := in.at(a)
			if err != nil {
				return nil, err
			}
			sym, err := symbol.Parse(in.Symbol)
			if err != nil {
				return nil, err
			}
			return arc.Vote(ctx, at, sym)
		})
	tool(s, "what_if", "What would be in force had members voted otherwise, or had a draft been adopted: the actual and the other course beside each other, with what that assumes.",
		func(ctx context.Context, in whatIfInput) (any, error) {
			at, err := in.at(a)
			if err != nil {
				return nil, err
			}
			sym, changes, err := in.changes()
			if err != nil {
				return nil, err
			}
			return arc.WhatIf(ctx, at, sym, changes)
		})
	tool(s, "screen", "Whether a name meets an entry of the sanctions lists held, with the reasons of the score, and which measures bound that entry on the day.",
		func(ctx context.Context, in screenInput) (any, error) {
			at, err := in.at(a)
			if err != nil {
				return nil, err
			}
			return arc.Screen(ctx, at, article41.Query{Name: in.Name, Kind: in.Kind, Born: in.Born, Countries: in.Countries, Limit: in.Limit})
		})
	tool(s, "history", "The history of one entry of a list: each stay on it, what it said, what changed, and where it stands on the day.",
		func(ctx context.Context, in historyInput) (any, error) {
			at, err := in.at(a)
			if err != nil {
				return nil, err
			}
			list := record.SourceID("un")
			if in.List != "" {
				list = record.SourceID(in.List)
			}
			return arc.Entry(ctx, at, list, in.Entry, false)
		})
	return s
}

// changes reads what a what-if alters, in the order of the members, so that the
// same question has the same answer.
func (in whatIfInput) changes() (symbol.Symbol, []article41.Change, error) {
	sym, err := symbol.Parse(in.Symbol)
	if err != nil {
		return "", nil, err
	}
	var out []article41.Change
	ch := article41.Change{Draft: sym}
	for who, how := range in.Votes {
		member, err := country.Parse(who)
		if err != nil {
			return "", nil, fmt.Errorf("votes: %w", err)
		}
		ballot, err := council.ParseBallot(how)
		if err != nil {
			return "", nil, fmt.Errorf("votes: %s: %w", who, err)
		}
		ch.Votes = append(ch.Votes, council.Switch{Member: member, Ballot: ballot})
	}
	if len(ch.Votes) > 0 {
		slices.SortFunc(ch.Votes, func(a, b council.Switch) int { return cmp.Compare(a.Member, b.Member) })
		out = append(out, ch)
	}
	for _, text := range in.Adopt {
		rival, err := symbol.Parse(text)
		if err != nil {
			return "", nil, fmt.Errorf("adopt: %w", err)
		}
		out = append(out, article41.Change{Draft: rival, Adopt: true})
	}
	if len(out) == 0 {
		return "", nil, fmt.Errorf("nothing is changed: give votes or adopt")
	}
	return sym, out, nil
}

// tool adds a tool that only reads. An error is told to the agent, which can ask
// better.
func tool[In any](s *mcp.Server, name, what string, answer func(context.Context, In) (any, error)) {
	closed := false
	mcp.AddTool(s, &mcp.Tool{Name: name, Description: what, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: &closed}},
		func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
			v, err := answer(ctx, in)
			return nil, v, err
		})
}
