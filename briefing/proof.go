package briefing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The robot check: proof of work in the wire format of ALTCHA's widget, version 3.
//
// A challenge is parameters and the HMAC-SHA-256 of their canonical JSON (keys in
// alphabetical order); its expiry is one of the signed parameters, so nobody who
// asks for a challenge can lengthen it. The widget looks for a counter whose
// SHA-256(salt ‖ nonce ‖ counter) begins with the key prefix, and posts challenge
// and solution as base64 of JSON.
//
// Verification does what is cheap first: sizes, signature, expiry, replay, and
// only then hashes. Whatever fails costs two hashes at most.

// Challenge is what the widget is given.
type Challenge struct {
	Parameters Parameters `json:"parameters"`
	Signature  string     `json:"signature"`
}

// Parameters are what is signed; the fields stand in the order of their names.
type Parameters struct {
	Algorithm string `json:"algorithm"`
	Cost      int    `json:"cost"`
	ExpiresAt int64  `json:"expiresAt"` // Unix seconds
	KeyLength int    `json:"keyLength"`
	KeyPrefix string `json:"keyPrefix"` // hex that the derived key begins with
	Nonce     string `json:"nonce"`
	Salt      string `json:"salt"`
}

// Solution is what the widget found.
type Solution struct {
	Counter    uint64  `json:"counter"`
	DerivedKey string  `json:"derivedKey"`
	Time       float64 `json:"time"`
}

// The faults of a proof.
var (
	ErrProof    = errors.New("the robot check was not solved")
	ErrForged   = fmt.Errorf("%w: the challenge is not ours", ErrProof)
	ErrExpired  = fmt.Errorf("%w: the challenge has expired", ErrProof)
	ErrReplayed = fmt.Errorf("%w: it was used before", ErrProof)
	ErrUnsolved = fmt.Errorf("%w: the solution does not fit", ErrProof)
)

const (
	proofLife = 20 * time.Minute
	// proofPrefix is four hex digits: 65,536 tries on average, about a second on a
	// phone and less on a desk.
	proofPrefix = "0000"
	maxProof    = 2048 // bytes of a posted proof; a true one has about 500
)

// Proofs makes challenges and takes each solution once.
type Proofs struct {
	key    []byte
	random io.Reader

	mu   sync.Mutex
	used map[[16]byte]int64 // nonce → expiry
	next int64              // when to forget the expired
}

// NewProofs uses the key to sign; random is crypto/rand.Reader outside tests.
func NewProofs(key []byte, random io.Reader) *Proofs {
	return &Proofs{key: key, random: random, used: map[[16]byte]int64{}}
}

// Challenge is a fresh one.
func (p *Proofs) Challenge(now time.Time) (Challenge, error) {
	var b [32]byte
	if _, err := io.ReadFull(p.random, b[:]); err != nil {
		return Challenge{}, err
	}
	c := Challenge{Parameters: Parameters{Algorithm: "SHA-256", Cost: 1, ExpiresAt: now.Add(proofLife).Unix(), KeyLength: sha256.Size,
		KeyPrefix: proofPrefix, Nonce: hex.EncodeToString(b[:16]), Salt: hex.EncodeToString(b[16:])}}
	c.Signature = hex.EncodeToString(p.sign(c.Parameters))
	return c, nil
}

// canonical is the JSON that is signed, as JSON.stringify writes it with sorted
// keys. Only values that need no escape come here: see Verify.
func (q Parameters) canonical() []byte {
	b := make([]byte, 0, 256)
	b = append(b, `{"algorithm":"`...)
	b = append(b, q.Algorithm...)
	b = append(b, `","cost":`...)
	b = strconv.AppendInt(b, int64(q.Cost), 10)
	b = append(b, `,"expiresAt":`...)
	b = strconv.AppendInt(b, q.ExpiresAt, 10)
	b = append(b, `,"keyLength":`...)
	b = strconv.AppendInt(b, int64(q.KeyLength), 10)
	b = append(b, `,"keyPrefix":"`...)
	b = append(b, q.KeyPrefix...)
	b = append(b, `","nonce":"`...)
	b = append(b, q.Nonce...)
	b = append(b, `","salt":"`...)
	b = append(b, q.Salt...)
	return append(b, `"}`...)
}

