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

// HurryUploads shortens the time that an upload may bring nothing, until the test ends.
func HurryUploads(t *testing.T, d time.Duration) {
	before := stallTime
	stallTime = d
	t.Cleanup(func() { stallTime = before })
}

// CommandNames lists every socket command but auth.
func CommandNames() []string { return slices.Sorted(maps.Keys(commands)) }
