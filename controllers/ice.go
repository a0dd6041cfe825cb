package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/services"
)

type ice struct{ svc *services.ICE }

// @Summary  STUN and TURN servers
// @Description The TURN credentials are one's own and last `ttl` seconds. The list is empty when none are configured.
// @Tags     calls
// @Security Bearer
// @Success  200 {object} wire.ICEServers
// @Failure  401 {object} wire.Problem
// @Router   /ice-servers [get]
func (h *ice) servers(c *gin.Context) {
	c.JSON(http.StatusOK, h.svc.Servers(actor(c).UserID))
}
