package fulltext_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"lectern/internal/fulltext"
)

func stream(text string) string { return fulltext.Stream(fulltext.Tokens(fulltext.Normal(text))) }

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"":                      " ",
		"Hello, World!":         " hello world ",
		"我家在上海東邊":               " 我家 家在 在上 上海 海東 東邊 邊 ",
		"上":                     " 上 ",
		"用Go寫":                  " 用 go 寫 ",
		"ＡＢＣ　ｶﾞｷﾞ":              " abc ガギ ギ ",
		"snake_case foo-bar":    " snake case foo bar ",
		"https://a.tw/x?y=1":    " https a tw x y 1 ",
		"Cafe\u0301 CAFÉ":       " café café ",
		"👍🏽 …":                  " ",
		"三月1日":                  " 三月 月 1 日 ",
		"\x00\xff broken":       " broken ",
		"コーヒー":                  " コー ーヒ ヒー ー ",
		"안녕하세요":                 " 안녕 녕하 하세 세요 요 ",
		"ʹ\u0301x":              " ʹ\u0301x ",
		strings.Repeat("a", 99): " " + strings.Repeat("a", 40) + " ",
	} {
		require.Equal(t, want, stream(text), text)
	}
}

func TestWhatIsFound(t *testing.T) {
	for _, c := range []struct {
		query, text string
		found       bool
	}{
		{"上海", "我家在上海東邊", true},
		{"海上", "我家在上海東邊", false},
		{"東邊", "我家在上海東邊", true},
		{"邊", "我家在上海東邊", true},
		{"海", "我家在上海東邊", true},
		{"我家在上海東邊", "我家在上海東邊", true},
		{"上海 東邊", "我家在上海東邊", true},
		{"上海東京", "我家在上海東邊", false},
		{"HELLO", "say hello", true},
		{"hel", "say hello", true},
		{"hel say", "say hello", false},
		{`"hel"`, "say hello", false},
		{`"say hello"`, "say hello", true},
		{`"hello say"`, "say hello", false},
		{"ｈｅｌｌｏ", "Hello", true},
		{"foo-bar", "foo bar", true},
		{"用Go", "我用Go寫程式", true},
		{"Go寫", "我用Go寫程式", true},
		{"「上海」", "在上海", true},
	} {
		q, err := fulltext.Parse(c.query)
		require.NoError(t, err)
		require.NotEmpty(t, q.Terms)
		_, _, found := fulltext.Snippet(c.text, q.Terms)
		require.Equal(t, c.found, found, "%s in %s", c.query, c.text)
		contained := true
		for _, term := range q.Terms {
			contained = contained && strings.Contains(stream(c.text), term.Text())
		}
		require.Equal(t, c.found, contained, "%s in the stream of %s", c.query, c.text)
	}
}

func TestSnippet(t *testing.T) {
	show := func(text, query string) string {
		q, err := fulltext.Parse(query)
		require.NoError(t, err)
		snippet, matches, _ := fulltext.Snippet(text, q.Terms)
		units := utf16.Encode([]rune(snippet))
		var out strings.Builder
		at := 0
		for _, m := range matches {
			out.WriteString(string(utf16.Decode(units[at:m[0]])) + "[" + string(utf16.Decode(units[m[0]:m[0]+m[1]])) + "]")
			at = m[0] + m[1]
		}
		return out.String() + string(utf16.Decode(units[at:]))
	}
	require.Equal(t, "我家在[上海]東邊", show("我家在上海東邊", "上海"))
	require.Equal(t, "👍 [上]海 [上]", show("👍 上海\n上", "上"))
	require.Equal(t, "[say] [hello] again", show("say  hello again", "say hel"))
	require.Equal(t, "[Café]", show("Cafe\u0301", "CAFÉ"))
	require.Equal(t, "nothing", show("nothing", "else"))
	long := show(strings.Repeat("前", 500)+"目標"+strings.Repeat("後", 500), "目標")
	require.Equal(t, "…"+strings.Repeat("前", 40)+"[目標]"+strings.Repeat("後", 118)+"…", long)
}

