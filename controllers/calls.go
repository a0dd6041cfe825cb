package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type calls struct{ svc *services.Calls }

var _ wire.Call // for the Swagger document

// @Summary  Calls that one made or got
// @Description The newest first; `after` turns the order round. `missed`: only those that rang in vain at oneself.
// @Tags     calls
// @Security Bearer
// @Param    missed query bool   false "only missed calls"
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id, oldest first"
// @Success  200 {object} wire.List[wire.Call]
// @Failure  401,422 {object} wire.Problem
// @Router   /calls [get]
func (h *calls) list(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	missed := c.Query("missed")
	if missed != "" && missed != "true" && missed != "false" {
		fail(c, services.Invalid("missed", "true or false is expected."))
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), missed == "true", p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  One's calls that have not ended
// @Description For a page that was just loaded. `place`: `ringing` (one may accept it), `free` (this sign-in was in it and its window is gone: `call.resume`), `here` (another window of this sign-in is in it), `elsewhere`.
// @Tags     calls
// @Security Bearer
// @Success  200 {object} wire.ActiveCalls
// @Failure  401 {object} wire.Problem
// @Router   /calls/active [get]
func (h *calls) active(c *gin.Context) {
	c.JSON(http.StatusOK, h.svc.Active(actor(c)))
}

// @Summary  A call
// @Tags     calls
// @Security Bearer
// @Param    id path string true "call id"
// @Success  200 {object} wire.Call
// @Failure  401,404 {object} wire.Problem
// @Router   /calls/{id} [get]
func (h *calls) get(c *gin.Context) {
	id, ok := pathID(c, "id", "call")
	if !ok {
		return
	}
	call, err := h.svc.Get(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, call, err)
}
