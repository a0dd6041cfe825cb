package controllers

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	ginswagger "github.com/swaggo/gin-swagger"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	_ "lectern/docs" // the Swagger document
	"lectern/services"
	"lectern/ws"
)

// Deps is everything that the routes need.
type Deps struct {
	Log       *slog.Logger
	PublicURL string                      // https://class.example, without a slash at its end
	Ready     func(context.Context) error // nil when it can do its work
	Metrics   *prometheus.Registry
	Version   string
	Tracer    trace.Tracer // nil: nothing is traced

	MetricsReaders MetricsReaders

	Limits Limits

	EmbedOrigins   []string       // of pages that may show a meeting in a frame
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed

	Web fs.FS // the built web app; nil when this build has none

	Auth     *services.Auth
	Accounts *services.Accounts
	Users    *services.Users
	Channels *services.Channels
	Members  *services.Members
	Invites  *services.Invites
	ICE      *services.ICE
	Admin    *services.Admin

	Posts     *services.Posts
	Lessons   *services.MeetingPosts
	Scheduled *services.Scheduled
	Comments  *services.Comments
	Reactions *services.Reactions
	Reads     *services.Reads
	Changes   *services.Changes

	Conversations *services.Conversations
	Messages      *services.Messages

	Files   *services.Files
	Search  *services.Search
	Uploads *services.Uploads

	Notifications *services.Notifications
	Preferences   *services.Preferences
	Pushes        *services.Pushes

	Hub      *ws.Hub
	Presence *services.Presence
	Meetings *services.Meetings
	Calls    *services.Calls
	Playback *services.Playback
	Polls    *services.Polls
	Clock    *services.ServerClock
}

// Limits are the request rates; a nil one does not limit.
type Limits struct {
	Credentials *services.RateLimit // register and login, per address
	Letters     *services.RateLimit // requests for letters, per address
	Refresh     *services.RateLimit // per address
	Reads       *services.RateLimit // per user
	Mutations   *services.RateLimit // per user
	Uploads     *services.RateLimit // per user
	Searches    *services.RateLimit // per user
	Invites     *services.RateLimit // codes looked at or accepted, per user
	Sockets     *services.RateLimit // opened, per address
	Commands    *services.RateLimit // of sockets, per user
	Joins       *services.RateLimit // those of them that make the media server work, per user
}

func init() { gin.SetMode(gin.ReleaseMode) }

