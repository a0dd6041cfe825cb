package controllers

import (
	"github.com/gin-gonic/gin"

	_ "lectern/internal/wire" // named in the annotations
	"lectern/services"
)

type polls struct {
	svc   *services.Polls
	users *services.Users
}

// @Summary  The polls of a meeting with their votes (teachers)
// @Description In the order in which they were asked, all at once (the newest 200). As JSON, or with format=csv as a table in UTF-8 with a byte order mark, one line per answer, with headings in the language of who asks. Of an anonymous poll nobody has the votes.
// @Tags     meetings
// @Security Bearer
// @Produce  json,text/csv
// @Param    id     path  string true  "meeting"
// @Param    format query string false "json (default) or csv" Enums(json, csv)
// @Param    tz     query string false "the time zone of the table, such as Asia/Taipei; default UTC"
// @Success  200 {object} wire.List[wire.AskedPoll]
// @Failure  401,403,404,422 {object} wire.Problem
// @Router   /meetings/{id}/polls [get]
func (h *polls) list(c *gin.Context) {
	answerTable(c, h.users, "polls", h.svc.History, services.PollRecords)
}
