// Command han writes name/tables/han.csv: each Han character with its Mandarin
// reading (Unicode's kMandarin, without tones) and its Korean reading (kHangul).
// A simplified character takes the Korean reading of its traditional one
// (kTraditionalVariant), for the Chinese press writes Koreans so. It reads two
// files of Unicode's Unihan database.
//
//	go run ./name/gen/han Unihan_Readings.txt Unihan_Variants.txt > name/tables/han.csv
package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// property reads one property of a Unihan file, by character.
func property(file, field string) map[rune][]string {
	f, err := os.Open(file)
	check(err)
	defer f.Close()
	m := map[rune][]string{}
	s := bufio.NewScanner(f)
	for s.Scan() {
		p := strings.Split(s.Text(), "\t")
		if len(p) == 3 && p[1] == field {
			m[character(p[0])] = strings.Fields(p[2])
		}
	}
	check(s.Err())
	return m
}

// character reads U+91D1.
func character(s string) rune {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "U+"), 16, 32)
	check(err)
	return rune(n)
}

// korean picks the reading that is taught (E), else one used in names (N), else
// the first; and of two the one that keeps its initial r or n, for a reading
// without it is only used where a word begins.
func korean(values []string) (best string) {
	most := -1
	for _, v := range values {
		syllable, source, _ := strings.Cut(v, ":")
		rank := 0
		switch {
		case strings.Contains(source, "E"):
			rank = 4
		case strings.Contains(source, "N"):
			rank = 2
		}
		switch ([]rune(syllable)[0] - 0xAC00) / 588 {
		case 2, 5: // n, r
			rank++
		}
		if rank > most {
			most, best = rank, syllable
		}
	}
	return best
}

// plain drops the tones.
func plain(pinyin string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(pinyin))
}

func main() {
	if len(os.Args) != 3 {
		check(fmt.Errorf("want Unihan_Readings.txt Unihan_Variants.txt"))
	}
	mandarin, hangul := property(os.Args[1], "kMandarin"), property(os.Args[1], "kHangul")
	traditional := property(os.Args[2], "kTraditionalVariant")
	w := csv.NewWriter(os.Stdout)
	check(w.Write([]string{"character", "pinyin", "korean"}))
	for r := rune(0x4E00); r <= 0x9FFF; r++ {
		row := []string{string(r), "", korean(hangul[r])}
		if m := mandarin[r]; len(m) > 0 {
			row[1] = plain(m[0])
		}
		for _, v := range traditional[r] {
			if row[2] == "" {
				row[2] = korean(hangul[character(v)])
			}
		}
		if row[1] != "" || row[2] != "" {
			check(w.Write(row))
		}
	}
	w.Flush()
	check(w.Error())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "han:", err)
		os.Exit(1)
	}
}