// Router has every route of the program. Nothing else registers any.
func Router(d Deps) *gin.Engine {
	if d.Tracer == nil {
		d.Tracer = noop.Tracer{}
	}
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = false
	var proxies []string // only they may name the client's address
	for _, network := range d.TrustedProxies {
		proxies = append(proxies, network.String())
	}
	if err := r.SetTrustedProxies(proxies); err != nil {
		panic(err)
	}
	r.Use(requestID(d.Log), traceRequests(d.Tracer), countRequests(d.Metrics), accessLog, recovery, securityHeaders(strings.HasPrefix(d.PublicURL, "https://"), d.EmbedOrigins))
	r.NoMethod(wrongMethod)
	r.NoRoute((&web{files: d.Web}).serve)

	r.GET("/healthz", healthz)
	r.GET("/readyz", readyz(d.Ready))
	r.GET("/metrics", d.MetricsReaders.let, metricsPage(d.Metrics))
	r.GET("/swagger", func(c *gin.Context) { c.Redirect(http.StatusMovedPermanently, "/swagger/index.html") })
	r.GET("/swagger/*any", ginswagger.WrapHandler(swaggerUI(), ginswagger.PersistAuthorization(true)))

	api := r.Group("/api/v1")
	signedIn := api.Group("", session(d.Auth), limitRequests(d.Limits.Reads, d.Limits.Mutations))

	auth := &auth{svc: d.Auth, publicURL: d.PublicURL, version: d.Version, embedding: d.EmbedOrigins}
	credentials := limitByAddress(d.Limits.Credentials)
	api.POST("/auth/register", credentials, auth.sameOrigin, auth.register)
	api.POST("/auth/login", credentials, auth.sameOrigin, auth.login)
	api.POST("/auth/refresh", limitByAddress(d.Limits.Refresh), auth.sameOrigin, auth.refresh)
	api.POST("/auth/logout", auth.sameOrigin, auth.logout)
	api.POST("/auth/verify-email", credentials, auth.verifyEmail)
	api.POST("/auth/forgot-password", limitByAddress(d.Limits.Letters), auth.forgotPassword)
	api.POST("/auth/reset-password", credentials, auth.resetPassword)
	api.GET("/server", limitByAddress(d.Limits.Refresh), auth.server)
	signedIn.POST("/me/verify-email", auth.resendVerification)
	signedIn.PUT("/me/password", auth.changePassword)
	signedIn.GET("/me/sessions", auth.sessions)
	signedIn.DELETE("/me/sessions", auth.endOtherSessions)
	signedIn.DELETE("/me/sessions/:id", auth.endSession)

	accounts := &accounts{svc: d.Accounts, auth: auth}
	signedIn.DELETE("/me", accounts.delete)
	signedIn.GET("/me/export", accounts.export)

	users := &users{svc: d.Users}
	signedIn.GET("/me", users.me)
	signedIn.PATCH("/me", users.updateMe)
	signedIn.PUT("/me/avatar", limitByUser(d.Limits.Uploads), users.setAvatar)
	signedIn.DELETE("/me/avatar", users.deleteAvatar)
	api.GET("/avatars/:id", users.avatar) // whoever knows the address
	signedIn.GET("/users", limitByUser(d.Limits.Searches), users.search)
	signedIn.GET("/users/:id", users.profile)

	search := &search{svc: d.Search}
	signedIn.GET("/search", limitByUser(d.Limits.Searches), search.find)
	signedIn.GET("/channels/:id/files", search.channelFiles)
	signedIn.GET("/conversations/:id/files", search.conversationFiles)

	channels := &channels{svc: d.Channels}
	signedIn.GET("/channels", channels.list)
	signedIn.POST("/channels", channels.create)
	signedIn.GET("/channels/:id", channels.get)
	signedIn.PATCH("/channels/:id", channels.update)
	signedIn.DELETE("/channels/:id", channels.delete)
	signedIn.PATCH("/channels/:id/preferences", channels.setPreferences)
	signedIn.PUT("/me/channel-order", channels.order)

	members := &members{svc: d.Members}
	signedIn.GET("/channels/:id/members", members.list)
	signedIn.POST("/channels/:id/members", members.add)
	signedIn.PATCH("/channels/:id/members/:user_id", members.setRole)
	signedIn.DELETE("/channels/:id/members/:user_id", members.remove)
	signedIn.POST("/channels/:id/transfer", members.transfer)

	invites := &invites{svc: d.Invites}
	signedIn.GET("/channels/:id/invites", invites.list)
	signedIn.POST("/channels/:id/invites", invites.create)
	signedIn.POST("/channels/:id/invites/rotate", invites.rotate)
	codes := limitByUser(d.Limits.Invites)
	signedIn.GET("/invites/:code", codes, invites.preview)
	signedIn.DELETE("/invites/:code", invites.withdraw)
	signedIn.POST("/invites/:code/accept", codes, invites.accept)

	admin, admins := &admin{svc: d.Admin, auth: d.Auth}, signedIn.Group("/admin", administrators)
	admins.GET("/users", admin.users)
	admins.PATCH("/users/:id", admin.updateUser)
	admins.POST("/users/:id/reset-password", admin.resetPassword)
	admins.GET("/channels", admin.channels)
	admins.GET("/audit", admin.audit)
	admins.GET("/storage", admin.storage)
	admins.GET("/health", admin.health)

	ice := &ice{svc: d.ICE}
	signedIn.GET("/ice-servers", ice.servers)

	calls := &calls{svc: d.Calls}
	signedIn.GET("/calls", calls.list)
	signedIn.GET("/calls/active", calls.active)
	signedIn.GET("/calls/:id", calls.get)

	meetings := &meetings{svc: d.Meetings}
	signedIn.POST("/channels/:id/meetings", meetings.start)
	signedIn.GET("/channels/:id/breakouts", meetings.groups)
	signedIn.GET("/meetings/:id", meetings.get)
	signedIn.GET("/meetings/:id/door", codes, meetings.door)
	admins.GET("/meetings/:id/stats", meetings.stats)
	signedIn.POST("/meetings/:id/end", meetings.end)
	attendance := &attendance{svc: d.Meetings, users: d.Users}
	signedIn.GET("/channels/:id/meetings", attendance.meetings)
	signedIn.GET("/meetings/:id/attendance", attendance.list)
	signedIn.GET("/meetings/:id/attendance/me", attendance.own)
	polls := &polls{svc: d.Polls, users: d.Users}
	signedIn.GET("/meetings/:id/polls", polls.list)
	lessons := &meetingPosts{svc: d.Lessons}
	signedIn.POST("/meetings/:id/post", lessons.open)

	playback := &playback{svc: d.Playback, users: d.Users}
	signedIn.GET("/channels/:id/playlist", playback.playlist)
	signedIn.GET("/channels/:id/markers", playback.markers)
	signedIn.GET("/meetings/:id/playback", playback.history)

	sockets := &sockets{hub: d.Hub, auth: d.Auth, presence: d.Presence, meetings: d.Meetings, calls: d.Calls, playback: d.Playback, polls: d.Polls, clock: d.Clock, limits: d.Limits,
		conversations: d.Conversations, messages: d.Messages}
	sockets.countCommands(d.Metrics)
	sockets.tracer = d.Tracer
	r.GET("/ws", limitByAddress(d.Limits.Sockets), sockets.serve)

	posts := &posts{svc: d.Posts}
	signedIn.GET("/channels/:id/posts", posts.list)
	signedIn.POST("/channels/:id/posts", posts.create)
	signedIn.GET("/posts/:id", posts.get)
	signedIn.PATCH("/posts/:id", posts.update)
	signedIn.DELETE("/posts/:id", posts.delete)

	scheduled := &scheduled{svc: d.Scheduled}
	signedIn.GET("/channels/:id/scheduled-posts", scheduled.list)
	signedIn.POST("/channels/:id/scheduled-posts", scheduled.create)
	signedIn.GET("/scheduled-posts/:id", scheduled.get)
	signedIn.PATCH("/scheduled-posts/:id", scheduled.update)
	signedIn.DELETE("/scheduled-posts/:id", scheduled.delete)

	comments := &comments{svc: d.Comments}
	signedIn.GET("/posts/:id/comments", comments.list)
	signedIn.POST("/posts/:id/comments", comments.create)
	signedIn.PATCH("/comments/:id", comments.update)
	signedIn.DELETE("/comments/:id", comments.delete)

	reactions := &reactions{svc: d.Reactions}
	signedIn.PUT("/posts/:id/reactions/:emoji", reactions.addToPost)
	signedIn.DELETE("/posts/:id/reactions/:emoji", reactions.removeFromPost)
	signedIn.PUT("/comments/:id/reactions/:emoji", reactions.addToComment)
	signedIn.DELETE("/comments/:id/reactions/:emoji", reactions.removeFromComment)

	signedIn.PUT("/messages/:id/reactions/:emoji", reactions.addToMessage)
	signedIn.DELETE("/messages/:id/reactions/:emoji", reactions.removeFromMessage)

	conversations := &conversations{svc: d.Conversations}
	signedIn.GET("/conversations", conversations.list)
	signedIn.POST("/conversations", conversations.open)
	signedIn.GET("/conversations/:id", conversations.get)
	signedIn.PATCH("/conversations/:id", conversations.update)
	signedIn.POST("/conversations/:id/read", conversations.read)

	messages := &messages{svc: d.Messages}
	signedIn.GET("/conversations/:id/messages", messages.list)
	signedIn.POST("/conversations/:id/messages", messages.send)
	signedIn.PATCH("/messages/:id", messages.update)
	signedIn.DELETE("/messages/:id", messages.delete)

	reads := &reads{svc: d.Reads}
	signedIn.POST("/channels/:id/read", reads.channel)

	notifications := &notifications{svc: d.Notifications}
	signedIn.GET("/notifications", notifications.list)
	signedIn.POST("/notifications/read", notifications.read)

	preferences := &preferences{svc: d.Preferences}
	signedIn.GET("/me/preferences", preferences.get)
	signedIn.PATCH("/me/preferences", preferences.update)

	pushes := &pushes{svc: d.Pushes}
	signedIn.GET("/push/key", pushes.key)
	signedIn.PUT("/push/subscriptions", pushes.subscribe)
	signedIn.DELETE("/push/subscriptions", pushes.unsubscribe)

	changes := &changes{svc: d.Changes}
	signedIn.GET("/changes", changes.list)
	signedIn.GET("/changes/heads", changes.heads)

	files := &files{svc: d.Files, session: session(d.Auth)}
	signedIn.POST("/files", limitByUser(d.Limits.Uploads), files.upload)
	tus := &tus{svc: d.Uploads, files: d.Files}
	api.OPTIONS("/uploads", tus.speak, tus.options)
	signedIn.POST("/uploads", limitByUser(d.Limits.Uploads), tus.speak, tus.create)
	signedIn.HEAD("/uploads/:id", tus.speak, tus.head)
	signedIn.PATCH("/uploads/:id", tus.speak, tus.patch)
	signedIn.DELETE("/uploads/:id", tus.speak, tus.delete)
	signedIn.GET("/files/:id", files.get)
	signedIn.DELETE("/files/:id", files.delete)
	api.GET("/files/:id/thumb", files.thumb)     // also with a signed URL
	api.GET("/files/:id/content", files.content) // also with a signed URL instead of a session
	return r
}
