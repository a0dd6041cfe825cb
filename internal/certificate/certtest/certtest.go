// Package certtest makes certificates for tests.
package certtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Lasts is how long a certificate counts unless a test says otherwise.
const Lasts = 90 * 24 * time.Hour

// Write makes a certificate that signs itself, for names and addresses, and writes it and its key as PEM.
func Write(t testing.TB, certFile, keyFile string, hosts ...string) *x509.Certificate {
	t.Helper()
	return WriteUntil(t, certFile, keyFile, time.Now().Add(Lasts), hosts...)
}

// WriteUntil is Write for a certificate that ends at a time.
func WriteUntil(t testing.TB, certFile, keyFile string, until time.Time, hosts ...string) *x509.Certificate {
	t.Helper()
	return WriteBetween(t, certFile, keyFile, until.Add(-2*Lasts), until, hosts...)
}

// WriteBetween is Write for a certificate that counts between two times.
func WriteBetween(t testing.TB, certFile, keyFile string, from, until time.Time, hosts ...string) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: serial, NotBefore: from, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	write := func(file, kind string, bytes []byte) {
		require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600))
	}
	write(certFile, "CERTIFICATE", der)
	write(keyFile, "PRIVATE KEY", private)
	made, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return made
}
