package receipt

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
	"article41/shelf"
)

// Signer is a key that signs an installation's receipts and checkpoints, and the
// stretch of the log in which it does. What it signs beyond counts for nothing,
// whatever time it states: its place in the log is not its own to choose.
type Signer struct {
	Key   string     `json:"key"`             // public Ed25519, base64
	First int64      `json:"first"`           // leaf from which on it signs
	End   *int64     `json:"end"`             // leaf at which it ended; null: it signs now
	From  *time.Time `json:"from"`            // null: since the log began
	Until *time.Time `json:"until,omitempty"` // when it ended
	// Handover is the note in which the key before names this one, signed by both, or
	// by this one alone where the one before was lost. Empty: the first.
	Handover string `json:"handover,omitempty"`
}

// Origin is the name under which the key signs checkpoints.
func (s Signer) Origin() string {
	key, err := publicKey(s.Key)
	if err != nil {
		return ""
	}
	return Origin(key)
}

// History is every key that signed, the oldest first.
type History []Signer

// What may be wrong with a key.
var (
	ErrRetired = errors.New("the key that signed this had ended before")
	ErrSigner  = errors.New("the log's receipts are signed by another key")
)

const signerKind shelf.Kind = "log-signer"

func signers(s shelf.Store) shelf.Drawer[Signer] {
	return shelf.Drawer[Signer]{Store: s, Kind: signerKind}
}
func signerID(n int) shelf.ID { return shelf.ID(fmt.Sprintf("%06d", n)) }

func publicText(key ed25519.PublicKey) string { return base64.StdEncoding.EncodeToString(key) }

func publicKey(text string) (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%w: %q is no public Ed25519 key in base64", record.ErrInvalid, text)
	}
	return b, nil
}

// History is every key that signed in this log.
func (l *Log) History(ctx context.Context) (History, error) {
	if err := l.Refresh(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.signers), nil
}

// signer is the key that signs now; "": none does yet.
func (h History) signer() string {
	if len(h) == 0 {
		return ""
	}
	return h[len(h)-1].Key
}

// begin makes the key the log's signer, if none is yet; ErrSigner if another is.
func (l *Log) begin(ctx context.Context, key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return again(func() error {
		if now := l.signers.signer(); now != "" {
			return fits(now, key)
		}
		return l.write(ctx, l.grow(), signers(l.shelf).Change(signerID(0), 0, Signer{Key: key}))
	})
}

func fits(now, key string) error {
	if now != key {
		return fmt.Errorf("%w: %s, and not by %s", ErrSigner, now, key)
	}
	return nil
}

// handoverLeaf is the leaf of a change of keys.
func handoverLeaf(text string) tlog.Hash {
	return tlog.RecordHash(append([]byte("K"), text...))
}

// Rotate ends the key that signs, at the log's end as it stands, and begins another.
// old, the one that ends, signs that; nil where it was lost, and then the new key
// stands alone: nobody who knew the old one has its word for the new.
func (l *Log) Rotate(ctx context.Context, now time.Time, old, fresh ed25519.PrivateKey) (Signer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var s Signer
	now = now.UTC().Truncate(time.Second)
	err := again(func() error {
		n := len(l.signers)
		if n == 0 {
			return fmt.Errorf("%w: no key has signed in this log yet", record.ErrNotFound)
		}
		was := l.signers[n-1]
		if old != nil {
			if err := fits(was.Key, publicText(old.Public().(ed25519.PublicKey))); err != nil {
				return err
			}
		}
		tree, err := l.tree(ctx, l.head.Size)
		if err != nil {
			return err
		}
		s = Signer{Key: publicText(fresh.Public().(ed25519.PublicKey)), First: tree.N, From: &now}
		if slices.ContainsFunc(l.signers, func(o Signer) bool { return o.Key == s.Key }) {
			return fmt.Errorf("%w: a key that has ended does not begin again", record.ErrInvalid)
		}
		if s.Handover, err = signHandover(was.Key, s, tree, old, fresh); err != nil {
			return err
		}
		was.End, was.Until = &tree.N, &now
		g := l.grow()
		g.add(handoverLeaf(s.Handover))
		g.head.Open = 0
		p := part{First: tree.N, Count: 1, Handover: s.Handover}
		return l.write(ctx, g, parts(l.shelf).Change(partID(p.First), 0, p),
			signers(l.shelf).Change(signerID(n-1), shelf.Any, was), signers(l.shelf).Change(signerID(n), 0, s))
	})
	return s, err
}

// handoverTitle is the first line of the note in which one key names the next.
const handoverTitle = "article41 handover 1"

func signHandover(was string, s Signer, t tlog.Tree, old, fresh ed25519.PrivateKey) (string, error) {
	text := strings.Join([]string{handoverTitle, was, s.Key, strconv.FormatInt(t.N, 10), t.Hash.String(), s.From.Format(time.RFC3339)}, "\n") + "\n"
	by := make([]note.Signer, 0, 2)
	for _, key := range []ed25519.PrivateKey{old, fresh} {
		if key == nil {
			continue
		}
		signer, err := noteSigner(key)
		if err != nil {
			return "", err
		}
		by = append(by, signer)
	}
	b, err := note.Sign(&note.Note{Text: text}, by...)
	return string(b), err
}

