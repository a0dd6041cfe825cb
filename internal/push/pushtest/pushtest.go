// Package pushtest is a push service for tests: it listens on 127.0.0.1 with TLS, checks the server's signature and decrypts
// what it is sent, as the browser of the device would.
package pushtest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// Loopback is what a sender must be allowed to reach the service.
var Loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// Message is what a device got.
type Message struct {
	Device  *Device
	Payload []byte // decrypted
	TTL     string
	Urgency string
}

// Device is a browser that subscribed.
type Device struct {
	Endpoint     string
	P256DH, Auth string // base64url, as the browser gives them out

	key  *ecdh.PrivateKey
	auth []byte
}

// Service is the push service.
type Service struct {
	URL      string
	Roots    *x509.CertPool // that a sender must trust
	Messages chan Message   // accepted ones
	Tries    chan int       // the status of each answer

	t       testing.TB
	mu      sync.Mutex // guards all below
	devices map[string]*Device
	answers []int
	retry   string
}

// Start runs it until the test ends.
func Start(t testing.TB) *Service {
	s := &Service{t: t, Messages: make(chan Message, 2000), Tries: make(chan int, 2000), devices: map[string]*Device{}}
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	s.URL, s.Roots = server.URL, x509.NewCertPool()
	s.Roots.AddCert(server.Certificate())
	return s
}

// Answer makes the next requests be answered so, one after another; then they are accepted again.
func (s *Service) Answer(retryAfter string, status ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers, s.retry = status, retryAfter
}

// Subscribe makes a device.
func (s *Service) Subscribe() *Device {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	d := &Device{key: key, auth: make([]byte, 16)}
	_, _ = rand.Read(d.auth)
	d.P256DH, d.Auth = base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(d.auth)
	path := "/push/" + rand.Text()
	d.Endpoint = s.URL + path
	s.mu.Lock()
	defer s.mu.Unlock()
	s.devices[path] = d
	return d
}

// ServeHTTP takes a message, as RFC 8030 says.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	device, status := s.devices[r.URL.Path], http.StatusCreated
	if len(s.answers) > 0 {
		status, s.answers = s.answers[0], s.answers[1:]
		if s.retry != "" {
			w.Header().Set("Retry-After", s.retry)
		}
	} else if device == nil {
		status = http.StatusNotFound
	}
	s.mu.Unlock()
	if status == http.StatusCreated {
		message, err := s.open(r, device)
		if err != nil {
			s.t.Errorf("a bad push message: %v", err)
			status = http.StatusBadRequest
		} else {
			s.Messages <- message
		}
	}
	w.WriteHeader(status)
	s.Tries <- status
}

func (s *Service) open(r *http.Request, device *Device) (Message, error) {
	message := Message{Device: device, TTL: r.Header.Get("TTL"), Urgency: r.Header.Get("Urgency")}
	if err := s.checkSignature(r.Header.Get("Authorization")); err != nil {
		return message, fmt.Errorf("signature: %w", err)
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "aes128gcm" {
		return message, fmt.Errorf("Content-Encoding is %q", encoding)
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, 4096))
	if err == nil {
		message.Payload, err = device.decrypt(body)
	}
	return message, err
}

// checkSignature reads a VAPID header (RFC 8292): a JSON Web Token signed with the key beside it.
func (s *Service) checkSignature(header string) error {
	token, key, ok := strings.Cut(strings.TrimPrefix(header, "vapid t="), ", k=")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		return fmt.Errorf("the header is %q", header)
	}
	point, err1 := base64.RawURLEncoding.DecodeString(key)
	claims, err2 := base64.RawURLEncoding.DecodeString(parts[1])
	signature, err3 := base64.RawURLEncoding.DecodeString(parts[2])
	if err := errors.Join(err1, err2, err3); err != nil || len(signature) != 64 {
		return fmt.Errorf("not base64url: %w", err)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return errors.New("it is wrong")
	}
	var said struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(claims, &said); err != nil {
		return err
	}
	left := time.Until(time.Unix(said.Exp, 0))
	if said.Aud != s.URL || !strings.HasPrefix(said.Sub, "https:") && !strings.HasPrefix(said.Sub, "mailto:") || left <= 0 || left > 24*time.Hour {
		return fmt.Errorf("the claims are %s", claims)
	}
	return nil
}

// decrypt opens a message of one record (RFC 8188) with the keys of the subscription (RFC 8291).
func (d *Device) decrypt(body []byte) ([]byte, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) {
		return nil, errors.New("no header")
	}
	salt, size, sender, sealed := body[:16], binary.BigEndian.Uint32(body[16:20]), body[21:21+int(body[20])], body[21+int(body[20]):]
	if len(sealed) > int(size) {
		return nil, errors.New("more than one record")
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, err
	}
	shared, err := d.key.ECDH(public)
	if err != nil {
		return nil, err
	}
	input, err := hkdf.Key(sha256.New, shared, d.auth, "WebPush: info\x00"+string(d.key.PublicKey().Bytes())+string(sender), 32)
	if err != nil {
		return nil, err
	}
	key, err1 := hkdf.Key(sha256.New, input, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce, err2 := hkdf.Key(sha256.New, input, salt, "Content-Encoding: nonce\x00", 12)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, sealed, nil)
	if err != nil {
		return nil, err
	}
	plain = []byte(strings.TrimRight(string(plain), "\x00"))
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		return nil, errors.New("no delimiter of the last record")
	}
	return plain[:len(plain)-1], nil
}
