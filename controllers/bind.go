package controllers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"lectern/models"
	"lectern/services"
)

// maxBody is the most bytes that a JSON body may have.
const maxBody = 1 << 20

// bodyTime is how long a JSON body may take to arrive, so that nobody holds a connection by sending slowly.
var bodyTime = 30 * time.Second

// bind reads the JSON body. When it cannot, it has answered and returns false: 400 for what is not JSON or not of that
// shape, 413 for more than maxBody.
func bind(c *gin.Context, body any) bool {
	raw, err := readBody(c)
	if err == nil {
		err = decode(raw, body)
	}
	if err != nil {
		fail(c, err)
	}
	return err == nil
}

// bindOptional is bind for a body of which every field is optional: no body at all is then as good as {}.
func bindOptional(c *gin.Context, body any) bool {
	raw, err := readBody(c)
	if err == nil && len(bytes.TrimSpace(raw)) > 0 {
		err = decode(raw, body)
	}
	if err != nil {
		fail(c, err)
	}
	return err == nil
}

func readBody(c *gin.Context) ([]byte, error) {
	connection := http.NewResponseController(c.Writer)
	_ = connection.SetReadDeadline(time.Now().Add(bodyTime)) // a recorder in a test has none
	raw, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	if err == nil { // otherwise the server need not wait for the rest either
		_ = connection.SetReadDeadline(time.Time{})
		return raw, nil
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &services.Error{Kind: services.KindTooLarge, Message: "The request is larger than 1 MiB."}
	}
	return nil, malformed("The request's body could not be read to its end.")
}

// decode reads one JSON object; socket commands use it too.
func decode(raw []byte, body any) error {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		return malformed("A JSON object is expected.")
	}
	err := json.Unmarshal(raw, body)
	var shape *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &shape) && shape.Field != "":
		return &services.Error{Kind: services.KindMalformed, Message: fmt.Sprintf("The field %q has the wrong type.", shape.Field),
			Fields: map[string]string{shape.Field: "This is a " + shape.Value + " and should be something else."}, Cause: err}
	default:
		return &services.Error{Kind: services.KindMalformed, Message: "This is not the JSON that is expected here: " + err.Error(), Cause: err}
	}
}

// Limits of a page.
const (
	defaultLimit = 50
	maxLimit     = 100
)

// page reads limit, before and after. When they are bad, it has answered and returns false.
func page(c *gin.Context) (models.Page, bool) {
	fields := map[string]string{}
	p := models.Page{Limit: limit(c, fields), Before: c.Query("before"), After: c.Query("after")}
	for name, cursor := range map[string]*string{"before": &p.Before, "after": &p.After} {
		id, ok := models.ParseID(*cursor)
		if *cursor != "" && !ok {
			fields[name] = "This is not a cursor that a list gave out."
		}
		*cursor = id
	}
	if p.Before != "" && p.After != "" {
		fields["after"] = "Only one of before and after can be given."
	}
	if len(fields) > 0 {
		fail(c, &services.Error{Kind: services.KindInvalid, Message: "Some fields need attention.", Fields: fields})
		return p, false
	}
	return p, true
}

// limit reads how many rows a page may have; fields gets the sentence for a bad one.
func limit(c *gin.Context, fields map[string]string) int {
	text, given := c.GetQuery("limit")
	if !given {
		return defaultLimit
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxLimit {
		fields["limit"] = fmt.Sprintf("A number from 1 to %d is expected.", maxLimit)
	}
	return n
}

// around reads which entry a page is to be around, "" if it is an ordinary one. When it is bad, it has answered and returns false.
func around(c *gin.Context, p models.Page, noun string) (string, bool) {
	text := c.Query("around")
	id, ok := models.ParseID(text)
	if text != "" && (!ok || p.Before != "" || p.After != "") {
		fail(c, services.Invalid("around", "The id of a "+noun+" is expected, and neither before nor after."))
		return "", false
	}
	return id, true
}

// pathID reads an id from the path. One that is no UUID cannot exist: it has answered 404 and returns false.
func pathID(c *gin.Context, param, noun string) (string, bool) {
	id, ok := models.ParseID(c.Param(param))
	if !ok {
		fail(c, services.NotFound(noun))
	}
	return id, ok
}