// openHandover reads the note in which the key names the next, signed by both.
func openHandover(text, was string) (next string, size int64, err error) {
	bad := fmt.Errorf("%w: this is no handover from the key %s", record.ErrInvalid, was)
	lines := strings.SplitN(text, "\n", 7)
	if len(lines) < 7 || lines[0] != handoverTitle || lines[1] != was {
		return "", 0, bad
	}
	var known []note.Verifier
	for _, key := range lines[1:3] {
		pub, err := publicKey(key)
		if err != nil {
			return "", 0, err
		}
		v, err := noteVerifier(pub)
		if err != nil {
			return "", 0, err
		}
		known = append(known, v)
	}
	n, err := note.Open([]byte(text), note.VerifierList(known...))
	if err != nil || len(n.Sigs) != 2 || strings.Count(n.Text, "\n") != 6 {
		return "", 0, bad
	}
	size, err = strconv.ParseInt(lines[3], 10, 64)
	if err != nil || size < 0 {
		return "", 0, bad
	}
	return lines[2], size, nil
}

// from are the handovers that lead from the key to the one that signs now. A lost
// key hands nothing over: what it signed is proven by its own checkpoints alone.
func (h History) from(key string) (out []string) {
	i := slices.IndexFunc(h, func(s Signer) bool { return s.Key == key })
	for _, s := range h[i+1:] {
		out = append(out, s.Handover)
	}
	return out
}

// at is the signer of a leaf.
func (h History) at(leaf int64) (Signer, bool) {
	for _, s := range slices.Backward(h) {
		if leaf >= s.First {
			return s, true
		}
	}
	return Signer{}, false
}

// tolerance is how far the clocks of an installation's machines may differ.
const tolerance = time.Minute

// Check says whether one of the keys signed the receipt while it was the one that
// signs: ErrSigner if none did, ErrRetired if it had ended, or had not begun. With a
// proof it is the place in the log that counts; the proof is checked, and answers
// the tree in which it is. Without one the tree is zero, and the receipt's own word
// on its time is all there is.
func (h History) Check(r Receipt, s Statement) (by Signer, tree tlog.Tree, err error) {
	i := slices.IndexFunc(h, func(s Signer) bool { return s.Key == r.Key })
	if i < 0 {
		return by, tree, fmt.Errorf("%w than %s", ErrSigner, r.Key)
	}
	by = h[i]
	if by.Until != nil && s.Issued.After(by.Until.Add(tolerance)) {
		return by, tree, fmt.Errorf("%w: it ended at %s, the receipt says it is of %s", ErrRetired, by.Until.Format(time.RFC3339), s.Issued.Format(time.RFC3339))
	}
	if by.From != nil && s.Issued.Before(by.From.Add(-tolerance)) {
		return by, tree, fmt.Errorf("%w, or not begun: it began at %s, the receipt says it is of %s", ErrRetired, by.From.Format(time.RFC3339), s.Issued.Format(time.RFC3339))
	}
	if r.Proof == nil {
		return by, tree, nil
	}
	if r.Proof.Leaf < by.First || by.End != nil && r.Proof.Leaf >= *by.End {
		return by, tree, fmt.Errorf("%w, or not begun: it signed %s, the receipt is leaf %d", ErrRetired, by.stretch(), r.Proof.Leaf)
	}
	if tree, err = h.Open(r.Proof.Checkpoint); err == nil {
		err = r.Proof.under(r, tree)
	}
	return by, tree, err
}

// Open reads a checkpoint that one of the keys signed while it was the one that
// signs.
func (h History) Open(checkpoint string) (tlog.Tree, error) {
	for _, s := range h {
		key, err := publicKey(s.Key)
		if err != nil {
			return tlog.Tree{}, err
		}
		tree, _, err := OpenCheckpoint(checkpoint, key)
		if errors.Is(err, ErrCheckpoint) {
			continue
		}
		if err == nil && (tree.N < s.First || s.End != nil && tree.N > *s.End) {
			err = fmt.Errorf("%w, or not begun: it signed %s, the checkpoint is of %d leaves", ErrRetired, s.stretch(), tree.N)
		}
		return tree, err
	}
	return tlog.Tree{}, fmt.Errorf("%w, nor by another of the installation's", ErrCheckpoint)
}

// Lasting says whether a tree that Open read holds though its key may have been
// stolen since: the key signs now, or the handover by which it ended names the tree.
// Else whoever has the old key can have made it up, and a newer proof is needed.
func (h History) Lasting(checkpoint string, t tlog.Tree) bool {
	for i, s := range h {
		if strings.HasPrefix(checkpoint, s.Origin()+"\n") {
			return s.End == nil || i+1 < len(h) && h.Vouched(i+1) &&
				strings.HasPrefix(h[i+1].Handover, strings.Join([]string{handoverTitle, s.Key, h[i+1].Key, strconv.FormatInt(t.N, 10), t.Hash.String(), ""}, "\n"))
		}
	}
	return false
}

// stretch is where in the log it signs, in words.
func (s Signer) stretch() string {
	if s.End == nil {
		return fmt.Sprintf("from leaf %d on", s.First)
	}
	return fmt.Sprintf("from leaf %d to before leaf %d", s.First, *s.End)
}

// Vouched says whether the key before signed the handover to this one.
func (h History) Vouched(n int) bool {
	if n == 0 {
		return true
	}
	next, size, err := openHandover(h[n].Handover, h[n-1].Key)
	return err == nil && next == h[n].Key && size == h[n].First
}
