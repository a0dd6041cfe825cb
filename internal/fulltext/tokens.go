// Package fulltext makes words to be searched for out of text, and finds them again. The databases only store and look up what
// it makes, so that both find the same. It knows no database.
//
// Chinese, Japanese and Korean are written without spaces: their runs become overlapping pairs, 我家在 → 我家 家在 在, and a
// phrase of pairs finds any part of at least two characters; the last character alone, and the beginnings of pairs, let
// one character be found. Other scripts become words. Both are folded: full width and case do not count.
package fulltext

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many characters of a word count; the rest of a longer one is not looked at.
const maxWord = 40

// Token is one folded word or pair and the bytes [From, To) of the text that it came from.
type Token struct {
	Text     string
	From, To int
}

// halfKana are half-width katakana, whose voice marks are characters of their own.
var halfKana = regexp.MustCompile("[\uFF61-\uFF9F]+")

// Normal brings text into the form that Tokens expects: composed characters (Unicode NFC), katakana of full width.
func Normal(text string) string {
	return norm.NFC.String(halfKana.ReplaceAllStringFunc(text, norm.NFKC.String))
}

// Fold removes what does not count when comparing: case and width.
func Fold(text string) string {
	var out strings.Builder
	for _, r := range text {
		out.WriteString(folded(r))
	}
	return out.String()
}

// Tokens are the words of a text in their order. A text of n bytes has at most n tokens.
func Tokens(text string) []Token {
	t := tokenizer{}
	for at, r := range text {
		to := at + utf8.RuneLen(r)
		if r == utf8.RuneError {
			t.end()
			continue
		}
		if r < utf8.RuneSelf {
			t.take(unicode.ToLower(r), at, to)
			continue
		}
		for _, f := range folded(r) { // may be several: ㌔ is キロ
			t.take(f, at, to)
		}
	}
	t.end()
	return t.tokens
}

// tokenizer collects one word or run at a time.
type tokenizer struct {
	tokens []Token

	word     []byte // of a script with spaces
	length   int    // characters in word
	from, to int

	last Token // the character before in a run of CJK; Text is empty outside of one
}

func (t *tokenizer) take(r rune, from, to int) {
	switch {
	case isCJK(r):
		t.endWord()
		char := Token{string(r), from, to}
		if t.last.Text != "" {
			t.tokens = append(t.tokens, Token{t.last.Text + char.Text, t.last.From, to})
		}
		t.last = char
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsNumber(r):
		t.endRun()
		t.grow(r, from, to)
	case unicode.IsMark(r) && len(t.word) > 0:
		t.grow(r, from, to)
	default:
		t.end()
	}
}

func (t *tokenizer) grow(r rune, from, to int) {
	if len(t.word) == 0 {
		t.from = from
	}
	t.to = to
	if t.length++; t.length <= maxWord {
		t.word = utf8.AppendRune(t.word, r)
	}
}

func (t *tokenizer) end() {
	t.endWord()
	t.endRun()
}

func (t *tokenizer) endWord() {
	if len(t.word) > 0 {
		t.tokens = append(t.tokens, Token{string(t.word), t.from, t.to})
		t.word, t.length = t.word[:0], 0
	}
}

// endRun adds the last character of a run by itself, so that every character begins a token.
func (t *tokenizer) endRun() {
	if t.last.Text != "" {
		t.tokens = append(t.tokens, t.last)
		t.last = Token{}
	}
}

// folded is a character without its case and width; compatibility forms become what they stand for (Unicode NFKC).
func folded(r rune) string {
	switch {
	case r < utf8.RuneSelf, r >= 0x4E00 && r <= 0x9FFF: // most of all text: nothing but case to fold
		return string(unicode.ToLower(r))
	default:
		return strings.ToLower(norm.NFKC.String(string(r)))
	}
}

// isCJK tells whether a character belongs to a script without spaces that is searched by pairs.
func isCJK(r rune) bool {
	if r < 0x1100 {
		return false
	}
	return (r >= 0x4E00 && r <= 0x9FFF) || r == 'ー' ||
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}

// Stream writes tokens as the index keeps them: each with a space before and after, " a b c ".
func Stream(tokens []Token, marks ...string) string {
	var out strings.Builder
	out.WriteByte(' ')
	for _, t := range tokens {
		out.WriteString(t.Text)
		out.WriteByte(' ')
	}
	for _, m := range marks {
		out.WriteString(m)
		out.WriteByte(' ')
	}
	return out.String()
}

// Mark makes a token that no text contains, for what an entry is or has: it begins with a private-use character.
func Mark(name string) string { return "\uE000" + strings.ReplaceAll(name, "-", "") }
