// Package voeten reads the data of Bailey, Strezhnev and Voeten on the General
// Assembly: roll calls ([Read]) and ideal points ([ReadIdeals]).
//
// A roll call is one column a state, by Correlates of War number; cow.csv says
// which state of ours that is, by day. 1 is yes, 2 abstain, 3 no, 8 absent, 9 and
// empty not a Member. The number under "unres" is the resolution's only from
// session 31 on; before that the roll call stands under its own number alone. The
// files hold recorded votes only: what the Assembly adopts without a vote is not
// in them, and the days of the early sessions are not all real ones.
//
//	votes, complaints, err := voeten.Read(file, voeten.Options{})
//
// Source: Erik Voeten, Anton Strezhnev, Michael Bailey, "United Nations General
// Assembly Voting Data", Harvard Dataverse, doi:10.7910/DVN/LEJUQZ; method:
// "Estimating Dynamic State Preferences from United Nations Voting Data",
// Journal of Conflict Resolution 61(2), 2017, 430-456.
package voeten
