package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type notifications struct{ svc *services.Notifications }

// @Summary  One's own notifications
// @Description The newest first, with the number of those not read. What is about a channel that one is no longer in is not listed.
// @Tags     notifications
// @Security Bearer
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id, oldest first"
// @Success  200 {object} wire.Notifications
// @Failure  401,422 {object} wire.Problem
// @Router   /notifications [get]
func (h *notifications) list(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Mark notifications as read
// @Description Some by their ids (at most 100), or all up to and including one. Ids that are not there change nothing.
// @Tags     notifications
// @Security Bearer
// @Param    body body wire.ReadNotificationsRequest true "ids or up_to"
// @Success  204
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /notifications/read [post]
func (h *notifications) read(c *gin.Context) {
	var req wire.ReadNotificationsRequest
	if !bind(c, &req) {
		return
	}
	replyEmpty(c, h.svc.Read(c.Request.Context(), actor(c), req))
}
