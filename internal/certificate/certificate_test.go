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
	_, err := Open(certFile, keyFile)
	require.ErrorContains(t, err, "cert.pem")
	first := certtest.Write(t, certFile, keyFile, "localhost")
	k, err := Open(certFile, keyFile)
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

	require.NoError(t, os.WriteFile(keyFile, []byte("half of a"), 0o600))
	now = now.Add(lookAgain)
	require.Equal(t, second.SerialNumber.String(), serial(), "the former one is better than none")

	offered, err := k.TLS().GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(t, err)
	require.Equal(t, second.SerialNumber, offered.Leaf.SerialNumber)
}
