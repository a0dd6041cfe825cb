package services

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// invalid collects the values at fault, by field.
type invalid map[string]string

// err is nil when nothing is at fault.
func (v invalid) err() error {
	if len(v) == 0 {
		return nil
	}
	return &Error{Kind: KindInvalid, Message: "Some fields need attention.", Fields: v}
}

// line trims a text of one line and checks its length in characters.
func (v invalid) line(field, text string, least, most int) string {
	text = strings.TrimSpace(text)
	if strings.ContainsFunc(text, unicode.IsControl) {
		v[field] = "It must be one line without control characters."
	} else {
		v.length(field, text, least, most)
	}
	return text
}

// name is a line by which people know somebody or something: it can be seen, and does not turn the text after it around.
func (v invalid) name(field, text string) string {
	text = v.line(field, text, 1, maxNameOf)
	if v[field] == "" && !visible(text) {
		v[field] = "It must have characters that can be seen."
	}
	if v[field] == "" && strings.ContainsFunc(text, redirects) {
		v[field] = "It must not contain characters that change the direction of the text around it."
	}
	return text
}

// maxNameOf is the length of a person's or channel's name, in characters.
const maxNameOf = 80

// visible tells whether anything in a text can be seen. Letters are among the characters that cannot: the Hangul fillers.
func visible(text string) bool {
	const emptyBraille = '\u2800'
	return strings.ContainsFunc(text, func(r rune) bool {
		return r != emptyBraille && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S, unicode.Mc, unicode.Co) &&
			!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
	})
}

// redirects tells whether a character embeds, overrides or isolates a direction for what follows (Unicode, UAX 9).
func redirects(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// length checks a text's length in characters.
func (v invalid) length(field, text string, least, most int) {
	switch n := utf8.RuneCountInString(text); {
	case n == 0 && least > 0:
		v[field] = "It must not be empty."
	case n < least:
		v[field] = fmt.Sprintf("It must have at least %d characters.", least)
	case n > most:
		v[field] = fmt.Sprintf("It must have at most %d characters and has %d.", most, n)
	}
}

// email returns an address in lower case.
func (v invalid) email(field, text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if addr, err := mail.ParseAddress(text); err != nil || addr.Address != text || len(text) > 254 {
		v[field] = "This is not an email address."
	}
	return text
}

// oneOf checks a word against those allowed.
func (v invalid) oneOf(field, word string, allowed ...string) {
	for _, a := range allowed {
		if word == a {
			return
		}
	}
	v[field] = "It must be one of: " + strings.Join(allowed, ", ") + "."
}

// clientID checks an optional client-made id; nil when there is none.
func (v invalid) clientID(text string) *string {
	if text == "" {
		return nil
	}
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		v["client_id"] = "It must be a UUID."
		return nil
	}
	text = id.String()
	return &text
}

// text trims a text of many lines and checks that it has at most so many characters.
func (v invalid) text(field, text string, most int) string {
	text = strings.TrimSpace(text)
	if strings.ContainsRune(text, 0) {
		v[field] = "It must not contain the character NUL."
	} else {
		v.length(field, text, 0, most)
	}
	return text
}
