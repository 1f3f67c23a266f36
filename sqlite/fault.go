package sqlite

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"article41/record"
)

// What can be wrong with the file rather than with the question.
var (
	// ErrFull says that there is no room. The ledger is as it was; a staged
	// batch can be staged on or published once there is room.
	ErrFull = errors.New("the disk is full; the ledger is unchanged")
	// ErrReadOnly says that this process may not write the file.
	ErrReadOnly = errors.New("the file cannot be written by this process; the ledger is unchanged")
	// ErrDamaged says that the file's bytes are not what was written.
	ErrDamaged = errors.New("the database file is damaged; restore it from a backup")
)

// explain says in words what the engine answered with a number.
func explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w (%w)", ctx.Err(), err)
	}
	switch resultOf(err) {
	case code.SQLITE_FULL:
		return fmt.Errorf("%w (%w)", ErrFull, err)
	case code.SQLITE_READONLY:
		return fmt.Errorf("%w (%w)", ErrReadOnly, err)
	case code.SQLITE_CORRUPT:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case code.SQLITE_NOTADB:
		return fmt.Errorf("%w: the file is not an SQLite database (%w)", record.ErrInvalid, err)
	case code.SQLITE_CANTOPEN:
		return fmt.Errorf("the file cannot be opened; does its folder exist, and may this process write there? (%w)", err)
	case code.SQLITE_IOERR:
		return fmt.Errorf("the disk failed to read or write (%w)", err)
	}
	return err
}

// resultOf is SQLite's primary result code, or 0 for another kind of error.
func resultOf(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func busy(err error) bool {
	r := resultOf(err)
	return r == code.SQLITE_BUSY || r == code.SQLITE_LOCKED
}

// hindered reports whether the file cannot be written just now, which must not
// keep anybody from reading it.
func hindered(err error) bool {
	return errors.Is(err, ErrFull) || errors.Is(err, ErrReadOnly) || busy(err)
}
