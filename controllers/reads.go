package controllers

import (
	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type reads struct{ svc *services.Reads }

// @Summary  Mark a channel as read
// @Description Up to and including a post or comment. The mark never moves back.
// @Tags     channels
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.ReadRequest true "the newest entry read"
// @Success  204
// @Failure  400,401,404,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/read [post]
func (h *reads) channel(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.ReadRequest
	if !bind(c, &req) {
		return
	}
	replyEmpty(c, h.svc.MarkChannel(c.Request.Context(), actor(c), id, req.UpTo))
}
