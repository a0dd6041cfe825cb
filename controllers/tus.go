package controllers

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"lectern/services"
)

// tus is the protocol of that name, version 1.0.0 (https://tus.io), with the extensions creation, creation-with-upload,
// checksum, expiration and termination. Its errors are problems like everywhere else.
type tus struct {
	svc   *services.Uploads
	files *services.Files
}

const (
	tusVersion   = "1.0.0"
	tusMediaType = "application/offset+octet-stream"
)

// speak says the version in every answer, and refuses another one.
func (h *tus) speak(c *gin.Context) {
	c.Header("Tus-Resumable", tusVersion)
	if c.Request.Method != http.MethodOptions && c.GetHeader("Tus-Resumable") != tusVersion {
		c.Header("Tus-Version", tusVersion)
		fail(c, errTusVersion)
	}
}

// @Summary  What uploads in parts can do (tus)
// @Tags     files
// @Success  204
// @Router   /uploads [options]
func (h *tus) options(c *gin.Context) {
	c.Header("Tus-Version", tusVersion)
	c.Header("Tus-Extension", "creation,creation-with-upload,checksum,expiration,termination")
	c.Header("Tus-Max-Size", strconv.FormatInt(h.files.MaxBytes(), 10))
	c.Header("Tus-Checksum-Algorithm", services.ChecksumAlgorithms)
	c.Status(http.StatusNoContent)
}

// @Summary  Begin an upload in parts (tus)
// @Description The answer's Location takes the parts. The header Upload-Metadata has, in Base64 each, filename, and of a voice note voice (true) and duration (seconds, counts when the sound itself tells none). The body may be the first part.
// @Tags     files
// @Security Bearer
// @Param    Tus-Resumable   header string true  "1.0.0"
// @Param    Upload-Length   header int    true  "bytes in all"
// @Param    Upload-Metadata header string false "filename 5LiK5rW3LnBuZw==,voice dHJ1ZQ=="
// @Success  201
// @Failure  400,401,409,412,413,429 {object} wire.Problem
// @Router   /uploads [post]
func (h *tus) create(c *gin.Context) {
	req, err := newUpload(c.Request.Header)
	if err != nil {
		fail(c, err)
		return
	}
	up, err := h.svc.Create(c.Request.Context(), actor(c), req)
	if err != nil {
		fail(c, err)
		return
	}
	c.Header("Location", "/api/v1/uploads/"+up.ID)
	if c.ContentType() == tusMediaType && up.Size > 0 {
		if up, err = h.append(c, up.ID, 0); err != nil {
			fail(c, err)
			return
		}
	}
	h.reply(c, http.StatusCreated, up)
}

// newUpload reads the headers of a creation.
func newUpload(header http.Header) (services.NewUpload, error) {
	size, err := strconv.ParseInt(header.Get("Upload-Length"), 10, 64)
	if err != nil || size < 0 {
		return services.NewUpload{}, malformed("The header Upload-Length must say how many bytes there are.")
	}
	fields, err := metadata(header.Get("Upload-Metadata"))
	if err != nil {
		return services.NewUpload{}, err
	}
	req := services.NewUpload{Name: fields["filename"], Size: size, Voice: fields["voice"] == "true"}
	if text, claimed := fields["duration"]; claimed {
		if req.Duration, err = strconv.ParseFloat(text, 64); err != nil {
			return req, malformed("The duration in Upload-Metadata is no number of seconds.")
		}
	}
	return req, nil
}

// Limits of Upload-Metadata: in bytes, and in keys.
const (
	maxMetadata     = 4 << 10
	maxMetadataKeys = 20
)

// metadata reads "key base64,key base64,key".
func metadata(text string) (map[string]string, error) {
	fields := map[string]string{}
	if len(text) > maxMetadata {
		return nil, malformed(fmt.Sprintf("The header Upload-Metadata has more than %d bytes.", maxMetadata))
	}
	if strings.TrimSpace(text) == "" {
		return fields, nil
	}
	for pair := range strings.SplitSeq(text, ",") {
		key, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if _, twice := fields[key]; err != nil || key == "" || twice || len(fields) == maxMetadataKeys {
			return nil, malformed("The header Upload-Metadata has pairs of a key and Base64, separated by commas, each key once.")
		}
		fields[key] = string(value)
	}
	return fields, nil
}

