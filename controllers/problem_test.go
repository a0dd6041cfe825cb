package controllers

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"
)

// TestARequestThatNobodyWaitsForIsNoError: what SQLite says when its query is interrupted does not name the reason.
func TestARequestThatNobodyWaitsForIsNoError(t *testing.T) {
	for _, hungUp := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		if hungUp {
			cancel()
		}
		var log bytes.Buffer
		answer := httptest.NewRecorder()
		c, _ := gin.CreateTestContext(answer)
		c.Request = httptest.NewRequestWithContext(ctx, "GET", "/", nil)
		c.Set(keyLogger, slog.New(slog.NewTextHandler(&log, nil)))
		fail(c, errors.New("interrupted (9)"))
		require.Equal(t, !hungUp, log.Len() > 0, log.String())
		require.Equal(t, map[bool]int{false: http.StatusInternalServerError, true: statusHungUp}[hungUp], answer.Code)
		cancel()
	}
}
