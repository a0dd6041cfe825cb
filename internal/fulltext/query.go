package fulltext

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Query is what somebody typed into the search box.
type Query struct {
	Text          string   // without the operators, for names
	Terms         []Term   // all of which must be there
	From, In, Has []string // names or ids, as typed
	Before, After time.Time
}

// Empty tells whether nothing is asked for.
func (q Query) Empty() bool {
	return len(q.Terms) == 0 && len(q.From) == 0 && len(q.In) == 0 && len(q.Has) == 0 && q.Before.IsZero() && q.After.IsZero()
}

// BadOperator is a value that an operator cannot have. Its sentence may be shown.
type BadOperator struct{ Operator, Sentence string }

func (e *BadOperator) Error() string { return e.Operator + " " + e.Sentence }

// Has are what has: can ask for.
var Has = []string{"file", "image", "link"}

// Parse reads words, "phrases" and the operators from: in: has: before: after:, whose values may be quoted too. The last word
// may be unfinished. A word with another colon, such as a web address, is a word.
func Parse(text string) (Query, error) {
	var q Query
	var words []string
	text = Normal(text)
	for rest := strings.TrimLeftFunc(text, unicode.IsSpace); rest != ""; rest = strings.TrimLeftFunc(rest, unicode.IsSpace) {
		operator, value, quoted, after := next(rest)
		rest = after
		if operator != "" {
			if err := q.set(operator, value); err != nil {
				return Query{}, err
			}
			continue
		}
		words = append(words, value)
		if term, ok := Phrase(value, !quoted && rest == ""); ok {
			q.Terms = append(q.Terms, term)
		}
	}
	q.Text = strings.Join(words, " ")
	return q, nil
}

var operators = []string{"from", "in", "has", "before", "after"}

// next reads one word, phrase or operator with its value, and what follows.
func next(text string) (operator, value string, quoted bool, rest string) {
	for _, name := range operators {
		if n := len(name); len(text) > n && strings.EqualFold(text[:n], name) {
			if after, ok := strings.CutPrefix(text[n:], ":"); ok {
				operator, text = name, after
			} else if after, ok := strings.CutPrefix(text[n:], "："); ok { // the full-width colon of a Chinese keyboard
				operator, text = name, after
			}
			if operator != "" {
				break
			}
		}
	}
	for _, marks := range [][2]string{{`"`, `"`}, {"“", "”"}, {"「", "」"}} {
		if inner, ok := strings.CutPrefix(text, marks[0]); ok {
			value, rest, _ = strings.Cut(inner, marks[1]) // one that is never closed ends with the text
			return operator, value, true, rest
		}
	}
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	return operator, text[:end], false, text[end:]
}

func (q *Query) set(operator, value string) error {
	value = strings.TrimSpace(value)
	if value == "" {
		return &BadOperator{operator + ":", "needs a value after it."}
	}
	var err error
	switch operator {
	case "from":
		q.From = append(q.From, strings.TrimPrefix(value, "@"))
	case "in":
		q.In = append(q.In, strings.TrimPrefix(value, "#"))
	case "has":
		q.Has = append(q.Has, strings.ToLower(value))
	case "before":
		q.Before, err = Day(value, false)
	case "after":
		q.After, err = Day(value, true)
	}
	if err != nil {
		return &BadOperator{operator + ":", err.Error()}
	}
	return nil
}

// Day reads a day such as 2026-03-01, which begins at midnight UTC, or an instant (RFC 3339). The end of a day is the next
// one's beginning.
func Day(text string, end bool) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil && at.Year() >= 1970 && at.Year() < 10000 {
		return at, nil
	}
	at, err := time.Parse(time.DateOnly, text)
	if err != nil || at.Year() < 1970 {
		return time.Time{}, fmt.Errorf("expects a day such as 2026-03-01")
	}
	if end {
		at = at.AddDate(0, 0, 1)
	}
	return at, nil
}
