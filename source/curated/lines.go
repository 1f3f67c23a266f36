package curated

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"article41/date"
)

// lines finds the line of a place in a YAML file, for problems found after the
// decoding.
type lines struct{ file *ast.File }

func (r *reader) lines(name string) lines {
	b, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		return lines{}
	}
	f, err := parser.ParseBytes(b, 0)
	if err != nil {
		return lines{}
	}
	return lines{f}
}

// of is the line of a path such as "$.decisions[3].symbol", or the nearest line
// above it that the file has.
func (l lines) of(path string, args ...any) int {
	if l.file == nil {
		return 0
	}
	for path = fmt.Sprintf(path, args...); path != ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		p, err := yaml.PathString(path)
		if err != nil {
			continue
		}
		if n, err := p.FilterFile(l.file); err == nil && n != nil && n.GetToken() != nil {
			return n.GetToken().Position.Line
		}
	}
	return 0
}

type knownDay func() date.Day

// firstDay is the day of the Council's first meeting: what has always been known.
func firstDay() date.Day { return date.MustDay("1946-01-17") }

func knownOn(d date.Day) knownDay {
	return func() date.Day {
		if d.IsZero() {
			return firstDay()
		}
		return d
	}
}
