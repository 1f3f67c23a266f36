package web_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"article41/account"
	"article41/briefing"
)

const frenchText = `---
title: Un seul vote contre
lead: Le régime du Mali a pris fin.
by: nous
lang: fr
card: S/2023/638
---
Treize voix. [@SCR 2023-08] Il s’agirait de [[représailles|un journal]].

{{vote S/2023/638}}

{{vote S/2023/639}}

{{rollcall S/2023/638 S/2023/639}}

{{status mali as_of=2023-09-01}}

{{status dprk}}

{{timeline mali from=2022-08-01 to=2023-10-01}}

{{whatif S/2023/638 RUS:abstain as_of=2023-09-01}}

{{disagree S/2023/638 panel-until}}

{{quote S/2023/638 RUS on=2023-08-30}}

{{status no-such-regime}}
`

// TestFrenchBriefing: on a French briefing what is not quoted from the record, and
// marked as English, is French: blocks, box of days, head and foot of the page, form.
func TestFrenchBriefing(t *testing.T) {
	now := noon()
	h, d := readers(t, func() time.Time { return now }, account.Anyone())
	if err := d.Save(t.Context(), "un-vote", 0, frenchText, "ed", now); err != nil {
		t.Fatal(err)
	}
	e, err := d.Editing("un-vote", now)
	if err == nil {
		err = d.Publish(t.Context(), "un-vote", e.Version, time.Time{}, "", "ed", now)
	}
	if err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 3, 0)
	page := ask(h, "GET", "/briefings/un-vote", nil).Body.String()
	for _, want := range []string{`<html lang="fr"`, "(il y a 3 mois)", "13 pour, 1 contre, 1 abstention", "le vote contre d’un membre permanent (Russie) est un veto", "il en a manqué huit",
		"<time datetime=\"2023-08-30\">30 août 2023</time>", "Émirats arabes unis", "Interdiction de voyager", "Gel des avoirs : arrivé à terme", "1er", "Et si… Russie s’était abstenu", "réserve de",
		"jusqu’au 31 août 2024", "Chercher", "Sans lien avec", `property="og:locale" content="fr_FR"`, "Le registre ne tient pas ce qui doit figurer ici"} {
		want = strings.ReplaceAll(want, "Gel des avoirs :", "Gel des avoirs\u00a0:")
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, english := range []string{"the", "of", "and", "voted", "until", "lapsed", "member", "show", "that", "this", "as", "by", "with", "yes", "no", "force", "vetoed", "panel"} {
		for _, text := range inLanguage(t, page, "fr") {
			words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && r != '-' })
			if slices.Contains(words, english) {
				t.Errorf("%q is said in French: %q", english, text)
			}
		}
	}
	asked := ask(h, "GET", maliPage+"?lang=fr", nil).Body.String()
	for _, want := range []string{`<html lang="fr"`, `<h1 lang="en">`, "13 pour, 1 contre, 1 abstention", `<input type="hidden" name="lang" value="fr"`} {
		if !strings.Contains(asked, want) {
			t.Errorf("the English briefing asked for in French does not hold %q", want)
		}
	}
	if english := strings.Join(inLanguage(t, ask(h, "GET", maliPage, nil).Body.String(), "fr"), " "); strings.TrimSpace(english) != "Français" {
		t.Errorf("French on the English page: %q", english)
	}
}

// inLanguage are the words of a page, attributes that are read included, for which
// the nearest lang is so.
func inLanguage(t *testing.T, page, lang string) (out []string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(page))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	langs := []string{""}
	names := []string{""}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			own := langs[len(langs)-1]
			for _, a := range x.Attr {
				if a.Name.Local == "lang" {
					own = a.Value
				}
			}
			for _, a := range x.Attr {
				if own == lang && slices.Contains([]string{"title", "aria-label", "placeholder", "alt"}, a.Name.Local) && x.Name.Local != "link" && !strings.Contains(a.Value, "source: ") {
					out = append(out, quoted.ReplaceAllString(a.Value, ""))
				}
			}
			langs, names = append(langs, own), append(names, x.Name.Local)
		case xml.EndElement:
			langs, names = langs[:len(langs)-1], names[:len(names)-1]
		case xml.CharData:
			if s := strings.TrimSpace(string(x)); s != "" && langs[len(langs)-1] == lang && !slices.Contains([]string{"script", "pre", "style"}, names[len(names)-1]) && !strings.HasPrefix(s, "example.com/") {
				out = append(out, s)
			}
		}
	}
}

var quoted = regexp.MustCompile(briefing.QuoteOpen + `[^` + briefing.QuoteClose + `]*` + briefing.QuoteClose)
