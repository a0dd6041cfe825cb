package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/services"
)

type meetingPosts struct{ svc *services.MeetingPosts }

// @Summary  The post of a meeting
// @Description Its comments are the meeting's chat. It is made when somebody asks for it while the meeting runs; 404 when one that has ended has none.
// @Tags     meetings
// @Security Bearer
// @Param    id path string true "meeting"
// @Success  200 {object} wire.Post
// @Failure  401,404,429 {object} wire.Problem
// @Router   /meetings/{id}/post [post]
func (h *meetingPosts) open(c *gin.Context) {
	id, ok := pathID(c, "id", "meeting")
	if !ok {
		return
	}
	post, err := h.svc.Open(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, post, err)
}
