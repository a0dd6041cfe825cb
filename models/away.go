package models

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
)

// Away tells whether an error of a query or transaction says that the database cannot be reached or takes no work at the
// moment. The same may go well later. Whether an interrupted COMMIT has happened is not known; everything before it has not.
func Away(err error) bool {
	var network *net.OpError
	var postgres interface{ SQLState() string }
	var unused interface{ SafeToRetry() bool } // pgconn's: nothing was sent
	var sqlite interface{ Code() int }
	switch {
	case err == nil:
		return false
	case errors.As(err, &postgres):
		return strings.HasPrefix(postgres.SQLState(), "08") || slices.Contains(awayStates, postgres.SQLState())
	case errors.As(err, &sqlite):
		const busy, locked, primary = 5, 6, 0xff
		code := sqlite.Code() & primary
		return code == busy || code == locked
	case errors.As(err, &unused) && unused.SafeToRetry():
		return true
	}
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed)
}

// Unwritable tells whether an error says that nothing can be stored at the moment: the disk is full, or may only be read.
func Unwritable(err error) bool {
	var postgres interface{ SQLState() string }
	var sqlite interface{ Code() int }
	switch {
	case err == nil:
		return false
	case errors.As(err, &postgres):
		return postgres.SQLState() == "53100" || postgres.SQLState() == "25006" // disk_full, read_only_sql_transaction
	case errors.As(err, &sqlite):
		const readOnly, trouble, full, primary = 8, 10, 13, 0xff // trouble is what a disk gives that the system no longer writes to
		code := sqlite.Code() & primary
		return code == readOnly || code == trouble || code == full
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EROFS)
}

// awayStates are PostgreSQL's: too many connections, and shut down by an administrator, after a crash, or not yet started.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
var awayStates = []string{"53300", "57P01", "57P02", "57P03"}
