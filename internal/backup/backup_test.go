package backup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/backup"
	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// kinds are the databases that an installation may have, by name.
var kinds = map[string]func(t testing.TB) string{
	"SQLite":     func(testing.TB) string { return "" },
	"PostgreSQL": testenv.Postgres,
}

// school runs an installation and fills it with some of everything that people make.
func school(t *testing.T, databaseURL string) (env *testenv.Env, email string) {
	env = testenv.Start(t, func(c *config.Config) { c.DatabaseURL = databaseURL })
	ada, bob := env.Register(t, "Ada"), env.Register(t, "鮑伯")
	var channel wire.Channel
	ada.Do(t, http.MethodPost, "/api/v1/channels", wire.CreateChannelRequest{Name: "普通物理"}).Want(t, http.StatusCreated).Decode(t, &channel)
	ada.Do(t, http.MethodPost, "/api/v1/channels/"+channel.ID+"/members", wire.AddMemberRequest{UserID: bob.UserID, Role: "student"}).Want(t, http.StatusCreated)
	bob.Do(t, http.MethodPatch, "/api/v1/me", wire.UpdateMeRequest{StudentNumber: new("B10901001")}).Want(t, http.StatusOK)
	lesson(t, env, channel.ID, ada, bob)
	for i := range 30 {
		file := upload(t, ada, fmt.Sprintf("note-%d.txt", i), strings.Repeat("quark ", i+1))
		var post wire.Post
		ada.Do(t, http.MethodPost, "/api/v1/channels/"+channel.ID+"/posts",
			wire.CreateEntryRequest{Body: fmt.Sprintf("Post %d \"quoted\" \\ 上海\n<b>", i), FileIDs: []string{file.ID}}).Want(t, http.StatusCreated).Decode(t, &post)
		bob.Do(t, http.MethodPost, "/api/v1/posts/"+post.ID+"/comments", wire.CreateEntryRequest{Body: "謝謝 🎉"}).Want(t, http.StatusCreated)
		bob.Do(t, http.MethodPut, "/api/v1/posts/"+post.ID+"/reactions/👍", nil).Want(t, http.StatusNoContent)
	}
	var talk wire.Conversation
	ada.Do(t, http.MethodPost, "/api/v1/conversations", wire.OpenConversationRequest{UserID: bob.UserID}).Decode(t, &talk)
	ada.Do(t, http.MethodPost, "/api/v1/conversations/"+talk.ID+"/messages", wire.CreateMessageRequest{Body: "secret"}).Want(t, http.StatusCreated)
	return env, ada.Email
}

// lesson holds a meeting in which a named and an anonymous poll are voted in.
func lesson(t *testing.T, env *testenv.Env, channelID string, teacher, student *testenv.Client) {
	var meeting wire.Meeting
	teacher.Do(t, http.MethodPost, "/api/v1/channels/"+channelID+"/meetings", nil).Want(t, http.StatusCreated).Decode(t, &meeting)
	asks, votes := wstest.Connect(t, env.URL, teacher.Token), wstest.Connect(t, env.URL, student.Token)
	for _, conn := range []*wstest.Conn{asks, votes} {
		conn.Call(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting.ID}, nil)
	}
	for _, anonymous := range []bool{false, true} {
		poll := wire.PollOpen{ID: models.NewID(), Question: "夸克？", Options: []string{"上", "下"}, Anonymous: anonymous}
		asks.Call(t, "meeting.poll_open", poll, nil)
		votes.Call(t, "meeting.poll_vote", wire.PollVote{PollID: poll.ID, Choices: []int{1}}, nil)
		asks.Call(t, "meeting.poll_close", wire.PollClose{PollID: poll.ID}, nil)
	}
}

func upload(t *testing.T, c *testenv.Client, name, content string) (file wire.File) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	require.NoError(t, err)
	_, err = io.WriteString(part, content)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	c.Send(t, http.MethodPost, "/api/v1/files", &body, http.Header{"Content-Type": {form.FormDataContentType()}}).Want(t, http.StatusCreated).Decode(t, &file)
	return file
}

