package certificate

import (
	"crypto/tls"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/certificate/certtest"
)

const day = 24 * time.Hour

func TestTrouble(t *testing.T) {
	from := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		what  string
		lasts time.Duration
		after time.Duration // from its beginning
		want  string
	}{
		{"new", 90 * day, 0, ""},
		{"renewed thirty days before its end", 90 * day, 60 * day, ""},
		{"nobody renewed it", 90 * day, 77 * day, "it ends on 2026-05-30 and has not been renewed"},
		{"the last second", 90 * day, 90 * day, "it ends on 2026-05-30 and has not been renewed"},
		{"expired", 90 * day, 90*day + time.Second, "it has expired on 2026-05-30, or the clock is wrong"},
		{"not yet", 90 * day, -time.Second, "it counts only from 2026-03-01, or the clock is wrong"},
		{"a week's", 6 * day, 3 * day, ""},
		{"a week's at its end", 6 * day, 5 * day, "it ends on 2026-03-07 and has not been renewed"},
	}
	for _, tc := range cases {
		t.Run(tc.what, func(t *testing.T) {
			dir := t.TempDir()
			cert := certtest.WriteBetween(t, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), from, from.Add(tc.lasts), "localhost")
			require.Equal(t, tc.want, Trouble(cert, from.Add(tc.after)))
		})
	}
}

func TestWhatIsWrongIsToldOnceADay(t *testing.T) {
	dir := t.TempDir()
	begin := time.Now()
	leaf := certtest.WriteUntil(t, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), begin.Add(20*day), "class.example")
	now := begin
	var failure error
	var told []string
	source := Watched(func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		if failure != nil {
			return nil, failure
		}
		return &tls.Certificate{Leaf: leaf}, nil
	}, "class.example", func() time.Time { return now }, func(trouble string, err error) {
		if err != nil {
			trouble += ": " + err.Error()
		}
		told = append(told, trouble)
	})
	comes := func(name string) []string {
		told = nil
		cert, err := source(&tls.ClientHelloInfo{ServerName: name})
		require.Equal(t, failure, err)
		require.Equal(t, failure == nil, cert != nil)
		return told
	}
	require.Empty(t, comes("class.example"))
	now = begin.Add(7 * day)
	require.Equal(t, []string{Trouble(leaf, now)}, comes("class.example"))
	now = now.Add(day - time.Second)
	require.Empty(t, comes("class.example"))
	now = now.Add(time.Second)
	require.Len(t, comes("class.example"), 1)
	now = begin.Add(20*day + time.Second)
	require.Contains(t, comes("class.example")[0], "expired")
	require.Empty(t, comes("class.example"))
	now = now.Add(-2 * day)
	require.Len(t, comes("class.example"), 1, "a clock that is set back keeps nobody quiet")

	failure = errors.New("the authority says no")
	require.Equal(t, []string{"there is none: the authority says no"}, comes("class.example"))
	require.Empty(t, comes("class.example"))
	now = now.Add(time.Minute)
	require.Len(t, comes("class.example"), 1)
	now = now.Add(time.Minute)
	require.Empty(t, comes("other.example"), "of names that are not ours nothing is expected")

	failure, leaf = nil, nil
	require.Empty(t, comes("class.example"), "an answer to an authority's question")
}
