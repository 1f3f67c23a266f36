//go:build !linux

package main

import "net"

// stamped gives connections as they are: this system does not say when bytes of a
// connection came in, and the API counts what is under way.
func stamped(l net.Listener) net.Listener { return l }

func stampedBy(c net.Conn) net.Conn { return c }
