package config

import (
	"net/url"
	"strings"
)

// Given is a setting that some source gave a value, as it may be shown: secrets are masked.
type Given struct {
	Key    string
	Text   string
	Origin string // the variable, flag, or file and key that won
}

const masked = "********"

// Describe lists what the sources give, in the order of Settings. It does not check the values; Load does.
func Describe(src Sources) ([]Given, error) {
	values, err := gather(src)
	if err != nil {
		return nil, err
	}
	var list []Given
	for _, s := range Settings {
		if v, given := values[s.Key]; given {
			list = append(list, Given{Key: s.Key, Text: mask(s.Key, v.text), Origin: v.origin})
		}
	}
	return list, nil
}

// mask hides what lets somebody in. Every setting whose name says so is a secret; an address may hold a password.
func mask(key, text string) string {
	if text == "" {
		return ""
	}
	for _, word := range []string{"secret", "password", "token"} {
		if strings.Contains(key, word) {
			return masked
		}
	}
	if !strings.HasSuffix(key, "_url") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return masked
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", masked)
		u.RawQuery = q.Encode()
	}
	if _, has := u.User.Password(); has {
		u.User = url.User(u.User.Username() + ":" + masked)
	}
	return strings.ReplaceAll(u.String(), url.QueryEscape(":"+masked), ":"+masked)
}
