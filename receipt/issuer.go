package receipt

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"io"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
)

// Issuer signs receipts, and hands none out that is not in the log: a crash can
// lose a receipt that nobody holds yet, and no other (design 0013). Those who ask
// at the same time share one write of the log: while one group is written, the
// next gathers, and waits a moment for those that the last one had.
type Issuer struct {
	read   func() (ed25519.PrivateKey, error)
	log    *Log
	random io.Reader
	turn   chan struct{} // held by whoever writes a group

	mu   sync.Mutex
	key  ed25519.PrivateKey
	next *group // gathers; nil: nobody waits
	// due is how many are likely to ask at once: as many as the last group had, and as
	// came while it was written. The next group waits for them, if not for long.
	due      int
	patience time.Duration
}

// patience is the longest that a group waits for those who asked before: who asks
// again as soon as answered comes sooner, and nobody is kept longer for it.
const patience = time.Millisecond

// group is what one write of the log commits.
type group struct {
	by          string // the public key that signed all of them
	commitments []record.Digest
	askers      int
	whole       chan struct{} // closed once all are there that it waits for; nil: it does not wait
	done        chan struct{} // closed once written, or not
	err         error
}

// NewIssuer makes one; the key becomes the log's, if it has none. read reads the
// signing key: now, and again when another process has changed it. random is
// crypto/rand.Reader outside tests. ErrSigner: another key is the log's.
func NewIssuer(ctx context.Context, read func() (ed25519.PrivateKey, error), l *Log, random io.Reader) (*Issuer, error) {
	key, err := read()
	if err != nil {
		return nil, err
	}
	i := &Issuer{read: read, key: key, log: l, random: random, turn: make(chan struct{}, 1), patience: patience}
	return i, l.begin(ctx, publicText(key.Public().(ed25519.PublicKey)))
}

// signer is the key that the log is signed with now, and its public half.
func (i *Issuer) signer() (ed25519.PrivateKey, string, error) {
	now := *i.log.signs.Load()
	i.mu.Lock()
	defer i.mu.Unlock()
	public := publicText(i.key.Public().(ed25519.PublicKey))
	if public == now {
		return i.key, public, nil
	}
	key, err := i.read()
	if err != nil {
		return nil, "", err
	}
	i.key, public = key, publicText(key.Public().(ed25519.PublicKey))
	return key, public, fits(now, public)
}

// Issue signs statements and answers their receipts once all are in the log. With
// an error there are none: what could not be logged is not handed out.
func (i *Issuer) Issue(ctx context.Context, statements ...Statement) (all []Receipt, err error) {
	for range 3 { // the key may be changed between the signature and the log
		if all, err = i.issue(ctx, statements); !errors.Is(err, ErrSigner) {
			break
		}
	}
	return all, err
}

func (i *Issuer) issue(ctx context.Context, statements []Statement) ([]Receipt, error) {
	key, by, err := i.signer()
	if err != nil {
		return nil, err
	}
	receipts := make([]Receipt, len(statements))
	commitments := make([]record.Digest, len(statements))
	for n, s := range statements {
		if receipts[n], commitments[n], err = i.salted(key, s); err != nil {
			return nil, err
		}
	}
	if err := i.commit(ctx, by, commitments); err != nil {
		return nil, err
	}
	return receipts, nil
}

// salted is a signed statement with its commitment.
func (i *Issuer) salted(key ed25519.PrivateKey, s Statement) (r Receipt, c record.Digest, err error) {
	if r, err = Issue(key, s); err != nil {
		return r, c, err
	}
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(i.random, salt); err != nil {
		return r, c, err
	}
	r.Salt = base64.StdEncoding.EncodeToString(salt)
	c, err = r.Commitment()
	return r, c, err
}

// commit joins the group that gathers and waits until it is written, by whoever of
// it has the turn first.
func (i *Issuer) commit(ctx context.Context, by string, commitments []record.Digest) error {
	if len(commitments) == 0 {
		return nil
	}
	i.mu.Lock()
	if i.next == nil || i.next.by != by {
		i.next = &group{by: by, done: make(chan struct{})}
	}
	g := i.next
	g.commitments = append(g.commitments, commitments...)
	if g.askers++; g.whole != nil && g.askers == i.due {
		close(g.whole)
	}
	i.mu.Unlock()
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done(): // the others' are written all the same
		return ctx.Err()
	case i.turn <- struct{}{}:
	}
	defer func() { <-i.turn }()
	select {
	case <-g.done:
		return g.err
	default:
	}
	i.gather(ctx, g)
	g.err = i.log.commit(context.WithoutCancel(ctx), g.by, g.commitments)
	i.mu.Lock()
	if i.due = g.askers; i.next != nil {
		i.due += i.next.askers
	}
	i.mu.Unlock()
	close(g.done)
	return g.err
}

// gather waits until those who are due have joined the group, but not for long, and
// lets nobody else in.
func (i *Issuer) gather(ctx context.Context, g *group) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.next == g && g.askers < i.due {
		g.whole = make(chan struct{})
		i.mu.Unlock()
		late := time.NewTimer(i.patience)
		select {
		case <-g.whole:
		case <-late.C:
		case <-ctx.Done():
		}
		late.Stop()
		i.mu.Lock()
	}
	if i.next == g {
		i.next = nil
	}
}

// Prove is the proof of a receipt by its commitment: record.ErrNotFound if it was
// never issued here.
func (i *Issuer) Prove(ctx context.Context, c record.Digest) (Proof, error) {
	p, tree, by, err := i.log.inclusion(ctx, c)
	if err != nil {
		return Proof{}, err
	}
	if s, ok := by.at(p.Leaf); ok {
		p.Handovers = by.from(s.Key)
	}
	p.Checkpoint, err = i.sign(by, tree)
	return p, err
}

// Checkpoint is the log's signed head.
func (i *Issuer) Checkpoint(ctx context.Context) (string, error) {
	i.log.mu.Lock()
	by := i.log.signers
	tree, err := i.log.tree(ctx, i.log.head.Size)
	i.log.mu.Unlock()
	if err != nil {
		return "", err
	}
	return i.sign(by, tree)
}

// sign signs a tree as it stood when these were the keys. A tree of before a change
// of keys that happened meanwhile is not signed: whoever asks again gets a newer one.
func (i *Issuer) sign(by History, t tlog.Tree) (string, error) {
	key, public, err := i.signer()
	if err == nil {
		err = fits(by.signer(), public)
	}
	if err != nil {
		return "", err
	}
	return SignTree(key, t)
}
