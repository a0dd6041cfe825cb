package services

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
)

// DefaultPasswordParams follow the OWASP Password Storage Cheat Sheet (Argon2id, 19 MiB, two passes, one lane): of those that it
// calls equally strong, the ones with little memory. Older hashes are replaced when people sign in.
var DefaultPasswordParams = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// giveBackAfter is how long nobody must have signed in before the memory of the hashes goes back to the system. Without that a
// server at rest would stand at several times what it needs.
const giveBackAfter = 3 * time.Second

// passwords hashes and compares, as many at a time as there are processors: a rush of sign-ins must not take all memory.
type passwords struct {
	params  argon2id.Params
	nobody  string // the hash that an unknown address is checked against, to take the same time
	hashing chan struct{}
	worked  atomic.Int64 // hash operations so far
	rest    *time.Timer  // runs since the last one
}

func newPasswords(params argon2id.Params) (*passwords, error) {
	nobody, err := unmatched(params)
	if err != nil {
		return nil, err
	}
	rest := time.AfterFunc(time.Hour, debug.FreeOSMemory)
	rest.Stop()
	return &passwords{params: params, nobody: nobody, hashing: make(chan struct{}, runtime.GOMAXPROCS(0)), rest: rest}, nil
}

// unmatched is a hash of no password: its salt and key are random.
func unmatched(params argon2id.Params) (string, error) {
	random := make([]byte, params.SaltLength+params.KeyLength)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	text := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, params.Memory, params.Iterations, params.Parallelism,
		text.EncodeToString(random[:params.SaltLength]), text.EncodeToString(random[params.SaltLength:])), nil
}

func (p *passwords) hash(ctx context.Context, password string) (hash string, err error) {
	if err = p.queue(ctx); err != nil {
		return "", err
	}
	defer p.done()
	return argon2id.CreateHash(password, &p.params)
}

func (p *passwords) check(ctx context.Context, password, hash string) (right bool, err error) {
	if err = p.queue(ctx); err != nil {
		return false, err
	}
	defer p.done()
	return argon2id.ComparePasswordAndHash(password, hash)
}

func (p *passwords) done() {
	<-p.hashing
	p.rest.Reset(giveBackAfter)
}

// queue waits for a place in hashing.
func (p *passwords) queue(ctx context.Context) error {
	select {
	case p.hashing <- struct{}{}:
		p.worked.Add(1)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// outdated tells whether a hash was made with other parameters than those of today.
func (p *passwords) outdated(hash string) bool {
	params, _, _, err := argon2id.DecodeHash(hash)
	return err != nil || *params != p.params
}

// password checks the choice of a new password: long enough, and none that is tried first.
func (v invalid) password(field, password, email, name string) {
	v.length(field, password, 8, 256)
	if v[field] != "" {
		return
	}
	folded := strings.ToLower(password)
	local, _, _ := strings.Cut(email, "@")
	switch {
	case folded == strings.ToLower(email), folded == strings.ToLower(local), folded == strings.ToLower(strings.TrimSpace(name)):
		v[field] = "It must not be your address or your name."
	case isCommonPassword(folded):
		v[field] = "This password is one of the first that attackers try. Please choose another."
	}
}

// isCommonPassword tells whether a password in lower case is one of the commonest: a listed word, twice the same, or with one
// of the endings that people add to satisfy a rule.
func isCommonPassword(folded string) bool {
	words := commonWords()
	if _, twice := words[folded[:len(folded)/2]]; twice && folded == strings.Repeat(folded[:len(folded)/2], 2) {
		return true
	}
	for _, ending := range commonEndings {
		if word, ok := strings.CutSuffix(folded, ending); ok {
			if _, common := words[word]; common {
				return true
			}
		}
	}
	return strings.Count(folded, folded[:1]) == len(folded)
}

//go:embed common_passwords.txt
var commonText string

// commonWords are the words of the list, also with the letters replaced that people replace.
var commonWords = sync.OnceValue(func() map[string]struct{} {
	light, full := strings.NewReplacer("a", "@", "o", "0"), strings.NewReplacer("a", "@", "o", "0", "e", "3", "i", "1", "s", "$")
	words := map[string]struct{}{}
	for line := range strings.Lines(commonText) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "# ") {
			for _, form := range []string{word, strings.ReplaceAll(word, "o", "0"), strings.Replace(word, "a", "@", 1), light.Replace(word), full.Replace(word)} {
				words[form] = struct{}{}
			}
		}
	}
	return words
})

var commonEndings = func() []string {
	endings := strings.Fields("! 1 1! 12 12! 123 123! @123 1234 12345 123456 1234567 12345678 123456789 01 007 69 99 00 11 111 321 520 1314 !@#")
	for year := 2018; year <= 2030; year++ {
		endings = append(endings, fmt.Sprint(year), fmt.Sprint(year)+"!", "@"+fmt.Sprint(year))
	}
	return append(endings, "")
}()
