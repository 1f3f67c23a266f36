package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"article41"
	"article41/briefing"
	"article41/export"
	"article41/symbol"
)

// locale is a language tag as Open Graph writes it, with a territory.
func locale(lang string) string {
	switch briefing.ParseLang(lang) {
	case briefing.French:
		return "fr_FR"
	}
	if briefing.Lang(lang) == briefing.English {
		return "en_GB"
	}
	return strings.ReplaceAll(lang, "-", "_")
}

func oembedAddress(a *ask, v briefingView) string {
	return origin(a.Request) + "/oembed?url=" + url.QueryEscape(origin(a.Request)+v.Address)
}

// shared reads the briefing that a file of it is asked of.
func (s *site) shared(w http.ResponseWriter, r *http.Request) (*ask, briefingView, bool) {
	a, err := read(r, s.o.Today())
	var v briefingView
	if err == nil {
		v, err = s.briefingView(a, briefing.Slug(r.PathValue("slug")))
	}
	if err != nil {
		http.Error(w, "There is no such briefing.", http.StatusNotFound)
		return nil, v, false
	}
	return a, v, true
}

// card is the vote that a briefing's card is drawn from.
func (s *site) card(a *ask, v briefingView) (article41.Vote, bool) {
	if v.Card == "" {
		return article41.Vote{}, false
	}
	sym, err := symbol.Parse(v.Card)
	if err != nil {
		return article41.Vote{}, false
	}
	x, err := s.q.Vote(a.Context(), a.At, sym)
	return x, err == nil
}

// Size of a card, as Open Graph readers show it.
const cardWidth, cardHeight = 1200, 630

var cardColours = map[string]color.RGBA{"yes": {0x1f, 0x7a, 0x4d, 255}, "no": {0xb3, 0x26, 0x1e, 255}, "abstain": {0x8a, 0x6d, 0x1a, 255}, "none": {0x6b, 0x72, 0x80, 255}}

var cardGround, cardInk, cardSoft = color.RGBA{0xfb, 0xfa, 0xf7, 255}, color.RGBA{0x1a, 0x1d, 0x21, 255}, color.RGBA{0x56, 0x5d, 0x66, 255}

// cardPlan is where a card's marks and lines stand; SVG and PNG draw the same.
type cardPlan struct {
	Dots  []dot // X, Y, Kind
	Lines []cardLine
}

type cardLine struct {
	X, Y, Size float64
	Bold, Soft bool
	Text       string
}

func planCard(v briefingView, x article41.Vote, has bool) cardPlan {
	var p cardPlan
	l := briefing.ParseLang(v.Lang)
	y := 110.0
	for _, l := range wrapWords(v.Title, 26) {
		p.Lines = append(p.Lines, cardLine{70, y, 54, true, false, l})
		y += 66
	}
	if has {
		y += 10
		for _, l := range wrapWords(l.Outcome(x.Outcome), 44) {
			p.Lines = append(p.Lines, cardLine{70, y, 30, false, false, l})
			y += 42
		}
		p.Lines = append(p.Lines, cardLine{70, 560, 26, false, true, x.ID.String() + ", " + l.Day(x.Date)})
		points, w, _ := arc(max(1, len(x.Rollcall)), 150, 44, 20)
		for i, b := range x.Rollcall {
			k := ballotClass(b.Vote)
			if b.Vetoes {
				k = "veto"
			}
			p.Dots = append(p.Dots, dot{1150 - w + points[i].X, 120 + points[i].Y, k})
		}
		p.Lines = append(p.Lines, cardLine{1150 - w/2 - 70, 330, 46, true, false, dashed(x.Outcome.Tally)})
	}
	p.Lines = append(p.Lines, cardLine{70, 600, 24, false, true, "article41 · " + lowerFirst(strings.TrimSuffix(l.Say("foot-disclaimer"), "."))})
	return p
}

