package sfu

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/srtp/v3"
	"github.com/pion/webrtc/v4"
)

// keys learns from a connection's DTLS handshake what its SRTP keys are made of (RFC 5764, section 4.2). Pion makes the
// same keys from it and keeps them to itself. The server is always the DTLS server. What was learned is forgotten as soon
// as the keys are made.
type keys struct {
	mu           sync.Mutex // guards the rest
	secret       []byte     // the master secret
	clientRandom []byte
	serverRandom [handshake.RandomLength]byte
	hash         func() hash.Hash // of the cipher suite
	profile      srtp.ProtectionProfile
}

// replayWindow is how many RTCP packets one may overtake.
const replayWindow = 64

var errNoKeys = errors.New("sfu: no handshake to make keys from")

// watch has the connections of settings tell k; there must be only one.
func (k *keys) watch(settings *webrtc.SettingEngine) {
	settings.SetDTLSKeyLogWriter(k)
	settings.SetDTLSServerHelloMessageHook(k.hello)
}

// hello notes what the server chose, and leaves it as it is.
func (k *keys) hello(h handshake.MessageServerHello) handshake.Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.serverRandom = h.Random.MarshalFixed()
	k.hash = sha256.New
	if h.CipherSuiteID != nil {
		switch dtls.CipherSuiteID(*h.CipherSuiteID) {
		case dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, dtls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:
			k.hash = sha512.New384
		}
	}
	for _, e := range h.Extensions {
		if use, ok := e.(*extension.UseSRTP); ok && len(use.ProtectionProfiles) == 1 {
			k.profile = srtp.ProtectionProfile(use.ProtectionProfiles[0])
		}
	}
	return &h
}

// Write takes a line of the NSS key log: CLIENT_RANDOM, that number and the master secret in hexadecimal.
func (k *keys) Write(line []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fields := strings.Fields(string(line))
	if len(fields) != 3 || fields[0] != "CLIENT_RANDOM" {
		return len(line), nil
	}
	var err error
	if k.clientRandom, err = hex.DecodeString(fields[1]); err == nil {
		k.secret, err = hex.DecodeString(fields[2])
	}
	return len(line), err
}

// ExportKeyingMaterial is what srtp derives keys from (RFC 5705, section 4).
func (k *keys) ExportKeyingMaterial(label string, _ []byte, length int) ([]byte, error) {
	seed := append([]byte(label), k.clientRandom...)
	return prf.PHash(k.secret, append(seed, k.serverRandom[:]...), length, k.hash)
}

// contexts makes what seals what the server sends and what opens what comes, and forgets the secret.
func (k *keys) contexts() (sealing, opening *srtp.Context, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.secret) == 0 || k.hash == nil || k.profile == 0 {
		return nil, nil, errNoKeys
	}
	c := srtp.Config{Profile: k.profile}
	err = c.ExtractSessionKeysFromDTLS(k, false)
	clear(k.secret)
	k.secret = nil
	if err != nil {
		return nil, nil, fmt.Errorf("sfu: keys: %w", err)
	}
	if sealing, err = srtp.CreateContext(c.Keys.LocalMasterKey, c.Keys.LocalMasterSalt, c.Profile); err != nil {
		return nil, nil, err
	}
	opening, err = srtp.CreateContext(c.Keys.RemoteMasterKey, c.Keys.RemoteMasterSalt, c.Profile, srtp.SRTCPReplayProtection(replayWindow))
	return sealing, opening, err
}
