package config

import (
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Tracing sends spans to a collector.
type Tracing struct {
	URL   string  // empty: none
	Ratio float64 // of all traces
}

// Metrics says who may read them.
type Metrics struct {
	Networks []netip.Prefix // besides this machine
	Token    string         // lets in from anywhere; empty: none
}

// LogLevels say what is logged.
type LogLevels struct {
	Default   slog.Level
	Component map[string]slog.Level // where it differs
}

// Components are the parts of the program whose level of logging can be set by itself.
var Components = []string{"calls", "database", "http", "jobs", "mail", "media", "meetings", "playback", "sockets", "turn"}

// Of is the level of a component.
func (l LogLevels) Of(component string) slog.Level {
	if level, set := l.Component[component]; set {
		return level
	}
	return l.Default
}

// operationSettings are for those who watch over the program.
var operationSettings = []Setting{
	{"log_level", "debug, info, warn or error (default info); a part of the program can have its own, such as info,media=debug: " +
		strings.Join(Components, ", "), func(c *Config, v string) (err error) {
		c.LogLevels, err = logLevels(v)
		return err
	}},
	{"metrics_networks", "networks that may read /metrics besides this machine, separated by commas (default none)", func(c *Config, v string) (err error) {
		c.Metrics.Networks, err = networks(v)
		return err
	}},
	{"metrics_token", "token with which /metrics can be read from anywhere (Authorization: Bearer …), at least 16 characters", func(c *Config, v string) error {
		c.Metrics.Token = v
		if v != "" && len(v) < 16 {
			return errors.New("at least 16 characters are expected")
		}
		return nil
	}},
	{"traces_url", "OpenTelemetry collector that takes traces by OTLP over HTTP, such as http://localhost:4318/v1/traces (default none)", func(c *Config, v string) error {
		c.Tracing.URL = v
		u, err := url.Parse(v)
		if v != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "") {
			return errors.New("an http:// or https:// address is expected, such as http://localhost:4318/v1/traces")
		}
		return nil
	}},
	{"traces_ratio", "share of requests and commands that are traced, from 0 to 1 (default 1)", func(c *Config, v string) error {
		ratio, err := strconv.ParseFloat(v, 64)
		if c.Tracing.Ratio = ratio; err != nil || !(ratio >= 0 && ratio <= 1) {
			return errors.New("a number from 0 to 1 is expected, such as 0.1")
		}
		return nil
	}},
}

// logLevels reads a level, and levels of components after it.
func logLevels(text string) (LogLevels, error) {
	levels := LogLevels{Component: map[string]slog.Level{}}
	for i, item := range strings.Split(text, ",") {
		component, word, own := strings.Cut(strings.TrimSpace(item), "=")
		if !own {
			component, word = "", component
		}
		level, known := levelWords[strings.ToLower(word)]
		switch {
		case !known:
			return levels, errors.New("debug, info, warn or error is expected")
		case !own && i > 0:
			return levels, errors.New("only the first level can be without a part of the program")
		case !own:
			levels.Default = level
		case !slices.Contains(Components, component):
			return levels, errors.New("there is no part " + component + "; there are " + strings.Join(Components, ", "))
		default:
			levels.Component[component] = level
		}
	}
	return levels, nil
}

var levelWords = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
