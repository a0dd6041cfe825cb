package controllers

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"lectern/services"
)

type files struct {
	svc     *services.Files
	session gin.HandlerFunc // for content, which also has another way in
}

// @Summary  Upload a file
// @Description Up to the installation's limit. The type is found in the bytes, whatever the client says.
// @Tags     files
// @Security Bearer
// @Accept   multipart/form-data
// @Param    file formData file true "the file"
// @Success  201 {object} wire.File
// @Failure  400,401,413,422,429 {object} wire.Problem
// @Router   /files [post]
func (h *files) upload(c *gin.Context) {
	part, err := filePart(c, h.svc.MaxBytes())
	if err != nil {
		fail(c, err)
		return
	}
	file, err := h.svc.Upload(c.Request.Context(), actor(c), part.FileName(), part)
	reply(c, http.StatusCreated, file, err)
}

// filePart finds the part named "file" of a multipart body, ready to stream. The service counts its bytes; here only what
// is far too much is refused.
func filePart(c *gin.Context, maxBytes int64) (*multipart.Part, error) {
	most := maxBytes + maxBody // the file, and some for what surrounds it
	tooLarge := &services.Error{Kind: services.KindTooLarge, Message: fmt.Sprintf("The file is larger than the %d bytes allowed here.", maxBytes)}
	if c.Request.ContentLength > most {
		return nil, tooLarge
	}
	patient := &patientBody{c.Request.Body, http.NewResponseController(c.Writer)}
	c.Request.Body = http.MaxBytesReader(c.Writer, patient, most)
	body, err := c.Request.MultipartReader()
	if err != nil {
		return nil, malformed("A multipart/form-data body is expected.")
	}
	for {
		part, err := body.NextPart()
		var overflow *http.MaxBytesError
		switch {
		case err == io.EOF: // a wrapped one is a body cut off
			return nil, services.Invalid("file", "A file is expected in this part.")
		case errors.As(err, &overflow):
			return nil, tooLarge
		case err != nil:
			return nil, malformed("The multipart body could not be read to its end.")
		case part.FormName() == "file" && part.FileName() != "":
			return part, nil
		}
	}
}

// stallTime is how long an upload may bring no bytes before it is given up.
var stallTime = time.Minute

// patientBody takes as long as bytes arrive.
type patientBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

func (b *patientBody) Read(p []byte) (int, error) {
	_ = b.connection.SetReadDeadline(time.Now().Add(stallTime)) // a recorder in a test has none
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.connection.SetReadDeadline(time.Time{}) // the answer may take longer
	}
	return n, err
}

// @Summary  Describe a file
// @Tags     files
// @Security Bearer
// @Param    id path string true "file id"
// @Success  200 {object} wire.File
// @Failure  401,404 {object} wire.Problem
// @Router   /files/{id} [get]
func (h *files) get(c *gin.Context) {
	id, ok := pathID(c, "id", "file")
	if !ok {
		return
	}
	file, err := h.svc.Get(c.Request.Context(), actor(c), id)
	reply(c, http.StatusOK, file, err)
}

// @Summary  Delete one's own file
// @Description Not while a post or comment shows it.
// @Tags     files
// @Security Bearer
// @Param    id path string true "file id"
// @Success  204
// @Failure  401,403,404,409,429 {object} wire.Problem
// @Router   /files/{id} [delete]
func (h *files) delete(c *gin.Context) {
	id, ok := pathID(c, "id", "file")
	if !ok {
		return
	}
	replyEmpty(c, h.svc.Delete(c.Request.Context(), actor(c), id))
}

