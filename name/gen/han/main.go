// Command han writes name/tables/han.csv: each Han character with its Mandarin
// reading (go-pinyin, from Unicode's kMandarin) and its Korean reading (a CSV
// "char,hangul", as in Unicode's kHangul) given as the first argument.
//
//	go run ./name/gen/han hanja.csv > name/tables/han.csv
package main

import (
	"encoding/csv"
	"fmt"
	"os"

	"github.com/mozillazg/go-pinyin"
)

func main() {
	korean := map[rune]string{}
	if len(os.Args) > 1 {
		f, err := os.Open(os.Args[1])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all, err := csv.NewReader(f).ReadAll()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, row := range all {
			korean[[]rune(row[0])[0]] = row[1]
		}
	}
	args := pinyin.NewArgs()
	w := csv.NewWriter(os.Stdout)
	w.Write([]string{"character", "pinyin", "korean"})
	for r := rune(0x4E00); r <= 0x9FFF; r++ {
		p := pinyin.SinglePinyin(r, args)
		mandarin := ""
		if len(p) > 0 {
			mandarin = p[0]
		}
		if mandarin != "" || korean[r] != "" {
			w.Write([]string{string(r), mandarin, korean[r]})
		}
	}
	w.Flush()
}
