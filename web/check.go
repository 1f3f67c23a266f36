package web

import (
	"fmt"
	"strings"

	"article41/briefing"
	"article41/date"
	"article41/record"
)

// checkView is a story laid beside the record.
type checkView struct {
	Text    string
	Written string // the story's own day, as typed
	Fault   string
	Wrong   string // what is wrong with that day
	Checked *briefing.Checked
}

var verdictClass = map[briefing.Verdict]string{briefing.Agrees: "agrees", briefing.Differs: "differs", briefing.Unheld: "unknown"}

var verdictMark = map[briefing.Verdict]string{briefing.Agrees: "=", briefing.Differs: "≠", briefing.Unheld: "?"}

func (s *site) checkForm(a *ask) (page, error) {
	return page{Title: uiLang(a, "en").Say("check-title"), Lang: string(uiLang(a, "en")), Nav: "/briefings", Body: checkPage(a, checkView{}), Head: briefingSheet(), Twin: "-"}, nil
}

// checkAnswer lays a posted story beside the record. It is kept nowhere, and no
// address leads to it.
func (s *site) checkAnswer(a *ask) (page, error) {
	v := checkView{Text: strings.ToValidUTF8(a.form.Get("text"), "\uFFFD"), Written: strings.ToValidUTF8(strings.TrimSpace(a.form.Get("written")), "\uFFFD")}
	var written date.Day
	if v.Written != "" {
		var err error
		if written, err = date.ParseDay(v.Written); err != nil {
			v.Wrong = uiLang(a, "en").Say("check-written-wrong")
		}
	}
	p := page{Title: uiLang(a, "en").Say("check-title"), Lang: string(uiLang(a, "en")), Nav: "/briefings", Head: briefingSheet(), Private: true, NoIndex: true, Twin: "/check"}
	if strings.TrimSpace(v.Text) == "" {
		v.Fault = uiLang(a, "en").Say("check-empty")
	}
	if v.Fault != "" || v.Wrong != "" {
		p.Status, p.Twin = 422, "-"
	} else {
		got, err := s.q.Story(a.Context(), a.At, v.Text, written)
		if err != nil {
			return page{}, err
		}
		v.Checked = &got
	}
	p.Body = checkPage(a, v)
	return p, nil
}

func citeList(cs []record.Cite) []record.Cite {
	var out []record.Cite
	for _, c := range cs {
		if len(out) < 4 && !hasCite(out, c) {
			out = append(out, c)
		}
	}
	return out
}

func hasCite(cs []record.Cite, c record.Cite) bool {
	for _, x := range cs {
		if x == c {
			return true
		}
	}
	return false
}

// marked is the story cut into stretches; those with claims carry their numbers.
type marked struct {
	Text   string
	Number int // of the first claim in it; 0: none
	Class  string
}

func markStory(text string, laid []briefing.Laid) []marked {
	var out []marked
	at := 0
	for i, l := range laid {
		if l.From < at || l.To > len(text) {
			continue // lies within one already marked
		}
		if l.From > at {
			out = append(out, marked{Text: text[at:l.From]})
		}
		out = append(out, marked{Text: text[l.From:l.To], Number: i + 1, Class: verdictClass[l.Verdict]})
		at = l.To
	}
	return append(out, marked{Text: text[at:]})
}

func claimID(n int) string { return fmt.Sprintf("claim-%d", n) }

// checkedSentence is the answer in short.
func checkedSentence(l briefing.Lang, c briefing.Checked) string {
	if len(c.Laid) == 0 {
		return l.Say("checked-nothing")
	}
	n := map[briefing.Verdict]int{}
	for _, x := range c.Laid {
		n[x.Verdict]++
	}
	return l.Say("checked-sentence", l.Count("checked-claims", len(c.Laid)), n[briefing.Agrees], n[briefing.Differs], n[briefing.Unheld], l.Count("checked-sentences", len(c.Unread)))
}
