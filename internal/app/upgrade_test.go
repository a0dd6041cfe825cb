package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// firstRelease is an installation as version 0.1 left it: schema 1, with some of everything.
type firstRelease struct {
	databaseURL, dataDir      string
	teacher, student, channel string
	post, file, over, running string
	rows                      map[string][]string // by table
}

// The tables of schema 1.
var firstTables = []string{"users", "sessions", "channels", "members", "invites", "posts", "comments", "reactions", "files", "attachments",
	"meetings", "attendances", "playbacks", "playback_commands"}

var firstDay = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

const fileText = "夸克 quarks"

func newFirstRelease(t *testing.T, databaseURL string) *firstRelease {
	r := &firstRelease{databaseURL: databaseURL, dataDir: t.TempDir(), teacher: models.NewID(), student: models.NewID(), channel: models.NewID(),
		post: models.NewID(), file: models.NewID(), over: models.NewID(), running: models.NewID()}
	store, err := models.Connect(t.Context(), databaseURL, r.dataDir)
	require.NoError(t, err)
	require.NoError(t, store.MigrateTo(t.Context(), 1, testenv.Log(t)))
	r.fill(t, store)
	r.rows = dump(t, store, nil)
	require.NoError(t, store.Close())
	return r
}

func (r *firstRelease) fill(t *testing.T, store *models.Store) {
	at := func(minutes int) time.Time { return firstDay.Add(time.Duration(minutes) * time.Minute) }
	add := func(table, columns string, values ...any) {
		t.Helper()
		marks := "?"
		for range values[1:] {
			marks += ", ?"
		}
		require.NoError(t, store.DB(context.Background()).Exec("INSERT INTO "+table+" ("+columns+") VALUES ("+marks+")", values...).Error)
	}
	hash, err := argon2id.CreateHash(testenv.Password, &testenv.CheapPasswords)
	require.NoError(t, err)
	for id, name := range map[string]string{r.teacher: "teacher", r.student: "student"} {
		add("users", "id, email, name, password_hash, locale, role, created_at, updated_at", id, name+"@example.org", name, hash, "zh-TW", "user", at(0), at(0))
	}
	add("sessions", "id, user_id, token_hash, previous_hash, rotated_at, user_agent, ip, created_at, last_used_at, expires_at",
		models.NewID(), r.teacher, "h", "", at(0), "Firefox", "192.0.2.1", at(0), at(70), at(100_000))
	add("channels", "id, name, description, created_by, created_at, updated_at", r.channel, "普通物理", "Mondays", r.teacher, at(1), at(1))
	add("members", "channel_id, user_id, role, joined_at", r.channel, r.teacher, "owner", at(1))
	add("members", "channel_id, user_id, role, joined_at", r.channel, r.student, "student", at(2))
	add("invites", "code, channel_id, created_by, max_uses, uses, created_at", "ABCDEFGH", r.channel, r.teacher, 30, 1, at(1))
	add("posts", "id, channel_id, author_id, body, pinned, client_id, created_at", r.post, r.channel, r.teacher, "我家在上海東邊", true, models.NewID(), at(3))
	comment := models.NewID()
	add("comments", "id, post_id, channel_id, author_id, body, created_at, edited_at", comment, r.post, r.channel, r.student, "**Thanks** for it", at(4), at(5))
	add("reactions", "entry_kind, entry_id, user_id, emoji, created_at", "post", r.post, r.student, "👍", at(5))
	sum := sha256.Sum256([]byte(fileText))
	name := hex.EncodeToString(sum[:])
	require.NoError(t, os.MkdirAll(filepath.Join(r.dataDir, "files", name[:2]), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(r.dataDir, "files", name[:2], name), []byte(fileText), 0o600))
	add("files", "id, owner_id, name, size, content_type, sha256, created_at", r.file, r.teacher, "講義.txt", len(fileText), "text/plain; charset=utf-8", name, at(3))
	add("attachments", "entry_kind, entry_id, file_id, channel_id, position", "post", r.post, r.file, r.channel, 0)
	add("meetings", "id, channel_id, host_id, settings, started_at, ended_at", r.over, r.channel, r.teacher, `{"microphones_locked":true}`, at(10), at(62))
	for i, who := range []string{r.teacher, r.student} {
		add("attendances", "id, meeting_id, user_id, joined_at, left_at", models.NewID(), r.over, who, at(10+i), at(60))
	}
	add("meetings", "id, channel_id, host_id, settings, started_at", r.running, r.channel, r.teacher, `{}`, at(65))
	add("attendances", "id, meeting_id, user_id, joined_at", models.NewID(), r.running, r.teacher, at(65))
	add("playbacks", "meeting_id, v, item, playing, pos, rate, at, updated_at", r.running, 3, `{"kind":"youtube","url":"https://youtu.be/dQw4w9WgXcQ","video_id":"dQw4w9WgXcQ"}`,
		false, 12.5, 1.0, float64(at(66).UnixMilli()), at(66))
	add("playback_commands", "meeting_id, id, created_at", r.running, "c1", at(66))
}

