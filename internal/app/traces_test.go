package app_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"lectern/internal/app"
	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/ws/wstest"
)

// receiver takes what is sent by OTLP over HTTP, as a collector does.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex // guards the rest
	spans  []*otlp.Span
	about  map[string]string
	broken bool
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{about: map[string]string{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		var sent otlp.TracesData
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil || req.URL.Path != "/v1/traces" || req.Header.Get("Content-Type") != "application/x-protobuf" || proto.Unmarshal(body, &sent) != nil {
			r.broken = true
			http.Error(w, "no traces", http.StatusBadRequest)
			return
		}
		for _, resource := range sent.ResourceSpans {
			for _, attribute := range resource.Resource.Attributes {
				r.about[attribute.Key] = attribute.Value.GetStringValue()
			}
			for _, scope := range resource.ScopeSpans {
				r.spans = append(r.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func attributesOf(span *otlp.Span) map[string]string {
	all := map[string]string{}
	for _, a := range span.Attributes {
		all[a.Key] = a.Value.GetStringValue()
		if a.Value.GetStringValue() == "" {
			all[a.Key] = a.Value.String()
		}
	}
	return all
}

// TestRequestsAndCommandsAreTraced has a collector of its own. What is left is sent when the server stops.
func TestRequestsAndCommandsAreTraced(t *testing.T) {
	r := newReceiver(t)
	env := testenv.Start(t, func(c *config.Config) { c.Tracing.URL = r.URL + "/v1/traces" })
	ada := env.Register(t, "Ada")
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	res := ada.Send(t, "GET", "/api/v1/invites/a-secret-code", nil, http.Header{"Traceparent": {parent}}).Want(t, http.StatusNotFound)
	require.Equal(t, "not_found", wstest.Connect(t, env.URL, ada.Token).CallError(t, "typing", wire.TypingCommand{ChannelID: "none"}).Code)
	ada.Do(t, "GET", "/healthz", nil).Want(t, http.StatusOK)
	env.Restart()

	r.mu.Lock() // the second server sends, too
	defer r.mu.Unlock()
	require.False(t, r.broken)
	require.Equal(t, "lectern", r.about["service.name"])
	require.Equal(t, "dev", r.about["service.version"])
	by := map[string]*otlp.Span{}
	for _, span := range r.spans {
		by[span.Name] = span
		for key, value := range attributesOf(span) {
			require.NotContains(t, value, "a-secret-code", key)
		}
		require.NotContains(t, span.Name, "healthz")
	}
	invite := by["GET /api/v1/invites/:code"]
	require.NotNil(t, invite)
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", hex.EncodeToString(invite.TraceId), "the caller's trace goes on")
	require.Equal(t, res.Header.Get("X-Request-Id"), attributesOf(invite)["lectern.request_id"])
	var query *otlp.Span
	for _, span := range r.spans {
		if bytes.Equal(span.ParentSpanId, invite.SpanId) && span.Name == "query sessions" {
			query = span
		}
	}
	require.NotNil(t, query, "a query belongs to its request")
	require.Equal(t, "sqlite", attributesOf(query)["db.system.name"])
	require.Contains(t, attributesOf(query)["db.query.text"], "FROM `sessions` WHERE")
	require.Equal(t, "not_found", attributesOf(by["typing"])["error.type"])
	require.Empty(t, by["typing"].ParentSpanId)
}

// TestACollectorThatIsAway: nothing waits for it, not even the end.
func TestACollectorThatIsAway(t *testing.T) {
	r := newReceiver(t)
	cfg := quiet(t)
	cfg.Tracing.URL = r.URL + "/v1/traces"
	r.Close()
	ctx, stop := context.WithCancel(context.Background())
	a, err := app.New(ctx, cfg, slog.New(slog.DiscardHandler), app.WithPasswordParams(testenv.CheapPasswords))
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	require.Equal(t, http.StatusOK, get(t, http.DefaultClient, "http://"+a.Addr()+"/api/v1/server").StatusCode)
	stop()
	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(6 * time.Second):
		t.Fatal("the server waits for the collector")
	}
}
