// Command rarity writes name/tables/rarity.csv: how often each token is met in
// public name data, for persons and for bodies. It reads the shared data (its
// folder is the first argument): the UN, OFAC, US CSL and UK lists, the made-up
// names of negatives_global.csv and the word pairs of netransliteration. Only
// counts go into the table, and only of tokens met at least three times, so no
// listed name can be read from it.
//
//	go run ./name/gen/rarity ../shared/data > name/tables/rarity.csv
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"article41/name"
)

type count struct{ persons, bodies int }

type table struct {
	tokens          map[string]*count
	persons, bodies int
	bare            map[string]int
	bares           int
}

func (t *table) add(text string, kind name.Kind, n int) {
	p := name.Prepare(text, kind, "")
	if len(p.Readings) == 0 {
		return
	}
	for _, tok := range p.Readings[0] {
		if tok.Class != name.Word || tok.Fold == "" {
			continue
		}
		if tok.Vowels == name.Absent {
			// consonants alone are not a token of Latin text
			if kind == name.Person && tok.Script == name.Arabic {
				t.bare["~"+tok.Fold] += n
				t.bares += n
			}
			continue
		}
		c := t.tokens[tok.Fold]
		if c == nil {
			c = &count{}
			t.tokens[tok.Fold] = c
		}
		if kind == name.Person {
			c.persons += n
			t.persons += n
		} else {
			c.bodies += n
			t.bodies += n
		}
	}
}

func open(dir, file string) io.Reader {
	f, err := os.Open(filepath.Join(dir, file))
	check(err)
	if strings.HasSuffix(file, ".gz") {
		z, err := gzip.NewReader(f)
		check(err)
		return z
	}
	return f
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "rarity:", err)
		os.Exit(1)
	}
}

func csvRows(r io.Reader) [][]string {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	all, err := c.ReadAll()
	check(err)
	return all
}

func main() {
	dir := os.Args[1]
	t := &table{tokens: map[string]*count{}, bare: map[string]int{}}
	un, err := io.ReadAll(open(dir, "un-list/un_consolidated_2026-02-27.xml.gz"))
	check(err)
	t.addUN(string(un))
	for _, row := range csvRows(open(dir, "other-lists/ofac_sdn_sancbook_a.csv.gz")) {
		if len(row) > 2 {
			t.add(row[1], kindOf(row[2]), 1)
		}
	}
	for _, row := range csvRows(open(dir, "other-lists/us_csl_consolidated_2022-04.csv.gz"))[1:] {
		if len(row) > 22 && !strings.Contains(row[1], "SDN") {
			k := name.Company
			if strings.EqualFold(row[3], "Individual") {
				k = name.Person
			}
			t.add(row[5], k, 1)
			for _, a := range strings.Split(row[22], ";") {
				t.add(a, k, 1)
			}
		}
	}
	for _, row := range csvRows(open(dir, "other-lists/uk_ofsi_conlist_2018-04-13.csv.gz"))[2:] {
		if len(row) > 23 {
			k := name.Company
			if strings.EqualFold(row[23], "Individual") {
				k = name.Person
			}
			t.add(strings.Join([]string{row[1], row[2], row[3], row[4], row[5], row[0]}, " "), k, 1)
		}
	}
	for _, row := range csvRows(open(dir, "names/negatives_global.csv"))[1:] {
		t.add(row[0], name.Person, 3)
	}
	for _, row := range csvRows(open(dir, "names/nama_canlobby_client_names_manual.csv.gz"))[1:] {
		t.add(row[0], name.Company, 1)
	}
	for _, lang := range []string{"arabic_80", "hebrew_80", "russian_80", "katakana_20"} {
		s := bufio.NewScanner(open(dir, "names/netransliteration_wd_"+lang+".tsv.gz"))
		for s.Scan() {
			f := strings.Split(s.Text(), "\t")
			n := 1
			if len(f) > 2 {
				n, _ = strconv.Atoi(f[2])
			}
			t.add(f[0], name.Person, min(max(n, 1), 40))
		}
		check(s.Err())
	}
	t.write(os.Stdout)
}

func kindOf(s string) name.Kind {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "individual":
		return name.Person
	case "vessel":
		return name.Vessel
	}
	return name.Company
}

var (
	individual    = regexp.MustCompile(`(?s)<INDIVIDUAL>.*?</INDIVIDUAL>`)
	entity        = regexp.MustCompile(`(?s)<ENTITY>.*?</ENTITY>`)
	nameField     = regexp.MustCompile(`<(FIRST|SECOND|THIRD|FOURTH)_NAME>([^<]*)<`)
	originalField = regexp.MustCompile(`<NAME_ORIGINAL_SCRIPT>([^<]*)<`)
	aliasField    = regexp.MustCompile(`<ALIAS_NAME>([^<]*)<`)
)

func (t *table) addUN(xml string) {
	one := func(text string, k name.Kind) {
		var parts []string
		for _, m := range nameField.FindAllStringSubmatch(text, -1) {
			parts = append(parts, m[2])
		}
		t.add(strings.Join(parts, " "), k, 1)
		if m := originalField.FindStringSubmatch(text); m != nil {
			t.add(m[1], k, 1)
		}
		for _, m := range aliasField.FindAllStringSubmatch(text, -1) {
			t.add(m[1], k, 1)
		}
	}
	for _, m := range individual.FindAllString(xml, -1) {
		one(m, name.Person)
	}
	for _, m := range entity.FindAllString(xml, -1) {
		one(m, name.Organisation)
	}
}

func (t *table) write(out io.Writer) {
	w := csv.NewWriter(out)
	w.Write([]string{"token", "persons", "bodies"})
	w.Write([]string{"#total", strconv.Itoa(t.persons), strconv.Itoa(t.bodies)})
	var keys []string
	for k, c := range t.tokens {
		if c.persons+c.bodies >= 3 {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	for _, k := range keys {
		w.Write([]string{k, strconv.Itoa(t.tokens[k].persons), strconv.Itoa(t.tokens[k].bodies)})
	}
	keys = keys[:0]
	for k, n := range t.bare {
		if n >= 3 {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	w.Write([]string{"#bare", strconv.Itoa(t.bares), "0"})
	for _, k := range keys {
		w.Write([]string{k, strconv.Itoa(t.bare[k]), "0"})
	}
	w.Flush()
	check(w.Error())
}