// @Summary  How far an upload has come (tus)
// @Description In the header Upload-Offset. Of a finished one Upload-File-Id names the file.
// @Tags     files
// @Security Bearer
// @Param    id            path   string true "upload id"
// @Param    Tus-Resumable header string true "1.0.0"
// @Success  200
// @Failure  401,404,412,423 {object} wire.Problem
// @Router   /uploads/{id} [head]
func (h *tus) head(c *gin.Context) {
	id, ok := pathID(c, "id", "upload")
	if !ok {
		return
	}
	up, err := h.svc.Get(c.Request.Context(), actor(c), id)
	if err != nil {
		fail(c, err)
		return
	}
	c.Header("Upload-Length", strconv.FormatInt(up.Size, 10))
	h.reply(c, http.StatusOK, up)
}

// @Summary  Send a part of an upload (tus)
// @Description With the last one the upload becomes a file, which the header Upload-File-Id names. What came of a part that broke off is kept, unless it has a checksum.
// @Tags     files
// @Security Bearer
// @Accept   application/offset+octet-stream
// @Param    id              path   string true  "upload id"
// @Param    Tus-Resumable   header string true  "1.0.0"
// @Param    Upload-Offset   header int    true  "where the part begins: what the upload has so far"
// @Param    Upload-Checksum header string false "sha256, sha1 or md5, and Base64"
// @Success  204
// @Failure  400,401,404,409,412,413,415,422,423,429,460,507 {object} wire.Problem
// @Router   /uploads/{id} [patch]
func (h *tus) patch(c *gin.Context) {
	id, ok := pathID(c, "id", "upload")
	if !ok {
		return
	}
	if c.ContentType() != tusMediaType {
		fail(c, errMediaType)
		return
	}
	offset, err := strconv.ParseInt(c.GetHeader("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		fail(c, malformed("The header Upload-Offset must say where this part begins."))
		return
	}
	up, err := h.append(c, id, offset)
	if err != nil {
		fail(c, err)
		return
	}
	h.reply(c, http.StatusNoContent, up)
}

func (h *tus) append(c *gin.Context, id string, offset int64) (*services.Upload, error) {
	part := services.Part{Offset: offset}
	if text := c.GetHeader("Upload-Checksum"); text != "" {
		sum, ok := services.ParseChecksum(text)
		if !ok {
			return nil, malformed("The header Upload-Checksum must have one of " + services.ChecksumAlgorithms + " and the sum in Base64.")
		}
		part.Sum = sum
	}
	body := &stoppableBody{patientBody: patientBody{c.Request.Body, http.NewResponseController(c.Writer)}}
	part.Body, part.Stop = body, body.stop
	up, err := h.svc.Append(c.Request.Context(), actor(c), id, part)
	if body.stopped.Load() { // net/http may have given the connection up, and with it every request that would follow on it
		c.Header("Connection", "close")
	}
	return up, err
}

// @Summary  Give an upload up (tus)
// @Tags     files
// @Security Bearer
// @Param    id            path   string true "upload id"
// @Param    Tus-Resumable header string true "1.0.0"
// @Success  204
// @Failure  401,404,412,423 {object} wire.Problem
// @Router   /uploads/{id} [delete]
func (h *tus) delete(c *gin.Context) {
	if id, ok := pathID(c, "id", "upload"); ok {
		replyEmpty(c, h.svc.Delete(c.Request.Context(), actor(c), id))
	}
}

func (h *tus) reply(c *gin.Context, status int, up *services.Upload) {
	c.Header("Upload-Offset", strconv.FormatInt(up.Received, 10))
	c.Header("Upload-Expires", up.ExpiresAt.UTC().Format(http.TimeFormat))
	if up.FileID != "" {
		c.Header("Upload-File-Id", up.FileID)
	}
	c.Status(status)
}

// stoppableBody is a patientBody that another goroutine can end.
type stoppableBody struct {
	patientBody
	stopped atomic.Bool
}

func (b *stoppableBody) stop() {
	b.stopped.Store(true)
	_ = b.connection.SetReadDeadline(time.Now())
}

func (b *stoppableBody) Read(p []byte) (int, error) {
	_ = b.connection.SetReadDeadline(time.Now().Add(stallTime))
	if b.stopped.Load() { // in this moment: the deadline above must not outlive it
		_ = b.connection.SetReadDeadline(time.Now())
	}
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}
