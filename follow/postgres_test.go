package follow_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/follow"
	"article41/postgrestest"
	"article41/record"
)

var noon = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

type keys struct{}

func (keys) Say(key string, args ...any) string {
	return strings.TrimSpace(key + " " + fmt.Sprint(args...))
}

func TestStores(t *testing.T) { postgrestest.Each(t, followed) }

// followed is a following's life: asked for, confirmed, told each story once by
// whichever of two processes comes first, and ended; and one that nobody confirmed.
func followed(t *testing.T, fresh postgrestest.Fresh) {
	ctx := t.Context()
	shelves, vaults := fresh(t), fresh(t)
	stories := []follow.Story{{ID: "one", Title: "One", Address: "/1", Updated: noon}}
	var letters []follow.Letter
	var away error
	desk := func() *follow.Desk {
		return follow.Open(follow.Options{Store: shelves().Shelf(), Vault: account.NewVault(vaults().Shelf(), account.Master{1}, rand.Reader), Random: rand.Reader,
			Words: func(string) follow.Words { return keys{} }, Site: "https://example.org",
			Mail: func(_ context.Context, l follow.Letter) error {
				if away == nil {
					letters = append(letters, l)
				}
				return away
			},
			Feed: func(context.Context, string) (follow.Feed, error) {
				return follow.Feed{Title: "Votes", Stories: stories}, nil
			}})
	}
	a, b := desk(), desk()
	tell := func(d *follow.Desk, at time.Time, want int) {
		t.Helper()
		if sent, err := d.Tell(ctx, at); sent != want || err != nil {
			t.Errorf("%d letters where %d are due: %v", sent, want, err)
		}
	}
	for _, who := range []string{"ann@example.org", "ben@example.org"} {
		if err := a.Ask(ctx, "/votes", who, "en", noon); err != nil {
			t.Fatal(err)
		}
	}
	if len(letters) != 2 {
		t.Fatalf("%d letters", len(letters))
	}
	token := func(l follow.Letter) string { return strings.TrimPrefix(l.Stop, "https://example.org/follow/") }
	ann, ben := token(letters[0]), token(letters[1])
	if err := b.Confirm(ctx, ann); err != nil {
		t.Fatal(err)
	}
	tell(a, noon, 0) // what stood there is known
	stories = append(stories, follow.Story{ID: "two", Title: "Two", Address: "/2", Updated: noon})
	away = errors.New("the mail server is away")
	if sent, err := a.Tell(ctx, noon); sent != 0 || !errors.Is(err, away) {
		t.Errorf("%d, %v", sent, err)
	}
	away = nil
	tell(b, noon, 1)
	tell(a, noon, 0)
	if last := letters[len(letters)-1]; last.To != "ann@example.org" || last.Subject != "Two" {
		t.Errorf("%+v", last)
	}
	// Ben did not confirm in time, and is forgotten.
	tell(a, noon.Add(follow.Wait+time.Second), 0)
	if _, err := b.At(ctx, ben); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("what nobody confirmed: %v", err)
	}
	for range 2 {
		if err := b.End(ctx, ann); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.At(ctx, ann); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("after its end: %v", err)
	}
	stories = append(stories, follow.Story{ID: "three", Title: "Three", Updated: noon})
	tell(a, noon, 0)
}
