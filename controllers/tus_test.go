package controllers_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
)

// tusHeader is what every request of the protocol has, and more by pairs.
func tusHeader(pairs ...string) http.Header {
	header := http.Header{"Tus-Resumable": {"1.0.0"}, "Content-Type": {"application/offset+octet-stream"}}
	for i := 0; i < len(pairs); i += 2 {
		header.Set(pairs[i], pairs[i+1])
	}
	return header
}

func tusMetadata(name string, more ...string) string {
	return strings.Join(append([]string{"filename " + base64.StdEncoding.EncodeToString([]byte(name))}, more...), ",")
}

func begin(t *testing.T, by *testenv.Client, size int, metadata string) string {
	t.Helper()
	header := tusHeader("Upload-Length", strconv.Itoa(size), "Upload-Metadata", metadata)
	header.Del("Content-Type")
	res := by.Send(t, "POST", "/api/v1/uploads", nil, header).Want(t, 201)
	require.Equal(t, "1.0.0", res.Header.Get("Tus-Resumable"))
	require.NotEmpty(t, res.Header.Get("Upload-Expires"))
	return res.Header.Get("Location")
}

func TestAnUploadInParts(t *testing.T) {
	env := testenv.Start(t)
	ann, bob := env.Register(t, "Ann"), env.Register(t, "Bob")
	at := begin(t, ann, 11, tusMetadata("上海.txt"))

	res := ann.Send(t, "PATCH", at, "hello ", tusHeader("Upload-Offset", "0")).Want(t, 204)
	require.Equal(t, "6", res.Header.Get("Upload-Offset"))
	require.Empty(t, res.Header.Get("Upload-File-Id"))
	res = ann.Send(t, "HEAD", at, nil, tusHeader()).Want(t, 200)
	require.Equal(t, []string{"6", "11"}, []string{res.Header.Get("Upload-Offset"), res.Header.Get("Upload-Length")})
	require.Equal(t, "no-store", res.Header.Get("Cache-Control"))

	require.Equal(t, "conflict", ann.Send(t, "PATCH", at, "again", tusHeader("Upload-Offset", "0")).Want(t, 409).Problem(t).Code)
	require.Equal(t, "too_large", ann.Send(t, "PATCH", at, "too much", tusHeader("Upload-Offset", "6")).Want(t, 413).Problem(t).Code)
	bob.Send(t, "HEAD", at, nil, tusHeader()).Want(t, 404)
	bob.Send(t, "PATCH", at, "world", tusHeader("Upload-Offset", "6")).Want(t, 404)
	bob.Send(t, "DELETE", at, nil, tusHeader()).Want(t, 404)

	res = ann.Send(t, "PATCH", at, "world", tusHeader("Upload-Offset", "6")).Want(t, 204)
	id := res.Header.Get("Upload-File-Id")
	require.Equal(t, id, ann.Send(t, "HEAD", at, nil, tusHeader()).Want(t, 200).Header.Get("Upload-File-Id"))
	require.Equal(t, id, ann.Send(t, "PATCH", at, "", tusHeader("Upload-Offset", "11")).Want(t, 204).Header.Get("Upload-File-Id"), "an answer that got lost is given again")
	var file wire.File
	ann.Do(t, "GET", "/api/v1/files/"+id, nil).Want(t, 200).Decode(t, &file)
	require.Equal(t, []any{"上海.txt", int64(11), "text/plain; charset=utf-8", fmt.Sprintf("%x", sha256.Sum256([]byte("hello world")))},
		[]any{file.Name, file.Size, file.ContentType, file.SHA256})
	require.Equal(t, "hello world", string(ann.Do(t, "GET", file.URL, nil).Want(t, 200).Body))
}

