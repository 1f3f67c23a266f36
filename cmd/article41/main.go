// Command article41 answers, for any day, what United Nations sanctions were in
// force, on whom, by which paragraph and until when; screens names against that;
// and shows what one vote would have changed.
//
// Exit status: 0 answered or sound; 1 nothing found, or a check that failed;
// 2 wrong use; 3 could not answer.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, world{os.Stdin, os.Stdout, os.Stderr, os.Getenv, time.Now}, os.Args[1:])
	stop()
	os.Exit(code)
}
