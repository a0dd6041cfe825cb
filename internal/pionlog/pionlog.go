// Package pionlog brings the messages of Pion's libraries to slog at debug level: most are about what strangers send to
// open ports.
package pionlog

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// Factory makes Pion's loggers over a slog.Logger.
type Factory struct{ Logger *slog.Logger }

// NewLogger names the part of Pion that speaks.
func (f Factory) NewLogger(scope string) logging.LeveledLogger {
	return leveled{f.Logger.With("pion", scope)}
}

type leveled struct{ logger *slog.Logger }

func (l leveled) say(format string, args ...any) {
	if l.logger.Enabled(context.Background(), slog.LevelDebug) {
		l.logger.Debug(fmt.Sprintf(format, args...))
	}
}

func (l leveled) Trace(string)                 {}
func (l leveled) Tracef(string, ...any)        {}
func (l leveled) Debug(string)                 {}
func (l leveled) Debugf(string, ...any)        {}
func (l leveled) Info(string)                  {}
func (l leveled) Infof(string, ...any)         {}
func (l leveled) Warn(msg string)              { l.say("%s", msg) }
func (l leveled) Warnf(f string, args ...any)  { l.say(f, args...) }
func (l leveled) Error(msg string)             { l.say("%s", msg) }
func (l leveled) Errorf(f string, args ...any) { l.say(f, args...) }