func TestUploadsAreRefusedClearly(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.UploadMaxBytes, c.UploadQuotaBytes = 100, 250 })
	ann := env.Register(t, "Ann")
	create := func(pairs ...string) *testenv.Response {
		return ann.Send(t, "POST", "/api/v1/uploads", nil, tusHeader(pairs...))
	}
	options := env.Anonymous().Do(t, "OPTIONS", "/api/v1/uploads", nil).Want(t, 204).Header
	require.Equal(t, []string{"1.0.0", "100"}, []string{options.Get("Tus-Version"), options.Get("Tus-Max-Size")})
	res := ann.Send(t, "POST", "/api/v1/uploads", nil, http.Header{"Upload-Length": {"1"}}).Want(t, 412)
	require.Equal(t, "tus_version", res.Problem(t).Code)
	require.Equal(t, "1.0.0", res.Header.Get("Tus-Version"))
	for _, length := range []string{"", "-1", "x", "99999999999999999999"} {
		create("Upload-Length", length).Want(t, 400).Problem(t)
	}
	for _, metadata := range []string{"filename", "filename ***", "a YQ==,a YQ==", "duration eA==", strings.Repeat("a", 5000)} {
		if metadata != "filename" { // a key without a value is one
			create("Upload-Length", "1", "Upload-Metadata", metadata).Want(t, 400).Problem(t)
		}
	}
	require.Equal(t, "too_large", create("Upload-Length", "101").Want(t, 413).Problem(t).Code)
	first, _ := begin(t, ann, 100, ""), begin(t, ann, 100, "")
	require.Equal(t, "too_large", create("Upload-Length", "100").Want(t, 413).Problem(t).Code, "what is under way counts")
	ann.Send(t, "DELETE", first, nil, tusHeader()).Want(t, 204)
	ann.Send(t, "HEAD", first, nil, tusHeader()).Want(t, 404)
	begin(t, ann, 100, "")

	at := begin(t, ann, 5, "")
	header := tusHeader("Upload-Offset", "0")
	header.Set("Content-Type", "text/plain")
	require.Equal(t, "unsupported_media_type", ann.Send(t, "PATCH", at, "hello", header).Want(t, 415).Problem(t).Code)
	ann.Send(t, "PATCH", at, "hello", tusHeader()).Want(t, 400).Problem(t)
	ann.Send(t, "PATCH", at, "hello", tusHeader("Upload-Offset", "0", "Upload-Checksum", "crc32 AAAA")).Want(t, 400).Problem(t)
	wrong := sha256.Sum256([]byte("other"))
	sum := "sha256 " + base64.StdEncoding.EncodeToString(wrong[:])
	require.Equal(t, "checksum_mismatch", ann.Send(t, "PATCH", at, "hello", tusHeader("Upload-Offset", "0", "Upload-Checksum", sum)).Want(t, 460).Problem(t).Code)
	require.Equal(t, "0", ann.Send(t, "HEAD", at, nil, tusHeader()).Want(t, 200).Header.Get("Upload-Offset"))
	right := sha256.Sum256([]byte("hello"))
	sum = "sha256 " + base64.StdEncoding.EncodeToString(right[:])
	ann.Send(t, "PATCH", at, "hello", tusHeader("Upload-Offset", "0", "Upload-Checksum", sum)).Want(t, 204)

	at = begin(t, ann, 5, tusMetadata("note.webm", "voice dHJ1ZQ=="))
	problem := ann.Send(t, "PATCH", at, "hello", tusHeader("Upload-Offset", "0")).Want(t, 422).Problem(t)
	require.Contains(t, problem.Errors, "voice")
	ann.Send(t, "HEAD", at, nil, tusHeader()).Want(t, 404)
	for range 18 { // two are under way
		begin(t, ann, 1, "")
	}
	require.Equal(t, "conflict", create("Upload-Length", "1").Want(t, 409).Problem(t).Code, "at most 20 under way")
}

func TestALostConnectionLosesNothing(t *testing.T) {
	env := testenv.Start(t)
	ann := env.Register(t, "Ann")
	at := begin(t, ann, 10, "")
	lost, err := net.Dial("tcp", strings.TrimPrefix(env.URL, "http://"))
	require.NoError(t, err)
	defer lost.Close()
	_, err = fmt.Fprintf(lost, "PATCH %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"+
		"Content-Type: application/offset+octet-stream\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n", at, ann.Token)
	require.NoError(t, err)
	continued := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n")) // the server reads the body now
	_, err = io.ReadFull(lost, continued)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(continued, []byte("HTTP/1.1 100")))
	_, err = lost.Write([]byte("1234"))
	require.NoError(t, err)

	var offset string // the four bytes may still be on their way when the first question comes
	for offset != "4" {
		offset = ann.Send(t, "HEAD", at, nil, tusHeader()).Want(t, 200).Header.Get("Upload-Offset")
		require.Contains(t, []string{"0", "4"}, offset)
		if offset == "0" {
			ann.Send(t, "PATCH", at, "1234", tusHeader("Upload-Offset", "0")).Want(t, 204)
		}
	}
	res := ann.Send(t, "PATCH", at, "567890", tusHeader("Upload-Offset", "4")).Want(t, 204)
	require.Equal(t, "1234567890", string(ann.Do(t, "GET", "/api/v1/files/"+res.Header.Get("Upload-File-Id")+"/content", nil).Want(t, 200).Body))
}

// Requests that come in the place of one before stop it, never what its connection does next.
func TestPartsThatComeAtOnce(t *testing.T) {
	env := testenv.Start(t)
	ann := env.Register(t, "Ann")
	whole := strings.Repeat("lectern ", 1<<17)
	for range 20 {
		at := begin(t, ann, len(whole), "")
		var parts sync.WaitGroup
		for range 3 {
			parts.Go(func() {
				status := ann.Send(t, "PATCH", at, whole, tusHeader("Upload-Offset", "0")).Status
				assert.Contains(t, []int{204, 400, 409}, status) // done, stopped, too late
			})
		}
		parts.Wait()
		res := ann.Send(t, "HEAD", at, nil, tusHeader()).Want(t, 200)
		if id := res.Header.Get("Upload-File-Id"); id == "" {
			offset := res.Header.Get("Upload-Offset")
			n, err := strconv.Atoi(offset)
			require.NoError(t, err)
			res = ann.Send(t, "PATCH", at, whole[n:], tusHeader("Upload-Offset", offset)).Want(t, 204)
		}
		ann.Do(t, "GET", "/api/v1/files/"+res.Header.Get("Upload-File-Id"), nil).Want(t, 200)
	}
}
