package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

type messages struct{ svc *services.Messages }

// @Summary  Messages of a conversation
// @Description The newest first; `after` turns the order round. With `around` the messages around that one, the newest first: go on to older ones with next_cursor, to newer ones with `after` the first item's id.
// @Tags     messages
// @Security Bearer
// @Param    id     path  string true  "conversation id"
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id, oldest first"
// @Param    around query string false "a message's id; neither before nor after"
// @Success  200 {object} wire.List[wire.Message]
// @Failure  401,404,422 {object} wire.Problem
// @Router   /conversations/{id}/messages [get]
func (h *messages) list(c *gin.Context) {
	id, ok := pathID(c, "id", "conversation")
	if !ok {
		return
	}
	p, ok := page(c)
	if !ok {
		return
	}
	middle, ok := around(c, p, "message")
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), id, middle, p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Write a message
// @Description A body of 1 to 20,000 characters or at least one file, at most 10 files. The command message.send does the same.
// @Tags     messages
// @Security Bearer
// @Param    id   path string true "conversation id"
// @Param    body body wire.CreateMessageRequest true "the message"
// @Success  201 {object} wire.Message
// @Success  200 {object} wire.Message "a retry: what the same client_id made before"
// @Failure  400,401,404,409,413,422,429 {object} wire.Problem
// @Router   /conversations/{id}/messages [post]
func (h *messages) send(c *gin.Context) {
	id, ok := pathID(c, "id", "conversation")
	if !ok {
		return
	}
	var req wire.CreateMessageRequest
	if !bind(c, &req) {
		return
	}
	message, created, err := h.svc.Send(c.Request.Context(), actor(c), id, req)
	reply(c, entryStatus(created), message, err)
}

// @Summary  Edit a message
// @Description The author may.
// @Tags     messages
// @Security Bearer
// @Param    id   path string true "message id"
// @Param    body body wire.UpdateMessageRequest true "the new text"
// @Success  200 {object} wire.Message
// @Failure  400,401,403,404,413,422,429 {object} wire.Problem
// @Router   /messages/{id} [patch]
func (h *messages) update(c *gin.Context) {
	id, ok := pathID(c, "id", "message")
	if !ok {
		return
	}
	var req wire.UpdateMessageRequest
	if !bind(c, &req) {
		return
	}
	message, err := h.svc.Update(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, message, err)
}

// @Summary  Delete a message
// @Description The author may.
// @Tags     messages
// @Security Bearer
// @Param    id path string true "message id"
// @Success  204
// @Failure  401,403,404,429 {object} wire.Problem
// @Router   /messages/{id} [delete]
func (h *messages) delete(c *gin.Context) {
	id, ok := pathID(c, "id", "message")
	if !ok {
		return
	}
	replyEmpty(c, h.svc.Delete(c.Request.Context(), actor(c), id))
}

// sendMessage is the command message.send.
func (s *socket) sendMessage(req wire.MessageSend) (*wire.Message, error) {
	id, ok := models.ParseID(req.ConversationID)
	if !ok {
		return nil, services.NotFound("conversation")
	}
	message, _, err := s.messages.Send(s.ctx, s.actor, id, req.CreateMessageRequest)
	return message, err
}
