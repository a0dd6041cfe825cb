package certificate

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/certificate/certtest"
)

func TestARenewedCertificateIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	var troubles []string
	failed := func(err error) { troubles = append(troubles, err.Error()) }
	_, err := Open(certFile, keyFile, failed)
	require.ErrorContains(t, err, "cert.pem")
	first := certtest.Write(t, certFile, keyFile, "localhost")
	k, err := Open(certFile, keyFile, failed)
	require.NoError(t, err)
	now := time.Now()
	serial := func() string { return k.get(now).Leaf.SerialNumber.String() }
	require.Equal(t, first.SerialNumber.String(), serial())

	second := certtest.Write(t, certFile, keyFile, "localhost")
	later := now.Add(time.Hour)
	require.NoError(t, os.Chtimes(certFile, later, later))
	require.Equal(t, first.SerialNumber.String(), serial(), "not looked at within the minute")
	now = now.Add(lookAgain)
	require.Equal(t, second.SerialNumber.String(), serial())

	offered, err := k.TLS().GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(t, err)
	require.Equal(t, second.SerialNumber, offered.Leaf.SerialNumber)
	require.Empty(t, troubles)

	require.NoError(t, os.WriteFile(keyFile, []byte("half of a"), 0o600))
	for range 3 {
		now = now.Add(lookAgain)
		require.Equal(t, second.SerialNumber.String(), serial(), "the former one is better than none")
	}
	require.Len(t, troubles, 1, "said, and not every minute")
	require.Contains(t, troubles[0], "key")

	third := certtest.Write(t, certFile, keyFile, "localhost")
	now = now.Add(lookAgain)
	require.Equal(t, third.SerialNumber.String(), serial(), "mended")
}
