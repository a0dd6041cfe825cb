package controllers

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"lectern/services"
)

type changes struct{ svc *services.Changes }

// @Summary  What happened in a scope since
// @Description Durable events after a number, oldest first, with things as they are now: of one that changed several times only the last change, of one that is gone its deletion. `reset`: it is too long ago or too much; ask for the things themselves.
// @Tags     changes
// @Security Bearer
// @Param    scope query string true  "channel:{id}, conversation:{id} or user:{one's own id}"
// @Param    after query int    false "the newest number known, default 0"
// @Param    limit query int    false "1 to 500, default 200"
// @Success  200 {object} wire.Changes
// @Failure  401,404,422 {object} wire.Problem
// @Router   /changes [get]
func (h *changes) list(c *gin.Context) {
	fields := map[string]string{}
	number := func(name string, standard, least, most int64) int64 {
		text, given := c.GetQuery(name)
		if !given {
			return standard
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < least || n > most {
			fields[name] = fmt.Sprintf("A number from %d to %d is expected.", least, most)
		}
		return n
	}
	const mostExact = 1 << 53 // of a number in JavaScript
	after, limit := number("after", 0, 0, mostExact), number("limit", services.ChangesPerPage, 1, services.MaxChanges)
	if len(fields) > 0 {
		fail(c, &services.Error{Kind: services.KindInvalid, Message: "Some fields need attention.", Fields: fields})
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), c.Query("scope"), after, int(limit))
	reply(c, http.StatusOK, list, err)
}

// @Summary  The newest number of each scope
// @Description Of one's channels, conversations and oneself. A scope in which nothing has happened yet is missing.
// @Tags     changes
// @Security Bearer
// @Success  200 {object} wire.Heads
// @Failure  401 {object} wire.Problem
// @Router   /changes/heads [get]
func (h *changes) heads(c *gin.Context) {
	heads, err := h.svc.Heads(c.Request.Context(), actor(c))
	reply(c, http.StatusOK, heads, err)
}
