package config

import (
	"net/url"
	"slices"
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
	if says(key, "secret", "password", "token") {
		return masked
	}
	if !strings.HasSuffix(key, "_url") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return masked
	}
	const stars = "MASKED" // which no encoding changes
	q := u.Query()
	for name := range q {
		if says(strings.ToLower(name), "secret", "password", "token", "key", "auth", "sig") {
			q.Set(name, stars)
		}
	}
	u.RawQuery = q.Encode()
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), stars)
	} else if u.User != nil && key != "database_url" { // a key that stands for a name
		u.User = url.User(stars)
	}
	return strings.ReplaceAll(u.String(), stars, masked)
}

func says(name string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}
