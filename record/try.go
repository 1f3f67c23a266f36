package record

import "article41/date"

// Try is an attempt to bring a list up to date, as far as it tells something new:
// the first of a day, and each that ended otherwise than the one before. A list
// whose content did not change was still seen to be fresh on that day.
type Try struct {
	List SourceID `json:"list"`
	On   date.Day `json:"on"`
	OK   bool     `json:"ok"`
	// Problem says why it failed; what was held before stays.
	Problem string `json:"problem,omitempty"`
	From    string `json:"from,omitempty"` // the address or the folder
	Changed bool   `json:"changed,omitempty"`
}

const KindTry Kind = "try"

func (Try) Kind() Kind { return KindTry }
