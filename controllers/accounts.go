package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

// @Summary  What the web app must know before anybody has signed in
// @Description An administrator who sends an access token also learns whether the server can send email.
// @Tags     server
// @Success  200 {object} wire.ServerInfo
// @Router   /server [get]
func (h *auth) server(c *gin.Context) {
	who, err := h.svc.Authenticate(c.Request.Context(), bearer(c))
	if err != nil && problemOf(err).Status != http.StatusUnauthorized {
		fail(c, err)
		return
	}
	info := h.svc.Server(who, h.version)
	info.EmbedOrigins = append([]string{}, h.embedding...)
	if info.FirstAccount, err = h.svc.Empty(c.Request.Context()); err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, info)
}

// @Summary  Verify an address with the token of the link sent to it
// @Tags     auth
// @Param    body body wire.VerifyEmailRequest true "the token, good once and for 24 hours"
// @Success  204
// @Failure  400,413,422,429 {object} wire.Problem
// @Router   /auth/verify-email [post]
func (h *auth) verifyEmail(c *gin.Context) {
	var req wire.VerifyEmailRequest
	if bind(c, &req) {
		replyEmpty(c, h.svc.VerifyEmail(c.Request.Context(), req))
	}
}

// @Summary  Ask for a link to set a new password
// @Description The answer is the same whether there is an account with this address or not.
// @Tags     auth
// @Param    body body wire.ForgotPasswordRequest true "the address"
// @Success  204
// @Failure  400,413,422,429,503 {object} wire.Problem
// @Router   /auth/forgot-password [post]
func (h *auth) forgotPassword(c *gin.Context) {
	var req wire.ForgotPasswordRequest
	if bind(c, &req) {
		replyEmpty(c, h.svc.ForgotPassword(c.Request.Context(), req))
	}
}

// @Summary  Set a new password with the token of the link that was asked for
// @Description Ends every session of the account. The address counts as verified.
// @Tags     auth
// @Param    body body wire.ResetPasswordRequest true "the token, good once and for an hour, and the new password"
// @Success  204
// @Failure  400,413,422,429 {object} wire.Problem
// @Router   /auth/reset-password [post]
func (h *auth) resetPassword(c *gin.Context) {
	var req wire.ResetPasswordRequest
	if bind(c, &req) {
		replyEmpty(c, h.svc.ResetPassword(c.Request.Context(), req, device(c)))
	}
}

// @Summary  Send the link that verifies one's own address again
// @Tags     users
// @Security Bearer
// @Success  204
// @Failure  401,409,429,503 {object} wire.Problem
// @Router   /me/verify-email [post]
func (h *auth) resendVerification(c *gin.Context) {
	replyEmpty(c, h.svc.ResendVerification(c.Request.Context(), actor(c)))
}

// @Summary  Change one's own password
// @Description Ends all other sessions. A wrong current password is a 422 that names current_password.
// @Tags     users
// @Security Bearer
// @Param    body body wire.ChangePasswordRequest true "the present password and the new one"
// @Success  204
// @Failure  400,401,409,413,422,429 {object} wire.Problem
// @Router   /me/password [put]
func (h *auth) changePassword(c *gin.Context) {
	var req wire.ChangePasswordRequest
	if bind(c, &req) {
		replyEmpty(c, h.svc.ChangePassword(c.Request.Context(), actor(c), req, device(c)))
	}
}

// @Summary  The devices on which one is signed in
// @Description Last used first, at most 100.
// @Tags     users
// @Security Bearer
// @Success  200 {object} wire.List[wire.DeviceSession]
// @Failure  401 {object} wire.Problem
// @Router   /me/sessions [get]
func (h *auth) sessions(c *gin.Context) {
	list, err := h.svc.Sessions(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, list, err)
}

// @Summary  Sign one of one's own devices out
// @Description Its access token and its socket end at once.
// @Tags     users
// @Security Bearer
// @Param    id path string true "session id"
// @Success  204
// @Failure  401,404,429 {object} wire.Problem
// @Router   /me/sessions/{id} [delete]
func (h *auth) endSession(c *gin.Context) {
	if id, ok := pathID(c, "id", "session"); ok {
		replyEmpty(c, h.svc.EndSession(c.Request.Context(), actor(c), id))
	}
}

// @Summary  Sign all other devices out
// @Tags     users
// @Security Bearer
// @Success  204
// @Failure  401,429 {object} wire.Problem
// @Router   /me/sessions [delete]
func (h *auth) endOtherSessions(c *gin.Context) {
	replyEmpty(c, h.svc.EndOtherSessions(c.Request.Context(), actor(c)))
}

type accounts struct {
	svc  *services.Accounts
	auth *auth
}

// @Summary  Delete one's own account
// @Description What one wrote stays, without a name; everything personal goes. 409 when a channel or the installation would be without an owner or administrator.
// @Tags     users
// @Security Bearer
// @Param    body body wire.DeleteMeRequest true "the password, as confirmation"
// @Success  204
// @Failure  400,401,409,413,422,429 {object} wire.Problem
// @Router   /me [delete]
func (h *accounts) delete(c *gin.Context) {
	var req wire.DeleteMeRequest
	if !bind(c, &req) {
		return
	}
	if err := h.svc.Delete(c.Request.Context(), actor(c), req, device(c)); err != nil {
		fail(c, err)
		return
	}
	h.auth.setCookie(c, "", -1)
	c.Status(http.StatusNoContent)
}

// @Summary  Download everything that is kept about oneself
// @Tags     users
// @Security Bearer
// @Success  200 {object} wire.Export
// @Failure  401,429 {object} wire.Problem
// @Router   /me/export [get]
func (h *accounts) export(c *gin.Context) {
	export, err := h.svc.Export(c.Request.Context(), actor(c))
	if err == nil {
		c.Header("Content-Disposition", `attachment; filename="lectern-export.json"`)
	}
	reply(c, http.StatusOK, export, err)
}
