package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"sync"
	"time"
)

// Certificates are renewed about thirty days before their end, or at two thirds of a short life: with endsSoon left nobody did.
const endsSoon = 14 * 24 * time.Hour

// What is wrong is said again so often while it lasts.
const (
	troubleAgain = 24 * time.Hour
	failureAgain = time.Minute // somebody may be setting it up
)

// Trouble says what is wrong with a certificate at a time, or soon will be; "" when nothing is.
func Trouble(leaf *x509.Certificate, now time.Time) string {
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	switch left := leaf.NotAfter.Sub(now); {
	case now.Before(leaf.NotBefore):
		return "it counts only from " + day(leaf.NotBefore) + ", or the clock is wrong"
	case left < 0:
		return "it has expired on " + day(leaf.NotAfter) + ", or the clock is wrong"
	case left < min(endsSoon, leaf.NotAfter.Sub(leaf.NotBefore)/3):
		return "it ends on " + day(leaf.NotAfter) + " and has not been renewed"
	}
	return ""
}

// Source gives the certificate for a connection, as tls.Config asks for it.
type Source func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// Watched is a source that tells when people who come to host get a certificate that browsers refuse, or soon will, or none: nobody
// else would notice before. It is asked when somebody connects, and tells the same once a day.
func Watched(from Source, host string, now func() time.Time, tell func(trouble string, err error)) Source {
	var mu sync.Mutex // guards told and at
	var told string
	var at time.Time
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		cert, err := from(hello)
		trouble, again := "", troubleAgain
		switch {
		case err != nil && hello.ServerName == host: // others are asked for by who tries all names
			trouble, again = "there is none", failureAgain
		case err == nil && cert.Leaf != nil: // an answer to an authority's question has none
			trouble = Trouble(cert.Leaf, now())
		}
		if trouble == "" {
			return cert, err
		}
		mu.Lock()
		defer mu.Unlock()
		if trouble != told || now().Sub(at).Abs() >= again {
			told, at = trouble, now()
			tell(trouble, err)
		}
		return cert, err
	}
}
