// Package briefing is what readers read and what they answer: pages written in
// Markdown whose facts are drawn from the record, the comments and ratings below
// them, their moderation, the check that a poster is no robot, and the check of a
// story against the record.
//
// A [Briefing] is Markdown with a head. Between its paragraphs stand blocks
// ([Block]) that say what to draw, not what it says: "{{vote S/2023/638}}" shows
// what the record holds of that vote on the day the page is read, so it stays
// true. A claim names its source ("[@UN-press SC/15403]"), a hedge its speaker
// ("[[alleged|the United States]]"); [Lint] refuses what does not. A [Desk] keeps
// drafts, what was published, every comment and every decision of a moderator on
// a shelf; what is personal in a comment is sealed there ([account.Vault]).
// [Read] finds in a story what the record can check, and [Record.Check] lays each
// claim beside it.
//
// The package draws no page, opens no connection, reads no clock and asks no
// outside service.
//
//	b, err := briefing.Parse(text)
//	for _, p := range b.Parts { … p.HTML or p.Block … }
package briefing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"article41/date"
	"article41/record"
)

// Slug names a briefing in its address.
type Slug string

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// maxSlug bounds an address.
const maxSlug = 80

// ParseSlug reads a slug: lower-case words joined by hyphens.
func ParseSlug(s string) (Slug, error) {
	if len(s) > maxSlug || !slug.MatchString(s) {
		return "", fmt.Errorf("%w: %q is no address of a briefing: want lower-case words joined by hyphens, at most %d letters", record.ErrInvalid, clip(s), maxSlug)
	}
	return Slug(s), nil
}

// Head is what a briefing says of itself, in YAML between two lines of "---".
type Head struct {
	Title     string       `yaml:"title" json:"title"`
	Lead      string       `yaml:"lead" json:"lead"`
	Lang      string       `yaml:"lang" json:"lang"` // BCP 47
	By        string       `yaml:"by" json:"by"`
	Published date.Day     `yaml:"published" json:"published,omitzero"` // of a shipped one; the desk keeps its own
	Updated   date.Day     `yaml:"updated" json:"updated,omitzero"`
	About     []string     `yaml:"about" json:"about,omitempty"` // symbols and regimes, for offers and feeds
	Card      string       `yaml:"card" json:"card,omitempty"`   // the vote that the card is drawn from
	Picture   *Picture     `yaml:"picture" json:"picture,omitempty"`
	Comments  string       `yaml:"comments" json:"comments,omitempty"` // "open" (also nothing), "closed", "90 days"
	Fixes     []Correction `yaml:"corrections" json:"corrections"`
}

// Picture is the one picture of a briefing. An illustration shows no event, and
// says so.
type Picture struct {
	File         string `yaml:"file" json:"file"`
	Alt          string `yaml:"alt" json:"alt"`
	Caption      string `yaml:"caption" json:"caption"`
	Credit       string `yaml:"credit" json:"credit"`
	Licence      string `yaml:"licence" json:"licence"`
	Illustration bool   `yaml:"illustration" json:"illustration"`
}

// Correction is a change of substance, for all to see.
type Correction struct {
	On   date.Day `yaml:"on" json:"on"`
	Says string   `yaml:"says" json:"says"`                 // what was wrong and what stands now
	By   string   `yaml:"by,omitempty" json:"by,omitempty"` // who pointed it out, if named
}

// Briefing is a briefing as read: its head and its parts in order.
type Briefing struct {
	Head
	Parts   []Part   `json:"parts"`
	Sources []Source `json:"sources"` // in order of their numbers
	Words   int      `json:"words"`
}

// Part is a stretch of text or a block.
type Part struct {
	HTML  string `json:"html,omitempty"` // sanitised
	Block *Block `json:"block,omitempty"`
}

// Source is what a claim of the text rests on.
type Source struct {
	Number int    `json:"number"`
	Key    string `json:"key"` // of the record's table of sources
	Place  string `json:"place,omitempty"`
}

// Minutes is how long it takes to read, at 220 words a minute.
func (b Briefing) Minutes() int { return max(1, (b.Words+110)/220) }

// maxText bounds a briefing's text.
const maxText = 400 << 10

