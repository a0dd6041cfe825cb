package controllers

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

// The refresh token's cookie; only the auth routes ever see it.
const (
	refreshCookie = "lectern_refresh"
	refreshPath   = "/api/v1/auth"
)

type auth struct {
	svc       *services.Auth
	publicURL string
	version   string
	embedding []string // origins
}

// @Summary  Open an account and sign in
// @Description The first account of an installation is its administrator. The refresh token comes as an HttpOnly cookie. 403 sign_up_refused names the field that the sign-up policy asks for: email or invite_code.
// @Tags     auth
// @Param    body body wire.RegisterRequest true "address, password (8 to 256 characters), name (1 to 80)"
// @Success  201 {object} wire.Session
// @Failure  400,403,409,413,422,429 {object} wire.Problem
// @Router   /auth/register [post]
func (h *auth) register(c *gin.Context) {
	var req wire.RegisterRequest
	if !bind(c, &req) {
		return
	}
	signed, err := h.svc.Register(c.Request.Context(), req, device(c))
	h.answer(c, http.StatusCreated, signed, err)
}

// @Summary  Sign in
// @Description Wrong passwords make the next try wait (429 with Retry-After), per account and address, and more widely per account.
// @Tags     auth
// @Param    body body wire.LoginRequest true "address and password"
// @Success  200 {object} wire.Session
// @Failure  400,401,403,413,429 {object} wire.Problem
// @Router   /auth/login [post]
func (h *auth) login(c *gin.Context) {
	var req wire.LoginRequest
	if !bind(c, &req) {
		return
	}
	signed, err := h.svc.Login(c.Request.Context(), req, device(c))
	h.answer(c, http.StatusOK, signed, err)
}

// @Summary  Exchange the refresh cookie for an access token
// @Description The cookie is renewed too. One that was exchanged before, longer than 30 s ago, ends its session.
// @Tags     auth
// @Success  200 {object} wire.Token
// @Failure  401,403,429 {object} wire.Problem
// @Router   /auth/refresh [post]
func (h *auth) refresh(c *gin.Context) {
	token, _ := c.Cookie(refreshCookie)
	signed, err := h.svc.Refresh(c.Request.Context(), token)
	if err != nil {
		if problemOf(err).Status == http.StatusUnauthorized {
			h.setCookie(c, "", -1)
		}
		fail(c, err)
		return
	}
	h.setCookie(c, signed.RefreshToken, int(services.RefreshTokenLife/time.Second))
	c.JSON(http.StatusOK, wire.Token{AccessToken: signed.AccessToken, ExpiresIn: expiresIn})
}

// @Summary  Sign out
// @Description Ends the session of the refresh cookie; without one there is nothing to do.
// @Tags     auth
// @Success  204
// @Failure  403 {object} wire.Problem
// @Router   /auth/logout [post]
func (h *auth) logout(c *gin.Context) {
	token, _ := c.Cookie(refreshCookie)
	if err := h.svc.Logout(c.Request.Context(), token); err != nil {
		fail(c, err)
		return
	}
	h.setCookie(c, "", -1)
	c.Status(http.StatusNoContent)
}

const expiresIn = int(services.AccessTokenLife / time.Second)

func (h *auth) answer(c *gin.Context, status int, signed *services.Signed, err error) {
	if err != nil {
		fail(c, err)
		return
	}
	h.setCookie(c, signed.RefreshToken, int(services.RefreshTokenLife/time.Second))
	c.JSON(status, wire.Session{User: signed.User, AccessToken: signed.AccessToken, ExpiresIn: expiresIn})
}

func (h *auth) setCookie(c *gin.Context, token string, maxAge int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: refreshCookie, Value: token, Path: refreshPath, MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: strings.HasPrefix(h.publicURL, "https://"),
	})
}

// sameOrigin refuses a cookie route to other sites' pages. Programs send no Origin and are not the danger.
func (h *auth) sameOrigin(c *gin.Context) {
	origin := c.GetHeader("Origin")
	if origin == "" || origin == h.publicURL {
		return
	}
	if u, err := url.Parse(origin); err == nil && u.Host != "" && u.Host == c.Request.Host {
		return
	}
	fail(c, services.Forbidden("This page's origin may not use the session cookie."))
}

func device(c *gin.Context) services.Device {
	refresh, _ := c.Cookie(refreshCookie)
	return services.Device{UserAgent: c.Request.UserAgent(), IP: c.ClientIP(), Refresh: refresh}
}
