// Package services has the rules: permissions, transactions, and what happened. It imports models and wire only; what it
// needs from elsewhere stands in ports.go as small interfaces.
package services

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Kind classes a domain error; one table in controllers maps it to an HTTP status and a code.
type Kind int

const (
	KindInvalid         Kind = iota + 1 // 422, Fields names the values at fault
	KindMalformed                       // 400, not JSON or not that shape
	KindUnauthenticated                 // 401
	KindForbidden                       // 403, a member without the right
	KindNotFound                        // 404, not there, or one may not know that it is
	KindConflict                        // 409
	KindTooLarge                        // 413
	KindRateLimited                     // 429
	KindWaiting                         // 403, code waiting: a teacher has to let one in first
	KindDenied                          // 403, code denied: a teacher does not let one in
	KindRoomFull                        // 403, code room_full
	KindUnavailable                     // 503
	KindSignUpRefused                   // 403, code sign_up_refused, Fields names what is missing
	KindEmailUnverified                 // 403, code email_unverified
	KindArchived                        // 409, code archived: the channel is read only
	KindStorageFull                     // 507, code storage_full
	KindChecksum                        // 460, code checksum_mismatch: the bytes are not those that were sent
	KindLocked                          // 423, code locked: another request works on it
)

// Error is a domain error: Message is safe to show, Cause is for the log only.
type Error struct {
	Kind    Kind
	Message string
	Fields  map[string]string
	Cause   error

	Current    any           // of KindConflict, optionally: the thing as it is now, a wire type
	RetryAfter time.Duration // of KindRateLimited, when known
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", e.Message, e.Cause)
	}
	return e.Message
}

// Unwrap gives the private cause.
func (e *Error) Unwrap() error { return e.Cause }

// Invalid names one value at fault.
func Invalid(field, sentence string) *Error {
	return &Error{Kind: KindInvalid, Message: "Some fields need attention.", Fields: map[string]string{field: sentence}}
}

// NotFound is the answer for what is not there and for what one may not know of.
func NotFound(noun string) *Error {
	return &Error{Kind: KindNotFound, Message: "There is no such " + noun + ", or you cannot see it."}
}

// Forbidden is the answer for a member without the right.
func Forbidden(sentence string) *Error { return &Error{Kind: KindForbidden, Message: sentence} }

// isKind tells whether an error is a domain error of one of some kinds.
func isKind(err error, kinds ...Kind) bool {
	var domain *Error
	return errors.As(err, &domain) && slices.Contains(kinds, domain.Kind)
}
