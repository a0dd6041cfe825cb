package controllers

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryCommandIsDocumented: a command has an example frame and a place in PROTOCOL.md.
func TestEveryCommandIsDocumented(t *testing.T) {
	protocol, err := os.ReadFile("../PROTOCOL.md")
	require.NoError(t, err)
	for name := range commands {
		require.FileExists(t, "../ws/testdata/command."+name+".json")
		require.Regexp(t, "(?m)^### `"+regexp.QuoteMeta(name)+"`|\\| `"+regexp.QuoteMeta(name)+"`", string(protocol))
	}
}
