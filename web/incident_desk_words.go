package web

import (
	"fmt"
	"slices"

	"article41/monitor"
)

func workSentence(v workView) string {
	waiting := 0
	for _, x := range v.Drafts {
		if x.State == monitor.InReview {
			waiting++
		}
	}
	return fmt.Sprintf("%s, %d in review.", capital(count(len(v.Drafts), "draft", "drafts")), waiting)
}

func draftTitle(x monitor.Draft) string {
	switch {
	case x.Incident.Title != "":
		return x.Incident.Title
	case x.Incident.ID != "":
		return string(x.Incident.ID)
	}
	return "untitled draft"
}

func draftSentence(v draftView) string {
	t := draftTitle(v.Draft)
	switch v.State {
	case monitor.InReview:
		return t + ": waits for review by a second person."
	case monitor.Accepted:
		if !v.Embargo.IsZero() {
			return t + ": accepted; under embargo, not before " + v.Embargo.Text() + "."
		}
		return t + ": accepted, ready to be published."
	case monitor.Published:
		return t + ": published."
	}
	return t + ": a draft, seen by those who work on it."
}

func aboutWords(n monitor.Notice) string {
	if n.About == "" {
		return "the record"
	}
	return string(n.About)
}

func contactWords(n monitor.Notice) string {
	if n.Contact == "" {
		return ""
	}
	return ", " + n.Contact
}

func fieldAbout(v draftView, name, hint string) string {
	out := ""
	if v.Form.problem(name) != "" {
		out = name + "-error"
	}
	if hint != "" {
		if out != "" {
			out += " "
		}
		out += name + "-hint"
	}
	return out
}

func hasAct(v draftView, code string) bool { return slices.Contains(v.Form.Values["acts"], code) }

func noticeWords(n monitor.Notice) string {
	if n.State == monitor.Answered {
		return "answered"
	}
	return "received, and waits for an answer"
}

// noticeLog is the log as the sender sees it: what was done and when, not by whom.
func noticeLog(n monitor.Notice) []monitor.Step {
	out := slices.Clone(n.Log)
	for i := range out {
		if out[i].Who != "sender" {
			out[i].Who = "a reviewer"
		}
		out[i].Note = ""
	}
	return out
}

func sortWords(s string) string {
	switch s {
	case "reply":
		return "a reply to what is said of me"
	case "correction":
		return "something is wrong: correct it"
	}
	return "what do you hold on me?"
}

func tiedWords(x monitor.CaseAct) string {
	if x.Names {
		return "It names the one proposed with specific acts."
	}
	return "It does not name the one proposed."
}

// othersNamed are the others that the finding names, so that their acts are not
// read as those of the one proposed.
func othersNamed(x monitor.CaseAct) string {
	if len(x.Others) == 0 {
		return ""
	}
	return " It also names " + list(x.Others) + ", whose acts are not those of the one proposed."
}

func incidentOf(x monitor.CaseAct) string { return string(x.Incident) }
