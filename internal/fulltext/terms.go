package fulltext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Term is a phrase to look for: tokens that follow each other, the last of which may be only the beginning of one.
type Term struct {
	Words  []string
	Prefix bool
}

// Is makes the term of a mark.
func Is(mark string) Term { return Term{Words: []string{mark}} }

// Phrase makes the term of a text that must be found as it stands; unfinished says that its last word may go on. The answer
// is false when there is no word in it.
func Phrase(text string, unfinished bool) (Term, bool) {
	tokens := Tokens(Normal(text))
	n := len(tokens)
	if n == 0 {
		return Term{}, false
	}
	last := tokens[n-1]
	if r, size := utf8.DecodeRuneInString(last.Text); isCJK(r) && size == len(last.Text) {
		if n > 1 && tokens[n-2].To == last.To { // the run's last pair has it already, and in the text the run may go on
			tokens = tokens[:n-1]
		} else {
			unfinished = true // a single character is found as the beginning of a pair
		}
	}
	term := Term{Prefix: unfinished && !isPair(tokens[len(tokens)-1].Text)}
	for _, t := range tokens {
		term.Words = append(term.Words, t.Text)
	}
	return term, true
}

// isPair tells whether a token is two characters of a run.
func isPair(token string) bool {
	r, size := utf8.DecodeRuneInString(token)
	return isCJK(r) && size < len(token)
}

// Text is the term as a part of a Stream: a text has the term if its stream contains it.
func (t Term) Text() string {
	text := " " + strings.Join(t.Words, " ")
	if !t.Prefix {
		text += " "
	}
	return text
}

// find gives the bytes [from, to) of each place where the tokens of a text have the term.
func (t Term) find(tokens []Token) [][2]int {
	var places [][2]int
	for i := 0; i+len(t.Words) <= len(tokens); i++ {
		part := tokens[i : i+len(t.Words)]
		if t.fits(part) {
			places = append(places, [2]int{part[0].From, t.end(part)})
		}
	}
	return places
}

func (t Term) fits(part []Token) bool {
	last := len(part) - 1
	same := slices.EqualFunc(part[:last], t.Words[:last], func(a Token, b string) bool { return a.Text == b })
	return same && (part[last].Text == t.Words[last] || t.Prefix && strings.HasPrefix(part[last].Text, t.Words[last]))
}

// end is where the match ends: of a pair that was found by its first character, after that character.
func (t Term) end(part []Token) int {
	last := part[len(part)-1]
	if word := t.Words[len(t.Words)-1]; isPair(last.Text) && utf8.RuneCountInString(word) == 1 {
		return min(last.To, last.From+len(word)) // an estimate where folding changed the width; never beyond the pair
	}
	return last.To
}
