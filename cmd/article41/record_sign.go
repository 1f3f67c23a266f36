package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"article41/record"
	"article41/source/curated"
)

func keygenCommand(a *app) *cobra.Command {
	var out, name string
	c := &cobra.Command{
		Use:   "keygen",
		Short: "Make a key to sign bundles with",
		Long: "Make a key to sign bundles with: OUT.key is to be kept, by you alone; OUT.pub is for\n" +
			"those who are to trust it. Neither file is overwritten.",
		Example: "  article41 record keygen --out desk --name 'the desk, 2027'",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			k, err := curated.NewKey(rand.Reader, name)
			if err != nil {
				return err
			}
			if err := create(out+".key", "# Whoever has this can sign in your name.\n"+k.Secret()+"\n", 0o600); err != nil {
				return err
			}
			if err := create(out+".pub", k.Public().String()+"\n", 0o644); err != nil {
				os.Remove(out + ".key") // a private key whose public one nobody has
				return err
			}
			fmt.Fprintf(a.out, "%s.key: keep it to yourself\n%s.pub: key %s\n", out, out, k.Public().ID())
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "article41", "what the two `files` are called before .key and .pub")
	c.Flags().StringVar(&name, "name", "", "whose key it is, in a `line`")
	return c
}

// create writes a file that was not there.
func create(name, text string, mode os.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return errUnable{err}
	}
	_, err = f.WriteString(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		os.Remove(name)
		return errUnable{err}
	}
	return nil
}

func signCommand(a *app) *cobra.Command {
	var private, out string
	var detached bool
	c := &cobra.Command{
		Use:   "sign PACK|FOLDER",
		Short: "Sign a record as a bundle that others can take in",
		Long: "Sign a packed record, or a folder of the record's YAML and CSV, which is linted and packed\n" +
			"first. With --detached the envelope lies beside the pack, in PACK.sig.",
		Example: "  article41 record sign data --private-key desk.key --out record-2027-01-15.a41\n" +
			"  article41 record sign data/record.pack --private-key desk.key --detached",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if private == "" {
				return errUse{errors.New("--private-key is missing: article41 record keygen makes one")}
			}
			key, err := readPrivate(private)
			if err != nil {
				return err
			}
			pack, err := a.packOf(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = args[0] + ".a41"
				if detached {
					out = args[0] + ".sig"
				}
			}
			if s, err := os.Stat(args[0]); err == nil && s.IsDir() && detached {
				return errUse{errors.New("--detached wants a pack that the envelope can lie beside, not a folder")}
			}
			var b bytes.Buffer
			made, err := curated.WriteBundle(&b, pack, key, a.now(), detached)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if err := create(out, b.String(), 0o644); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s: edition %d (%s), %d entries, %d bytes; signed by %s\n", out, made.Edition.Number, made.Edition.Version, made.Edition.Entries, b.Len(), made.Key)
			return nil
		},
	}
	c.Flags().StringVar(&private, "private-key", "", "the `file` of the private key")
	c.Flags().StringVar(&out, "out", "", "the `file` to write (default PACK.a41, detached PACK.sig)")
	c.Flags().BoolVar(&detached, "detached", false, "write the envelope alone")
	return c
}

// packOf is the pack in a file, or that of a folder.
func (a *app) packOf(from string) ([]byte, error) {
	s, err := os.Stat(from)
	if err != nil {
		return nil, errUnable{err}
	}
	if !s.IsDir() {
		return a.readBounded(from)
	}
	rec, problems := curated.Read(os.DirFS(from))
	if len(problems) > 0 {
		writeProblems(a.err, from, problems)
		return nil, fmt.Errorf("%w: %s has %d problems; a record with problems is not signed", record.ErrInvalid, from, len(problems))
	}
	var b bytes.Buffer
	err = curated.Pack(&b, rec)
	return b.Bytes(), err
}

// readPrivate reads a private key, which nobody else may be able to read.
func readPrivate(file string) (curated.PrivateKey, error) {
	f, err := os.Open(file)
	if err != nil {
		return curated.PrivateKey{}, errUnable{err}
	}
	defer f.Close()
	s, err := f.Stat()
	if err != nil {
		return curated.PrivateKey{}, errUnable{err}
	}
	if runtime.GOOS != "windows" && s.Mode().Perm()&0o077 != 0 {
		return curated.PrivateKey{}, fmt.Errorf("%w: %s can be read by others than you (%s): chmod 600 it, and think of who has read it", record.ErrInvalid, file, s.Mode().Perm())
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		return curated.PrivateKey{}, errUnable{err}
	}
	return curated.ReadPrivateKey(file, b.Bytes())
}
