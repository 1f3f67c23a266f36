// Package compile makes the tables of votes and seats out of the public files
// that lie beside the repository, and checks the tables against them.
//
// [Seats], [Resolutions], [Rollcalls], [Failed] and [Assembly] each read the
// shared folder and write one table (Assembly: two) into an output folder; [All]
// runs them. What the files leave out or get wrong is mended by small tables
// that stand beside this code and name their source: brief.csv and library.csv
// (facts), corrections.csv (a cell of a source, read again), splits.csv (who
// shared a seat). The same input gives the same bytes.
//
// [Against] reads the written tables and the sources again and reports, source
// by source, what was compared and where they differ; a difference without a row
// in judgements.csv is an error. The tables' columns are described in
// docs/votes-data.md. The package decides no law: it uses the tally rule only to
// check what a source says of an outcome.
//
//	err := compile.All("../shared", "data")
//	report, err := compile.Against("../shared", "data")
package compile
