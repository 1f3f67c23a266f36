package align_test

import "article41/date"

func day(s string) date.Day { return date.MustDay(s) }
