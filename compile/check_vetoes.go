package compile

import (
	"strings"

	"article41/country"
	"article41/date"
)

// strict reports whether a failed draft was vetoed in the strict sense: a
// permanent no with enough yes votes. Where no source gives the tally the
// recorded outcome has to do.
func strict(r row) bool {
	day, err := r.dayOf()
	if err != nil || r["nature"] == natureProcedural {
		return false
	}
	t, has, err := r.tallyOf()
	if err != nil || !has {
		return r["outcome"] == OutcomeVeto
	}
	return computed(t, anyPermanent(parseCodes(r["blocked_by"])), day) == OutcomeVeto
}

func (c *comparison) vetoList() error {
	list, err := readVetoList(c.shared)
	if err != nil {
		return err
	}
	count := c.line("veto list: strict vetoes")
	listed := map[string]bool{}
	for _, v := range list {
		listed[v.key()] = true
		ours := ""
		if r, ok := c.failed[v.key()]; ok && strict(r) {
			ours = OutcomeVeto
		}
		count(v.key(), OutcomeVeto, ours)
	}
	end := list[len(list)-1].day
	for _, r := range c.t.failed {
		day, err := r.dayOf()
		if err != nil {
			return err
		}
		if !day.After(end) && strict(r) && !listed[r["draft"]] {
			count(r["draft"], "", OutcomeVeto)
		}
	}
	return nil
}

func (c *comparison) vetoVoters() error {
	list, err := readVetoList(c.shared)
	if err != nil {
		return err
	}
	count := c.line("veto list: who voted no, and when")
	for _, v := range list {
		r, ok := c.failed[v.key()]
		if !ok {
			continue
		}
		count(v.key(), v.day.String()+" "+codesOf(v.by), r["date"]+" "+r["blocked_by"])
	}
	return nil
}

// failedSample compares the states named in each group, for drafts as a whole.
func (c *comparison) failedSample() error {
	rows, err := sheet(c.shared, fileFailed, ',')
	if err != nil {
		return err
	}
	count := c.line("failed drafts: who voted how")
	for _, r := range rows {
		name := tidy(r["Voting On"])
		if strings.Contains(name, "Paragraph") || strings.Contains(name, "Meeting Draft") {
			continue
		}
		draft := draftSymbol.FindString(name)
		if tidy(r["Meeting Number"]) == "447" {
			draft = "S/1391/Rev.1"
		}
		day, err := date.ParseDay(c.failed[draft]["date"])
		if err != nil {
			count(r["Meeting Number"]+" "+name, "listed", "")
			continue
		}
		seated := Seated(c.t.seats, day)
		theirs := map[string][]country.Code{}
		for col, g := range map[string]string{"In Favor": Yes, "Against": No, "Abstain": Abstain} {
			for _, n := range listOf(r[col]) {
				if code, err := seatedCode(n, seated); err == nil {
					theirs[g] = append(theirs[g], code)
				}
			}
		}
		ours := c.rollcalls[draft].castsOf()
		text := func(m map[string][]country.Code) string {
			if len(m) == 0 {
				return ""
			}
			return codesOf(m[Yes]) + " / " + codesOf(m[No]) + " / " + codesOf(m[Abstain])
		}
		count(r["Meeting Number"]+" "+name, text(theirs), text(ours))
	}
	return nil
}

// briefVetoes holds the brief's list of vetoes since 2022, most of it from
// memory, against the table, which has them from the sheet.
func (c *comparison) briefVetoes() error {
	count := c.line("brief: vetoes since July 2022")
	named := map[string]bool{}
	for _, r := range embedded(briefCSV) {
		if r["kind"] != "veto" {
			continue
		}
		named[r["symbol"]] = true
		ours := ""
		if f, ok := c.failed[r["symbol"]]; ok && strict(f) {
			ours = f["date"] + " no=" + f["blocked_by"]
		}
		count(r["symbol"], r["date"]+" "+r["groups"], ours)
	}
	for _, f := range c.t.failed {
		if f["date"] >= "2022-07-08" && strict(f) && !named[f["draft"]] {
			count(f["draft"], "", f["date"]+" no="+f["blocked_by"])
		}
	}
	return nil
}

// briefNamed holds the day, the tally and the members that the brief names from
// press releases against the tables, which have them from the sheet.
func (c *comparison) briefNamed() error {
	count := c.line("brief: day, tally and members named")
	for _, r := range embedded(briefCSV) {
		if r["kind"] != "named" {
			continue
		}
		of := c.failed[r["symbol"]]
		if n := numberOf(r["symbol"]); n > 0 {
			of = c.resolutions[n]
		}
		theirs, ours := r["date"]+" "+r["tally"], of["date"]+" "+tallyText(of)
		if r["groups"] != "" {
			named, err := readGroups(r["groups"])
			if err != nil {
				return err
			}
			casts := c.rollcalls[r["symbol"]].castsOf()
			for _, g := range groups {
				if len(named[g]) > 0 {
					theirs += " " + g + " " + codesOf(named[g])
					ours += " " + g + " " + codesOf(casts[g])
				}
			}
		}
		count(r["symbol"], theirs, ours)
	}
	return nil
}
