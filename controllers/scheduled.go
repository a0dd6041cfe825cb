package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type scheduled struct{ svc *services.Scheduled }

// @Summary  One's own posts that wait for their time
// @Description All of them, the next one first.
// @Tags     posts
// @Security Bearer
// @Param    id path string true "channel id"
// @Success  200 {object} wire.List[wire.ScheduledPost]
// @Failure  401,404 {object} wire.Problem
// @Router   /channels/{id}/scheduled-posts [get]
func (h *scheduled) list(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Write a post that is published later
// @Description Between a minute and a year ahead; at most 100 of one person in a channel. When its time has come it is published as post.created, with this id as client_id; if that is not allowed then, its problem says why.
// @Tags     posts
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.SchedulePostRequest true "the post, and when"
// @Success  201 {object} wire.ScheduledPost
// @Success  200 {object} wire.ScheduledPost "a retry: what the same client_id made before"
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/scheduled-posts [post]
func (h *scheduled) create(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.SchedulePostRequest
	if !bind(c, &req) {
		return
	}
	post, created, err := h.svc.Create(c.Request.Context(), actor(c), id, req)
	reply(c, entryStatus(created), post, err)
}

// @Summary  One of one's own scheduled posts
// @Tags     posts
// @Security Bearer
// @Param    id path string true "scheduled post id"
// @Success  200 {object} wire.ScheduledPost
// @Failure  401,404 {object} wire.Problem
// @Router   /scheduled-posts/{id} [get]
func (h *scheduled) get(c *gin.Context) {
	id, ok := pathID(c, "id", "scheduled post")
	if !ok {
		return
	}
	post, err := h.svc.Get(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, post, err)
}

// @Summary  Change a scheduled post
// @Description One that could not be published waits again, for a new time.
// @Tags     posts
// @Security Bearer
// @Param    id   path string true "scheduled post id"
// @Param    body body wire.UpdateScheduledPostRequest true "only the fields to change"
// @Success  200 {object} wire.ScheduledPost
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /scheduled-posts/{id} [patch]
func (h *scheduled) update(c *gin.Context) {
	id, ok := pathID(c, "id", "scheduled post")
	if !ok {
		return
	}
	var req wire.UpdateScheduledPostRequest
	if !bind(c, &req) {
		return
	}
	post, err := h.svc.Update(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, post, err)
}

// @Summary  Give up a scheduled post
// @Tags     posts
// @Security Bearer
// @Param    id path string true "scheduled post id"
// @Success  204
// @Failure  401,404,429 {object} wire.Problem
// @Router   /scheduled-posts/{id} [delete]
func (h *scheduled) delete(c *gin.Context) {
	id, ok := pathID(c, "id", "scheduled post")
	if !ok {
		return
	}
	replyEmpty(c, h.svc.Delete(c.Request.Context(), actor(c), id))
}
