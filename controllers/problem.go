package controllers

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// answer is how one kind of domain error leaves the program.
type answer struct {
	status int
	code   string
	title  string
}

// answers is the one table from domain errors to HTTP problems and socket error frames.
var answers = map[services.Kind]answer{
	services.KindMalformed:       {http.StatusBadRequest, "invalid_input", "Malformed request"},
	services.KindInvalid:         {http.StatusUnprocessableEntity, "invalid_input", "Invalid input"},
	services.KindUnauthenticated: {http.StatusUnauthorized, "unauthenticated", "Not signed in"},
	services.KindForbidden:       {http.StatusForbidden, "forbidden", "Not allowed"},
	services.KindNotFound:        {http.StatusNotFound, "not_found", "Not found"},
	services.KindConflict:        {http.StatusConflict, "conflict", "Conflict"},
	services.KindTooLarge:        {http.StatusRequestEntityTooLarge, "too_large", "Too large"},
	services.KindRateLimited:     {http.StatusTooManyRequests, "rate_limited", "Too many requests"},
	services.KindWaiting:         {http.StatusForbidden, "waiting", "Waiting"},
	services.KindDenied:          {http.StatusForbidden, "denied", "Not let in"},
	services.KindRoomFull:        {http.StatusForbidden, "room_full", "The meeting is full"},
	services.KindSignUpRefused:   {http.StatusForbidden, "sign_up_refused", "Sign-up refused"},
	services.KindArchived:        {http.StatusConflict, "archived", "Archived"},
	services.KindStorageFull:     {http.StatusInsufficientStorage, "storage_full", "Storage full"},
	services.KindChecksum:        {460, "checksum_mismatch", "Checksum mismatch"}, // tus has it so
	services.KindLocked:          {http.StatusLocked, "locked", "Locked"},
	services.KindEmailUnverified: {http.StatusForbidden, "email_unverified", "Address not verified"},
	services.KindUnavailable:     {http.StatusServiceUnavailable, "unavailable", "Unavailable"},
}

var internalAnswer = answer{http.StatusInternalServerError, "internal", "Internal error"}

// problemOf translates an error. What is not a domain error is internal: its text stays in the log.
func problemOf(err error) wire.Problem {
	a, detail, fields := internalAnswer, "Something went wrong on the server. Its log has the details under this request id.", map[string]string(nil)
	var domain *services.Error
	switch {
	case errors.As(err, &domain):
		if known, ok := answers[domain.Kind]; ok {
			a, detail, fields = known, domain.Message, domain.Fields
		}
	case errors.Is(err, errWrongMethod):
		a, detail = answer{http.StatusMethodNotAllowed, "method_not_allowed", "Method not allowed"}, "This route does not know that method."
	case errors.Is(err, errBadRange):
		a, detail = answer{http.StatusRequestedRangeNotSatisfiable, "range_not_satisfiable", "Range not satisfiable"}, "The file has no such bytes."
	case models.Away(err):
		a, detail = answers[services.KindUnavailable], "The database does not answer at the moment. Please try again."
	case models.Unwritable(err):
		a, detail = answers[services.KindUnavailable], "The server's disk is full or cannot be written. Please tell whoever runs it."
	case errors.Is(err, errTusVersion):
		a, detail = answer{http.StatusPreconditionFailed, "tus_version", "Protocol version"}, "The header Tus-Resumable: 1.0.0 is expected."
	case errors.Is(err, errMediaType):
		a, detail = answer{http.StatusUnsupportedMediaType, "unsupported_media_type", "Unsupported media type"}, "The type application/offset+octet-stream is expected."
	case errors.Is(err, models.ErrNotFound), errors.Is(err, models.ErrReference): // not there, or deleted in this moment
		a, detail = answers[services.KindNotFound], "There is no such thing, or you cannot see it."
	}
	return wire.Problem{Type: "about:blank", Title: a.title, Status: a.status, Code: a.code, Detail: detail, Errors: fields}
}

// errorFrame is the same answer for a socket.
func errorFrame(err error) wire.ErrorFrame {
	p := problemOf(err)
	frame := wire.ErrorFrame{Code: p.Code, Message: p.Detail, Status: p.Status, Errors: p.Errors}
	var domain *services.Error
	if errors.As(err, &domain) {
		frame.Current = domain.Current
	}
	return frame
}

// fail answers the request with a problem and ends it. An internal error is logged here, once.
func fail(c *gin.Context, err error) {
	p := problemOf(err)
	p.RequestID = c.GetString(keyRequestID)
	var domain *services.Error
	if errors.As(err, &domain) && domain.RetryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(domain.RetryAfter.Seconds()))))
	}
	switch {
	case p.Status == http.StatusUnauthorized:
		c.Header("WWW-Authenticate", "Bearer")
	case p.Status >= 500 && c.Request.Context().Err() != nil:
		p.Status = statusHungUp
	case p.Status >= 500 && !errors.Is(err, context.Canceled): // by the end of the program
		logger(c).Error("request failed", "error", err)
	}
	if c.Writer.Written() {
		slog.Debug("too late for a problem", "request_id", p.RequestID, "error", err)
		c.Abort()
		return
	}
	c.Header("Content-Type", "application/problem+json")
	c.AbortWithStatusJSON(p.Status, p)
}

// statusHungUp is nginx's for a request that failed because the client had closed the connection, whatever the database said of being
// interrupted: nobody reads it, but in the log and the metrics a 5xx would be an error of the server.
const statusHungUp = 499

// malformed is the answer to what cannot be read at all.
func malformed(sentence string) error {
	return &services.Error{Kind: services.KindMalformed, Message: sentence}
}

// reply answers with a resource, or with err as a problem.
func reply(c *gin.Context, status int, body any, err error) {
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(status, body)
}

// replyEmpty answers 204, or with err as a problem.
func replyEmpty(c *gin.Context, err error) {
	if err != nil {
		fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

func noRoute(c *gin.Context) { fail(c, services.NotFound("route")) }

func wrongMethod(c *gin.Context) { fail(c, errWrongMethod) }

// These have no domain kind: only HTTP knows methods, ranges and media types.
var (
	errWrongMethod = errors.New("method not allowed")
	errBadRange    = errors.New("range not satisfiable")
	errTusVersion  = errors.New("unknown version of tus")
	errMediaType   = errors.New("unsupported media type")
)
