package fulltext

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	fence   = regexp.MustCompile("(?m)^[ \\t>]*(```+|~~~+)[^\\n`]*$")
	block   = regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]+|(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?`)
	rule    = regexp.MustCompile(`(?m)^[ \t]*(?:[-*_|:=][ \t]*){3,}$`)
	mention = regexp.MustCompile(`@\[([^\]\n]+)\]\((?:user:[0-9A-Fa-f-]{36}|all)\)`)
	link    = regexp.MustCompile(`!?\[([^\]\n]*)\]\(([^()\s]+)(?:[ \t]+"[^"\n]*")?\)`)
	anyLink = regexp.MustCompile(`(?i)\bhttps?://[^\s]`)
	escaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
)

// Plain is a Markdown text as a reader sees it, without marks: mentions become @Name, links their text, and lines stay lines.
// It is made for searching and for snippets: what it does not know it leaves as it is.
func Plain(markdown string) string {
	if !strings.ContainsAny(markdown, "`~>#*-+_[]|\\=.)") {
		return markdown
	}
	text := fence.ReplaceAllString(markdown, "")
	text = rule.ReplaceAllString(text, "")
	text = mention.ReplaceAllString(text, "@$1")
	text = link.ReplaceAllString(text, "$1")
	text = block.ReplaceAllString(text, "")
	text = unmarked(text)
	text = escaped.ReplaceAllString(text, "$1")
	return strings.TrimSpace(text)
}

// HasLink tells whether a text links somewhere.
func HasLink(markdown string) bool {
	return anyLink.MatchString(markdown)
}

// unmarked drops the marks of emphasis and code: runs of * _ ~ ` at the edge of a word, so that 2*3 and snake_case stay, and
// the bars of tables.
func unmarked(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	before := ' '
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch r {
		case '\\': // the character after it is meant as it is
			_, next := utf8.DecodeRuneInString(text[at+1:])
			out.WriteString(text[at : at+1+next])
			before, at = 'x', at+1+next
			continue
		case '`':
			at++
			continue
		case '|':
			out.WriteByte(' ')
			before, at = ' ', at+1
			continue
		case '*', '_', '~':
			end := at
			for end < len(text) && text[end] == byte(r) {
				end++
			}
			after, _ := utf8.DecodeRuneInString(text[end:])
			if inWord(before) && inWord(after) && r != '~' && !(isCJK(before) || isCJK(after)) {
				out.WriteString(text[at:end])
			} else if spaced(before) && (end == len(text) || spaced(after)) {
				out.WriteString(text[at:end]) // an operator between spaces
			}
			at = end
			continue
		}
		out.WriteRune(r)
		before, at = r, at+size
	}
	return out.String()
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func spaced(r rune) bool { return unicode.IsSpace(r) }