func signIn(t *testing.T, env *testenv.Env, email string) *testenv.Client {
	c := env.Anonymous()
	var s wire.Session
	c.Do(t, http.MethodPost, "/api/v1/auth/login", wire.LoginRequest{Email: email, Password: testenv.Password}).Want(t, http.StatusOK).Decode(t, &s)
	c.UserID, c.Token = s.User.ID, s.AccessToken
	return c
}

func open(t *testing.T, databaseURL, dataDir string) *models.Store {
	store, err := models.Connect(t.Context(), databaseURL, dataDir)
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestABackupOfARunningServerComesBackOnEitherDatabase(t *testing.T) {
	for from, source := range kinds {
		t.Run("from "+from, func(t *testing.T) {
			env, email := school(t, source(t))
			store := open(t, env.Config.DatabaseURL, env.Config.DataDir)
			var archive bytes.Buffer
			made, err := backup.Write(t.Context(), store, env.Config.DataDir, "test", &archive)
			require.NoError(t, err)
			require.Equal(t, 31, made.Rows["posts"], "and the meeting's")
			require.Equal(t, []int{2, 2, 2}, []int{made.Rows["polls"], made.Rows["poll_votes"], made.Rows["attendances"]})
			require.Equal(t, 30, made.Files)
			require.Empty(t, made.Missing)
			_, seen, err := backup.Verify(t.Context(), bytes.NewReader(archive.Bytes()))
			require.NoError(t, err)
			require.Equal(t, made, seen)
			for to, place := range kinds {
				t.Run("to "+to, func(t *testing.T) { restoreAndCompare(t, archive.Bytes(), made, place(t), email) })
			}
		})
	}
}

// restoreAndCompare restores, makes a backup of that and compares the two archives row by row; then people sign in there.
func restoreAndCompare(t *testing.T, archive []byte, made backup.Summary, databaseURL, email string) {
	dataDir := t.TempDir()
	store := open(t, databaseURL, dataDir)
	_, restored, err := backup.Restore(t.Context(), store, dataDir, bytes.NewReader(archive), testenv.Log(t))
	require.NoError(t, err)
	require.Equal(t, made, restored)

	var again bytes.Buffer
	remade, err := backup.Write(t.Context(), store, dataDir, "test", &again)
	require.NoError(t, err)
	require.Equal(t, made, remade)
	require.Equal(t, backup.Contents(t, archive), backup.Contents(t, again.Bytes()))

	require.ErrorIs(t, second(t.Context(), store, dataDir, archive, t), backup.ErrNotEmpty)
	require.NoError(t, store.Close())

	env := testenv.Start(t, func(c *config.Config) { c.DatabaseURL, c.DataDir = databaseURL, dataDir })
	ada := signIn(t, env, email)
	var channels wire.List[wire.Channel]
	ada.Do(t, http.MethodGet, "/api/v1/channels", nil).Want(t, http.StatusOK).Decode(t, &channels)
	require.Len(t, channels.Items, 1)
	var posts wire.List[wire.Post]
	ada.Do(t, http.MethodGet, "/api/v1/channels/"+channels.Items[0].ID+"/posts?limit=100", nil).Want(t, http.StatusOK).Decode(t, &posts)
	require.Len(t, posts.Items, 31)
	require.Equal(t, []string{ada.UserID}, []string{posts.Items[0].Author.ID})
	content, err := http.Get(env.URL + posts.Items[0].Files[0].URL)
	require.NoError(t, err)
	defer content.Body.Close()
	text, err := io.ReadAll(content.Body)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("quark ", 30), string(text))
	ada.Do(t, http.MethodPost, "/api/v1/channels/"+channels.Items[0].ID+"/posts", wire.CreateEntryRequest{Body: "and on it goes"}).Want(t, http.StatusCreated)
}

func second(ctx context.Context, store *models.Store, dataDir string, archive []byte, t *testing.T) error {
	_, _, err := backup.Restore(ctx, store, dataDir, bytes.NewReader(archive), testenv.Log(t))
	return err
}

