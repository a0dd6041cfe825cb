package controllers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
	"lectern/ws"
)

// sockets makes the handler of each connection.
type sockets struct {
	hub      *ws.Hub
	auth     *services.Auth
	presence *services.Presence
	meetings *services.Meetings
	calls    *services.Calls
	playback *services.Playback
	polls    *services.Polls
	clock    *services.ServerClock
	limits   Limits

	conversations *services.Conversations
	messages      *services.Messages

	tracer  trace.Tracer
	took    *prometheus.HistogramVec // by command
	refused *prometheus.CounterVec   // by command and code
}

// countCommands feeds the metrics of commands.
func (d *sockets) countCommands(metrics prometheus.Registerer) {
	d.took = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "lectern_socket_command_seconds", Help: "Time from reading a command to having answered it, by command.", Buckets: requestBuckets,
	}, []string{"command"})
	d.refused = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "lectern_socket_refusals_total", Help: "Commands answered with an error, by command and code.",
	}, []string{"command", "code"})
	metrics.MustRegister(d.took, d.refused)
}

// serve upgrades GET /ws; PROTOCOL.md describes what follows. The socket outlives the request that opened it.
func (d *sockets) serve(c *gin.Context) {
	log := logger(c)
	c.Status(http.StatusSwitchingProtocols) // for the log and the metrics; what refuses the upgrade sets another
	err := d.hub.Serve(c.Writer, c.Request, func(client *ws.Client) ws.Handler {
		return &socket{sockets: d, client: client, ctx: context.WithoutCancel(c.Request.Context()), log: log}
	})
	if err != nil {
		log.Info("no socket", "err", err)
	}
	c.Abort()
}

// socket is one connection; its methods run one at a time, on the connection's reader.
type socket struct {
	*sockets
	client *ws.Client
	ctx    context.Context
	log    *slog.Logger
	actor  services.Actor // empty until authenticated
}

// command carries one frame out and answers it.
type command func(s *socket, cmd wire.Command, received time.Time)

// commands is every command of the protocol but auth, which comes before the others.
var commands = map[string]command{
	"clock.ping": clockPing,
	"typing":     handle((*socket).typing),
	"presence":   handle((*socket).setAway),

	"message.send":      handle((*socket).sendMessage),
	"message.delivered": handle((*socket).markDelivered),

	"call.invite":  inviteToCall,
	"call.accept":  enterCall((*services.Calls).Accept),
	"call.resume":  enterCall((*services.Calls).Resume),
	"call.decline": handle((*socket).declineCall),
	"call.cancel":  handle((*socket).cancelCall),
	"call.hangup":  handle((*socket).hangUp),
	"call.signal":  handle((*socket).signalCall),

	"meeting.join":               handleJoin,
	"meeting.leave":              handle((*socket).leaveMeeting),
	"meeting.offer":              handle((*socket).offer),
	"meeting.answer":             handle((*socket).answer),
	"meeting.candidate":          handle((*socket).candidate),
	"meeting.tracks":             handle((*socket).tracks),
	"meeting.view":               handle((*socket).view),
	"meeting.state_update":       handle((*socket).updateState),
	"meeting.start_screen_share": handle((*socket).startScreenShare),
	"meeting.stop_screen_share":  handle((*socket).stopScreenShare),
	"meeting.mute":               handle((*socket).mute),
	"meeting.remove":             handle((*socket).remove),
	"meeting.settings":           handle((*socket).meetingSettings),
	"meeting.end":                handle((*socket).endMeeting),
	"meeting.admit":              handle((*socket).admit),
	"meeting.deny":               handle((*socket).deny),
	"meeting.call_on":            handle((*socket).callOn),
	"meeting.lower_hand":         handle((*socket).lowerHand),
	"meeting.spotlight":          handle((*socket).spotlight),
	"meeting.react":              handle((*socket).react),
	"meeting.breakouts_open":     handle((*socket).openBreakouts),
	"meeting.breakouts_extend":   handle((*socket).extendBreakouts),
	"meeting.breakouts_close":    handle((*socket).closeBreakouts),
	"meeting.move":               handle((*socket).move),
	"meeting.broadcast":          handle((*socket).broadcast),
	"meeting.poll_open":          handle((*socket).openPoll),
	"meeting.poll_vote":          handle((*socket).votePoll),
	"meeting.poll_close":         handle((*socket).closePoll),
	"meeting.caption":            handle((*socket).caption),
	"meeting.captions":           handle((*socket).captions),

	"playback.command":        handle((*socket).playbackCommand),
	"playback.status":         handle((*socket).playbackStatus),
	"playback.edit":           handle((*socket).editPlaylist),
	"playback.report":         handle((*socket).reportItem),
	"playback.set_marker":     handle((*socket).setMarker),
	"playback.remove_marker":  handle((*socket).removeMarker),
	"playback.answer":         handle((*socket).answerQuestion),
	"playback.close_question": handle((*socket).closeQuestion),
	"playback.comment":        handle((*socket).commentMoment),
	"playback.lost":           handle((*socket).lost),
	"playback.settings":       handle((*socket).playbackSettings),
	"playback.remote":         handle((*socket).playbackRemote),
	"playback.recall":         handle((*socket).recall),
	"playback.nudge":          handle((*socket).nudge),
}

