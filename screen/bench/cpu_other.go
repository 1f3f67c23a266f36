//go:build !linux

package main

import "time"

const clock = "wall time"

var start = time.Now()

func now() time.Duration { return time.Since(start) }
