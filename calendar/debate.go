package calendar

import "article41/date"

// DebateDays are the working days within which the President of the General
// Assembly convenes a formal meeting on a veto (A/RES/76/262, para 1).
const DebateDays = 10

// debateSince is the day on which A/RES/76/262 was adopted; earlier vetoes have
// no such debate.
var debateSince = date.MustDay("2022-04-26")

// DebateUnless is the exception of A/RES/76/262, para 1, in words.
const DebateUnless = "No debate is due while the Assembly meets in an emergency special session on the same situation; whether one was meeting is not in the record."

// Debate is the day by which the Assembly debates a veto cast on the day. It is
// for the caller to know that the veto was one in the strict sense. False: the
// veto was cast before the Assembly bound itself.
func Debate(vetoed date.Day) (Deadline, bool) {
	if vetoed.Before(debateSince) {
		return Deadline{}, false
	}
	return Due(vetoed, DebateDays), true
}
