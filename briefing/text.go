package briefing

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// writer turns prose into HTML and counts the sources named on the way.
//
// Marks of our own ([@source], [[hedge|speaker]]) are replaced by runes of the
// private use area before Markdown reads the text, and by their HTML after the
// result was sanitised: Markdown cannot break them and the sanitiser needs no
// rule for them. Such runes in the text itself are dropped first.
type writer struct {
	lang    Lang
	numbers map[Source]int
	sources []Source
}

const (
	markOpen  = '\uE000'
	markClose = '\uE001'
)

var (
	sourceMark = regexp.MustCompile(`\[@([A-Za-z0-9._-]+)((?: [^\]\n]*)?)\]`)
	hedgeMark  = regexp.MustCompile(`\[\[([^\]|\n]+)\|([^\]|\n]+)\]\]`)
	ourMark    = regexp.MustCompile(string(markOpen) + `(\d+)` + string(markClose))
)

func noPrivate(s string) string {
	return strings.Map(func(r rune) rune {
		if r == markOpen || r == markClose || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// prose is the sanitised HTML of a stretch of Markdown, and its words.
func (w *writer) prose(md string) (string, int) {
	md = noPrivate(md)
	var ours []string
	keep := func(h string) string {
		ours = append(ours, h)
		return fmt.Sprintf("%c%d%c", markOpen, len(ours)-1, markClose)
	}
	md = hedgeMark.ReplaceAllStringFunc(md, func(m string) string {
		x := hedgeMark.FindStringSubmatch(m)
		said, by := strings.TrimSpace(x[1]), strings.TrimSpace(x[2])
		return keep(`<span class="hedge" tabindex="0" role="note" title="` + html.EscapeString(w.lang.Say("hedge-title", by)) + `" aria-label="` + html.EscapeString(w.lang.Say("hedge-label", said, by)) + `">` + html.EscapeString(said) + `</span>`)
	})
	md = sourceMark.ReplaceAllStringFunc(md, func(m string) string {
		x := sourceMark.FindStringSubmatch(m)
		s := Source{Key: x[1], Place: strings.TrimSpace(x[2])}
		n := w.numbers[s]
		if n == 0 {
			n = len(w.sources) + 1
			w.numbers[s] = n
			w.sources = append(w.sources, Source{Number: n, Key: s.Key, Place: s.Place})
		}
		return keep(fmt.Sprintf(`<sup class="source"><a href="#source-%d" aria-label="%s">%d</a></sup>`, n, w.lang.Say("source-label", n), n))
	})
	out := ourMark.ReplaceAllStringFunc(clean(md, bodyPolicy()), func(m string) string {
		var i int
		fmt.Sscanf(strings.Trim(m, string(markOpen)+string(markClose)), "%d", &i)
		if i < 0 || i >= len(ours) {
			return ""
		}
		return ours[i]
	})
	return strings.TrimSpace(out), len(strings.Fields(ourMark.ReplaceAllString(md, "")))
}

// markdown writes no HTML that stands in the text, and no link to a scheme that
// runs.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))
})

// clean is Markdown as HTML that the policy allows.
func clean(md string, p *bluemonday.Policy) string {
	var b bytes.Buffer
	if err := markdown().Convert([]byte(md), &b); err != nil {
		return html.EscapeString(md)
	}
	return strings.TrimSpace(p.Sanitize(b.String()))
}

// bodyPolicy is what an editor's text may hold.
var bodyPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "em", "strong", "h2", "h3", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "del",
		"table", "thead", "tbody", "tr", "th", "td")
	links(p)
	return p
})

// commentPolicy is what a reader's text may hold.
var commentPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "del")
	links(p)
	return p
})

// quietPolicy is commentPolicy with links as plain text.
var quietPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "del")
	return p
})

func links(p *bluemonday.Policy) {
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https")
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
}

// Faults of a text that is to be published.

// Lint says what keeps a briefing from being published: a paragraph that names
// no source, a hedge without a speaker. hedges finds hedged words in a text; nil:
// those are not looked for.
func Lint(text string, hedges func(string) []string) []string {
	_, body, _ := strings.Cut(strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "---\n"), "\n---\n")
	var out []string
	n := 0
	for _, c := range chunks(body) {
		if c.block != "" {
			continue
		}
		for _, para := range strings.Split(c.text, "\n\n") {
			para = strings.TrimSpace(para)
			if para == "" || strings.HasPrefix(para, "#") {
				continue
			}
			n++
			if !sourceMark.MatchString(para) && !strings.HasPrefix(para, "*Ours:*") {
				out = append(out, fmt.Sprintf("paragraph %d (“%s”) names no source; write [@key place], or begin it with *Ours:*", n, clip(para)))
			}
			if hedges != nil {
				for _, h := range hedges(hedgeMark.ReplaceAllString(sourceMark.ReplaceAllString(para, ""), "")) {
					out = append(out, fmt.Sprintf("paragraph %d: “%s” is a hedge without a speaker; write [[%s|who]]", n, h, h))
				}
			}
		}
	}
	return out
}
