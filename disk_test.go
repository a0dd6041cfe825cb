package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/diskspace"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
)

// serveOnASmallDisk starts a server whose data folder lies on a file system of its own, which a test can fill up: a tmpfs that only the
// server sees, or the small /dev/shm that containers have where they may not mount one. Here is where the test finds the folder.
func serveOnASmallDisk(t *testing.T) (r *running, here string) {
	t.Helper()
	dir, settings := t.TempDir(), []string{"LECTERN_LISTEN=127.0.0.1:0", "LECTERN_RATE_LIMITS=off", "LECTERN_TURN_PORT=off"}
	if shm, err := diskspace.Of("/dev/shm"); err == nil && shm.Total <= 128<<20 {
		dir, err = os.MkdirTemp("/dev/shm", "lectern-")
		require.NoError(t, err)
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return started(t, lectern(t, append(settings, "LECTERN_DATA_DIR="+dir), "serve")), dir
	}
	cmd := lectern(t, append(settings, "LECTERN_DATA_DIR="+dir), "serve")
	program := cmd.Path
	unshare, err := exec.LookPath("unshare")
	require.NoError(t, err, "util-linux is needed")
	cmd.Path = unshare
	cmd.Args = []string{"unshare", "--map-root-user", "--mount", "sh", "-c", `mount -t tmpfs -o size=32m tmpfs "$0" && exec "$1" serve`, dir, program}
	r = started(t, cmd)
	return r, filepath.Join("/proc", strconv.Itoa(cmd.Process.Pid), "root", dir)
}

// fill takes all the room there is, and gives it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	file, err := os.Create(path)
	require.NoError(t, err)
	for size := 1 << 20; size > 0; size /= 2 {
		for err == nil {
			_, err = file.Write(make([]byte, size))
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		err = nil
	}
	require.NoError(t, file.Close())
	return func() {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			require.NoError(t, err)
		}
	}
}

// TestTheDiskIsFull: what cannot be stored is refused with a sentence, what is there can be read, and when there is room again all
// goes on, with every post that was accepted there once.
func TestTheDiskIsFull(t *testing.T) {
	server, dir := serveOnASmallDisk(t)
	ada := &testenv.Client{URL: server.url, HTTP: &http.Client{}}
	var session wire.Session
	ada.Do(t, "POST", "/api/v1/auth/register", wire.RegisterRequest{Email: "ada@example.org", Password: testenv.Password, Name: "Ada"}).Decode(t, &session)
	ada.Token = session.AccessToken
	var channel wire.Channel
	ada.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, http.StatusCreated).Decode(t, &channel)
	posts := "/api/v1/channels/" + channel.ID + "/posts"
	free := fill(t, dir)
	t.Cleanup(free)

	stored := map[string]bool{} // by client id
	post := func() (wire.CreateEntryRequest, *testenv.Response) {
		req := wire.CreateEntryRequest{Body: strings.Repeat("滿", 20_000), ClientID: models.NewID()}
		answer := ada.Do(t, "POST", posts, req)
		if answer.Status == http.StatusCreated {
			stored[req.ClientID] = true
		}
		return req, answer
	}
	refused, answer := post()
	for range 200 { // the log of SQLite has some room of its own
		if answer.Status != http.StatusCreated {
			break
		}
		refused, answer = post()
	}
	problem := answer.Want(t, http.StatusServiceUnavailable).Problem(t)
	require.Equal(t, "unavailable", problem.Code)
	require.Contains(t, problem.Detail, "disk is full")
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", "a.bin")
	require.NoError(t, err)
	_, err = part.Write(make([]byte, 1<<20))
	require.NoError(t, errors.Join(err, writer.Close()))
	upload := ada.Send(t, "POST", "/api/v1/files", form.Bytes(), http.Header{"Content-Type": {writer.FormDataContentType()}})
	require.Contains(t, upload.Want(t, http.StatusInsufficientStorage).Problem(t).Detail, "disk is full")
	ada.Do(t, "GET", posts, nil).Want(t, http.StatusOK)
	ada.Do(t, "GET", "/readyz", nil).Want(t, http.StatusServiceUnavailable)
	ada.Do(t, "GET", "/healthz", nil).Want(t, http.StatusOK)

	free()
	ada.Do(t, "GET", "/readyz", nil).Want(t, http.StatusOK)
	ada.Do(t, "POST", posts, refused).Want(t, http.StatusCreated)
	stored[refused.ClientID] = true
	var list wire.List[wire.Post]
	got := map[string]bool{}
	for cursor := ""; ; cursor = *list.NextCursor {
		list = wire.List[wire.Post]{}
		ada.Do(t, "GET", fmt.Sprintf("%s?limit=100&cursor=%s", posts, cursor), nil).Decode(t, &list)
		for _, p := range list.Items {
			require.False(t, got[*p.ClientID], "twice")
			got[*p.ClientID] = true
		}
		if list.NextCursor == nil {
			break
		}
	}
	require.Equal(t, stored, got)
	store, err := models.Connect(t.Context(), "", dir)
	require.NoError(t, err)
	require.NoError(t, store.Check(t.Context()), "the file is whole")
	require.NoError(t, store.Close())
	server.stop(t)
}