// none is the data of an ack that says no more than "done".
type none struct{}

// handle decodes a command's data, calls do and answers. Missing data is an empty object; unknown fields are ignored, as
// in REST bodies, so that a newer client can talk to this server.
func handle[T, R any](do func(*socket, T) (R, error)) command {
	return func(s *socket, cmd wire.Command, _ time.Time) {
		data, ok := data[T](s, cmd)
		if !ok {
			return
		}
		result, err := do(s, data)
		if err != nil {
			s.refuse(cmd, err)
			return
		}
		s.client.Ack(cmd.ID, result)
	}
}

// data decodes a command's data; when it cannot, it has answered.
func data[T any](s *socket, cmd wire.Command) (T, bool) {
	var data T
	if len(cmd.Data) == 0 || string(cmd.Data) == "null" {
		return data, true
	}
	if err := decode(cmd.Data, &data); err != nil {
		s.client.Breach(cmd.ID, errorFrame(err))
		return data, false
	}
	return data, true
}

// refuse answers with an error; what is not a domain error is logged here, once.
func (s *socket) refuse(cmd wire.Command, err error) {
	frame := errorFrame(err)
	s.refused.WithLabelValues(cmd.Type, frame.Code).Inc()
	s.traceRefusal(frame)
	if frame.Status >= http.StatusInternalServerError {
		s.log.Error("command failed", "command", cmd.Type, "user", s.actor.UserID, "err", err)
	}
	s.client.Error(cmd.ID, frame)
}

// Command is called for each frame.
func (s *socket) Command(cmd wire.Command, received time.Time) {
	if cmd.Type == "auth" {
		s.authenticate(cmd)
		return
	}
	if s.actor.UserID == "" {
		s.client.Error(cmd.ID, errorFrame(errFirstFrame))
		s.client.Close(ws.CloseUnauthenticated, "unauthenticated")
		return
	}
	do, known := commands[cmd.Type]
	if !known {
		s.client.Error(cmd.ID, wire.ErrorFrame{Code: "unknown_command", Message: "There is no such command.", Status: http.StatusBadRequest})
		return
	}
	if err := s.spend(cmd.Type); err != nil {
		s.refuse(cmd, err)
		return
	}
	s.traced(cmd.Type, func() { do(s, cmd, received) })
	s.took.WithLabelValues(cmd.Type).Observe(time.Since(received).Seconds())
}

// spend takes a command from its user's rates, which all of their sockets share. clock.ping is not counted: it must be
// quick. Answers count as ordinary commands: the server's offers set their pace, and one refused would be the last.
func (s *socket) spend(command string) error {
	rates := []*services.RateLimit{s.limits.Commands}
	switch command {
	case "clock.ping":
		return nil
	case "meeting.join", "meeting.offer", "meeting.tracks": // another source of a track has everybody negotiate, as an offer has
		rates = append(rates, s.limits.Joins)
	case "message.send", "playback.comment", "playback.answer", "playback.edit", "playback.report", "playback.set_marker", "playback.remove_marker",
		"meeting.poll_open", "meeting.poll_vote", "meeting.poll_close":
		rates = append(rates, s.limits.Mutations)
	}
	return s.charge(rates...)
}

