package door

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"article41/record"
	"article41/shelf"
)

const sessionKind shelf.Kind = "session"

// newSessions keeps sessions on the shelf, under a hash of their tokens: who reads
// the file can sign in as nobody.
func newSessions(o Options) *scs.SessionManager {
	m := scs.New()
	m.Store = sessionStore{shelf.Drawer[session]{Store: o.Sessions, Kind: sessionKind}, o.Now}
	m.HashTokenInStore = true
	m.Lifetime = lifetime
	m.Codec = plainCodec{}
	m.Cookie.Name = "article41"
	m.Cookie.SameSite = http.SameSiteLaxMode
	if m.Cookie.Secure = o.Secure; o.Secure {
		m.Cookie.Name = "__Host-article41" // over TLS, from this host alone
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		o.Log.Error("a session could not be kept", "request", requestID(r), "error", err)
		problem(w, r, http.StatusServiceUnavailable, "the session could not be kept; the log has the reason under "+requestID(r))
	}
	return m
}

// session is one as it is kept.
type session struct {
	Until time.Time `json:"until"`
	Bytes []byte    `json:"bytes"`
}

// over says whether it has ended: by its own end, which the library sets by the
// engine's clock, or as the door counts.
func (s session) over(now time.Time) bool {
	if !now.Before(s.Until) {
		return true
	}
	var p plainSession
	if json.Unmarshal(s.Bytes, &p) != nil {
		return true // nobody can use it
	}
	began, ok := p.Whole["began"]
	return ok && ended(now, time.Unix(p.Whole["seen"], 0), time.Unix(began, 0))
}

type sessionStore struct {
	shelf.Drawer[session]
	now func() time.Time
}

var _ scs.CtxStore = sessionStore{}

func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	v, _, err := s.Read(ctx, shelf.ID(token))
	if errors.Is(err, record.ErrNotFound) || err == nil && !s.now().Before(v.Until) {
		return nil, false, nil
	}
	return v.Bytes, err == nil, err
}

func (s sessionStore) CommitCtx(ctx context.Context, token string, b []byte, until time.Time) error {
	_, err := s.Store.Write(ctx, s.Change(shelf.ID(token), shelf.Any, session{until.UTC(), b}))
	return err
}

func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.Store.Write(ctx, s.Remove(shelf.ID(token), shelf.Any))
	return err
}

func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s sessionStore) Commit(token string, b []byte, until time.Time) error {
	return s.CommitCtx(context.Background(), token, b, until)
}

func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// plainCodec writes a session's values as JSON; all of ours are text or whole
// numbers.
type plainCodec struct{}

type plainSession struct {
	Until time.Time         `json:"until"`
	Text  map[string]string `json:"text,omitempty"`
	Whole map[string]int64  `json:"whole,omitempty"`
}

func (plainCodec) Encode(until time.Time, values map[string]any) ([]byte, error) {
	p := plainSession{until, map[string]string{}, map[string]int64{}}
	for k, v := range values {
		switch v := v.(type) {
		case string:
			p.Text[k] = v
		case int64:
			p.Whole[k] = v
		default:
			return nil, errors.New("a session holds text and whole numbers only")
		}
	}
	return json.Marshal(p)
}

func (plainCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var p plainSession
	if err := json.Unmarshal(b, &p); err != nil {
		return time.Time{}, nil, err
	}
	values := map[string]any{}
	for k, v := range p.Text {
		values[k] = v
	}
	for k, v := range p.Whole {
		values[k] = v
	}
	return p.Until, values, nil
}
