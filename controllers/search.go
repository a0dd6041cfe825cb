package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	_ "lectern/internal/wire" // named in the annotations
	"lectern/services"
)

type search struct{ svc *services.Search }

// @Summary  Search
// @Description In everything that one may read: channels and people first, then posts, comments, messages and files from new to old. Words and "phrases" must all be there; the last word may be unfinished; two Chinese characters are enough.
// @Description In q also the operators from: in: has: before: after: may stand, with names or ids; the parameters of the same names add to them.
// @Tags     search
// @Security Bearer
// @Param    q      query string false "up to 254 characters; may be left out with another restriction"
// @Param    in     query string false "a channel or conversation: its id, or the name of the channel or person"
// @Param    from   query string false "an author: id, name or me"
// @Param    has    query string false "file, image or link"
// @Param    before query string false "a day (UTC) such as 2026-03-01, itself excluded, or an instant (RFC 3339)"
// @Param    after  query string false "a day (UTC), itself excluded, or an instant (RFC 3339)"
// @Param    kind   query string false "channel, user, post, comment, message or file; several with commas"
// @Param    limit  query int    false "1 to 100, 50 unless given"
// @Param    cursor query string false "next_cursor of the page before"
// @Success  200 {object} wire.List[wire.Found]
// @Failure  401,422,429 {object} wire.Problem
// @Router   /search [get]
func (h *search) find(c *gin.Context) {
	fields := map[string]string{}
	limit := limit(c, fields)
	if len(fields) > 0 {
		fail(c, &services.Error{Kind: services.KindInvalid, Message: "Some fields need attention.", Fields: fields})
		return
	}
	found, err := h.svc.Find(c.Request.Context(), actor(c), services.SearchRequest{Q: c.Query("q"), In: c.Query("in"), From: c.Query("from"),
		Has: c.Query("has"), Before: c.Query("before"), After: c.Query("after"), Kind: c.Query("kind"), Cursor: c.Query("cursor"), Limit: limit})
	reply(c, http.StatusOK, found, err)
}

// @Summary  List the files of a channel
// @Description Of its posts and comments, the newest first. A page counts entries, and has all the files of each.
// @Tags     files
// @Security Bearer
// @Param    id     path  string true  "channel id"
// @Param    limit  query int    false "1 to 100, 50 unless given"
// @Param    before query string false "next_cursor of the page before"
// @Param    after  query string false "an entry's id, to go the other way"
// @Success  200 {object} wire.List[wire.Found]
// @Failure  401,404,422 {object} wire.Problem
// @Router   /channels/{id}/files [get]
func (h *search) channelFiles(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	if p, ok := page(c); ok {
		files, err := h.svc.ChannelFiles(c.Request.Context(), actor(c), id, p)
		reply(c, http.StatusOK, files, err)
	}
}

// @Summary  List the files of a conversation
// @Description The newest first. A page counts messages, and has all the files of each.
// @Tags     files
// @Security Bearer
// @Param    id     path  string true  "conversation id"
// @Param    limit  query int    false "1 to 100, 50 unless given"
// @Param    before query string false "next_cursor of the page before"
// @Param    after  query string false "a message's id, to go the other way"
// @Success  200 {object} wire.List[wire.Found]
// @Failure  401,404,422 {object} wire.Problem
// @Router   /conversations/{id}/files [get]
func (h *search) conversationFiles(c *gin.Context) {
	id, ok := pathID(c, "id", "conversation")
	if !ok {
		return
	}
	if p, ok := page(c); ok {
		files, err := h.svc.ConversationFiles(c.Request.Context(), actor(c), id, p)
		reply(c, http.StatusOK, files, err)
	}
}
