package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type preferences struct{ svc *services.Preferences }

// @Summary  One's own preferences
// @Tags     users
// @Security Bearer
// @Success  200 {object} wire.Preferences
// @Failure  401 {object} wire.Problem
// @Router   /me/preferences [get]
func (h *preferences) get(c *gin.Context) {
	shown, err := h.svc.Get(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, shown, err)
}

// @Summary  Change one's own preferences
// @Description dnd_minutes goes with dnd: true and ends do-not-disturb by itself after so many minutes (at most a week); 0 or none: it stays on.
// @Tags     users
// @Security Bearer
// @Param    body body wire.UpdatePreferencesRequest true "only the fields to change"
// @Success  200 {object} wire.Preferences
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /me/preferences [patch]
func (h *preferences) update(c *gin.Context) {
	var req wire.UpdatePreferencesRequest
	if !bind(c, &req) {
		return
	}
	shown, err := h.svc.Update(c.Request.Context(), actor(c), req)
	reply(c, http.StatusOK, shown, err)
}
