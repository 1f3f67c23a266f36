// Package monitor answers what was seen, who says so, how sure they are, and on
// which evidence.
//
// An incident (record.Incident) happened at a place on a day, each as precise as
// the source. What is known of it are statements: one speaker's words, with the
// [Hedge] they were said with, the numbers they give (low, best, high; an open
// top stays open) and the page they stand on. Two that contradict each other
// stand beside each other; nothing is averaged. A finding (record.Finding) says
// what is taken to be so, by which standard of proof ([Levels]), and which acts of
// a named person it rests on. [Check] says what is wrong with either; [Index]
// finds incidents by filters and words, with counts.
//
// What is published stands in the ledger, and a correction is a new entry. What
// is worked on stands on the shelf ([Desk]): drafts, reviews, replies, withheld
// matter sealed under a key of its own. The package reads the files of UCDP and
// ACLED with their codes, and writes a bundle that verifies offline. It decides
// no law, says nobody is guilty, and averages no two sources.
//
//	for _, h := range monitor.Hedges("It is believed to be theirs, a diplomat said.") {
//		fmt.Println(h.Words, h.Code, h.Speaker) // believed to be believed a diplomat
//	}
package monitor
