package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

type admin struct {
	svc  *services.Admin
	auth *services.Auth
}

// administrators lets only them pass, before ids and bodies are looked at; the service asks again.
func administrators(c *gin.Context) {
	if err := services.AuthorizeAdmin(actor(c)); err != nil {
		fail(c, err)
	}
}

// @Summary  All accounts
// @Description For administrators; oldest first.
// @Tags     admin
// @Security Bearer
// @Param    q      query string false "a part of the name or the address"
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "a user id: only those before it, backwards"
// @Param    after  query string false "a user id: only those after it"
// @Success  200 {object} wire.List[wire.AdminUser]
// @Failure  401,403,422 {object} wire.Problem
// @Router   /admin/users [get]
func (h *admin) users(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	list, err := h.svc.Users(c.Request.Context(), actor(c), c.Query("q"), p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Change an account
// @Description For administrators, of others than themselves (409). Disabling ends its sessions and closes its windows at once.
// @Tags     admin
// @Security Bearer
// @Param    id   path string true "user id"
// @Param    body body wire.UpdateUserRequest true "only the fields to change"
// @Success  200 {object} wire.AdminUser
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /admin/users/{id} [patch]
func (h *admin) updateUser(c *gin.Context) {
	id, ok := pathID(c, "id", "user")
	if !ok {
		return
	}
	var req wire.UpdateUserRequest
	if !bind(c, &req) {
		return
	}
	user, err := h.svc.UpdateUser(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, user, err)
}

// @Summary  Let somebody set a new password
// @Description For administrators, of others than themselves and of accounts that are not disabled (409). A letter brings the
// @Description link; without a mail server the answer has it, this once, to be handed over. It is good for an hour.
// @Tags     admin
// @Security Bearer
// @Param    id path string true "user id"
// @Success  200 {object} wire.IssuedReset
// @Failure  401,403,404,409,429,503 {object} wire.Problem
// @Router   /admin/users/{id}/reset-password [post]
func (h *admin) resetPassword(c *gin.Context) {
	id, ok := pathID(c, "id", "user")
	if !ok {
		return
	}
	issued, err := h.auth.IssueReset(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, issued, err)
}

// @Summary  All channels
// @Description For administrators; oldest first. What is written in them stays theirs.
// @Tags     admin
// @Security Bearer
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "a channel id: only those before it, backwards"
// @Param    after  query string false "a channel id: only those after it"
// @Success  200 {object} wire.List[wire.AdminChannel]
// @Failure  401,403,422 {object} wire.Problem
// @Router   /admin/channels [get]
func (h *admin) channels(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	list, err := h.svc.Channels(c.Request.Context(), actor(c), p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  The audit log
// @Description For administrators; newest first.
// @Tags     admin
// @Security Bearer
// @Param    action  query string false "only this action, such as member.removed"
// @Param    user_id query string false "only what this user did or was done to"
// @Param    limit   query int    false "1 to 100, default 50"
// @Param    before  query string false "an event id: only those before it"
// @Param    after   query string false "an event id: only those after it, forwards"
// @Success  200 {object} wire.List[wire.AuditEvent]
// @Failure  401,403,422 {object} wire.Problem
// @Router   /admin/audit [get]
func (h *admin) audit(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	filter := models.AuditFilter{Action: c.Query("action"), UserID: c.Query("user_id")}
	list, err := h.svc.Events(c.Request.Context(), actor(c), filter, p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  What uploads take
// @Description For administrators.
// @Tags     admin
// @Security Bearer
// @Success  200 {object} wire.StorageUse
// @Failure  401,403 {object} wire.Problem
// @Router   /admin/storage [get]
func (h *admin) storage(c *gin.Context) {
	use, err := h.svc.Storage(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, use, err)
}

// @Summary  How the server does
// @Description For administrators.
// @Tags     admin
// @Security Bearer
// @Success  200 {object} wire.ServerHealth
// @Failure  401,403 {object} wire.Problem
// @Router   /admin/health [get]
func (h *admin) health(c *gin.Context) {
	health, err := h.svc.Health(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, health, err)
}
