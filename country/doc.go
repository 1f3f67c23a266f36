// Package country answers which state is meant, what it was called on a day and
// whether it was a Member of the United Nations then.
//
// A [Code] is the ISO 3166 alpha-3 code, upper case ("MLI"); states that are no
// more keep theirs ("SUN", "CSK", "YUG", "DDR"). A code names a seat at the
// United Nations, not a government: China's seat is CHN on every day, and
// [Code.FullName] says who held it. Places that are no states but stand in
// lists (Hong Kong, Kosovo, Taiwan) have a code too.
//
// The tables are states.csv (one row a code) and names.csv (names by date, and
// aliases). The package does not know who sits on the Council on which day: the
// groups that need it (P5, E10, A3) take the seated members as an argument.
//
//	c, _ := country.Parse("burma")     // "MMR"
//	c.Name(date.MustDay("1985-01-01")) // "Burma"
package country
