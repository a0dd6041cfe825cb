package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type users struct{ svc *services.Users }

// @Summary  One's own account
// @Tags     users
// @Security Bearer
// @Success  200 {object} wire.Me
// @Failure  401 {object} wire.Problem
// @Router   /me [get]
func (h *users) me(c *gin.Context) {
	me, err := h.svc.Me(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, me, err)
}

// @Summary  Change one's own name or language
// @Tags     users
// @Security Bearer
// @Param    body body wire.UpdateMeRequest true "only the fields to change"
// @Success  200 {object} wire.Me
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /me [patch]
func (h *users) updateMe(c *gin.Context) {
	var req wire.UpdateMeRequest
	if !bind(c, &req) {
		return
	}
	me, err := h.svc.UpdateMe(c.Request.Context(), actor(c), req)
	reply(c, http.StatusOK, me, err)
}

// @Summary  Find people
// @Description By a part of the name or by the exact address: two characters, or one Chinese, Japanese or Korean one.
// @Tags     users
// @Security Bearer
// @Param    q     query string true  "name or address"
// @Param    limit query int    false "1 to 100, default 50"
// @Success  200 {object} wire.List[wire.Profile]
// @Failure  401,422 {object} wire.Problem
// @Router   /users [get]
func (h *users) search(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	found, err := h.svc.Search(c.Request.Context(), actor(c), c.Query("q"), p.Limit)
	reply(c, http.StatusOK, wire.List[wire.Profile]{Items: found}, err)
}

// @Summary  What one may see of a user
// @Tags     users
// @Security Bearer
// @Param    id path string true "user id"
// @Success  200 {object} wire.Profile
// @Failure  401,404 {object} wire.Problem
// @Router   /users/{id} [get]
func (h *users) profile(c *gin.Context) {
	id, ok := pathID(c, "id", "user")
	if !ok {
		return
	}
	profile, err := h.svc.Profile(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, profile, err)
}