func wrapWords(s string, most int) []string {
	var out []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && len([]rune(line))+1+len([]rune(w)) > most {
			out, line = append(out, line), ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	out = append(out, line)
	if len(out) > 5 {
		out = append(out[:4], out[4]+" …")
	}
	return out
}

func hexColour(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// cardSVG is the Open Graph card as SVG.
func (s *site) cardSVG(w http.ResponseWriter, r *http.Request) {
	a, v, ok := s.shared(w, r)
	if !ok {
		return
	}
	x, has := s.card(a, v)
	p := planCard(v, x, has)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img"><title>%s</title><rect width="%d" height="%d" fill="%s"/>`, cardWidth, cardHeight, escaped(v.Title), cardWidth, cardHeight, hexColour(cardGround))
	for _, d := range p.Dots {
		switch d.Kind {
		case "yes":
			fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="16" fill="%s"/>`, f(d.X), f(d.Y), hexColour(cardColours["yes"]))
		case "no", "veto":
			fmt.Fprintf(&b, `<rect x="%s" y="%s" width="28" height="28" fill="%s"/>`, f(d.X-14), f(d.Y-14), hexColour(cardColours["no"]))
			if d.Kind == "veto" {
				fmt.Fprintf(&b, `<rect x="%s" y="%s" width="40" height="40" fill="none" stroke="%s" stroke-width="3"/>`, f(d.X-20), f(d.Y-20), hexColour(cardColours["no"]))
			}
		case "abstain":
			fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="14" fill="none" stroke="%s" stroke-width="4"/>`, f(d.X), f(d.Y), hexColour(cardColours["abstain"]))
		default:
			fmt.Fprintf(&b, `<path d="M%s %sh20" stroke="%s" stroke-width="4"/>`, f(d.X-10), f(d.Y), hexColour(cardColours["none"]))
		}
	}
	for _, l := range p.Lines {
		weight, ink := "400", cardInk
		if l.Bold {
			weight = "700"
		}
		if l.Soft {
			ink = cardSoft
		}
		fmt.Fprintf(&b, `<text x="%s" y="%s" font-family="sans-serif" font-size="%s" font-weight="%s" fill="%s">%s</text>`, f(l.X), f(l.Y), f(l.Size), weight, hexColour(ink), escaped(l.Text))
	}
	b.WriteString("</svg>")
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Write(b.Bytes())
}

func escaped(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s))
	return b.String()
}

var faces = sync.OnceValues(func() ([2]*opentype.Font, error) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return [2]*opentype.Font{}, err
	}
	bold, err := opentype.Parse(gobold.TTF)
	return [2]*opentype.Font{regular, bold}, err
})

// cardPNG is the same as PNG, for readers of cards that draw no SVG.
func (s *site) cardPNG(w http.ResponseWriter, r *http.Request) {
	a, v, ok := s.shared(w, r)
	if !ok {
		return
	}
	x, has := s.card(a, v)
	p := planCard(v, x, has)
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", p))
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", "public, max-age=600")
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	b, err := s.cards.of(etag, p)
	if err != nil {
		s.tell(newReference(), err)
		h.Del("ETag")
		h.Set("Cache-Control", "no-store")
		http.Error(w, "The card could not be drawn.", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", "image/png")
	w.Write(b)
}

// cards are drawn cards, kept by the digest of what is on them.
type cards struct {
	mu   sync.Mutex
	made map[string][]byte
}

// mostCards bounds what is kept; when it is full, everything goes.
const mostCards = 64

// of is the card, drawn once: who asks while it is drawn waits for it.
func (k *cards) of(digest string, p cardPlan) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if b, ok := k.made[digest]; ok {
		return b, nil
	}
	m, err := drawCard(p)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return nil, err
	}
	if k.made == nil || len(k.made) >= mostCards {
		k.made = map[string][]byte{}
	}
	k.made[digest] = b.Bytes()
	return b.Bytes(), nil
}

func drawCard(p cardPlan) (image.Image, error) {
	m := image.NewRGBA(image.Rect(0, 0, cardWidth, cardHeight))
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = cardGround.R, cardGround.G, cardGround.B, 255
	}
	for _, d := range p.Dots {
		switch d.Kind {
		case "yes":
			ring(m, d.X, d.Y, 16, 0, cardColours["yes"])
		case "abstain":
			ring(m, d.X, d.Y, 16, 12, cardColours["abstain"])
		case "no", "veto":
			box(m, d.X, d.Y, 14, 0, cardColours["no"])
			if d.Kind == "veto" {
				box(m, d.X, d.Y, 21, 18, cardColours["no"])
			}
		default:
			bar(m, d.X, d.Y, cardColours["none"])
		}
	}
	fonts, err := faces()
	if err != nil {
		return nil, err
	}
	for _, l := range p.Lines {
		f := fonts[0]
		if l.Bold {
			f = fonts[1]
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: l.Size, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			return nil, err
		}
		ink := cardInk
		if l.Soft {
			ink = cardSoft
		}
		(&font.Drawer{Dst: m, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(int(l.X), int(l.Y))}).DrawString(l.Text)
	}
	return m, nil
}

// ring fills the circle of radius r without the one of radius hole.
func ring(m *image.RGBA, x, y, r, hole float64, c color.RGBA) {
	z := vector.NewRasterizer(cardWidth, cardHeight)
	circle := func(r float64, back bool) {
		const n = 48
		for i := range n + 1 {
			t := 2 * math.Pi * float64(i) / n
			if back {
				t = -t
			}
			px, py := float32(x+r*math.Cos(t)), float32(y+r*math.Sin(t))
			if i == 0 {
				z.MoveTo(px, py)
			} else {
				z.LineTo(px, py)
			}
		}
		z.ClosePath()
	}
	circle(r, false)
	if hole > 0 {
		circle(hole, true)
	}
	z.Draw(m, m.Bounds(), image.NewUniform(c), image.Point{})
}

