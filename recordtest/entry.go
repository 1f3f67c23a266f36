package recordtest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"article41/date"
	"article41/record"
)

// Soak reports whether the long forms run: with ARTICLE41_SOAK=1.
func Soak() bool { return os.Getenv("ARTICLE41_SOAK") == "1" }

// day is the day on which all facts of these tests were known.
var day = date.MustDay("2023-08-30")

// Noon is an instant with more precision than a ledger keeps.
var Noon = time.Date(2023, 8, 30, 12, 0, 0, 123_456_789, time.UTC)

// Entries makes n valid entries of about the given size, every seventh sealed.
// The name keeps the facts of one batch apart from another's.
func Entries(t testing.TB, name string, n, size int) []record.Entry {
	t.Helper()
	out := make([]record.Entry, n)
	pad := strings.Repeat("Ménaka مرحبا Ансар ", size/29+1)
	for i := range out {
		var body record.Body = record.Withdrawal{Fact: record.FactID(fmt.Sprintf("%s/%d", name, i)), Reason: pad}
		if i%7 == 3 {
			body = record.Sealed{Subject: fmt.Sprintf("s-%d", i), Matter: "customer", Commitment: record.Commit([]byte(name), []byte{byte(i)})}
		}
		e, err := record.State(record.FactID(fmt.Sprintf("test/%s/%d", name, i)), "curated", day, body)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = e
	}
	return out
}
