// Package account answers who somebody is, what they may do, and keeps what is
// personal sealed.
//
// A [Person] is whoever asks: somebody signed in, a program with a key, or, on
// loopback, the local owner. What a person may do is one table, roles.csv, of
// [Role] × [Action]; pages, JSON and commands ask it alike ([Person.May]). The
// [Vault] seals personal matter under a key of its own for each [Subject], so that
// erasing the key erases the matter wherever a copy of it lies.
//
// The package opens no connection and knows no page.
//
//	if !account.Of(ctx).May(account.DecideAlerts) { … }
package account

import (
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Role is a column of the table.
type Role string

// The roles.
const (
	Reader    Role = "reader"
	Screener  Role = "screener"
	Reviewer  Role = "reviewer"
	Editor    Role = "editor"
	Publisher Role = "publisher"
	Moderator Role = "moderator"
	Admin     Role = "admin"
	Owner     Role = "owner"
)

// Action is a row of the table.
type Action string

// The actions.
const (
	ReadRecord     Action = "read the record"
	ScreenNames    Action = "screen names"
	ReadPrivate    Action = "read private list fields"
	KeepCustomers  Action = "keep customers"
	ReadAlerts     Action = "read alerts"
	DecideAlerts   Action = "decide alerts"
	ReadDrafts     Action = "read drafts"
	WriteDrafts    Action = "write drafts"
	ReviewFindings Action = "review findings"
	Publish        Action = "publish"
	ReadWithheld   Action = "read withheld"
	Moderate       Action = "moderate comments"
	ChangeLists    Action = "change lists"
	ManageAccounts Action = "manage accounts"
	EraseSubjects  Action = "erase subjects"
	Operate        Action = "operate"
)

// Person is whoever asks.
type Person struct {
	ID    string // stable, not personal: "local", "u-3f…", "k-91…" for a program's key
	Name  string // as shown to colleagues
	Roles []Role
}

// Local is whoever sits at the machine of an installation that listens on
// loopback only: its owner.
func Local() Person { return Person{ID: "local", Name: "local user", Roles: []Role{Owner}} }

// Anyone is somebody who is not signed in: a reader.
func Anyone() Person { return Person{ID: "anyone", Name: "reader", Roles: []Role{Reader}} }

// May says whether the person may do it, by the table.
func (p Person) May(a Action) bool {
	return slices.ContainsFunc(p.Roles, func(r Role) bool { return Table()[a][r] })
}

type key struct{}

// With is a context of requests that the person makes.
func With(ctx context.Context, p Person) context.Context { return context.WithValue(ctx, key{}, p) }

// Of is who makes the request. Without a word it is Anyone: a forgotten check
// closes a door and opens none.
func Of(ctx context.Context) Person {
	if p, ok := ctx.Value(key{}).(Person); ok {
		return p
	}
	return Anyone()
}

//go:embed roles.csv
var roles string

// Table is the table of roles: what each action allows to whom.
var Table = sync.OnceValue(func() map[Action]map[Role]bool {
	t, err := readTable(roles)
	if err != nil {
		panic(err) // the table is ours and held by a test
	}
	return t
})

func readTable(text string) (map[Action]map[Role]bool, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("roles.csv: it is empty")
	}
	out := map[Action]map[Role]bool{}
	for _, row := range rows[1:] {
		may := map[Role]bool{}
		for i, cell := range row[1:] {
			switch cell {
			case "y":
				may[Role(rows[0][i+1])] = true
			case "":
			default:
				return nil, fmt.Errorf("roles.csv: %s, %s: %q: want y or nothing", row[0], rows[0][i+1], cell)
			}
		}
		out[Action(row[0])] = may
	}
	return out, nil
}
