package main

import (
	"time"

	"golang.org/x/sys/unix"
)

const clock = "CPU time of the thread"

// now is the CPU time this thread has used: other programs on the machine do
// not count into it.
func now() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