// @Summary  The bytes of a file
// @Description With a session, or with the signed URL that a file carries. Honours Range and If-None-Match.
// @Tags     files
// @Security Bearer
// @Produce  application/octet-stream
// @Param    id       path   string true  "file id"
// @Param    exp      query  int    false "of a signed URL"
// @Param    sig      query  string false "of a signed URL"
// @Param    download query  int    false "1: to be saved, not shown"
// @Param    Range    header string false "bytes=0-99"
// @Success  200 {file} binary
// @Success  206 {file} binary
// @Success  304
// @Failure  401,403,404,416 {object} wire.Problem
// @Router   /files/{id}/content [get]
func (h *files) content(c *gin.Context) {
	id, ok := pathID(c, "id", "file")
	if !ok {
		return
	}
	content, err := h.open(c, id)
	if c.IsAborted() { // without a session
		return
	}
	if err != nil {
		fail(c, err)
		return
	}
	defer content.Close()
	sendContent(c, content)
}

// @Summary  Small picture of a file
// @Description Of PNG, JPEG, GIF and WebP pictures, at most 720 pixels wide or high, upright and without what else the file says. Needs a token, or the exp and sig of the file's thumb_url.
// @Tags     files
// @Produce  image/jpeg,image/png
// @Param    id  path  string true  "file id"
// @Param    exp query string false "of a signed URL"
// @Param    sig query string false "of a signed URL"
// @Success  200 {file} binary
// @Success  304
// @Failure  401,403,404 {object} wire.Problem
// @Router   /files/{id}/thumb [get]
func (h *files) thumb(c *gin.Context) {
	id, ok := pathID(c, "id", "file")
	if !ok {
		return
	}
	content, err := h.open(c, id)
	if c.IsAborted() { // without a session
		return
	}
	if err == nil {
		content, err = h.svc.Thumb(c.Request.Context(), content)
	}
	if err != nil {
		fail(c, err)
		return
	}
	defer content.Close()
	sendContent(c, content)
}

// sendContent answers with a file's bytes in a way that lets none of them act in the app's name.
func sendContent(c *gin.Context, content services.Content) {
	kind, disposition := presentation(content.ContentType)
	if c.Query("download") == "1" {
		disposition = "attachment"
	}
	header := c.Writer.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": content.Name}))
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cache-Control", "private, max-age=3600")
	header.Set("ETag", `"`+content.SHA256+`"`)
	out := &rangeWriter{ResponseWriter: c.Writer}
	http.ServeContent(out, c.Request, "", content.CreatedAt, content)
	if out.refused {
		header.Del("Content-Disposition")
		fail(c, errBadRange)
	}
}

// rangeWriter holds back the plain text with which ServeContent refuses a range, for a problem to take its place.
type rangeWriter struct {
	http.ResponseWriter
	refused bool
}

func (w *rangeWriter) WriteHeader(status int) {
	if w.refused = status == http.StatusRequestedRangeNotSatisfiable; !w.refused {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *rangeWriter) Write(p []byte) (int, error) {
	if w.refused {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

func (h *files) open(c *gin.Context, id string) (services.Content, error) {
	if sig := c.Query("sig"); sig != "" && bearer(c) == "" {
		return h.svc.OpenSigned(c.Request.Context(), id, c.Query("exp"), sig)
	}
	if h.session(c); c.IsAborted() {
		return services.Content{}, nil
	}
	return h.svc.Open(c.Request.Context(), actor(c), id)
}

// inline are the types that a browser may show in place: none of them can run a script.
var inline = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true,
	"video/mp4": true, "video/webm": true, "video/ogg": true,
	"audio/ogg": true, "audio/webm": true, "audio/mpeg": true, "audio/mp4": true, "audio/x-m4a": true, "audio/wav": true,
	"text/plain": true,
}

// presentation decides what a file may be for a browser: shown, played or read as what it is, or only saved.
func presentation(contentType string) (kind, disposition string) {
	base, _, _ := strings.Cut(contentType, ";")
	switch {
	case inline[base]:
		return contentType, "inline"
	case base == "application/pdf" || strings.HasPrefix(base, "video/") || strings.HasPrefix(base, "audio/"):
		return contentType, "attachment"
	default:
		return "application/octet-stream", "attachment"
	}
}
