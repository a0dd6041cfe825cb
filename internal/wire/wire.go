// Package wire holds every JSON shape that crosses the network: REST resources and bodies, socket commands and socket
// events. It is a leaf: it imports nothing of Lectern. The TypeScript types of the web app and the Swagger document are
// generated from it, so a name changed here is a name changed everywhere.
package wire

import (
	"encoding/json"
	"time"
)

// Time is an instant in UTC, written as RFC 3339 with milliseconds.
type Time time.Time

const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalJSON writes the instant in UTC with exactly three decimals.
func (t Time) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(t).UTC().Format(timeLayout))
}

// UnmarshalJSON reads any RFC 3339 instant.
func (t *Time) UnmarshalJSON(b []byte) error {
	var v time.Time
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*t = Time(v.UTC())
	return nil
}

// At wraps an instant.
func At(t time.Time) Time { return Time(t.UTC()) }

// AtPtr wraps an instant that may be missing.
func AtPtr(t *time.Time) *Time {
	if t == nil {
		return nil
	}
	v := At(*t)
	return &v
}

// List is the answer of every list route. NextCursor is null on the last page; otherwise it is passed as `before` when
// the list runs from new to old and as `after` when it runs from old to new.
type List[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor" extensions:"x-nullable" tstype:"string | null,required"`
}

// Problem is every REST error (RFC 9457, application/problem+json). Code is a stable word for programs; Detail is a
// sentence for people; Errors names the fields at fault.
type Problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Code      string            `json:"code"`
	Detail    string            `json:"detail"`
	Errors    map[string]string `json:"errors,omitempty"`
	RequestID string            `json:"request_id"`
}
