// Package logs writes the log, each part of the program at its own level.
package logs

import (
	"context"
	"io"
	"log/slog"
)

// New makes a log: text for people, or JSON. level tells from which level on a part of the program is logged; "" is all that is
// no part.
func New(out io.Writer, text bool, level func(component string) slog.Level) *slog.Logger {
	all := &slog.HandlerOptions{Level: slog.LevelDebug} // handler decides
	var to slog.Handler = slog.NewJSONHandler(out, all)
	if text {
		to = slog.NewTextHandler(out, all)
	}
	return slog.New(handler{to, level, level("")})
}

const key = "component"

// Of is the log of a part of the program.
func Of(log *slog.Logger, component string) *slog.Logger { return log.With(key, component) }

// handler knows the level of the component to which its log belongs.
type handler struct {
	slog.Handler
	level func(component string) slog.Level
	least slog.Level
}

func (h handler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.least }

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, attr := range attrs {
		if attr.Key == key {
			h.least = h.level(attr.Value.String())
		}
	}
	h.Handler = h.Handler.WithAttrs(attrs)
	return h
}

func (h handler) WithGroup(name string) slog.Handler {
	h.Handler = h.Handler.WithGroup(name)
	return h
}
