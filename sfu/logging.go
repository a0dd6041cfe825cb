package sfu

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLoggers brings Pion's messages to slog at debug level: most are about what strangers send to open ports.
type pionLoggers struct{ logger *slog.Logger }

// NewLogger names the part of Pion that speaks.
func (f pionLoggers) NewLogger(scope string) logging.LeveledLogger {
	return pionLogger{f.logger.With("pion", scope)}
}

type pionLogger struct{ logger *slog.Logger }

func (l pionLogger) say(format string, args ...any) {
	if l.logger.Enabled(context.Background(), slog.LevelDebug) {
		l.logger.Debug(fmt.Sprintf(format, args...))
	}
}

func (l pionLogger) Trace(string)                 {}
func (l pionLogger) Tracef(string, ...any)        {}
func (l pionLogger) Debug(string)                 {}
func (l pionLogger) Debugf(string, ...any)        {}
func (l pionLogger) Info(string)                  {}
func (l pionLogger) Infof(string, ...any)         {}
func (l pionLogger) Warn(msg string)              { l.say("%s", msg) }
func (l pionLogger) Warnf(f string, args ...any)  { l.say(f, args...) }
func (l pionLogger) Error(msg string)             { l.say("%s", msg) }
func (l pionLogger) Errorf(f string, args ...any) { l.say(f, args...) }
