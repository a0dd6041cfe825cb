package models

import "testing"

// Durably has a test's databases be as durable as the program's.
func Durably(t *testing.T) {
	former := synchronous
	synchronous = durable
	t.Cleanup(func() { synchronous = former })
}
