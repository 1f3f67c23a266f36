package receipt

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
)

// A checkpoint is the signed head of the log as a note: a line of origin, the
// size, the root in base64, and signatures, ours and perhaps those of witnesses.

// Origin is the name under which a key signs checkpoints.
func Origin(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return "article41-" + hex.EncodeToString(sum[:6])
}

// noteVerifier and noteSigner are a key as the note format has it.
func noteVerifier(key ed25519.PublicKey) (note.Verifier, error) {
	vkey, err := note.NewEd25519VerifierKey(Origin(key), key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(vkey)
}

func noteSigner(key ed25519.PrivateKey) (note.Signer, error) {
	pub := key.Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(Origin(pub), pub)
	if err != nil {
		return nil, err
	}
	hash := strings.Split(vkey, "+")[1]
	return note.NewSigner("PRIVATE+KEY+" + Origin(pub) + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, key.Seed()...)))
}

// SignTree makes a checkpoint of the tree.
func SignTree(key ed25519.PrivateKey, t tlog.Tree) (string, error) {
	signer, err := noteSigner(key)
	if err != nil {
		return "", err
	}
	text := signer.Name() + "\n" + strconv.FormatInt(t.N, 10) + "\n" + t.Hash.String() + "\n"
	b, err := note.Sign(&note.Note{Text: text}, signer)
	return string(b), err
}

// ErrCheckpoint says that a checkpoint is not signed by the key it should be.
var ErrCheckpoint = errors.New("the checkpoint is not signed by this key")

// OpenCheckpoint reads a checkpoint that the key signed. witnesses, as their keys
// are published (name+hash+key), are those whose signatures are looked for; the
// names of those who signed come back.
func OpenCheckpoint(text string, key ed25519.PublicKey, witnesses ...string) (tlog.Tree, []string, error) {
	name := Origin(key)
	mine, err := noteVerifier(key)
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	known := []note.Verifier{mine}
	for _, k := range witnesses {
		v, err := note.NewVerifier(k)
		if err != nil {
			return tlog.Tree{}, nil, fmt.Errorf("%w: the key %q: %v", record.ErrInvalid, k, err)
		}
		known = append(known, v)
	}
	n, err := note.Open([]byte(text), note.VerifierList(known...))
	if err != nil {
		return tlog.Tree{}, nil, fmt.Errorf("%w: %v", ErrCheckpoint, err)
	}
	var by []string
	ours := false
	for _, s := range n.Sigs {
		if s.Name == name {
			ours = true
		} else {
			by = append(by, s.Name)
		}
	}
	lines := strings.Split(n.Text, "\n")
	if !ours || len(lines) != 4 || lines[0] != name {
		return tlog.Tree{}, nil, ErrCheckpoint
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return tlog.Tree{}, nil, fmt.Errorf("%w: a checkpoint of size %q", record.ErrInvalid, lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, nil, fmt.Errorf("%w: a checkpoint's root", record.ErrInvalid)
	}
	return tlog.Tree{N: size, Hash: root}, by, nil
}

// Proof shows that a receipt was in the log when the checkpoint was signed.
type Proof struct {
	Leaf       int64            `json:"leaf"`
	Path       tlog.RecordProof `json:"path"`
	Checkpoint string           `json:"checkpoint"`
	// Kept is the document that the issuer keeps the receipt in, if it does.
	Kept *Kept `json:"kept,omitempty"`
	// Handovers lead from the receipt's key to the one that signed the checkpoint, if
	// keys were changed in between.
	Handovers []string `json:"handovers,omitempty"`
}

// ErrNotLogged says that a proof does not lead from the receipt to the checkpoint.
var ErrNotLogged = errors.New("the proof does not lead from this receipt to the checkpoint")

// Check checks the proof of a receipt whose key is known to be the log's. Whether
// that key had ended is told by the handovers in the proof, and by a [History],
// which nobody can leave out.
func (p Proof) Check(r Receipt) (tlog.Tree, error) {
	by := r.Key
	for i, text := range p.Handovers {
		next, end, err := openHandover(text, by)
		if err != nil {
			return tlog.Tree{}, err
		}
		if i == 0 && p.Leaf >= end {
			return tlog.Tree{}, fmt.Errorf("%w: at leaf %d of the log; the receipt is leaf %d", ErrRetired, end, p.Leaf)
		}
		by = next
	}
	key, err := publicKey(by)
	if err != nil {
		return tlog.Tree{}, err
	}
	tree, _, err := OpenCheckpoint(p.Checkpoint, key)
	if err != nil {
		return tree, err
	}
	return tree, p.under(r, tree)
}

// Signer is the public key that must have signed the proof's checkpoint: the
// receipt's, or the last that a handover names.
func (p Proof) Signer(r Receipt) string {
	if n := len(p.Handovers); n > 0 {
		if lines := strings.SplitN(p.Handovers[n-1], "\n", 4); len(lines) == 4 {
			return lines[2]
		}
	}
	return r.Key
}

// under checks the path from the receipt to the tree's root.
func (p Proof) under(r Receipt, tree tlog.Tree) error {
	c, err := r.Commitment()
	if err != nil {
		return err
	}
	if tlog.CheckRecord(p.Path, tree.N, tree.Hash, p.Leaf, p.Kept.leaf(c)) != nil {
		return ErrNotLogged
	}
	return nil
}

// Commitment is what the log holds of the receipt: nothing that could be guessed
// from it, as the salt is in the receipt alone.
func (r Receipt) Commitment() (record.Digest, error) {
	salt, err := base64.StdEncoding.DecodeString(r.Salt)
	if err != nil || len(salt) != saltBytes {
		return record.Digest{}, fmt.Errorf("%w: the receipt has no salt: it was not made for a log", record.ErrInvalid)
	}
	return record.Commit(salt, append(signed(r.Statement), r.Signature...)), nil
}

const saltBytes = 32

// Growth shows that a log of size To is one of size From with more behind it.
type Growth struct {
	From int64          `json:"from"`
	To   int64          `json:"to"`
	Path tlog.TreeProof `json:"path"`
}

// Check checks the growth between two checkpoints' trees.
func (g Growth) Check(older, newer tlog.Tree) error {
	if g.From != older.N || g.To != newer.N {
		return fmt.Errorf("%w: the proof is of the sizes %d and %d", record.ErrInvalid, g.From, g.To)
	}
	return tlog.CheckTree(g.Path, newer.N, newer.Hash, older.N, older.Hash)
}
