package controllers

import (
	"io/fs"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/services"
)

// Deps is everything that the routes need.
type Deps struct {
	Log       *slog.Logger
	PublicURL string // https://class.example, without a slash at its end
	Ready     func(*http.Request) error
	Limits    Limits
	Web       fs.FS // the built web app; nil when this build has none

	Auth  *services.Auth
	Users *services.Users
}

// Limits are the request rates; a nil one does not limit.
type Limits struct {
	Credentials *services.RateLimit // register and login, per address
	Guesses     *services.RateLimit // login, per address and account
	Refresh     *services.RateLimit // per address
	Mutations   *services.RateLimit // per user
}

func init() { gin.SetMode(gin.ReleaseMode) }

// Router has every route of the program. Nothing else registers any.
func Router(d Deps) *gin.Engine {
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = false
	if err := r.SetTrustedProxies([]string{"127.0.0.1", "::1"}); err != nil { // only a proxy on this machine may name the client
		panic(err)
	}
	r.Use(requestID(d.Log), accessLog, recovery, securityHeaders)
	r.NoMethod(wrongMethod)
	r.NoRoute(noRoute)

	api := r.Group("/api/v1")
	signedIn := api.Group("", session(d.Auth), limitMutations(d.Limits.Mutations))

	auth := &auth{svc: d.Auth, guesses: d.Limits.Guesses, publicURL: d.PublicURL}
	credentials := limitByAddress(d.Limits.Credentials)
	api.POST("/auth/register", credentials, auth.sameOrigin, auth.register)
	api.POST("/auth/login", credentials, auth.sameOrigin, auth.login)
	api.POST("/auth/refresh", limitByAddress(d.Limits.Refresh), auth.sameOrigin, auth.refresh)
	api.POST("/auth/logout", auth.sameOrigin, auth.logout)

	users := &users{svc: d.Users}
	signedIn.GET("/me", users.me)
	signedIn.PATCH("/me", users.updateMe)
	signedIn.GET("/users", users.search)
	signedIn.GET("/users/:id", users.profile)
	return r
}
