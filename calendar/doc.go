// Package calendar answers which days the United Nations works in New York, and
// by when something is due.
//
// A working day is a day from Monday to Friday that is no official holiday at
// Headquarters. The holidays stand in holidays.csv, each with its source; most
// were not read in the circular of their year and say so. Since 2016 there are
// nine a year; the floating holidays, of which each member of the staff picks
// one (Presidents' Day, Juneteenth, Yom Kippur and others), close nothing and are
// not in the table. A [Deadline] therefore always carries both counts, with the
// holidays and without. The package knows no vetoes, no regimes and no clock.
//
//	calendar.Debate(date.MustDay("2023-08-30")) // 14 September; 13 without the holiday of the 4th
package calendar
