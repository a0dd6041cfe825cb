package controllers_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
)

// form is a multipart body with one file, whose declared type is a lie.
func form(t *testing.T, field, name, content string) (body []byte, header http.Header) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename="%s"`, field, name)},
		"Content-Type":        {"image/png"},
	})
	require.NoError(t, err)
	_, err = io.WriteString(part, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes(), http.Header{"Content-Type": {w.FormDataContentType()}}
}

func upload(t *testing.T, by *testenv.Client, name, content string) wire.File {
	t.Helper()
	body, header := form(t, "file", name, content)
	var file wire.File
	by.Send(t, "POST", "/api/v1/files", body, header).Want(t, 201).Decode(t, &file)
	return file
}

func contentPath(file wire.File) string { return "/api/v1/files/" + file.ID + "/content" }

// stored counts the files that uploads have left in the data directory.
func stored(t *testing.T, env *testenv.Env) int {
	t.Helper()
	n := 0
	for _, folder := range []string{"files", "incoming"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(env.Config.DataDir, folder), func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				n++
			}
			return err
		}))
	}
	return n
}

func TestAFileTravels(t *testing.T) {
	r := newRoom(t)
	file := upload(t, r.teacher, "第一課 講義.txt", "0123456789")
	require.Equal(t, "第一課 講義.txt", file.Name)
	require.Equal(t, "text/plain; charset=utf-8", file.ContentType)
	r.student.Do(t, "GET", contentPath(file), nil).Want(t, 404)
	post := r.post(t, r.teacher, wire.CreateEntryRequest{FileIDs: []string{file.ID}})
	require.Equal(t, []wire.File{file}, post.Files)

	for _, by := range []func(header http.Header) *testenv.Response{
		func(h http.Header) *testenv.Response { return r.student.Send(t, "GET", contentPath(file), nil, h) },
		func(h http.Header) *testenv.Response { return r.env.Anonymous().Send(t, "GET", file.URL, nil, h) },
	} {
		whole := by(nil).Want(t, 200)
		require.Equal(t, "0123456789", string(whole.Body))
		require.Equal(t, "text/plain; charset=utf-8", whole.Header.Get("Content-Type"))
		require.Equal(t, "nosniff", whole.Header.Get("X-Content-Type-Options"))
		require.Equal(t, "sandbox; default-src 'none'", whole.Header.Get("Content-Security-Policy"))
		require.Contains(t, whole.Header.Get("Cache-Control"), "private")
		require.Equal(t, "bytes", whole.Header.Get("Accept-Ranges"))
		kind, params, err := mime.ParseMediaType(whole.Header.Get("Content-Disposition"))
		require.NoError(t, err)
		require.Equal(t, "inline", kind)
		require.Equal(t, "第一課 講義.txt", params["filename"])

		part := by(http.Header{"Range": {"bytes=2-4"}}).Want(t, 206)
		require.Equal(t, "234", string(part.Body))
		require.Equal(t, "bytes 2-4/10", part.Header.Get("Content-Range"))
		require.Equal(t, "89", string(by(http.Header{"Range": {"bytes=-2"}}).Want(t, 206).Body))
		beyond := by(http.Header{"Range": {"bytes=10-"}}).Want(t, 416)
		require.Equal(t, "bytes */10", beyond.Header.Get("Content-Range"))
		require.Equal(t, "range_not_satisfiable", beyond.Problem(t).Code)
		by(http.Header{"If-None-Match": {whole.Header.Get("ETag")}}).Want(t, 304)
	}
	download := r.env.Anonymous().Do(t, "GET", file.URL+"&download=1", nil).Want(t, 200)
	require.True(t, strings.HasPrefix(download.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''%E7%AC%AC"))

	r.student.Do(t, "DELETE", "/api/v1/files/"+file.ID, nil).Want(t, 403)
	r.teacher.Do(t, "DELETE", "/api/v1/files/"+file.ID, nil).Want(t, 409)
	r.teacher.Do(t, "DELETE", "/api/v1/posts/"+post.ID, nil).Want(t, 204)
	r.student.Do(t, "GET", contentPath(file), nil).Want(t, 404)
	r.teacher.Do(t, "DELETE", "/api/v1/files/"+file.ID, nil).Want(t, 204)
	r.env.Anonymous().Do(t, "GET", file.URL, nil).Want(t, 404)
	require.Zero(t, stored(t, r.env))
}

func TestActiveContentIsOnlySaved(t *testing.T) {
	r := newRoom(t)
	for name, content := range map[string]string{
		"page.png": "<!DOCTYPE html><script>alert(document.cookie)</script>",
		"pic.svg":  `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"doc.xml":  `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`,
		"doc.pdf":  "%PDF-1.7\n",
	} {
		file := upload(t, r.student, name, content)
		for _, res := range []*testenv.Response{r.student.Do(t, "GET", contentPath(file), nil), r.env.Anonymous().Do(t, "GET", file.URL, nil)} {
			require.True(t, strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment"), name)
			require.Contains(t, []string{"application/octet-stream", "application/pdf"}, res.Header.Get("Content-Type"), name)
			require.Equal(t, "nosniff", res.Header.Get("X-Content-Type-Options"))
			require.Contains(t, res.Header.Get("Content-Security-Policy"), "sandbox")
		}
	}
}

