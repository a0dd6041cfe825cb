package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type pushes struct{ svc *services.Pushes }

// @Summary  The server's key for web push
// @Description For PushManager.subscribe, as applicationServerKey.
// @Tags     notifications
// @Security Bearer
// @Success  200 {object} wire.PushKey
// @Failure  401 {object} wire.Problem
// @Router   /push/key [get]
func (h *pushes) key(c *gin.Context) { reply(c, http.StatusOK, h.svc.Key(), nil) }

// @Summary  Let this device hear of notifications
// @Description While this session lives; at most 10 devices of one user, another one takes the place of the oldest. The same endpoint again replaces what was said before.
// @Tags     notifications
// @Security Bearer
// @Param    body body wire.PushSubscription true "what PushManager.subscribe made"
// @Success  204
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /push/subscriptions [put]
func (h *pushes) subscribe(c *gin.Context) {
	var req wire.PushSubscription
	if !bind(c, &req) {
		return
	}
	replyEmpty(c, h.svc.Subscribe(c.Request.Context(), actor(c), req))
}

// @Summary  End the subscription of a device
// @Tags     notifications
// @Security Bearer
// @Param    body body wire.EndPushRequest true "its endpoint"
// @Success  204
// @Failure  400,401,413,429 {object} wire.Problem
// @Router   /push/subscriptions [delete]
func (h *pushes) unsubscribe(c *gin.Context) {
	var req wire.EndPushRequest
	if !bind(c, &req) {
		return
	}
	replyEmpty(c, h.svc.Unsubscribe(c.Request.Context(), actor(c), req))
}
