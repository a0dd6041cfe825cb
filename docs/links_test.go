package docs_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

var (
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	code    = regexp.MustCompile("(?ms)^```.*?^```|`[^`\n]*`")
)

// TestLinksLeadSomewhere checks the links of every document to files of the repository and to headings in them; `make lint` runs
// it. Addresses of the web are not asked.
func TestLinksLeadSomewhere(t *testing.T) {
	documents := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"node_modules", ".git", "data", "bin", "dist", "testdata", "test-results"}, entry.Name()) {
			return filepath.SkipDir
		}
		if entry.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		documents++
		for _, target := range links(t, path) {
			checkLink(t, path, target)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, documents, 30)
}

func links(t *testing.T, path string) (targets []string) {
	for _, match := range link.FindAllStringSubmatch(code.ReplaceAllString(read(t, path), ""), -1) {
		if u, err := url.Parse(match[1]); err == nil && u.Scheme == "" {
			targets = append(targets, match[1])
		}
	}
	return targets
}

func checkLink(t *testing.T, from, target string) {
	t.Helper()
	path, anchor, _ := strings.Cut(target, "#")
	file := from
	if path != "" {
		file = filepath.Join(filepath.Dir(from), path)
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("%s: %s is not there", from, target)
		return
	}
	if anchor == "" || filepath.Ext(file) != ".md" {
		return
	}
	for _, match := range heading.FindAllStringSubmatch(read(t, file), -1) {
		if slug(match[1]) == anchor {
			return
		}
	}
	t.Errorf("%s: %s has no heading of that name", from, target)
}

// slug is a heading as GitLab makes an anchor of it.
func slug(text string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, text)
	return kept
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}
