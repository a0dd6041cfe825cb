package controllers

import (
	"maps"
	"slices"
	"testing"
	"time"
)

// HurryBodies shortens the time that a JSON body may take, until the test ends.
func HurryBodies(t *testing.T, d time.Duration) {
	before := bodyTime
	bodyTime = d
	t.Cleanup(func() { bodyTime = before })
}

// CommandNames lists every socket command but auth.
func CommandNames() []string { return slices.Sorted(maps.Keys(commands)) }
