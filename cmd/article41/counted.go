package main

import "fmt"

// counted is a number with its noun.
func counted[N int | int64 | uint64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func entries[N ~int | ~int64 | ~uint64](n N) string { return counted(uint64(n), "entry", "entries") }
