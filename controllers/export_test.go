package controllers

import (
	"maps"
	"slices"
)

// CommandNames lists every socket command but auth.
func CommandNames() []string { return slices.Sorted(maps.Keys(commands)) }
