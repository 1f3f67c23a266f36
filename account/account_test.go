package account

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// Every action named in the code has its row in the table, and every row its name.
func TestRoles(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "account.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]map[string]bool{"Role": {}, "Action": {}}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); ok && named[typ.Name] != nil {
			text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			named[typ.Name][text] = true
		}
		return true
	})
	table := Table()
	if len(table) != len(named["Action"]) {
		t.Errorf("%d rows for %d actions", len(table), len(named["Action"]))
	}
	for a, may := range table {
		if !named["Action"][string(a)] {
			t.Errorf("the row %q is no action", a)
		}
		for r := range may {
			if !named["Role"][string(r)] {
				t.Errorf("the column %q is no role", r)
			}
		}
		if !may[Owner] && a != "" {
			t.Errorf("the owner may not %s", a)
		}
	}
}

func TestNobodyIsAReader(t *testing.T) {
	p := Of(t.Context())
	if !p.May(ReadRecord) || p.May(ScreenNames) || p.May("an action nobody wrote down") {
		t.Fatalf("%+v may more or less than read the record", p)
	}
	if p := Of(With(t.Context(), Local())); !p.May(Operate) {
		t.Fatal("the local user is the owner")
	}
}