// Parse reads a briefing. What is wrong with it is told all at once.
func Parse(text string) (Briefing, error) {
	if len(text) > maxText {
		return Briefing{}, fmt.Errorf("%w: a briefing of %d bytes, at most %d", record.ErrInvalid, len(text), maxText)
	}
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	head, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	if !strings.HasPrefix(text, "---\n") || !ok {
		return Briefing{}, fmt.Errorf("%w: a briefing begins with its head between two lines of ---", record.ErrInvalid)
	}
	var b Briefing
	if err := yaml.UnmarshalWithOptions([]byte(head), &b.Head, yaml.Strict()); err != nil {
		return Briefing{}, fmt.Errorf("%w: the head: %s", record.ErrInvalid, firstLine(err.Error()))
	}
	if b.Lang == "" {
		b.Lang = "en"
	}
	if b.Fixes == nil {
		b.Fixes = []Correction{}
	}
	w := writer{lang: ParseLang(b.Lang), numbers: map[Source]int{}}
	var faults []string
	for _, m := range missing(b.Head) {
		faults = append(faults, "the head: "+m)
	}
	for _, chunk := range chunks(body) {
		if chunk.block == "" {
			html, words := w.prose(chunk.text)
			b.Words += words
			if html != "" {
				b.Parts = append(b.Parts, Part{HTML: html})
			}
			continue
		}
		k, err := parseBlock(chunk.block)
		if err != nil {
			faults = append(faults, fmt.Sprintf("line %d: %s", chunk.line, told(err)))
			continue
		}
		b.Parts = append(b.Parts, Part{Block: &k})
	}
	b.Sources = w.sources
	if len(faults) > 0 {
		return b, fmt.Errorf("%w: %s", record.ErrInvalid, strings.Join(faults, "; "))
	}
	return b, nil
}

func missing(h Head) (out []string) {
	for _, f := range []struct{ name, value string }{{"title", h.Title}, {"lead", h.Lead}, {"by", h.By}} {
		if strings.TrimSpace(f.value) == "" {
			out = append(out, f.name+" is missing")
		}
	}
	if h.Lang != "" && !slices.Contains(Languages, Lang(h.Lang)) && !langTag.MatchString(h.Lang) {
		out = append(out, fmt.Sprintf("lang %q is no language tag, such as en or fr", h.Lang))
	}
	if _, _, err := ageLimit(h.Comments); err != nil {
		out = append(out, told(err))
	}
	if p := h.Picture; p != nil {
		for _, f := range []struct{ name, value string }{{"file", p.File}, {"alt", p.Alt}, {"caption", p.Caption}, {"credit", p.Credit}, {"licence", p.Licence}} {
			if strings.TrimSpace(f.value) == "" {
				out = append(out, "picture: "+f.name+" is missing")
			}
		}
	}
	return out
}

var langTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// ageLimit reads when comments close: open for good, closed, or after so many days.
func ageLimit(s string) (closed bool, days int, err error) {
	switch s {
	case "", "open":
		return false, 0, nil
	case "closed":
		return true, 0, nil
	}
	if _, err := fmt.Sscanf(s, "%d days", &days); err != nil || days < 1 {
		return false, 0, fmt.Errorf("%w: comments: %q: want open, closed or a number of days, such as 90 days", record.ErrInvalid, clip(s))
	}
	return false, days, nil
}

// Shows reports whether the briefing draws on a document or a regime: the vote of
// its card, its head's about, or a block.
func (b Briefing) Shows(id string) bool {
	if b.Card == id || slices.Contains(b.About, id) {
		return true
	}
	return slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Block != nil && slices.Contains(p.Block.Args, id) })
}

type chunk struct {
	text  string
	block string
	line  int
}

var blockLine = regexp.MustCompile(`^\{\{\s*([^{}]+?)\s*\}\}\s*$`)

// chunks cuts the text at the lines that are blocks.
func chunks(body string) []chunk {
	var out []chunk
	var prose []string
	flush := func() {
		if t := strings.TrimSpace(strings.Join(prose, "\n")); t != "" {
			out = append(out, chunk{text: t})
		}
		prose = nil
	}
	for i, l := range strings.Split(body, "\n") {
		if m := blockLine.FindStringSubmatch(l); m != nil {
			flush()
			out = append(out, chunk{block: m[1], line: i + 1})
			continue
		}
		prose = append(prose, l)
	}
	flush()
	return out
}

func firstLine(s string) string { l, _, _ := strings.Cut(s, "\n"); return l }

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// told is an error's text without the word of its kind.
func told(err error) string {
	return strings.ReplaceAll(err.Error(), record.ErrInvalid.Error()+": ", "")
}