func TestADamagedBackupIsRefusedAndLeavesNothing(t *testing.T) {
	env, _ := school(t, "")
	var archive bytes.Buffer
	_, err := backup.Write(t.Context(), open(t, "", env.Config.DataDir), env.Config.DataDir, "test", &archive)
	require.NoError(t, err)
	whole := archive.Bytes()
	for name, damaged := range map[string][]byte{
		"nothing":          nil,
		"something else":   []byte("PK\x03\x04 not a backup at all"),
		"half":             whole[:len(whole)/2],
		"without its end":  whole[:len(whole)-40],
		"a bit in between": flipped(whole),
	} {
		t.Run(name, func(t *testing.T) {
			dataDir := t.TempDir()
			store := open(t, "", dataDir)
			_, _, err := backup.Restore(t.Context(), store, dataDir, bytes.NewReader(damaged), testenv.Log(t))
			require.Error(t, err)
			require.NoError(t, store.Migrate(t.Context(), testenv.Log(t)))
			var users int64
			require.NoError(t, store.DB(t.Context()).Table("users").Count(&users).Error)
			require.Zero(t, users)
			_, _, err = backup.Verify(t.Context(), bytes.NewReader(damaged))
			require.Error(t, err)
		})
	}
}

func flipped(whole []byte) []byte {
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 0x10
	return damaged
}

func TestFilesThatLackTheirBytesAreNamed(t *testing.T) {
	env, _ := school(t, "")
	gone := blobs(t, env.Config.DataDir)[0]
	require.NoError(t, os.Remove(filepath.Join(env.Config.DataDir, "files", gone[:2], gone)))
	made, err := backup.Write(t.Context(), open(t, "", env.Config.DataDir), env.Config.DataDir, "test", io.Discard)
	require.NoError(t, err)
	require.Equal(t, []string{gone}, made.Missing)
	require.Equal(t, 29, made.Files)
	left, err := filepath.Glob(filepath.Join(env.Config.DataDir, ".backup-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func blobs(t *testing.T, dataDir string) (names []string) {
	paths, err := filepath.Glob(filepath.Join(dataDir, "files", "*", "*"))
	require.NoError(t, err)
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	require.NotEmpty(t, names)
	return names
}

func TestAFullDiskEndsABackupWithAnError(t *testing.T) {
	env, _ := school(t, "")
	_, err := backup.Write(t.Context(), open(t, "", env.Config.DataDir), env.Config.DataDir, "test", &full{room: 4096})
	require.ErrorIs(t, err, errFull)
}

var errFull = errors.New("no space left on device")

// full is a disk with little room.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAnArchiveOfANewerSchemaIsRefused(t *testing.T) {
	env, _ := school(t, "")
	var archive bytes.Buffer
	_, err := backup.Write(t.Context(), open(t, "", env.Config.DataDir), env.Config.DataDir, "test", &archive)
	require.NoError(t, err)
	newer := backup.WithManifest(t, archive.Bytes(), func(m *backup.Manifest) { m.Schema += 1000 })
	dataDir := t.TempDir()
	_, _, err = backup.Restore(t.Context(), open(t, "", dataDir), dataDir, bytes.NewReader(newer), testenv.Log(t))
	var tooNew *models.NewerSchemaError
	require.ErrorAs(t, err, &tooNew)
	require.Contains(t, err.Error(), "newer Lectern")
	_, err = json.Marshal(tooNew)
	require.NoError(t, err)
}

func TestWhatBelongsToTheServerIsKeptAndNothingElseOfItsFolder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"jwt_secret", "push_key", models.LockName, models.SQLiteName, models.SQLiteName + "-wal", ".hidden", "jwt_secret.new", "a.tar.gz", "b.tar.gz.part"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("content"), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "backups"), 0o700))
	names, err := backup.SecretNames(dir)
	require.NoError(t, err)
	require.Equal(t, []string{"jwt_secret", "push_key"}, names)
}
