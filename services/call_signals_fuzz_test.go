package services

import (
	"encoding/json"
	"errors"
	"testing"

	"lectern/internal/wire"
)

// FuzzSignal: whatever one side signals is refused by name of the field, or can wait for the other side.
func FuzzSignal(f *testing.F) {
	for _, seed := range []string{
		`{"call_id":"0190a1b2-0000-7000-8000-00000000000d","peer":"p1","to":"p2","ready":true}`,
		`{"description":{"type":"offer","sdp":"v=0\r\n"},"state":{"muted":true,"screen_name":"Slides"}}`,
		`{"candidates":[{"candidate":"candidate:1 1 udp 2130706431 192.0.2.1 8443 typ host","sdpMid":"0","sdpMLineIndex":0},{}]}`,
		`{"description":null,"candidates":[null],"state":{}}`, `{"peer":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var signal wire.CallSignal
		if len(raw) > 256<<10 || json.Unmarshal(raw, &signal) != nil {
			return
		}
		if err := checkSignal(signal); err != nil {
			var domain *Error
			if !errors.As(err, &domain) || len(domain.Fields) == 0 {
				t.Fatalf("%v does not name a field", err)
			}
			return
		}
		side := &callSide{}
		if err := side.keep(&signal); err != nil && !isKind(err, KindUnavailable) {
			t.Fatal(err)
		}
		if side.size > maxPendingBytes {
			t.Fatalf("%d bytes wait", side.size)
		}
	})
}
