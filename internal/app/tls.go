package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"lectern/internal/certificate"
)

// openTLS prepares HTTPS, if it is asked for: the certificate of two files, or one that is fetched when somebody first comes
// and renewed in time.
func (a *App) openTLS(toAuthority *http.Client) error {
	t := a.cfg.TLS
	if !t.On() {
		return nil
	}
	onlyRedirect := http.Handler(http.HandlerFunc(a.redirect))
	if t.Cert != "" {
		secured, err := a.certificateOf(t.Cert, t.Key, "tls_cert")
		if err != nil {
			return err
		}
		a.secured = secured
		a.secured.NextProtos = []string{"h2", "http/1.1"}
	} else {
		authority := a.authority(toAuthority)
		a.secured = a.watchCertificate(authority.TLSConfig(), "tls_acme") // answers the authority on the HTTPS port, too
		a.secured.MinVersion = tls.VersionTLS12
		onlyRedirect = authority.HTTPHandler(onlyRedirect)
	}
	if t.Redirect == "" {
		return nil
	}
	listener, err := net.Listen("tcp", t.Redirect)
	if err != nil {
		a.log.Warn("plain HTTP does not lead to HTTPS: the port cannot be taken", "tls_redirect", t.Redirect, "error", err)
		return nil
	}
	a.plain = &plainHTTP{listener, &http.Server{Handler: onlyRedirect, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}}
	return nil
}

// certificateOf is TLS with the certificate of two files, which the log calls by its setting.
func (a *App) certificateOf(cert, key, setting string) (*tls.Config, error) {
	keeper, err := certificate.Open(cert, key, func(err error) {
		a.logOf("http").Error("a renewed certificate cannot be read: the former one stays until it expires", "setting", setting, "error", err)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	secured := a.watchCertificate(keeper.TLS(), setting)
	_, err = secured.GetCertificate(&tls.ClientHelloInfo{}) // says at the start what is wrong already
	return secured, err
}

// watchCertificate logs what is wrong with the certificate that people are offered.
func (a *App) watchCertificate(secured *tls.Config, setting string) *tls.Config {
	log := a.logOf("http")
	secured.GetCertificate = certificate.Watched(secured.GetCertificate, publicHost(a.cfg), time.Now, func(trouble string, err error) {
		if err != nil {
			log.Error("nobody can come in: there is no certificate, and it cannot be fetched", "setting", setting, "error", err)
		} else {
			log.Error("browsers refuse the certificate, or soon will: "+trouble, "setting", setting)
		}
	})
	return secured
}

// authority asks for certificates, for the one host that people open.
func (a *App) authority(over *http.Client) *autocert.Manager {
	client := &acme.Client{DirectoryURL: a.cfg.TLS.ACMEDirectory, HTTPClient: over}
	if client.DirectoryURL == "" {
		client.DirectoryURL = acme.LetsEncryptURL
	}
	return &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(filepath.Join(a.cfg.DataDir, "acme")),
		HostPolicy: autocert.HostWhitelist(publicHost(a.cfg)), Email: a.cfg.TLS.ACMEEmail, Client: client}
}

// redirect leads to the same page by HTTPS. The host is that of the configuration, not what the client says.
func (a *App) redirect(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, a.cfg.PublicURL+r.URL.RequestURI(), http.StatusMovedPermanently)
}

// plainHTTP is the second web server, which only leads to the first.
type plainHTTP struct {
	listener net.Listener
	server   *http.Server
}

// serve answers the requests of the web app, by HTTPS if that was prepared.
func (a *App) serve() error {
	if a.plain != nil {
		go func() {
			if err := a.plain.server.Serve(a.plain.listener); !errors.Is(err, http.ErrServerClosed) {
				a.log.Error("plain HTTP ended", "error", err)
			}
		}()
	}
	if a.secured == nil {
		return a.server.Serve(a.listener)
	}
	a.server.TLSConfig = a.secured
	return a.server.ServeTLS(a.listener, "", "")
}

func (p *plainHTTP) close(ctx context.Context) {
	if p != nil {
		_ = p.server.Shutdown(ctx)
		_ = p.listener.Close()
	}
}
