package monitor

import "article41/record"

// DeskSource is the id under which what an installation publishes itself stands
// in the ledger.
const DeskSource record.SourceID = "desk"
