package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	_ "lectern/internal/wire" // named in the annotations
	"lectern/services"
)

type attendance struct {
	svc   *services.Meetings
	users *services.Users
}

// @Summary  Meetings of a channel
// @Description The newest first; `after` turns the order round. Of one that has ended `participant_count` is how many different people came.
// @Tags     meetings
// @Security Bearer
// @Param    id     path  string true  "channel id"
// @Param    limit  query int    false "1 to 100, default 50"
// @Param    before query string false "only what is older than this id, newest first"
// @Param    after  query string false "only what is newer than this id, oldest first"
// @Success  200 {object} wire.List[wire.Meeting]
// @Failure  401,404,422 {object} wire.Problem
// @Router   /channels/{id}/meetings [get]
func (h *attendance) meetings(c *gin.Context) {
	id, ok := pathID(c, "id", "channel")
	if !ok {
		return
	}
	p, ok := page(c)
	if !ok {
		return
	}
	list, err := h.svc.List(c.Request.Context(), actor(c), id, p)
	reply(c, http.StatusOK, list, err)
}

// @Summary  When one was in a meeting oneself
// @Description Without intervals for who was not there.
// @Tags     meetings
// @Security Bearer
// @Param    id path string true "meeting"
// @Success  200 {object} wire.AttendanceRow
// @Failure  401,404 {object} wire.Problem
// @Router   /meetings/{id}/attendance/me [get]
func (h *attendance) own(c *gin.Context) {
	id, ok := pathID(c, "id", "meeting")
	if !ok {
		return
	}
	row, err := h.svc.OwnAttendance(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, row, err)
}

// @Summary  Who was in a meeting and when (teachers)
// @Description As JSON, or with format=csv as a table in UTF-8 with a byte order mark, one line per person, with headings in the language of who asks.
// @Tags     meetings
// @Security Bearer
// @Produce  json,text/csv
// @Param    id     path  string true  "meeting"
// @Param    format query string false "json (default) or csv" Enums(json, csv)
// @Param    tz     query string false "the time zone of the table, such as Asia/Taipei; default UTC"
// @Success  200 {object} wire.Attendance
// @Failure  401,403,404,422 {object} wire.Problem
// @Router   /meetings/{id}/attendance [get]
func (h *attendance) list(c *gin.Context) {
	answerTable(c, h.users, "attendance", h.svc.Attendance, services.AttendanceRecords)
}
