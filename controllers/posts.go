package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type posts struct{ svc *services.Posts }

// entryStatus: a retry finds what the first try made.
func entryStatus(created bool) int {
	if created {
		return http.StatusCreated
	}
	return http.StatusOK
}

// @Summary  Posts of a channel
// @Description The newest first; `after` turns the order round. With `around` the posts around that one, the newest first: go on to older ones with next_cursor, to newer ones with `after` the first item's id.
// @Tags     posts
// @Security Bearer
// @Param    id     path  string true  "channel id"
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id, oldest first"
// @Param    around query string false "a post's id; neither before nor after"
// @Param    pinned query bool   false "true: only those that are pinned; without around"
// @Success  200 {object} wire.List[wire.Post]
// @Failure  401,404,422 {object} wire.Problem
// @Router   /channels/{id}/posts [get]
func (h *posts) list(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	p, ok := page(c)
	if !ok {
		return
	}
	asked := services.PostsAsked{Page: p, Pinned: c.Query("pinned") == "true"}
	if asked.Around, ok = around(c, p, "post"); !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), id, asked)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Write a post
// @Description A body of 1 to 20,000 characters or at least one file, at most 10 files. `@[Name](user:ID)` calls a member, `@[all](all)` everybody, if a teacher writes it. Where posting is for teachers, students are refused (403).
// @Tags     posts
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.CreateEntryRequest true "the post"
// @Success  201 {object} wire.Post
// @Success  200 {object} wire.Post "a retry: what the same client_id made before"
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/posts [post]
func (h *posts) create(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.CreateEntryRequest
	if !bind(c, &req) {
		return
	}
	post, created, err := h.svc.Create(c.Request.Context(), actor(c), id, req)
	reply(c, entryStatus(created), post, err)
}

// @Summary  One post
// @Tags     posts
// @Security Bearer
// @Param    id path string true "post id"
// @Success  200 {object} wire.Post
// @Failure  401,404 {object} wire.Problem
// @Router   /posts/{id} [get]
func (h *posts) get(c *gin.Context) {
	id, ok := pathID(c, "id", "post")
	if !ok {
		return
	}
	post, err := h.svc.Get(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, post, err)
}

// @Summary  Edit or pin a post
// @Description The author edits the body, teachers pin. Who is called by name for the first time is told.
// @Tags     posts
// @Security Bearer
// @Param    id   path string true "post id"
// @Param    body body wire.UpdatePostRequest true "only the fields to change"
// @Success  200 {object} wire.Post
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /posts/{id} [patch]
func (h *posts) update(c *gin.Context) {
	id, ok := pathID(c, "id", "post")
	if !ok {
		return
	}
	var req wire.UpdatePostRequest
	if !bind(c, &req) {
		return
	}
	post, err := h.svc.Update(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, post, err)
}

// @Summary  Delete a post with its comments
// @Description The author may, and teachers.
// @Tags     posts
// @Security Bearer
// @Param    id path string true "post id"
// @Success  204
// @Failure  401,403,404,409,429 {object} wire.Problem
// @Router   /posts/{id} [delete]
func (h *posts) delete(c *gin.Context) {
	id, ok := pathID(c, "id", "post")
	if !ok {
		return
	}
	replyEmpty(c, h.svc.Delete(c.Request.Context(), actor(c), id))
}