func TestSignaturesCannotBeForged(t *testing.T) {
	r := newRoom(t)
	file, other := upload(t, r.student, "a.txt", "a"), upload(t, r.student, "b.txt", "b")
	u, err := url.Parse(file.URL)
	require.NoError(t, err)
	nobody := r.env.Anonymous()
	for name, path := range map[string]string{
		"another file":    strings.Replace(file.URL, file.ID, other.ID, 1),
		"a later end":     strings.Replace(file.URL, "exp=", "exp=9", 1),
		"an earlier end":  contentPath(file) + "?exp=1&sig=" + u.Query().Get("sig"),
		"no end":          contentPath(file) + "?sig=" + u.Query().Get("sig"),
		"another letter":  file.URL[:len(file.URL)-2] + "__",
		"an unknown file": strings.Replace(file.URL, file.ID, models.NewID(), 1),
	} {
		require.Equal(t, "forbidden", nobody.Do(t, "GET", path, nil).Want(t, 403).Problem(t).Code, name)
	}
	nobody.Do(t, "GET", contentPath(file), nil).Want(t, 401)
	r.student.Do(t, "GET", file.URL+"x", nil).Want(t, 200) // a session needs no signature
}

func TestUploadsRefused(t *testing.T) {
	const limit = 100_000
	r := newRoom(t, func(c *config.Config) { c.UploadMaxBytes = limit })
	send := func(body any, header http.Header) *testenv.Response {
		return r.student.Send(t, "POST", "/api/v1/files", body, header)
	}
	body, header := form(t, "file", "big.bin", strings.Repeat("x", limit+1))
	require.Equal(t, "too_large", send(body, header).Want(t, 413).Problem(t).Code)
	body, header = form(t, "file", "huge.bin", strings.Repeat("x", limit+2<<20))
	require.Equal(t, "too_large", send(body, header).Want(t, 413).Problem(t).Code)
	require.Equal(t, "too_large", send(io.MultiReader(bytes.NewReader(body)), header).Want(t, 413).Problem(t).Code, "of unknown length")
	body, header = form(t, "other", "a.txt", "x")
	require.Contains(t, send(body, header).Want(t, 422).Problem(t).Errors, "file")
	body, header = form(t, "file", "a.txt", strings.Repeat("x", 1000))
	send(body[:len(body)/2], header).Want(t, 400).Problem(t)
	send(body[:10], header).Want(t, 400).Problem(t)
	send("hello", http.Header{"Content-Type": {"text/plain"}}).Want(t, 400).Problem(t)
	send(`{}`, nil).Want(t, 400).Problem(t)
	r.env.Anonymous().Send(t, "POST", "/api/v1/files", body, header).Want(t, 401)
	require.Zero(t, stored(t, r.env))
	upload(t, r.student, "just-right.bin", strings.Repeat("x", limit))
}

func TestAnUploadWhoseClientVanishesLeavesNothing(t *testing.T) {
	r := newRoom(t)
	body, header := form(t, "file", "a.txt", strings.Repeat("x", 1<<20))
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.env.URL, "http://"))
	require.NoError(t, err)
	_, err = fmt.Fprintf(conn, "POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		r.student.Token, header.Get("Content-Type"), len(body), body[:len(body)/2])
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	answer, err := io.ReadAll(conn) // the server has noticed when it has answered
	require.NoError(t, err)
	require.Contains(t, string(answer), "400 Bad Request")
	require.NoError(t, conn.Close())
	require.Zero(t, stored(t, r.env))
}

func TestAFileOfARunningVideoStays(t *testing.T) {
	c := newLesson(t)
	meeting, teacher := c.start(t), c.connect(t, c.owner)
	film := upload(t, c.owner, "film.mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	command := wire.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID(), Op: "load", Item: &wire.PlaybackItem{Kind: "file", FileID: film.ID}}
	teacher.Call(t, "playback.command", command, nil)
	require.Contains(t, c.owner.Do(t, "DELETE", "/api/v1/files/"+film.ID, nil).Want(t, 409).Problem(t).Detail, "running video")
	teacher.Call(t, "playback.command", wire.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID(), Op: "stop"}, nil)
	edit := wire.PlaybackEdit{ChannelID: c.channel.ID, ID: models.NewID(), Op: "add", Item: command.Item}
	teacher.Call(t, "playback.edit", edit, nil)
	require.Contains(t, c.owner.Do(t, "DELETE", "/api/v1/files/"+film.ID, nil).Want(t, 409).Problem(t).Detail, "playlist")
	teacher.Call(t, "playback.edit", wire.PlaybackEdit{ChannelID: c.channel.ID, ID: models.NewID(), BaseV: 1, Op: "clear"}, nil)
	c.owner.Do(t, "DELETE", "/api/v1/files/"+film.ID, nil).Want(t, 204)
}

func TestUploadsOverTheQuota(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.UploadQuotaBytes = 10 })
	ada := env.Register(t, "Ada")
	upload(t, ada, "a.txt", "12345678")
	body, header := form(t, "file", "b.txt", "123")
	problem := ada.Send(t, "POST", "/api/v1/files", body, header).Want(t, 413).Problem(t)
	require.Contains(t, problem.Detail, "10 bytes in all, of which 2 are left")
	require.Equal(t, 1, stored(t, env))
}
