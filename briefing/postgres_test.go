package briefing_test

import (
	"testing"

	"article41/postgrestest"
)

// What rests on a store is run once more on PostgreSQL.
func TestOnPostgres(t *testing.T) { postgrestest.Again(t, `^Test`) }
