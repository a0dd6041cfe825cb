package fulltext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// How much a snippet shows: characters in all, and of them before the first match.
const (
	snippetLength = 160
	snippetBefore = 40
)

// Snippet cuts the part of a text around the first place where it has one of the terms. The matches are the places within
// the snippet, [from, length] in UTF-16 units. found tells whether the text has all terms.
func Snippet(text string, terms []Term) (snippet string, matches [][2]int, found bool) {
	text = Normal(strings.Join(strings.Fields(text), " "))
	tokens := Tokens(text)
	var places [][2]int
	found = true
	for _, term := range terms {
		here := term.find(tokens)
		found = found && len(here) > 0
		places = append(places, here...)
	}
	places = merged(places)
	from, to := window(text, places)
	if from > 0 {
		snippet = "…"
	}
	matches = [][2]int{}
	at, units := from, utf16Length(snippet)
	for _, p := range places {
		if p[0] < from || p[1] > to {
			continue
		}
		units += utf16Length(text[at:p[0]])
		n := utf16Length(text[p[0]:p[1]])
		matches = append(matches, [2]int{units, n})
		units, at = units+n, p[1]
	}
	snippet += text[from:to]
	if to < len(text) {
		snippet += "…"
	}
	return snippet, matches, found
}

// merged sorts places and joins those that touch.
func merged(places [][2]int) [][2]int {
	slices.SortFunc(places, func(a, b [2]int) int { return a[0] - b[0] })
	var out [][2]int
	for _, p := range places {
		if n := len(out); n > 0 && p[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], p[1])
			continue
		}
		out = append(out, p)
	}
	return out
}

// window chooses which bytes to show, never cutting a character.
func window(text string, places [][2]int) (from, to int) {
	if len(places) > 0 {
		from = places[0][0]
		for range snippetBefore {
			_, size := utf8.DecodeLastRuneInString(text[:from])
			from -= size
		}
	}
	to = from
	for range snippetLength {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	if len(places) > 0 && to < places[0][1] { // a match longer than all this
		to = places[0][1]
	}
	return from, to
}

// utf16Length is how long JavaScript takes a text for.
func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}