// dump reads all rows of the tables of schema 1, as texts in a fixed order: the columns named by an earlier dump, or all.
func dump(t *testing.T, store *models.Store, columns map[string][]string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range firstTables {
		var rows []map[string]any
		require.NoError(t, store.DB(context.Background()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			names := columns[table]
			if names == nil {
				for name := range row {
					names = append(names, name)
				}
				slices.Sort(names)
			}
			text := ""
			for _, name := range names {
				require.Contains(t, row, name, table)
				value := row[name]
				if at, ok := value.(time.Time); ok {
					value = at.UTC()
				}
				text += fmt.Sprintf("%s=%v ", name, value)
			}
			all[table] = append(all[table], text)
		}
		slices.Sort(all[table])
	}
	return all
}

// firstColumns are those of the tables of schema 1.
func firstColumns(t *testing.T, databaseURL string) map[string][]string {
	t.Helper()
	store, err := models.Connect(t.Context(), databaseURL, t.TempDir())
	require.NoError(t, err)
	defer store.Close()
	require.NoError(t, store.MigrateTo(t.Context(), 1, testenv.Log(t)))
	columns := map[string][]string{}
	for _, table := range firstTables {
		types, err := store.DB(t.Context()).Migrator().ColumnTypes(table)
		require.NoError(t, err)
		for _, column := range types {
			columns[table] = append(columns[table], column.Name())
		}
		slices.Sort(columns[table])
	}
	return columns
}

func TestTheFirstReleaseIsUpgraded(t *testing.T) {
	for kind, database := range map[string]func() string{"SQLite": func() string { return "" }, "PostgreSQL": func() string { return testenv.Postgres(t) }} {
		t.Run(kind, func(t *testing.T) {
			columns := firstColumns(t, database())
			r := newFirstRelease(t, database())
			for table, rows := range r.rows {
				require.NotEmpty(t, rows, table)
			}
			store, err := models.Open(t.Context(), r.databaseURL, r.dataDir, testenv.Log(t))
			require.NoError(t, err)
			require.Equal(t, r.rows, dump(t, store, columns), "nothing is lost or changed")
			require.NoError(t, store.Close())
			r.use(t)
		})
	}
}

// use has people come back after the upgrade.
func (r *firstRelease) use(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.DatabaseURL, c.DataDir = r.databaseURL, r.dataDir })
	signIn := func(email string) *testenv.Client {
		c := env.Anonymous()
		var s wire.Session
		c.Do(t, http.MethodPost, "/api/v1/auth/login", wire.LoginRequest{Email: email, Password: testenv.Password}).Want(t, http.StatusOK).Decode(t, &s)
		c.UserID, c.Token = s.User.ID, s.AccessToken
		return c
	}
	teacher, student := signIn("teacher@example.org"), signIn("student@example.org")
	get := func(c *testenv.Client, path string, v any) {
		t.Helper()
		c.Do(t, http.MethodGet, "/api/v1"+path, nil).Want(t, http.StatusOK).Decode(t, v)
	}

	var channels wire.List[wire.Channel]
	get(student, "/channels", &channels)
	require.Equal(t, "普通物理", channels.Items[0].Name)
	require.Equal(t, 1, channels.Items[0].UnreadCount)
	require.Equal(t, r.running, channels.Items[0].ActiveMeeting.ID)
	var posts wire.List[wire.Post]
	get(student, "/channels/"+r.channel+"/posts", &posts)
	require.Equal(t, "我家在上海東邊", posts.Items[0].Body)
	require.Equal(t, 1, posts.Items[0].CommentCount)
	require.Equal(t, []string{r.student}, posts.Items[0].Reactions[0].UserIDs)
	require.Equal(t, fileText, string(student.Do(t, http.MethodGet, "/api/v1/files/"+r.file+"/content", nil).Want(t, http.StatusOK).Body))

	for _, words := range []string{"上海", "thanks", "講義"} { // written before there was an index
		require.Eventually(t, func() bool {
			var found wire.List[any]
			get(student, "/search?q="+url.QueryEscape(words), &found)
			return len(found.Items) > 0
		}, 10*time.Second, 50*time.Millisecond, words)
	}

	var meetings wire.List[wire.Meeting]
	get(student, "/channels/"+r.channel+"/meetings", &meetings)
	require.Len(t, meetings.Items, 2)
	over := meetings.Items[slices.IndexFunc(meetings.Items, func(m wire.Meeting) bool { return m.ID == r.over })]
	require.True(t, over.Settings.MicrophonesLocked)
	require.Equal(t, 2, over.ParticipantCount)
	var attendance wire.Attendance
	get(teacher, "/meetings/"+r.over+"/attendance", &attendance)
	require.Equal(t, 52*60, attendance.HeldSeconds)
	require.Equal(t, 50*60, attendance.Items[0].Seconds)

	var joined wire.MeetingJoined
	wstest.Connect(t, env.URL, teacher.Token).Call(t, "meeting.join", wire.MeetingJoin{MeetingID: r.running}, &joined)
	require.Equal(t, "youtube:dQw4w9WgXcQ", joined.Playback.Item.Key)
	require.InDelta(t, 12.5, joined.Playback.Pos, 0.001)
	teacher.Do(t, http.MethodPost, "/api/v1/meetings/"+r.running+"/end", nil).Want(t, http.StatusOK)
	get(student, "/channels/"+r.channel+"/posts", &posts)
	require.Equal(t, r.running, posts.Items[0].MeetingID, "what came since works too")
}

