// Package controllers translates between HTTP or socket frames and services: decode, take the actor, call one service,
// encode. It is the only package that knows Gin.
package controllers

import (
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"lectern/internal/publicnet"
	"lectern/models"
	"lectern/services"
)

// Keys of the request's context.
const (
	keyRequestID = "request_id"
	keyLogger    = "logger"
	keyActor     = "actor"
)

var saneRequestID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// requestID names the request in answers and in the log; a proxy may have named it already.
func requestID(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		id := c.GetHeader("X-Request-ID")
		if !saneRequestID.MatchString(id) {
			id = models.NewID()
		}
		c.Set(keyRequestID, id)
		c.Set(keyLogger, log.With("request_id", id))
		c.Header("X-Request-ID", id)
		c.Next()
	}
}

// logger is the log of this request.
func logger(c *gin.Context) *slog.Logger {
	if log, ok := c.Value(keyLogger).(*slog.Logger); ok {
		return log
	}
	return slog.Default()
}

// accessLog writes one line per request: the route, never the query, tokens or bodies.
func accessLog(c *gin.Context) {
	start := time.Now()
	c.Next()
	level := slog.LevelInfo
	if !strings.HasPrefix(c.Request.URL.Path, "/api/") {
		level = slog.LevelDebug
	}
	route := c.FullPath()
	if route == "" {
		route = "(none)"
	}
	who, _ := c.Value(keyActor).(services.Actor)
	logger(c).Log(c, level, "request", "method", c.Request.Method, "route", route, "status", c.Writer.Status(),
		"ms", float64(time.Since(start).Microseconds())/1000, "bytes", c.Writer.Size(), "ip", c.ClientIP(), "user", who.UserID)
}

// recovery turns a panic into a 500 problem; the stack goes to the log.
func recovery(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler {
			panic(cause)
		}
		logger(c).Error("panic", "cause", cause, "stack", string(debug.Stack()))
		fail(c, fmt.Errorf("panic: %v", cause))
	}()
	c.Next()
}

// The content policy: Lectern's own files, pictures and video from memory, the socket, YouTube's player, and WebAssembly, which
// takes the noise out of a microphone.
const (
	policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' https://www.youtube.com https://www.youtube-nocookie.com; " +
		policyRest
	swaggerPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; " + policyRest // its start page has an inline script
	policyRest    = "style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: https://i.ytimg.com; media-src 'self' blob: data:; " +
		"font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; " +
		"frame-src https://www.youtube.com https://www.youtube-nocookie.com; object-src 'none'; base-uri 'self'; " +
		"form-action 'self'; " + framedByItself
	framedByItself = "frame-ancestors 'self'"
)

// securityHeaders are the same for every answer. YouTube's player refuses to play without a referrer, hence that policy.
// Behind TLS browsers are told to come back only so, for a year; not for subdomains, which may be somebody else's. Pages of the
// embedding origins may show /embed/ in a frame, and nothing else.
func securityHeaders(https bool, embedding []string) gin.HandlerFunc {
	embedded := strings.Replace(policy, framedByItself, strings.Join(append([]string{framedByItself}, embedding...), " "), 1)
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		switch at := c.Request.URL.Path; {
		case strings.HasPrefix(at, "/swagger/"):
			h.Set("Content-Security-Policy", swaggerPolicy)
		case strings.HasPrefix(at, "/embed/") && len(embedding) > 0:
			h.Set("Content-Security-Policy", embedded)
			h.Del("X-Frame-Options") // it knows no list
		default:
			h.Set("Content-Security-Policy", policy)
		}
		if strings.HasPrefix(c.Request.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		c.Next()
	}
}

// session demands a valid access token and keeps who it speaks for.
func session(auth *services.Auth) gin.HandlerFunc {
	return func(c *gin.Context) {
		who, err := auth.Authenticate(c.Request.Context(), bearer(c))
		if err != nil {
			fail(c, err)
			return
		}
		who.IP = c.ClientIP()
		c.Set(keyActor, who)
		c.Next()
	}
}

// bearer is the token of the Authorization header, or empty.
func bearer(c *gin.Context) string {
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// actor is who asks; only behind session.
func actor(c *gin.Context) services.Actor { return c.MustGet(keyActor).(services.Actor) }

// limitByAddress counts every request against the caller's address, of IPv6 against the network.
func limitByAddress(rate *services.RateLimit) gin.HandlerFunc {
	return func(c *gin.Context) { spend(c, rate, publicnet.NetworkOf(c.ClientIP())) }
}

// limitRequests counts what reads and what changes something against the user; only behind session.
func limitRequests(reads, mutations *services.RateLimit) gin.HandlerFunc {
	return func(c *gin.Context) {
		rate := mutations
		if c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
			rate = reads
		}
		spend(c, rate, actor(c).UserID)
	}
}

// limitByUser counts the requests of one class against the user; only behind session.
func limitByUser(rate *services.RateLimit) gin.HandlerFunc {
	return func(c *gin.Context) { spend(c, rate, actor(c).UserID) }
}

// spend takes one request from the key's rate, or answers 429 and returns false.
func spend(c *gin.Context, rate *services.RateLimit, key string) bool {
	wait, ok := rate.Allow(key)
	if !ok {
		fail(c, &services.Error{Kind: services.KindRateLimited, Message: "Too many requests. Please wait a moment.", RetryAfter: wait})
	}
	return ok
}
