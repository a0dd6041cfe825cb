// Package certificate keeps a TLS certificate that is renewed on disk while the program runs.
package certificate

import (
	"crypto/tls"
	"os"
	"sync"
	"time"
)

// lookAgain is how often the files are looked at, when somebody connects.
const lookAgain = time.Minute

// Keeper has the certificate of two PEM files, and reads them again when they have changed.
type Keeper struct {
	certFile, keyFile string
	failed            func(error)

	mu     sync.Mutex // guards the rest
	loaded *tls.Certificate
	stamp  [2]time.Time // of the files that loaded is from
	looked time.Time
	// trouble is why the files could not be read, as failed heard it; "" when they could.
	trouble string
}

// Open reads a certificate, with those of its issuers, and its key. Its error is about the files; failed hears why they cannot be
// read again after they have changed.
func Open(certFile, keyFile string, failed func(error)) (*Keeper, error) {
	k := &Keeper{certFile: certFile, keyFile: keyFile, failed: failed}
	return k, k.load()
}

// TLS is a server's configuration with the certificate.
func (k *Keeper) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return k.get(time.Now()), nil
	}}
}

// get is the present certificate. Files that cannot be read, or are half written, leave the former one.
func (k *Keeper) get(now time.Time) *tls.Certificate {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now.Sub(k.looked) >= lookAgain {
		k.looked = now
		if k.stamps() != k.stamp {
			k.renew()
		}
	}
	return k.loaded
}

// renew is tried again every minute until it succeeds; a sentence is said once.
func (k *Keeper) renew() {
	if err := k.load(); err != nil && err.Error() != k.trouble {
		k.trouble = err.Error()
		k.failed(err)
	}
}

func (k *Keeper) load() error {
	stamp := k.stamps()
	loaded, err := tls.LoadX509KeyPair(k.certFile, k.keyFile)
	if err != nil {
		return err
	}
	k.loaded, k.stamp, k.trouble = &loaded, stamp, ""
	return nil
}

func (k *Keeper) stamps() (times [2]time.Time) {
	for i, file := range []string{k.certFile, k.keyFile} {
		if info, err := os.Stat(file); err == nil {
			times[i] = info.ModTime()
		}
	}
	return times
}