func TestPlain(t *testing.T) {
	for markdown, want := range map[string]string{
		"plain": "plain",
		"# Title\n\n**bold** and *slanted*, ~~gone~~ `code`":   "Title\n\nbold and slanted, gone code",
		"@[王小明](user:018f5c5e-7a3b-7c1d-9e2f-0123456789ab) 你好": "@王小明 你好",
		"@[all](all) come":                     "@all come",
		"see [the page](https://a.example/x) ": "see the page",
		"![cat](/files/1)":                     "cat",
		"> quoted\n- [x] done\n1. first":       "quoted\ndone\nfirst",
		"```go\nfunc main() {}\n```":           "func main() {}",
		"| a | b |\n|---|---|\n| 1 | 2 |":      "a   b  \n\n  1   2",
		"snake_case 2*3 a * b":                 "snake_case 2*3 a * b",
		`\*not slanted\*`:                      "*not slanted*",
		"這是**重點**內容":                           "這是重點內容",
	} {
		require.Equal(t, want, fulltext.Plain(markdown), markdown)
	}
}

func TestParse(t *testing.T) {
	q, err := fulltext.Parse(`from:王小明 in:"Class 1" has:FILE before:2026-03-01 after:2026-01-31 "final exam" notes:x`)
	require.NoError(t, err)
	require.Equal(t, []string{"王小明"}, q.From)
	require.Equal(t, []string{"Class 1"}, q.In)
	require.Equal(t, []string{"file"}, q.Has)
	require.Equal(t, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), q.Before)
	require.Equal(t, time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), q.After)
	require.Equal(t, "final exam notes:x", q.Text)
	require.Equal(t, []fulltext.Term{{Words: []string{"final", "exam"}}, {Words: []string{"notes", "x"}, Prefix: true}}, q.Terms)
	for text, sentence := range map[string]string{
		"from:":             "from: needs a value after it.",
		"x before:tomorrow": "before: expects a day such as 2026-03-01",
		"after:2026-13-01":  "after: expects a day such as 2026-03-01",
		`in:""`:             "in: needs a value after it.",
	} {
		_, err := fulltext.Parse(text)
		require.EqualError(t, err, sentence)
	}
}

func FuzzTokens(f *testing.F) {
	for _, text := range []string{"我家在上海 hello", "ＡＢＣ㌔", "e\u0301\u0301", "\xff\x00", "한글 ｶﾞ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		normal := fulltext.Normal(text)
		for _, token := range fulltext.Tokens(normal) {
			if token.From < 0 || token.From >= token.To || token.To > len(normal) || token.Text == "" || strings.ContainsAny(token.Text, " '\"\\") {
				t.Fatalf("%+v in %q", token, normal)
			}
		}
		if utf8.ValidString(text) {
			if whole, ok := fulltext.Phrase(text, false); ok && !strings.Contains(stream(text), whole.Text()) {
				t.Fatalf("%q does not find itself: %q in %q", text, whole.Text(), stream(text))
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{`from:a in:"b c" has:file before:2026-01-01 x`, `"`, "from：我", "「」", "a:b:c"} {
		f.Add(text, "some text to 搜尋 in")
	}
	f.Fuzz(func(t *testing.T, text, body string) {
		q, err := fulltext.Parse(text)
		if err != nil {
			return
		}
		for _, term := range q.Terms {
			if len(term.Words) == 0 {
				t.Fatal("an empty term")
			}
		}
		snippet, matches, _ := fulltext.Snippet(fulltext.Plain(body), q.Terms)
		units, at := len(utf16.Encode([]rune(snippet))), 0
		for _, m := range matches {
			if m[0] < at || m[1] < 1 || m[0]+m[1] > units {
				t.Fatalf("%v outside of %q", m, snippet)
			}
			at = m[0] + m[1]
		}
	})
}