func (s *socket) charge(rates ...*services.RateLimit) error {
	for _, rate := range rates {
		if wait, ok := rate.Allow(s.actor.UserID); !ok {
			return &services.Error{Kind: services.KindRateLimited, Message: "Too many commands; slow down.", RetryAfter: wait}
		}
	}
	return nil
}

var errFirstFrame = &services.Error{Kind: services.KindUnauthenticated, Message: `The first frame must be "auth".`}

// Closed is called when the connection has ended.
func (s *socket) Closed(ending ws.Ending) {
	s.log.Debug("socket closed", "user", s.actor.UserID, "ending", ending)
	end := services.SocketBroke
	switch ending {
	case ws.EndedByPeer:
		end = services.SocketClosed
	case ws.EndedBySession:
		end = services.SocketSignedOut
	case ws.EndedByTimeout:
		end = services.SocketSilent
	}
	ctx := context.WithoutCancel(s.ctx)
	s.meetings.Closed(ctx, s.client, end, s.client.LastSeen())
	s.calls.Closed(ctx, s.client, end, s.client.LastSeen())
}

// authenticate answers auth {access_token}. A later one with a fresh token of the same user is fine.
func (s *socket) authenticate(cmd wire.Command) {
	req, ok := data[wire.AuthCommand](s, cmd)
	if !ok {
		return
	}
	first := s.actor.UserID == ""
	actor, err := s.sockets.auth.Authenticate(s.ctx, req.AccessToken)
	if err == nil && !first && actor.UserID != s.actor.UserID {
		err = &services.Error{Kind: services.KindConflict, Message: "This connection belongs to another user."}
	}
	if err == nil {
		err = s.begin(actor, first)
	}
	if err != nil {
		s.refuse(cmd, err)
		if first {
			s.client.Close(closeCode(err), "not authenticated")
		}
		return
	}
	s.actor = actor
	s.client.Ack(cmd.ID, wire.AuthAck{UserID: actor.UserID, SessionID: actor.SessionID, ServerTimeMS: s.clock.NowMS(),
		HeartbeatS: int(s.hub.Heartbeat().Seconds())})
}

// begin makes the user online and lets the socket follow what concerns them. A session that ends from now on closes the
// socket; one that ended since Authenticate looked is seen by the second look.
func (s *socket) begin(actor services.Actor, first bool) error {
	if err := s.client.Identify(actor.UserID, actor.SessionID); err != nil {
		return &services.Error{Kind: services.KindRateLimited, Message: "Too many open windows of one account.", Cause: err}
	}
	if err := s.sockets.auth.Lives(s.ctx, actor); err != nil || !first {
		return err
	}
	topics, err := s.presence.Topics(s.ctx, actor)
	if err != nil {
		return err
	}
	s.client.Start(topics)
	s.calls.Arrived(actor, s.client)
	return nil
}

func closeCode(err error) int {
	var domain *services.Error
	switch {
	case !errors.As(err, &domain):
		return closeInternal
	case domain.Kind == services.KindRateLimited:
		return ws.CloseTooMany
	}
	return ws.CloseUnauthenticated
}

// closeInternal is RFC 6455's "internal error": the client may try again.
const closeInternal = 1011

// clockPing is answered ahead of everything queued, with the times of reading and of writing.
func clockPing(s *socket, cmd wire.Command, received time.Time) {
	ping, ok := data[wire.ClockPing](s, cmd)
	if !ok {
		return
	}
	t1 := s.clock.MS(received)
	s.client.AckUrgent(cmd.ID, func() any { return wire.ClockPong{T0: ping.T0, T1: t1, T2: s.clock.NowMS()} })
}

func (s *socket) typing(req wire.TypingCommand) (none, error) {
	if req.ConversationID != "" {
		id, ok := models.ParseID(req.ConversationID)
		if !ok {
			return none{}, services.NotFound("conversation")
		}
		return none{}, s.presence.TypingTo(s.ctx, s.actor, id)
	}
	id, ok := models.ParseID(req.ChannelID)
	if !ok {
		return none{}, services.NotFound("channel")
	}
	return none{}, s.presence.Typing(s.ctx, s.actor, id)
}

func (s *socket) setAway(req wire.PresenceCommand) (none, error) {
	s.client.SetAway(req.Away)
	return none{}, nil
}
