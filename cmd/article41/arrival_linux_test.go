package main

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"article41/api"
)

// TestArrival: a connection says when what it read came in, not when it was read;
// ends and deadlines are those of any connection.
func TestArrival(t *testing.T) {
	var lc net.ListenConfig
	plain, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := stamped(plain)
	defer l.Close()
	var d net.Dialer
	client, err := d.DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	a, ok := c.(api.Arrival)
	if !ok {
		t.Fatalf("%T says nothing of arrivals", c)
	}
	if arriving(context.Background(), c) == context.Background() {
		t.Error("the API does not hear of it")
	}
	b := make([]byte, 8)
	var before, looked time.Time
	for range 100 { // the kernel may begin to stamp a little later
		before = time.Now()
		if _, err := client.Write([]byte("one")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
		looked = time.Now()
		n, err := c.Read(b)
		if err != nil || string(b[:n]) != "one" {
			t.Fatalf("read %q, %v", b[:n], err)
		}
		if a.Arrived() != 0 {
			break
		}
	}
	// The kernel's clock and Go's are one, read at different grains.
	const grain = 5 * time.Millisecond
	if at := time.Unix(0, a.Arrived()); at.Before(before.Add(-grain)) || at.After(looked.Add(-grain)) {
		t.Errorf("came at %s: sent at %s, read at %s", at, before, looked)
	}
	c.SetReadDeadline(time.Now())
	var late net.Error
	if _, err := c.Read(b); err == nil {
		t.Error("a deadline passes unheard")
	} else if late, ok = err.(net.Error); !ok || !late.Timeout() {
		t.Errorf("a deadline reads %v", err)
	}
	c.SetReadDeadline(time.Time{})
	client.Close()
	if _, err := c.Read(b); err != io.EOF {
		t.Errorf("the end reads %v", err)
	}
}
