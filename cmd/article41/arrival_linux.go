package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// stamped gives connections that know when what they last read came in: the kernel
// writes down the moment at which it took in each packet (SO_TIMESTAMPNS), however
// late the program gets to it.
func stamped(l net.Listener) net.Listener { return stampedListener{l} }

type stampedListener struct{ net.Listener }

// Accept is part of net.Listener.
func (l stampedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return stampedBy(c), nil
}

// stampedBy gives a connection as it is where the system stamps nothing.
func stampedBy(c net.Conn) net.Conn {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return c
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return c
	}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS_NEW, 1)
	}); err != nil || failed != nil {
		return c
	}
	s := &stampedConn{TCPConn: t, raw: raw}
	s.once = s.receive
	return s
}

// stampedConn is a connection whose reads bring the moment of arrival with them.
// One reader at a time, as net/http and crypto/tls read.
type stampedConn struct {
	*net.TCPConn
	raw     syscall.RawConn
	arrived atomic.Int64

	once func(fd uintptr) bool
	into []byte
	oob  [64]byte
	n    int
	err  error
}

// Arrived is the moment at which what was last read came in, in nanoseconds.
func (s *stampedConn) Arrived() int64 { return s.arrived.Load() }

func (s *stampedConn) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	s.into = b
	err := s.raw.Read(s.once)
	s.into = nil
	switch {
	case err != nil:
		return 0, err
	case s.err != nil:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: s.LocalAddr(), Addr: s.RemoteAddr(), Err: s.err}
	case s.n == 0:
		return 0, io.EOF
	}
	return s.n, nil
}

// receive reads once; false: there is nothing yet.
func (s *stampedConn) receive(fd uintptr) bool {
	for {
		n, oobn, _, _, err := unix.Recvmsg(int(fd), s.into, s.oob[:], 0)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
			return false
		}
		s.n, s.err = max(n, 0), err
		if err == nil {
			s.stamp(s.oob[:oobn])
		}
		return true
	}
}

// stamp takes the moment out of a control message: seconds and nanoseconds. The
// first bytes after a while may have none, as the kernel begins to stamp when the
// first connection asks for it; 0 then.
func (s *stampedConn) stamp(oob []byte) {
	var at int64
	if len(oob) >= unix.SizeofCmsghdr {
		h, data, _, err := unix.ParseOneSocketControlMessage(oob)
		if err == nil && h.Level == unix.SOL_SOCKET && h.Type == unix.SO_TIMESTAMPNS_NEW && len(data) >= 16 {
			at = int64(binary.NativeEndian.Uint64(data))*1e9 + int64(binary.NativeEndian.Uint64(data[8:]))
		}
	}
	s.arrived.Store(at)
}
