package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

type conversations struct{ svc *services.Conversations }

// @Summary  My conversations
// @Description The newest first, whenever somebody wrote in them last.
// @Tags     conversations
// @Security Bearer
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id, oldest first"
// @Success  200 {object} wire.List[wire.Conversation]
// @Failure  401,422 {object} wire.Problem
// @Router   /conversations [get]
func (h *conversations) list(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  The conversation with somebody
// @Description There is one per pair. With whom one shares no channel one cannot begin a conversation; one with oneself is fine.
// @Tags     conversations
// @Security Bearer
// @Param    body body wire.OpenConversationRequest true "the other person"
// @Success  201 {object} wire.Conversation
// @Success  200 {object} wire.Conversation "it was there already"
// @Failure  400,401,403,409,413,422,429 {object} wire.Problem
// @Router   /conversations [post]
func (h *conversations) open(c *gin.Context) {
	var req wire.OpenConversationRequest
	if !bind(c, &req) {
		return
	}
	conversation, created, err := h.svc.Open(c.Request.Context(), actor(c), req.UserID)
	reply(c, entryStatus(created), conversation, err)
}

// @Summary  One of my conversations
// @Tags     conversations
// @Security Bearer
// @Param    id path string true "conversation id"
// @Success  200 {object} wire.Conversation
// @Failure  401,404 {object} wire.Problem
// @Router   /conversations/{id} [get]
func (h *conversations) get(c *gin.Context) {
	id, ok := pathID(c, "id", "conversation")
	if !ok {
		return
	}
	conversation, err := h.svc.Get(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, conversation, err)
}

// @Summary  Mute a conversation
// @Description For oneself: its messages make no notification. They count as unread all the same.
// @Tags     conversations
// @Security Bearer
// @Param    id   path string true "conversation id"
// @Param    body body wire.UpdateConversationRequest true "only the fields to change"
// @Success  200 {object} wire.Conversation
// @Failure  400,401,404,413,429 {object} wire.Problem
// @Router   /conversations/{id} [patch]
func (h *conversations) update(c *gin.Context) {
	id, ok := pathID(c, "id", "conversation")
	if !ok {
		return
	}
	var req wire.UpdateConversationRequest
	if !bind(c, &req) {
		return
	}
	conversation, err := h.svc.Update(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, conversation, err)
}

// @Summary  Mark a conversation as read
// @Description Up to and including a message. The mark never moves back.
// @Tags     conversations
// @Security Bearer
// @Param    id   path string true "conversation id"
// @Param    body body wire.ReadRequest true "the newest message read"
// @Success  204
// @Failure  400,401,404,413,422,429 {object} wire.Problem
// @Router   /conversations/{id}/read [post]
func (h *conversations) read(c *gin.Context) {
	id, ok := pathID(c, "id", "conversation")
	if !ok {
		return
	}
	var req wire.ReadRequest
	if !bind(c, &req) {
		return
	}
	replyEmpty(c, h.svc.MarkRead(c.Request.Context(), actor(c), id, req.UpTo))
}

// markDelivered is the command message.delivered.
func (s *socket) markDelivered(req wire.MessageDelivered) (none, error) {
	id, ok := models.ParseID(req.ConversationID)
	if !ok {
		return none{}, services.NotFound("conversation")
	}
	return none{}, s.conversations.MarkDelivered(s.ctx, s.actor, id, req.UpTo)
}
