package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/joho/godotenv"
	"github.com/pelletier/go-toml/v2"
)

const (
	envPrefix   = "LECTERN_"
	envFile     = ".env"
	defaultFile = "lectern.toml"
)

// Sources is where Load looks.
type Sources struct {
	Dir     string            // holds .env and lectern.toml, if they are there
	File    string            // --config; empty: LECTERN_CONFIG, or lectern.toml if it is there
	Environ []string          // as os.Environ
	Flags   map[string]string // by key, only those given
}

// value is a setting's text and where it came from, as an error names it.
type value struct{ text, origin string }

// Load reads every source and checks every value. Its errors are one line and name the key at fault.
func Load(src Sources) (Config, error) {
	cfg := Default()
	values, err := gather(src)
	if err != nil {
		return cfg, err
	}
	for _, s := range Settings {
		v, given := values[s.Key]
		if !given {
			continue
		}
		if err := s.set(&cfg, v.text); err != nil {
			return cfg, fmt.Errorf("%s: %w", v.origin, err)
		}
	}
	return cfg, cfg.together()
}

// gather reads every source; by key, the winner of each.
func gather(src Sources) (map[string]value, error) {
	env, err := environment(src)
	if err != nil {
		return nil, err
	}
	values := map[string]value{}
	if err := addFile(values, src, env["config"].text); err != nil {
		return nil, err
	}
	delete(env, "config")
	maps.Copy(values, env)
	for key, text := range src.Flags {
		values[key] = value{text, "--" + strings.ReplaceAll(key, "_", "-")}
	}
	return values, nil
}

// environment reads .env and then the environment; by key.
func environment(src Sources) (map[string]value, error) {
	values := map[string]value{}
	path := filepath.Join(src.Dir, envFile)
	file, err := godotenv.Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %s", path, firstLine(err))
	}
	for _, name := range slices.Sorted(maps.Keys(file)) {
		if err := addVariable(values, name, file[name], envFile+": "); err != nil {
			return nil, err
		}
	}
	for _, pair := range src.Environ {
		name, text, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix) {
			continue
		}
		if err := addVariable(values, name, text, ""); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// addVariable takes one variable. Those of tests are not settings, and .env may hold other programs' variables as long
// as they do not look like a slip of the pen.
func addVariable(values map[string]value, name, text, origin string) error {
	key, ours := strings.CutPrefix(name, envPrefix)
	if strings.HasPrefix(key, "TEST_") && ours {
		return nil
	}
	if key = strings.ToLower(key); ours && (key == "config" || Known(key)) {
		values[key] = value{text, origin + name}
		return nil
	}
	suggestion, distance := nearest(strings.ToLower(name), func(s Setting) string { return strings.ToLower(s.Env()) })
	if !ours && distance > 2 {
		return nil
	}
	return unknown(origin+name, strings.ToUpper(suggestion))
}

// addFile reads the configuration file: the one named, or lectern.toml if it is there.
func addFile(values map[string]value, src Sources, fromEnv string) error {
	path, named := src.File, true
	if path == "" {
		path = fromEnv
	}
	if path == "" {
		path, named = filepath.Join(src.Dir, defaultFile), false
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err != nil {
		return fmt.Errorf("configuration file: %w", err)
	}
	content := map[string]any{}
	if strings.EqualFold(filepath.Ext(path), ".json") {
		decoder := json.NewDecoder(strings.NewReader(string(raw)))
		decoder.UseNumber()
		err = decoder.Decode(&content)
	} else {
		err = toml.Unmarshal(raw, &content)
	}
	if err != nil {
		return fmt.Errorf("%s: %s", path, firstLine(err))
	}
	for _, key := range slices.Sorted(maps.Keys(content)) {
		if !Known(key) {
			suggestion, _ := nearest(key, func(s Setting) string { return s.Key })
			return unknown(path+": "+key, suggestion)
		}
		text, err := scalar(content[key])
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, key, err)
		}
		values[key] = value{text, path + ": " + key}
	}
	return nil
}

// scalar writes a file's value as the environment would have it.
func scalar(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool, int64, float64, json.Number:
		return fmt.Sprint(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			text, ok := item.(string)
			if !ok {
				return "", errors.New("a list of strings is expected")
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), nil
	default:
		return "", errors.New("a string, a number, true, false or a list of strings is expected")
	}
}

// Known tells whether a key is that of a setting.
func Known(key string) bool {
	return slices.ContainsFunc(Settings, func(s Setting) bool { return s.Key == key })
}

func unknown(name, suggestion string) error {
	return fmt.Errorf("%s: unknown key; did you mean %s?", name, suggestion)
}

// nearest finds the setting whose name is the fewest edits away.
func nearest(name string, nameOf func(Setting) string) (best string, distance int) {
	for i, s := range Settings {
		if d := edits(name, nameOf(s)); i == 0 || d < distance {
			best, distance = nameOf(s), d
		}
	}
	return best, distance
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, replace)
		}
	}
	return row[len(b)]
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
