package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type channels struct{ svc *services.Channels }

// @Summary  One's own channels
// @Description The oldest first.
// @Tags     channels
// @Security Bearer
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id"
// @Success  200 {object} wire.List[wire.Channel]
// @Failure  401,422 {object} wire.Problem
// @Router   /channels [get]
func (h *channels) list(c *gin.Context) {
	p, ok := page(c)
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  Make a channel
// @Description One becomes its owner.
// @Tags     channels
// @Security Bearer
// @Param    body body wire.CreateChannelRequest true "name (1 to 80 characters), description (up to 1,000)"
// @Success  201 {object} wire.Channel
// @Success  200 {object} wire.Channel "a retry: what the same client_id made before"
// @Failure  400,401,403,413,422,429 {object} wire.Problem
// @Failure  409 {object} wire.Problem "one has made too many"
// @Router   /channels [post]
func (h *channels) create(c *gin.Context) {
	var req wire.CreateChannelRequest
	if !bind(c, &req) {
		return
	}
	channel, fresh, err := h.svc.Create(c.Request.Context(), actor(c), req)
	reply(c, entryStatus(fresh), channel, err)
}

// @Summary  One of one's own channels
// @Tags     channels
// @Security Bearer
// @Param    id path string true "channel id"
// @Success  200 {object} wire.Channel
// @Failure  401,404 {object} wire.Problem
// @Router   /channels/{id} [get]
func (h *channels) get(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	channel, err := h.svc.Get(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, channel, err)
}

// @Summary  Change a channel
// @Description For teachers: name, description, who may write posts. For owners: archive it, which ends its meeting and makes it read only (409 `archived` for everything that would change it), or open it again.
// @Tags     channels
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.UpdateChannelRequest true "only the fields to change"
// @Success  200 {object} wire.Channel
// @Failure  400,401,403,404,409,413,422,429 {object} wire.Problem
// @Router   /channels/{id} [patch]
func (h *channels) update(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.UpdateChannelRequest
	if !bind(c, &req) {
		return
	}
	channel, err := h.svc.Update(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, channel, err)
}

// @Summary  Delete a channel and everything in it
// @Description For owners.
// @Tags     channels
// @Security Bearer
// @Param    id path string true "channel id"
// @Success  204
// @Failure  401,403,404,429 {object} wire.Problem
// @Router   /channels/{id} [delete]
func (h *channels) delete(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	replyEmpty(c, h.svc.Delete(c.Request.Context(), actor(c), id))
}

// @Summary  One's own preferences of a channel
// @Description Level says what one is notified of: "all" (every post and comment), "mentions" (what calls one, replies to one's posts, meetings; the default) or "none" (only what is said to one personally, silently).
// @Tags     channels
// @Security Bearer
// @Param    id   path string true "channel id"
// @Param    body body wire.ChannelPreferences true "only the fields to change"
// @Success  200 {object} wire.ChannelPreferencesChanged
// @Failure  400,401,404,413,422,429 {object} wire.Problem
// @Router   /channels/{id}/preferences [patch]
func (h *channels) setPreferences(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	var req wire.ChannelPreferences
	if !bind(c, &req) {
		return
	}
	preferences, err := h.svc.SetPreferences(c.Request.Context(), actor(c), id, req)
	reply(c, http.StatusOK, preferences, err)
}

// @Summary  The order of one's own side bar
// @Description The channels named come first, the others follow as they stood.
// @Tags     channels
// @Security Bearer
// @Param    body body wire.ChannelOrder true "ids of channels, each once, at most 1,000"
// @Success  204
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /me/channel-order [put]
func (h *channels) order(c *gin.Context) {
	var req wire.ChannelOrder
	if !bind(c, &req) {
		return
	}
	replyEmpty(c, h.svc.Order(c.Request.Context(), actor(c), req))
}
