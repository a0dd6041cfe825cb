package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type invites struct{ svc *services.Invites }

// @Summary  Invites of a channel
// @Description For teachers; the newest first, all at once (a channel has at most 100).
// @Tags     invites
// @Security Bearer
// @Param    id path string true "channel id"
// @Success  200 {object} wire.List[wire.Invite]
// @Failure  401,403,404 {object} wire.Problem
// @Router   /channels/{id}/invites [get]
func (h *invites) list(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Make an invite
// @Description For teachers. Whoever holds the code or opens the link can join as a student.
// @Tags     invites
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.CreateInviteRequest false "both limits are optional"
// @Success  201 {object} wire.Invite
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/invites [post]
func (h *invites) create(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.CreateInviteRequest
	if !bindOptional(c, &req) {
		return
	}
	invite, err := h.svc.Create(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusCreated, invite, err)
}

// @Summary  Withdraw all invites of a channel and make a new one
// @Description For teachers. Both happen or neither.
// @Tags     invites
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.CreateInviteRequest false "both limits are optional"
// @Success  201 {object} wire.Invite
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/invites/rotate [post]
func (h *invites) rotate(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.CreateInviteRequest
	if !bindOptional(c, &req) {
		return
	}
	invite, err := h.svc.Rotate(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusCreated, invite, err)
}

// @Summary  What an invite leads to
// @Tags     invites
// @Security Bearer
// @Param    code path string true "the invite's code"
// @Success  200 {object} wire.InvitePreview
// @Failure  401,404 {object} wire.Problem
// @Failure  409 {object} wire.Problem "expired or used up"
// @Router   /invites/{code} [get]
func (h *invites) preview(c *gin.Context) {
	preview, err := h.svc.Preview(c.Request.Context(), actor(c), c.Param("code"))
	reply(c, http.StatusOK, preview, err)
}

// @Summary  Withdraw an invite
// @Description For teachers of its channel.
// @Tags     invites
// @Security Bearer
// @Param    code path string true "the invite's code"
// @Success  204
// @Failure  401,403,404,429 {object} wire.Problem
// @Router   /invites/{code} [delete]
func (h *invites) withdraw(c *gin.Context) {
	replyEmpty(c, h.svc.Withdraw(c.Request.Context(), actor(c), c.Param("code")))
}

// @Summary  Join by an invite
// @Description As a student. For a member nothing changes and no use is counted.
// @Tags     invites
// @Security Bearer
// @Param    code path string true "the invite's code"
// @Success  200 {object} wire.Channel
// @Failure  401,404,429 {object} wire.Problem
// @Failure  409 {object} wire.Problem "expired, used up, or the channel is full"
// @Router   /invites/{code}/accept [post]
func (h *invites) accept(c *gin.Context) {
	channel, err := h.svc.Accept(c.Request.Context(), actor(c), c.Param("code"))
	reply(c, http.StatusOK, channel, err)
}
