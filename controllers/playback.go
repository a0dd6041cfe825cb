package controllers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"lectern/internal/wire"
	"lectern/services"
)

type playback struct {
	svc   *services.Playback
	users *services.Users
}

// @Summary  A channel's playlist
// @Description What the class wants to watch; the socket's playback.edit changes it.
// @Tags     playback
// @Security Bearer
// @Param    id path string true "channel"
// @Success  200 {object} wire.Playlist
// @Failure  401,404 {object} wire.Problem
// @Router   /channels/{id}/playlist [get]
func (h *playback) playlist(c *gin.Context) {
	answerPlayback(c, "channel", h.svc.Playlist)
}

// @Summary  The stop-points of a channel's videos (teachers)
// @Description All of them, along each item; the socket's playback.set_marker changes them.
// @Tags     playback
// @Security Bearer
// @Param    id path string true "channel"
// @Success  200 {object} wire.List[wire.Marker]
// @Failure  401,403,404 {object} wire.Problem
// @Router   /channels/{id}/markers [get]
func (h *playback) markers(c *gin.Context) {
	answerPlayback(c, "channel", h.svc.Markers)
}

// @Summary  What a meeting was asked while watching, and where people were lost (teachers)
// @Description As JSON, or with format=csv the questions and answers as a table in UTF-8 with a byte order mark, one line per answer, with headings in the language of who asks.
// @Tags     playback
// @Security Bearer
// @Produce  json,text/csv
// @Param    id     path  string true  "meeting"
// @Param    format query string false "json (default) or csv" Enums(json, csv)
// @Param    tz     query string false "the time zone of the table, such as Asia/Taipei; default UTC"
// @Success  200 {object} wire.PlaybackHistory
// @Failure  401,403,404,422 {object} wire.Problem
// @Router   /meetings/{id}/playback [get]
func (h *playback) history(c *gin.Context) {
	answerTable(c, h.users, "answers", h.svc.History, services.AnswerRecords)
}

func answerPlayback[T wire.Playlist | wire.List[wire.Marker]](c *gin.Context, noun string,
	find func(ctx context.Context, who services.Actor, id string) (*T, error)) {
	if id, ok := pathID(c, "id", noun); ok {
		found, err := find(c.Request.Context(), actor(c), id)
		reply(c, http.StatusOK, found, err)
	}
}
