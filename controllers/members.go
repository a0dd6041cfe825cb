package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

type members struct{ svc *services.Members }

// @Summary  Members of a channel
// @Description In the order of their accounts, with presence. With q those whose names contain it anywhere, without regard to case: one Chinese character is enough.
// @Tags     members
// @Security Bearer
// @Param    id     path  string true  "channel id"
// @Param    q      query string false "a part of the name, up to 80 characters"
// @Param    role   query string false "owner, assistant or student"
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "a user id: only those before it, backwards"
// @Param    after  query string false "a user id: only those after it"
// @Success  200 {object} wire.List[wire.Member]
// @Failure  401,404,422 {object} wire.Problem
// @Router   /channels/{id}/members [get]
func (h *members) list(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	p, ok := page(c)
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), id, models.MemberFilter{Name: c.Query("q"), Role: c.Query("role")}, p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Add a user to a channel
// @Description For teachers; only owners can add teachers. Not when the channel is full (409).
// @Tags     members
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.AddMemberRequest true "who and as what"
// @Success  201 {object} wire.Member
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/members [post]
func (h *members) add(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.AddMemberRequest
	if !bind(c, &req) {
		return
	}
	member, err := h.svc.Add(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusCreated, member, err)
}

// @Summary  Change a member's role
// @Description For owners. The last owner stays one (409).
// @Tags     members
// @Security Bearer
// @Param    id      path string true "channel id"
// @Param    user_id path string true "user id"
// @Param    body    body wire.UpdateMemberRequest true "the role"
// @Success  200 {object} wire.Member
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/members/{user_id} [patch]
func (h *members) setRole(c *gin.Context) {
	id, userID, ok := h.ids(c)
	if !ok {
		return
	}
	var req wire.UpdateMemberRequest
	if !bind(c, &req) {
		return
	}
	member, err := h.svc.SetRole(c.Request.Context(), actor(c), id, userID, req)
	reply(c, http.StatusOK, member, err)
}

// @Summary  Leave a channel, or remove somebody
// @Description Teachers remove students, owners anyone. The last owner stays (409).
// @Tags     members
// @Security Bearer
// @Param    id      path string true "channel id"
// @Param    user_id path string true "user id; one's own to leave"
// @Success  204
// @Failure  401,403,404,409,429 {object} wire.Problem
// @Router   /channels/{id}/members/{user_id} [delete]
func (h *members) remove(c *gin.Context) {
	id, userID, ok := h.ids(c)
	if !ok {
		return
	}
	replyEmpty(c, h.svc.Remove(c.Request.Context(), actor(c), id, userID))
}

// @Summary  Give a channel to another member
// @Description For owners: that member becomes an owner, oneself an assistant.
// @Tags     members
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.TransferRequest true "to whom"
// @Success  204
// @Failure  400,401,403,404,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/transfer [post]
func (h *members) transfer(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.TransferRequest
	if !bind(c, &req) {
		return
	}
	replyEmpty(c, h.svc.Transfer(c.Request.Context(), actor(c), id, req))
}

func (h *members) ids(c *gin.Context) (channelID, userID string, ok bool) {
	if channelID, ok = pathID(c, "id", "channel"); !ok {
		return "", "", false
	}
	userID, ok = pathID(c, "user_id", "member")
	return channelID, userID, ok
}
