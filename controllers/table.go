package controllers

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"time"
	_ "time/tzdata" // the names of time zones, also where the system has none

	"github.com/gin-gonic/gin"

	"lectern/services"
)

// answerTable answers with what a meeting has left, as JSON or, as a request may ask, as a file for a spreadsheet: the name and the meeting's id.
func answerTable[T any](c *gin.Context, users *services.Users, name string,
	find func(ctx context.Context, who services.Actor, meetingID string) (T, error), records func(found T, locale string, zone *time.Location) [][]string) {
	id, ok := pathID(c, "id", "meeting")
	if !ok {
		return
	}
	table, zone, ok := tableAsked(c)
	if !ok {
		return
	}
	found, err := find(c.Request.Context(), actor(c), id)
	if err != nil || !table {
		reply(c, http.StatusOK, found, err)
		return
	}
	sendTable(c, users, name+"-"+id, func(locale string) [][]string { return records(found, locale, zone) })
}

// tableAsked tells whether a request wants a table for a spreadsheet instead of JSON (format=csv), and in which time zone (tz).
func tableAsked(c *gin.Context) (table bool, zone *time.Location, ok bool) {
	format := c.DefaultQuery("format", "json")
	if format != "json" && format != "csv" {
		fail(c, services.Invalid("format", "It must be json or csv."))
		return false, nil, false
	}
	name := c.Query("tz")
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		fail(c, services.Invalid("tz", "There is no such time zone."))
		return false, nil, false
	}
	return format == "csv", zone, true
}

// sendTable answers with records in the language of who asks, as a file to save.
func sendTable(c *gin.Context, users *services.Users, name string, records func(locale string) [][]string) {
	me, err := users.Me(c.Request.Context(), actor(c))
	if err != nil {
		fail(c, err)
		return
	}
	var table bytes.Buffer
	table.WriteString("\ufeff") // or a spreadsheet takes Chinese names for Latin-1
	if err := csv.NewWriter(&table).WriteAll(records(me.Locale)); err != nil {
		fail(c, err)
		return
	}
	c.Header("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	c.Data(http.StatusOK, "text/csv; charset=utf-8", table.Bytes())
}
