package controllers_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
)

// What BenchmarkLength seeds: a long channel among others, and a long conversation.
const (
	longPosts    = 50_000 // with a comment each
	otherPosts   = 5_000
	channelCount = 30
	classSize    = 300
	longTalk     = 200_000
)

// BenchmarkLength: the bar for opening a channel of 50,000 posts is 300 ms of the server's time, for its three requests
// together.
func BenchmarkLength(b *testing.B) {
	for _, database := range []string{"SQLite", "PostgreSQL"} {
		b.Run(database, func(b *testing.B) {
			url := ""
			if database == "PostgreSQL" {
				url = testenv.Postgres(b)
			}
			env := testenv.Start(b, func(c *config.Config) { c.DatabaseURL = url })
			owner, peer := env.Register(b, "Owner"), env.Register(b, "Peer")
			var channels []string
			for n := range channelCount {
				var channel wire.Channel
				owner.Do(b, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: fmt.Sprint("Class ", n)}).Want(b, 201).Decode(b, &channel)
				owner.Do(b, "POST", "/api/v1/channels/"+channel.ID+"/members", wire.AddMemberRequest{UserID: peer.UserID, Role: models.RoleStudent}).Want(b, 201)
				channels = append(channels, channel.ID)
			}
			var talk wire.Conversation
			owner.Do(b, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: peer.UserID}).Want(b, 201).Decode(b, &talk)
			seedLength(b, env, url, channels, talk.ID, peer.UserID)

			long, middle := channels[channelCount/2], entryID(longPosts/2)
			for _, look := range []struct {
				name  string
				paths []string
			}{
				{"open the channel", []string{"/channels/" + long, "/channels/" + long + "/posts", "/channels/" + long + "/members"}},
				{"open at a post", []string{"/channels/" + long + "/posts?around=" + middle}},
				{"older posts", []string{"/channels/" + long + "/posts?before=" + middle}},
				{"comments", []string{"/posts/" + middle + "/comments"}},
				{"all channels", []string{"/channels"}},
				{"messages", []string{"/conversations/" + talk.ID + "/messages"}},
				{"all conversations", []string{"/conversations"}},
				{"files", []string{"/channels/" + long + "/files"}},
			} {
				b.Run(look.name, func(b *testing.B) {
					var took []time.Duration
					for b.Loop() {
						start := time.Now()
						for _, path := range look.paths {
							owner.Do(b, "GET", "/api/v1"+path, nil).Want(b, 200)
						}
						took = append(took, time.Since(start))
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
				})
			}
		})
	}
}

// entryID is a UUIDv7 of the n-th millisecond of a day long ago.
func entryID(n int) string {
	return fmt.Sprintf("0190%04x-%04x-7000-8000-000000000000", n>>16, n&0xffff)
}

// seedLength writes past the server, as it would itself.
func seedLength(b *testing.B, env *testenv.Env, url string, channels []string, talk, peer string) {
	b.Helper()
	driver, at := "sqlite", "file:"+filepath.Join(env.Config.DataDir, "lectern.db")+"?_pragma=busy_timeout(60000)&_pragma=foreign_keys(1)"
	if url != "" {
		driver, at = "pgx", url
	}
	db, err := sql.Open(driver, at)
	require.NoError(b, err)
	defer db.Close()
	now, n := time.Now().UTC(), 0
	write := func(table string, columns string, count int, row func(i int) []any) {
		for done := 0; done < count; {
			size := min(500, count-done)
			var values []string
			var args []any
			for i := range size {
				cells := row(done + i)
				marks := make([]string, len(cells))
				for j := range cells {
					if marks[j] = "?"; url != "" {
						marks[j] = fmt.Sprintf("$%d", len(args)+j+1)
					}
				}
				values, args = append(values, "("+strings.Join(marks, ",")+")"), append(args, cells...)
			}
			_, err := db.ExecContext(context.Background(), "INSERT INTO "+table+" ("+columns+") VALUES "+strings.Join(values, ","), args...)
			require.NoError(b, err)
			done += size
		}
	}
	write("users", "id, email, name, password_hash, locale, role, created_at, updated_at", classSize, func(i int) []any {
		id := entryID(1_000_000 + i)
		return []any{id, id + "@a.example", fmt.Sprint("Student ", i), "", "en", "user", now, now}
	})
	for c, channel := range channels {
		posts, comments := otherPosts, 0
		if c == channelCount/2 {
			posts, comments = longPosts, longPosts
			write("members", "channel_id, user_id, role, joined_at", classSize, func(i int) []any {
				return []any{channel, entryID(1_000_000 + i), "student", now}
			})
		}
		first := 0
		if c != channelCount/2 {
			n += otherPosts
			first = longPosts + n
		}
		write("posts", "id, channel_id, author_id, body, pinned, created_at", posts, func(i int) []any {
			return []any{entryID(first + i), channel, peer, "Post number " + fmt.Sprint(i) + " 第幾號", false, now}
		})
		write("comments", "id, post_id, channel_id, author_id, body, created_at", comments, func(i int) []any {
			return []any{entryID(2_000_000 + i), entryID(first + i), channel, peer, "A comment", now}
		})
	}
	write("messages", "id, conversation_id, author_id, body, created_at", longTalk, func(i int) []any {
		return []any{entryID(3_000_000 + i), talk, peer, "Message " + fmt.Sprint(i), now}
	})
	require.Eventually(b, func() bool { // the server indexes meanwhile
		var waits bool
		require.NoError(b, db.QueryRow("SELECT EXISTS (SELECT 1 FROM search_queue)").Scan(&waits))
		return !waits
	}, 15*time.Minute, time.Second)
	_, err = db.Exec("ANALYZE") // PostgreSQL does so by itself within a minute
	require.NoError(b, err)
}
