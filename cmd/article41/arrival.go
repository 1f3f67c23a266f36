package main

import (
	"context"
	"crypto/tls"
	"net"

	"article41/api"
)

// arriving lets the API ask of a connection when its request came in, where the
// system tells (arrival_linux.go).
func arriving(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if a, ok := c.(api.Arrival); ok {
		return api.WithArrival(ctx, a)
	}
	return ctx
}