// TestAFolderThatCannotBeWritten stops the start with one line.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	const sealed = "/sys/kernel/lectern" // not even root may make it
	for _, args := range [][]string{{"serve", "--listen=127.0.0.1:0"}, {"migrate", "up"}} {
		out, err := lectern(t, []string{"LECTERN_DATA_DIR=" + sealed}, args...).CombinedOutput()
		require.Error(t, err)
		require.Regexp(t, `^lectern: data_dir: mkdir /sys/kernel(/lectern)?: [a-z -]+\n$`, string(out))
	}
}

// TestTheDiskGivesErrors: a disk that takes no more writes, though there is room, as one that the system has stopped writing to.
// What is there can be read.
func TestTheDiskGivesErrors(t *testing.T) {
	dir := t.TempDir()
	cmd := lectern(t, []string{"LECTERN_LISTEN=127.0.0.1:0", "LECTERN_DATA_DIR=" + dir, "LECTERN_RATE_LIMITS=off", "LECTERN_TURN_PORT=off"}, "serve")
	cmd.Args = []string{"sh", "-c", `ulimit -f 4096 && exec "$0" serve`, cmd.Path} // no file gets larger than 2 MiB
	var err error
	cmd.Path, err = exec.LookPath("sh")
	require.NoError(t, err)
	server := started(t, cmd)
	ada := &testenv.Client{URL: server.url, HTTP: &http.Client{}}
	var session wire.Session
	ada.Do(t, "POST", "/api/v1/auth/register", wire.RegisterRequest{Email: "ada@example.org", Password: testenv.Password, Name: "Ada"}).Decode(t, &session)
	ada.Token = session.AccessToken
	var channel wire.Channel
	ada.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, http.StatusCreated).Decode(t, &channel)
	posts := "/api/v1/channels/" + channel.ID + "/posts"
	answer := ada.Do(t, "POST", posts, wire.CreateEntryRequest{Body: "First", ClientID: models.NewID()})
	for range 200 {
		if answer.Status != http.StatusCreated {
			break
		}
		answer = ada.Do(t, "POST", posts, wire.CreateEntryRequest{Body: strings.Repeat("滿", 20_000), ClientID: models.NewID()})
	}
	require.Contains(t, answer.Want(t, http.StatusServiceUnavailable).Problem(t).Detail, "cannot be written")
	ada.Do(t, "GET", posts, nil).Want(t, http.StatusOK)
	server.stop(t)
	store, err := models.Connect(t.Context(), "", dir)
	require.NoError(t, err)
	require.NoError(t, store.Check(t.Context()), "the file is whole")
	require.NoError(t, store.Close())
}
