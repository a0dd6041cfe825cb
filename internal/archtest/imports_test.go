// Package archtest keeps the imports pointing one way. It has no code of its own.
package archtest

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mayImport lists, for every package of Lectern, which others of Lectern it may import. A new package needs a row: that is
// the moment to think about where it belongs.
var mayImport = map[string][]string{
	// the leaves
	"internal/wire":      {},
	"internal/config":    {"internal/wire"}, // the words for what is surprising in a configuration
	"migrations":         {},
	"internal/fulltext":  {},
	"internal/publicnet": {},
	"internal/diskspace": {},
	"internal/durable":   {},
	"internal/logs":      {},
	"internal/tracing":   {},
	"docs":               {},
	"frontend":           {},
	// the layers, from the database up
	"models":               {"migrations", "internal/fulltext"},
	"services":             {"models", "internal/wire", "internal/fulltext", "internal/durable", "internal/publicnet"},
	"controllers":          {"services", "models", "ws", "internal/wire", "internal/publicnet", "docs"},
	"internal/mail":        {"services"},
	"internal/push":        {"services", "internal/publicnet"},
	"internal/certificate": {},
	"internal/relay":       {"internal/pionlog", "internal/publicnet"},
	"internal/pionlog":     {},
	"internal/app":         {"controllers", "services", "models", "ws", "sfu", "internal/certificate", "internal/diskspace", "internal/durable", "internal/logs", "internal/mail", "internal/push", "internal/relay", "internal/tracing", "internal/wire", "internal/config", "frontend"},
	"internal/backup":      {"models", "internal/durable"},
	"":                     {"internal/app", "internal/backup", "internal/config", "internal/doctor", "internal/durable", "internal/loadtest", "internal/logs", "models", "services"},
	// frames and packets, which know nothing of what they carry
	"ws":               {"internal/wire"},
	"sfu":              {"internal/lines", "internal/pionlog", "sfu/internal/bwe", "sfu/internal/udp"},
	"sfu/internal/bwe": {},
	"sfu/internal/udp": {},
	"internal/lines":   {},
	// from outside, as a client that knows only what is documented; the doctor looks at the machine, too
	"internal/loadtest": {"internal/wire", "internal/lines"},
	"internal/doctor":   {"internal/certificate", "internal/config", "internal/diskspace", "internal/mail", "internal/publicnet", "internal/wire", "models"},
	// for tests only
	"internal/certificate/certtest": {},
	"internal/mail/smtptest":        {},
	"deploy":                        {}, // tests of what is deployed
	"internal/push/pushtest":        {},
	"ws/wstest":                     {"ws", "internal/wire"},
	"sfu/sfutest":                   {"sfu", "internal/lines", "sfu/sfutest/netem"},
	"sfu/sfutest/netem":             {},
	"sfu/sfutest/netem/cmd/netem":   {"sfu/sfutest/netem"},
	"internal/delivery":             {},
	"internal/testenv":              {"internal/app", "internal/config", "models", "services", "ws/wstest", "internal/wire"},
	"internal/archtest":             {},
}

// outside lists who alone may know a library.
var outside = map[string][]string{
	"github.com/gin-gonic/gin":     {"controllers"},
	"gorm.io/gorm":                 {"models"},
	"github.com/gorilla/websocket": {"ws", "ws/wstest", "internal/loadtest"},
	"github.com/pion/webrtc/v4":    {"sfu", "internal/lines", "sfu/sfutest", "internal/app", "internal/loadtest"},
	"github.com/pion/turn/v5":      {"internal/relay", "internal/doctor"},
	"github.com/golang-jwt/jwt/v5": {"services"},
	"github.com/pressly/goose/v3":  {"models"},
	"github.com/wneessen/go-mail":  {"internal/mail"},

	"github.com/SherClockHolmes/webpush-go": {"internal/push"},
	"go.opentelemetry.io/otel/sdk/trace":    {"internal/tracing"},
	"github.com/alexedwards/argon2id":       {"services", "internal/app", "internal/testenv"},
}

func TestImportsPointOneWay(t *testing.T) {
	for name, imports := range packages(t) {
		allowed, known := mayImport[name]
		require.True(t, known, "%q is new: give it a row in mayImport", name)
		for _, path := range imports {
			if ours, ok := strings.CutPrefix(path, "lectern/"); ok {
				require.Contains(t, allowed, ours, "%q must not import %q", name, ours)
			}
			if keepers, guarded := outside[path]; guarded {
				require.Contains(t, keepers, name, "%q must not import %q", name, path)
			}
		}
	}
}

// packages gives the imports of every package, without those of its tests, by its path in the module.
func packages(t *testing.T) map[string][]string {
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	list.Dir = "../.."
	out, err := list.Output()
	require.NoError(t, err)
	found := map[string][]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		require.NoError(t, decoder.Decode(&p))
		found[strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "lectern"), "/")] = p.Imports
	}
	require.True(t, slices.Contains(found["controllers"], "github.com/gin-gonic/gin"), "the list must be real")
	return found
}
