package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"article41/receipt"
	"article41/shelf"
)

// anchored is one word of somebody outside for the log.
type anchored struct {
	Size int64  `json:"size"`
	Says string `json:"says"`
}

func readAnchors(ctx context.Context, s shelf.Store, roots *x509.CertPool) (out []anchored, err error) {
	err = receipt.Anchors(ctx, s, roots, func(size int64, says string) { out = append(out, anchored{size, says}) })
	return out, err
}

// tsaRoots reads the file of roots; nil without one: no chain is checked.
func tsaRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, errUnable{err}
	}
	roots, err := receipt.Roots(b)
	if err != nil {
		return nil, errUnable{fmt.Errorf("%s: %w", file, err)}
	}
	return roots, nil
}

func anchorCommand(a *app) *cobra.Command {
	var db, checkpoint, request, token, cosigned, tsa, rootFile string
	var witnesses []string
	c := &cobra.Command{
		Use:   "anchor",
		Short: "Have somebody outside vouch for the log: a timestamp authority, or witnesses",
		Long: "anchor lets others vouch for the log, because whoever holds its key could write it anew. It writes the\n" +
			"log's checkpoint, and a request for a timestamp authority (RFC 3161); it takes the authority's answer,\n" +
			"or the checkpoint with witnesses' signatures, checks it and keeps it. audit checks all of them again.\n" +
			"Nobody is contacted but the address given with --tsa.",
		Example: "  article41 anchor --checkpoint now.txt --request now.tsq\n  curl -H 'Content-Type: application/timestamp-query' --data-binary @now.tsq URL > now.tsr\n" +
			"  article41 anchor --checkpoint now.txt --token now.tsr",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			roots, err := tsaRoots(rootFile)
			if err != nil {
				return err
			}
			if err := a.open(c.Context(), db, false); err != nil {
				return err
			}
			all, err := a.receipts(c.Context())
			if err != nil {
				return err
			}
			s, err := a.shelf()
			if err != nil {
				return err
			}
			kept := receipt.Anchor{Witnesses: witnesses}
			switch {
			case token != "" || cosigned != "":
				if token != "" && checkpoint == "" {
					return errUse{errors.New("--token goes with the --checkpoint it is of")}
				}
				from := checkpoint
				if cosigned != "" {
					from = cosigned
				}
				text, err := os.ReadFile(from)
				if err != nil {
					return errUnable{err}
				}
				kept.Checkpoint = string(text)
				if token != "" {
					if kept.Token, err = os.ReadFile(token); err != nil {
						return errUnable{err}
					}
				}
			default:
				if err := all.log.Follow(c.Context(), a.store); err != nil {
					return errUnable{err}
				}
				if kept.Checkpoint, err = all.Checkpoint(c.Context()); err != nil {
					return errUnable{err}
				}
				asking, err := receipt.TimestampRequest(kept.Checkpoint)
				if err != nil {
					return errUnable{err}
				}
				if checkpoint == "" {
					fmt.Fprint(a.out, kept.Checkpoint)
				} else if err := os.WriteFile(checkpoint, []byte(kept.Checkpoint), 0o644); err != nil {
					return errUnable{err}
				}
				if request != "" {
					if err := os.WriteFile(request, asking, 0o644); err != nil {
						return errUnable{err}
					}
				}
				if tsa == "" {
					return nil
				}
				if kept.Token, err = askAuthority(c.Context(), tsa, asking); err != nil {
					return errUnable{err}
				}
			}
			h, err := all.Keys(c.Context())
			if err != nil {
				return errUnable{err}
			}
			for _, k := range h { // the one that signed it may have ended since
				if kept.Key = k.Key; strings.HasPrefix(kept.Checkpoint, k.Origin()+"\n") {
					break
				}
			}
			if err := receipt.KeepAnchor(c.Context(), s, kept, roots); err != nil {
				return fmt.Errorf("the anchor is not kept: %w", err)
			}
			tree, says, err := kept.Tree(roots)
			if err == nil {
				fmt.Fprintf(a.out, "kept: the first %d leaves, %s\n", tree.N, says)
			}
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&db, "db", "", "the database `file` (default article41.db)")
	f.StringVar(&checkpoint, "checkpoint", "", "write the checkpoint to this `file`; with --token, the one it is of")
	f.StringVar(&request, "request", "", "write a timestamp request to this `file`")
	f.StringVar(&token, "token", "", "the `file` with the authority's answer")
	f.StringVar(&tsa, "tsa", "", "ask the timestamp authority at this `address` now")
	f.StringVar(&rootFile, "tsa-roots", "", "a `file` of root certificates (PEM) to one of which the authority's must lead (default: it is not checked, and the answer says so)")
	f.StringVar(&cosigned, "cosigned", "", "the `file` with the checkpoint that witnesses signed")
	f.StringSliceVar(&witnesses, "witness", nil, "a witness's public `key`, name+hash+key; may be repeated")
	return c
}

// askAuthority sends a timestamp request; the answer is checked by who keeps it.
func askAuthority(ctx context.Context, address string, request []byte) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" { // the token is signed; many authorities have no TLS
		return nil, fmt.Errorf("--tsa %q: want an address", address)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(request))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/timestamp-query")
	client := &http.Client{Timeout: 30 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the timestamp authority answers %s", resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, 1<<20))
}
