package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"lectern/internal/mail/smtptest"
	"lectern/services"
)

const link = "https://class.example/verify?token=ABC&x=1"

func ada(purpose, locale string) services.Letter {
	return services.Letter{Purpose: purpose, To: "ada@example.org", Name: "Ada <b>王</b>", Locale: locale, Link: link}
}

func post(t *testing.T, m *Mailer, letter *services.Letter) {
	t.Helper()
	require.NoError(t, m.Post(func(context.Context) (*services.Letter, error) { return letter, nil }))
}

// start makes a mailer whose pauses are short, closed at the end of the test.
func start(t *testing.T, cfg SMTP, trust *tls.Config, log *slog.Logger) *Mailer {
	t.Helper()
	m, err := New(cfg, trust, log)
	require.NoError(t, err)
	m.retries = []time.Duration{time.Millisecond, time.Millisecond}
	t.Cleanup(func() { _ = m.Close(context.Background()) })
	return m
}

func to(s *smtptest.Server) SMTP {
	return SMTP{Host: "127.0.0.1", Port: s.Port, User: smtptest.User, Password: smtptest.Password, From: "課堂 <lectern@class.example>", TLS: "starttls"}
}

var quiet = slog.New(slog.DiscardHandler)

func TestLettersArriveInBothLanguages(t *testing.T) {
	server := smtptest.Start(t)
	m := start(t, to(server), server.Trust, quiet)
	require.True(t, m.Delivers())
	for _, row := range []struct{ purpose, locale, subject, says string }{
		{"verify", "en", "Please confirm your address", "within 24 hours"},
		{"verify", "zh-TW", "請確認您的電子郵件地址", "24 小時內"},
		{"reset", "en", "Choose a new password", "within one hour"},
		{"reset", "zh-TW", "重設密碼", "一小時內"},
		{"reset", "fr", "Choose a new password", "within one hour"},
	} {
		letter := ada(row.purpose, row.locale)
		post(t, m, nil) // nobody to write to
		post(t, m, &letter)
		got := server.Next(t)
		require.Equal(t, "lectern@class.example", got.From)
		require.Equal(t, "ada@example.org", got.To)
		require.Equal(t, row.subject, got.Subject)
		require.True(t, got.Secure)
		require.Contains(t, got.Text, row.says)
		require.Contains(t, got.Text, "Ada <b>王</b>")
		require.Contains(t, got.Text, "\n"+link+"\n")
		require.Contains(t, got.Text, "class.example")
		require.Contains(t, got.HTML, row.says)
		require.Contains(t, got.HTML, "Ada &lt;b&gt;王&lt;/b&gt;")
		require.Contains(t, got.HTML, `href="https://class.example/verify?token=ABC&amp;x=1"`)
	}
}

func TestAServerThatIsBusyIsTriedAgain(t *testing.T) {
	server := smtptest.Start(t)
	m := start(t, to(server), server.Trust, quiet)
	busy := &smtp.SMTPError{Code: 451, Message: "later"}
	server.Refuse(busy, busy)
	letter := ada("verify", "en")
	post(t, m, &letter)
	require.Equal(t, "ada@example.org", server.Next(t).To)
}

func TestARefusedLetterIsGivenUp(t *testing.T) {
	server := smtptest.Start(t)
	var log bytes.Buffer
	m := start(t, to(server), server.Trust, slog.New(slog.NewTextHandler(&log, nil)))
	server.Refuse(&smtp.SMTPError{Code: 550, Message: "no such user"})
	first := ada("verify", "en")
	post(t, m, &first)
	require.NoError(t, m.Close(t.Context()))
	require.Empty(t, server.Letters)
	require.Contains(t, log.String(), "letter not sent")
	require.Contains(t, log.String(), "tries=1")
	require.NotContains(t, log.String(), "token=")
}

func TestClosingSendsWhatWaits(t *testing.T) {
	server := smtptest.Start(t)
	m := start(t, to(server), server.Trust, quiet)
	letter := ada("verify", "en")
	for range 10 {
		post(t, m, &letter)
	}
	require.NoError(t, m.Close(t.Context()))
	require.Len(t, server.Letters, 10)
	require.ErrorIs(t, m.Post(nil), errFull)
	require.NoError(t, m.Close(t.Context()))
}

func TestClosingDoesNotWaitForEver(t *testing.T) {
	m := start(t, SMTP{}, nil, quiet)
	require.NoError(t, m.Post(func(ctx context.Context) (*services.Letter, error) { <-ctx.Done(); return nil, ctx.Err() }))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.Error(t, m.Close(ctx))
}

func TestAFullQueueRefuses(t *testing.T) {
	m := start(t, SMTP{}, nil, quiet)
	hold := make(chan struct{})
	waiting := func(context.Context) (*services.Letter, error) { <-hold; return nil, nil }
	var err error
	for range queueLength + carriers + 1 {
		if err = m.Post(waiting); err != nil {
			break
		}
	}
	close(hold)
	require.ErrorIs(t, err, errFull)
}

func TestWithoutAServerTheLinkIsInTheLog(t *testing.T) {
	var log bytes.Buffer
	m := start(t, SMTP{}, nil, slog.New(slog.NewTextHandler(&log, nil)))
	require.False(t, m.Delivers())
	letter := ada("reset", "en")
	post(t, m, &letter)
	require.NoError(t, m.Close(t.Context()))
	require.Contains(t, log.String(), link)
	require.Contains(t, log.String(), "ada@example.org")
}

func TestPasswordsDoNotGoInTheClear(t *testing.T) {
	server := smtptest.Start(t)
	var log bytes.Buffer
	m := start(t, to(server), nil, slog.New(slog.NewTextHandler(&log, nil))) // nobody vouches for the server
	letter := ada("verify", "en")
	post(t, m, &letter)
	require.NoError(t, m.Close(t.Context()))
	require.Contains(t, log.String(), "letter not sent")
	require.Empty(t, server.Letters)
}

func TestWithoutTLSOnThisMachine(t *testing.T) {
	server := smtptest.Start(t)
	m := start(t, SMTP{Host: "127.0.0.1", Port: server.Port, From: "lectern@class.example", TLS: "none"}, nil, quiet)
	letter := ada("verify", "en")
	post(t, m, &letter)
	require.False(t, server.Next(t).Secure)
}

func TestASenderThatIsNoAddress(t *testing.T) {
	_, err := New(SMTP{Host: "127.0.0.1", Port: 25, From: "nobody"}, nil, quiet)
	require.ErrorContains(t, err, "smtp_from")
}
