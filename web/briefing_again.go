package web

import (
	"bytes"
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"article41/account"
	"article41/briefing"
	"article41/date"
	"article41/record"
)

// A form that was refused comes back with every fault and all that was typed. As
// robots are answered so too, the page has to cost next to nothing: it is the same
// components as everywhere, drawn once with holes where they differ and kept. A
// page of a refusal is then its shell, a piece for each field as it stands, and
// what was typed, escaped.

// piece is drawn HTML with holes in it: literals and, between them, names.
type piece struct{ literals, holes []string }

// Holes stand between two runes of the private use area, which no text that is
// drawn with a hole holds.
const (
	holeOpen  = "\uE000"
	holeClose = "\uE001"
)

func hole(name string) string { return holeOpen + name + holeClose }

func cutHoles(drawn string) (p piece) {
	for {
		before, rest, ok := strings.Cut(drawn, holeOpen)
		p.literals = append(p.literals, before)
		if !ok {
			return p
		}
		name, after, _ := strings.Cut(rest, holeClose)
		p.holes = append(p.holes, name)
		drawn = after
	}
}

// shape is what a piece depends on beside what is filled in.
type shape struct {
	lang         briefing.Lang
	name         string // a part of the form; empty: the shell
	fault        string
	filled       bool   // something was typed into it
	choice       string // of fields with a choice
	briefing     string // of the shell
	title, reply string
	who          string
	today        date.Day
	at           record.Position
}

// pieces keeps what was drawn. Shapes are few: a field has some faults and choices.
type pieces struct {
	mu   sync.RWMutex
	made map[shape]piece
}

const mostPieces = 4000

func (k *pieces) of(x shape, draw func() (string, error)) (piece, error) {
	k.mu.RLock()
	p, ok := k.made[x]
	k.mu.RUnlock()
	if ok {
		return p, nil
	}
	drawn, err := draw()
	if err != nil {
		return piece{}, err
	}
	p = cutHoles(drawn)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.made == nil || len(k.made) >= mostPieces {
		k.made = map[shape]piece{}
	}
	k.made[x] = p
	return p, nil
}

// again is the form with what is wrong with it, status 422.
func (s *site) again(a *ask, slug briefing.Slug, f commentForm) (page, error) {
	b, err := s.o.Desk.Briefing(slug, s.now())
	if err != nil {
		return page{}, err
	}
	b.Title = noHoles(b.Title)
	l := f.Fields.Lang
	v := briefingView{Public: b, L: l, Address: "/briefings/" + string(slug), Discuss: true}
	p := page{Title: l.Count("problem-title", len(f.Faults)) + ": " + b.Title, Nav: "/briefings", Lang: string(l), Head: againHead(), Twin: "-",
		Status: http.StatusUnprocessableEntity, Private: true, NoIndex: true}
	who := account.Of(a.Context()).ID
	if a.AsOfChosen || a.KnownChosen || who != account.Anyone().ID && who != account.Local().ID {
		v.Form = f
		p.Body = againPage(a, v)
		return p, nil
	}
	shell := shape{lang: l, briefing: string(slug), title: p.Title, reply: f.Replying, who: who, today: a.Today, at: s.q.Basis().Position}
	outer, err := s.pieces.of(shell, func() (string, error) {
		v.Form = commentForm{Faults: f.Faults, Tried: true, Replying: noHoles(f.Replying), hollow: true}
		shellPage := p
		shellPage.Body = againPage(a, v)
		return drawn(a, layout(s, a, shellPage))
	})
	if err != nil {
		return page{}, err
	}
	var w bytes.Buffer
	w.Grow(14<<10 + 2*len(f.Fields.Message))
	for i, text := range outer.literals {
		w.WriteString(text)
		if i < len(outer.holes) {
			if err := s.fillPart(a, &w, l, f, outer.holes[i]); err != nil {
				return page{}, err
			}
		}
	}
	p.Whole = w.Bytes()
	return p, nil
}

func drawn(a *ask, c templ.Component) (string, error) {
	var b strings.Builder
	err := c.Render(a.Context(), &b)
	return b.String(), err
}

func noHoles(s string) string {
	return strings.NewReplacer(holeOpen, "", holeClose, "").Replace(s)
}

// fillPart writes one part of the form: what was kept of its shape, and in it what
// was typed.
func (s *site) fillPart(a *ask, w *bytes.Buffer, l briefing.Lang, f commentForm, name string) error {
	if name == "faults" {
		for _, x := range f.Faults {
			w.WriteString(`<li><a href="#` + x.Field + `">` + html.EscapeString(x.Says) + `</a></li>`)
		}
		return nil
	}
	part, x, value := f.shaped(name)
	x.lang = l
	p, err := s.pieces.of(x, func() (string, error) { return drawn(a, part.part(l, name)) })
	if err != nil {
		return err
	}
	for i, text := range p.literals {
		if i > 0 {
			w.WriteString(html.EscapeString(value))
		}
		w.WriteString(text)
	}
	return nil
}

// shaped is the form as far as one part of it shows it, with a hole for what was
// typed; the shape that follows; and what was typed.
func (f commentForm) shaped(name string) (part commentForm, x shape, value string) {
	g := f.Fields
	x = shape{name: name, fault: f.fault(name)}
	part = commentForm{Tried: f.Tried, Faults: f.Faults}
	keep := func(field *string, typed string) {
		if strings.TrimSpace(typed) != "" {
			*field, value, x.filled = hole(name), typed, true
		}
	}
	switch to := &part.Fields; name {
	case "stamp":
		keep(&to.Stamp, g.Stamp)
	case "reply_to":
		keep(&to.ReplyTo, g.ReplyTo)
	case "place":
		keep(&to.Place, g.Place)
	case "source":
		keep(&to.Source, g.Source)
	case "message":
		keep(&to.Message, g.Message)
	case "name":
		keep(&to.Name, g.Name)
	case "email":
		keep(&to.Email, g.Email)
	case "rating", "aspects":
		if g.ReplyTo != "" {
			to.ReplyTo, x.filled = "-", true // an answer has no rating
			break
		}
		to.Rating, to.Clear, to.Sourced, to.Fair = chosenStar(g.Rating), chosenStar(g.Clear), chosenStar(g.Sourced), chosenStar(g.Fair)
		x.choice = to.Rating
		if name == "aspects" {
			x.choice = to.Clear + "," + to.Sourced + "," + to.Fair
			x.fault = f.fault("clear") + "\n" + f.fault("sourced") + "\n" + f.fault("fair")
		}
	case "type":
		if slices.Contains(briefing.Types, briefing.Type(g.Type)) {
			to.Type, x.choice = g.Type, g.Type
		}
	}
	return part, x, value
}

// chosenStar is a rating that can be shown as chosen.
func chosenStar(typed string) string {
	if t := strings.TrimSpace(typed); len(t) == 1 && t >= "1" && t <= "5" {
		return t
	}
	return ""
}
