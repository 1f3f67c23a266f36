// Package align answers who votes with whom, who moved, and who holds power.
//
// [Votes] are roll calls of the Council or the Assembly, folded into bit sets:
// one bit a roll call, one set a state and position. A [Set] is some of them. Two
// states meet in a [Table] of three positions by three; every measure of
// agreement ([Measures]) is drawn from that table with whole numbers, so that
// 3/7 is 3/7. [Matrix] holds the tables' sums of all pairs, [Scale] makes a map
// of them, [Blocs] clusters, [Drifts] compares two windows. [Rule] is a voting
// rule, and [Rule.Power] what each seat is worth under it, exactly.
//
// A state that did not take part has no position: such a vote is left out of the
// pair and counted apart. An index that is not defined is absent, not one. The
// package estimates no ideal points; it shows published ones ([Ideals]). It knows
// no law: an agreement is arithmetic on ballots, not a motive.
//
//	v := align.Fold(calls)
//	set, _ := v.Select(align.Filter{Body: align.Council, To: date.MustDay("2023-12-31")})
//	m := v.Pair("FRA", "JPN", set).Table.Measures() // m.Pi.Fraction "3/7"
//
// Formulas, sources and limits: docs/alignment.md.
package align
