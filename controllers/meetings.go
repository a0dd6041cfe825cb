package controllers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type meetings struct{ svc *services.Meetings }

// @Summary  Start a channel's meeting, or get the active one
// @Description Teachers start one; when one is active every member gets it, with 200.
// @Tags     meetings
// @Security Bearer
// @Param    id path string true "channel"
// @Success  200 {object} wire.Meeting
// @Success  201 {object} wire.Meeting
// @Failure  401,403,404,429 {object} wire.Problem
// @Router   /channels/{id}/meetings [post]
func (h *meetings) start(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	meeting, created, err := h.svc.Start(c.Request.Context(), actor(c), id)
	if err != nil {
		fail(c, err)
		return
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	c.JSON(status, meeting)
}

// @Summary  The groups that a channel had last in their own rooms (teachers)
// @Description So that they can meet again: send them back with meeting.breakouts_open. Who has left the channel is not among them.
// @Tags     meetings
// @Security Bearer
// @Param    id path string true "channel"
// @Success  200 {object} wire.BreakoutPlans
// @Failure  401,403,404 {object} wire.Problem
// @Router   /channels/{id}/breakouts [get]
func (h *meetings) groups(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	plans, err := h.svc.LastBreakouts(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, plans, err)
}

// @Summary  A meeting, active or over
// @Tags     meetings
// @Security Bearer
// @Param    id path string true "meeting"
// @Success  200 {object} wire.Meeting
// @Failure  401,404 {object} wire.Problem
// @Router   /meetings/{id} [get]
func (h *meetings) get(c *gin.Context) {
	h.answer(c, h.svc.Get)
}

// @Summary  What whoever has a meeting's link sees of it
// @Description For a page that asks to knock; members may simply join. Looking is limited like the looking up of invites.
// @Tags     meetings
// @Security Bearer
// @Param    id path string true "meeting"
// @Success  200 {object} wire.MeetingDoor
// @Failure  401,404,429 {object} wire.Problem
// @Router   /meetings/{id}/door [get]
func (h *meetings) door(c *gin.Context) {
	door, err := h.svc.Door(c.Request.Context(), actor(c), c.Param("id"))
	reply(c, http.StatusOK, door, err)
}

// @Summary  End a meeting for all (teachers)
// @Description A meeting that is over stays as it is.
// @Tags     meetings
// @Security Bearer
// @Param    id path string true "meeting"
// @Success  200 {object} wire.Meeting
// @Failure  401,403,404,429 {object} wire.Problem
// @Router   /meetings/{id}/end [post]
func (h *meetings) end(c *gin.Context) {
	h.answer(c, h.svc.End)
}

func (h *meetings) answer(c *gin.Context, do func(ctx context.Context, who services.Actor, id string) (*wire.Meeting, error)) {
	id, ok := pathID(c, "id", "meeting")
	if !ok {
		return
	}
	meeting, err := do(c.Request.Context(), actor(c), id)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, meeting)
}

// @Summary  What the media server knows of a running meeting
// @Description For administrators: per participant and track the encodings with their bit rates, loss, round trip, estimate and pauses. 404 for a meeting that is not running.
// @Tags     admin
// @Security Bearer
// @Param    id path string true "meeting id"
// @Success  200 {object} wire.MeetingStats
// @Failure  401,403,404 {object} wire.Problem
// @Router   /admin/meetings/{id}/stats [get]
func (h *meetings) stats(c *gin.Context) {
	id, ok := pathID(c, "id", "meeting")
	if !ok {
		return
	}
	stats, err := h.svc.Stats(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, stats, err)
}