// box fills the square of half side r without the one of half side hole.
func box(m *image.RGBA, x, y, r, hole float64, c color.RGBA) {
	z := vector.NewRasterizer(cardWidth, cardHeight)
	square := func(r float64, back bool) {
		p := [][2]float64{{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}}
		if back {
			p[1], p[3] = p[3], p[1]
		}
		z.MoveTo(float32(p[0][0]), float32(p[0][1]))
		for _, q := range p[1:] {
			z.LineTo(float32(q[0]), float32(q[1]))
		}
		z.ClosePath()
	}
	square(r, false)
	if hole > 0 {
		square(hole, true)
	}
	z.Draw(m, m.Bounds(), image.NewUniform(c), image.Point{})
}

func bar(m *image.RGBA, x, y float64, c color.RGBA) {
	for dy := -2; dy < 2; dy++ {
		for dx := -10; dx < 10; dx++ {
			m.SetRGBA(int(x)+dx, int(y)+dy, c)
		}
	}
}

// embed is the briefing in small for other sites' frames: its title, the vote's
// sentence and every correction, so that whoever embeds it cannot lose them.
func (s *site) embed(w http.ResponseWriter, r *http.Request) {
	a, v, ok := s.shared(w, r)
	if !ok {
		return
	}
	v.Embedded = true
	x, has := s.card(a, v)
	var b bytes.Buffer
	if err := embedPage(a, v, x, has).Render(r.Context(), &b); err != nil {
		s.tell(newReference(), err)
		http.Error(w, "The page could not be written.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Del("Cross-Origin-Opener-Policy")
	w.Write(b.Bytes())
}

// oembed answers what to put into a page that links to a briefing. It carries the
// corrections as data too.
func (s *site) oembed(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.URL.Query().Get("url"))
	slug, ok := strings.CutPrefix("", "")
	if err == nil {
		slug, ok = strings.CutPrefix(u.Path, "/briefings/")
	}
	if format := r.URL.Query().Get("format"); format != "" && format != "json" {
		http.Error(w, "Only JSON is spoken here.", http.StatusNotImplemented)
		return
	}
	if s.o.Desk == nil || err != nil || !ok || u.Host != "" && u.Host != r.Host {
		http.Error(w, "The address is none of a briefing of this site.", http.StatusNotFound)
		return
	}
	p, err := s.o.Desk.Briefing(briefing.Slug(slug), s.now())
	if err != nil {
		http.Error(w, "There is no such briefing.", http.StatusNotFound)
		return
	}
	at := origin(r) + "/briefings/" + string(p.Slug)
	writeJSON(w, map[string]any{
		"version": "1.0", "type": "rich", "title": p.Title, "author_name": p.By, "provider_name": "article41", "provider_url": origin(r) + "/",
		"cache_age": 3600, "width": 560, "height": 420, "thumbnail_url": at + "/card.png", "thumbnail_width": cardWidth, "thumbnail_height": cardHeight,
		"html":        `<iframe src="` + html.EscapeString(at+"/embed") + `" width="560" height="420" title="` + html.EscapeString(p.Title) + `" loading="lazy" sandbox="allow-popups"></iframe>`,
		"corrections": p.Corrections, "updated": p.Updated.UTC().Format(time.RFC3339),
	}, "no-cache")
}

// feed is the briefings as Atom or JSON Feed; a correction makes an item new.
func (s *site) feed(w http.ResponseWriter, r *http.Request) {
	if s.o.Desk == nil {
		http.NotFound(w, r)
		return
	}
	out := export.Feed{Title: "article41: briefings", Lead: "Briefings drawn from the record of United Nations sanctions", Address: origin(r) + "/briefings"}
	for _, p := range s.o.Desk.Briefings(s.now()) {
		at := origin(r) + "/briefings/" + string(p.Slug)
		var b strings.Builder
		for _, c := range p.Corrections {
			fmt.Fprintf(&b, "<p>%s: %s</p>", c.On, html.EscapeString(c.Says))
		}
		for _, part := range p.Parts {
			b.WriteString(part.HTML)
			if part.Block != nil {
				fmt.Fprintf(&b, `<p><a href="%s">%s</a></p>`, html.EscapeString(at), html.EscapeString(briefing.ParseLang(p.Lang).Say("on-the-page", part.Block.Kind+" "+strings.Join(part.Block.Args, ", "))))
			}
		}
		out.Stories = append(out.Stories, export.Story{ID: at, Address: at, Title: p.Title, Lead: p.Lead, By: p.By, HTML: strings.ReplaceAll(b.String(), `href="#`, `href="`+html.EscapeString(at)+`#`), Published: p.Published, Updated: p.Updated})
		if p.Updated.After(out.Updated) {
			out.Updated = p.Updated
		}
	}
	if err := writeFeed(w, r, out); err != nil {
		s.tell(newReference(), err)
		http.Error(w, "The feed could not be written.", http.StatusInternalServerError)
	}
}
