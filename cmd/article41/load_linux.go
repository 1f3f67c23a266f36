package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// pause waits as exactly as the system can; time.Sleep may take a millisecond
// where a request is sent every twentieth of one.
func pause(d time.Duration) {
	s := unix.NsecToTimespec(d.Nanoseconds())
	unix.Nanosleep(&s, nil)
}
