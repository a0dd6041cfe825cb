package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type comments struct{ svc *services.Comments }

// @Summary  Comments under a post
// @Description The oldest first; `before` turns the order round. With `around` the comments around that one, the oldest first: go on to newer ones with next_cursor, to older ones with `before` the first item's id.
// @Tags     comments
// @Security Bearer
// @Param    id     path  string true  "post id"
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id, oldest first"
// @Param    around query string false "a comment's id; neither before nor after"
// @Success  200 {object} wire.List[wire.Comment]
// @Failure  401,404,422 {object} wire.Problem
// @Router   /posts/{id}/comments [get]
func (h *comments) list(c *gin.Context) {
	id, ok := pathID(c, "id", "post")
	if !ok {
		return
	}
	p, ok := page(c)
	if !ok {
		return
	}
	middle, ok := around(c, p, "comment")
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), id, p, middle)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Write a comment
// @Description A body of 1 to 20,000 characters or at least one file, at most 10 files. Calls people as a post does.
// @Tags     comments
// @Security Bearer
// @Param    id   path string true "post id"
// @Param    body body wire.CreateEntryRequest true "the comment"
// @Success  201 {object} wire.Comment
// @Success  200 {object} wire.Comment "a retry: what the same client_id made before"
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /posts/{id}/comments [post]
func (h *comments) create(c *gin.Context) {
	id, ok := pathID(c, "id", "post")
	if !ok {
		return
	}
	var req wire.CreateEntryRequest
	if !bind(c, &req) {
		return
	}
	comment, created, err := h.svc.Create(c.Request.Context(), actor(c), id, req)
	reply(c, entryStatus(created), comment, err)
}

// @Summary  Edit one's own comment
// @Tags     comments
// @Security Bearer
// @Param    id   path string true "comment id"
// @Param    body body wire.UpdateCommentRequest true "the new text"
// @Success  200 {object} wire.Comment
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /comments/{id} [patch]
func (h *comments) update(c *gin.Context) {
	id, ok := pathID(c, "id", "comment")
	if !ok {
		return
	}
	var req wire.UpdateCommentRequest
	if !bind(c, &req) {
		return
	}
	comment, err := h.svc.Update(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, comment, err)
}

// @Summary  Delete a comment
// @Description The author may, and teachers.
// @Tags     comments
// @Security Bearer
// @Param    id path string true "comment id"
// @Success  204
// @Failure  401,403,404,409,429 {object} wire.Problem
// @Router   /comments/{id} [delete]
func (h *comments) delete(c *gin.Context) {
	id, ok := pathID(c, "id", "comment")
	if !ok {
		return
	}
	replyEmpty(c, h.svc.Delete(c.Request.Context(), actor(c), id))
}