// Schema 12 may have an attendance and a poll that were opened while their meeting ended.
func TestWhatAnEndedMeetingLeftOpenIsClosedByTheUpgrade(t *testing.T) {
	for kind, database := range map[string]func() string{"SQLite": func() string { return "" }, "PostgreSQL": func() string { return testenv.Postgres(t) }} {
		t.Run(kind, func(t *testing.T) {
			ctx := t.Context()
			r := &firstRelease{databaseURL: database(), dataDir: t.TempDir(), teacher: models.NewID(), student: models.NewID(), channel: models.NewID(),
				post: models.NewID(), file: models.NewID(), over: models.NewID(), running: models.NewID()}
			store, err := models.Connect(ctx, r.databaseURL, r.dataDir)
			require.NoError(t, err)
			defer store.Close()
			require.NoError(t, store.MigrateTo(ctx, 1, testenv.Log(t)))
			r.fill(t, store)
			require.NoError(t, store.MigrateTo(ctx, 12, testenv.Log(t)))
			late, asked := models.NewID(), models.NewID()
			require.NoError(t, store.DB(ctx).Exec("INSERT INTO attendances (id, meeting_id, user_id, joined_at) VALUES (?, ?, ?, ?)",
				late, r.over, r.student, firstDay.Add(time.Hour)).Error)
			require.NoError(t, store.DB(ctx).Exec(`INSERT INTO polls (id, meeting_id, author_id, question, options, multiple, anonymous, live, counts, created_at)
				VALUES (?, ?, ?, 'Which one', '["a","b"]', ?, ?, ?, '[0,0]', ?)`, asked, r.over, r.teacher, false, false, false, firstDay.Add(time.Hour)).Error)

			require.NoError(t, store.Migrate(ctx, testenv.Log(t)))
			var attendance models.Attendance
			require.NoError(t, store.DB(ctx).First(&attendance, "id = ?", late).Error)
			require.NotNil(t, attendance.LeftAt)
			require.WithinDuration(t, firstDay.Add(62*time.Minute), *attendance.LeftAt, 0, "the end of the meeting")
			poll, err := store.Poll(ctx, asked)
			require.NoError(t, err)
			require.NotNil(t, poll.ClosedAt)
			require.WithinDuration(t, firstDay.Add(62*time.Minute), *poll.ClosedAt, 0)
			var open int64
			require.NoError(t, store.DB(ctx).Model(&models.Attendance{}).Where("meeting_id = ? AND left_at IS NULL", r.running).Count(&open).Error)
			require.EqualValues(t, 1, open, "a meeting that runs is left alone")
		})
	}
}