func (p *Proofs) sign(q Parameters) []byte {
	h := hmac.New(sha256.New, p.key)
	h.Write(q.canonical())
	return h.Sum(nil)
}

// Proof is a proof that holds, and the nonce to be marked as used.
type Proof struct {
	Nonce   string
	Expires int64
	id      [16]byte
}

// Verify is Look, and a proof that holds is used up with it.
func (p *Proofs) Verify(posted string, now time.Time) (Proof, error) {
	proof, err := p.Look(posted, now)
	if err == nil {
		err = p.use(proof, now)
	}
	if err != nil {
		return Proof{}, err
	}
	return proof, nil
}

// Look answers whether the posted text proves work that was not used before, and
// leaves it unused.
func (p *Proofs) Look(posted string, now time.Time) (proof Proof, err error) {
	if posted == "" {
		return proof, ErrProof
	}
	if len(posted) > maxProof {
		return proof, ErrForged
	}
	raw, err := base64.StdEncoding.DecodeString(posted)
	if err != nil {
		return proof, ErrForged
	}
	var in struct {
		Challenge Challenge `json:"challenge"`
		Solution  Solution  `json:"solution"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return proof, ErrForged
	}
	q := in.Challenge.Parameters
	nonce, err1 := hex.DecodeString(q.Nonce)
	salt, err2 := hex.DecodeString(q.Salt)
	got, err3 := hex.DecodeString(in.Challenge.Signature)
	if err1 != nil || err2 != nil || err3 != nil || len(nonce) != 16 || len(salt) != 16 || q.Algorithm != "SHA-256" {
		return proof, ErrForged
	}
	if !hmac.Equal(got, p.sign(q)) {
		return proof, ErrForged
	}
	if now.Unix() >= q.ExpiresAt {
		return proof, ErrExpired
	}
	id := [16]byte(nonce)
	if p.wasUsed(id) {
		return proof, ErrReplayed
	}
	if in.Solution.Counter > 1<<32-1 {
		return proof, ErrUnsolved
	}
	work := append(salt, nonce...)
	work = binary.BigEndian.AppendUint32(work, uint32(in.Solution.Counter))
	sum := sha256.Sum256(work)
	key := hex.EncodeToString(sum[:])
	if !strings.HasPrefix(key, q.KeyPrefix) || in.Solution.DerivedKey != key {
		return proof, ErrUnsolved
	}
	return Proof{hex.EncodeToString(nonce), q.ExpiresAt, id}, nil
}

func (p *Proofs) wasUsed(id [16]byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.used[id]
	return ok
}

// use marks a proof as used; ErrReplayed: another request was first.
func (p *Proofs) use(proof Proof, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.used[proof.id]; ok {
		return ErrReplayed
	}
	if t := now.Unix(); t >= p.next {
		for k, e := range p.used {
			if e <= t {
				delete(p.used, k)
			}
		}
		p.next = t + 60
	}
	p.used[proof.id] = proof.Expires
	return nil
}

// mark remembers a nonce that was used elsewhere: by another process, or before
// this one began.
func (p *Proofs) mark(nonce string, expires int64) {
	if b, err := hex.DecodeString(nonce); err == nil && len(b) == 16 {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.used[[16]byte(b)] = expires
	}
}

// Solve does the widget's work; tests and programs that post use it.
func Solve(c Challenge) (string, error) {
	nonce, err := hex.DecodeString(c.Parameters.Nonce)
	if err != nil {
		return "", err
	}
	salt, err := hex.DecodeString(c.Parameters.Salt)
	if err != nil {
		return "", err
	}
	work := append(append(salt, nonce...), 0, 0, 0, 0)
	for n := uint64(0); n <= 1<<32-1; n++ {
		binary.BigEndian.PutUint32(work[len(work)-4:], uint32(n))
		sum := sha256.Sum256(work)
		if key := hex.EncodeToString(sum[:]); strings.HasPrefix(key, c.Parameters.KeyPrefix) {
			b, err := json.Marshal(map[string]any{"challenge": c, "solution": Solution{Counter: n, DerivedKey: key}})
			return base64.StdEncoding.EncodeToString(b), err
		}
	}
	return "", ErrUnsolved
}
