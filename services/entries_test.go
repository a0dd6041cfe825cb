package services_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// published keeps events instead of sending them.
type published struct {
	mu     sync.Mutex
	events []publishedEvent
}

type publishedEvent struct {
	topic, name string
	data        any
}

func (p *published) Publish(topic, event string, data any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, publishedEvent{topic, event, data})
}

func (p *published) PublishChange(topic string, _ int64, event string, data any) {
	p.Publish(topic, event, data)
}

func (p *published) PublishChangeTo(topics []string, _ string, _ int64, event string, data any) {
	for _, topic := range topics {
		p.Publish(topic, event, data)
	}
}

func (p *published) PublishState(topic, _, event string, data any) { p.Publish(topic, event, data) }
func (p *published) Follow(string, string)                         {}
func (p *published) Unfollow(string, string)                       {}
func (p *published) PublishStateTo(topics []string, _, event string, data any) {
	for _, topic := range topics {
		p.Publish(topic, event, data)
	}
}
func (p *published) Online(string) bool              { return false }
func (p *published) Active(string) bool              { return false }
func (p *published) SetPresence(string, string) bool { return true }
func (p *published) Presence(string) string          { return "" }

// take returns the events since the last take.
func (p *published) take() []publishedEvent {
	p.mu.Lock()
	defer p.mu.Unlock()
	events := p.events
	p.events = nil
	return events
}

// names lists them as "topic-kind event".
func names(events []publishedEvent) []string {
	out := []string{}
	for _, e := range events {
		kind, _, _ := strings.Cut(e.topic, ":")
		out = append(out, kind+" "+e.name)
	}
	return out
}

// inChannel leaves the events that go to channels: not what tells people of them.
func inChannel(events []publishedEvent) []publishedEvent {
	return slices.DeleteFunc(events, func(e publishedEvent) bool { return !strings.HasPrefix(e.topic, services.ChannelTopic("")) })
}

// class is a channel with an owner, an assistant and two students, and somebody who is not in it.
type class struct {
	t     *testing.T
	store *models.Store
	pub   *published
	clock *handClock
	dir   string

	posts     *services.Posts
	comments  *services.Comments
	reactions *services.Reactions
	reads     *services.Reads
	files     *services.Files

	notifications *services.Notifications

	channel                                       string
	owner, assistant, student, classmate, outside services.Actor
}

const testUploadLimit = 1 << 20

func newClass(t *testing.T, store *models.Store) *class {
	t.Helper()
	c := &class{t: t, store: store, pub: &published{}, clock: newHandClock(), dir: t.TempDir()}
	c.files = c.openFiles()
	c.notifications = newNotifier(t, store, c.pub, c.clock)
	entries := services.NewEntries(store, c.pub, c.files, c.notifications, c.clock)
	c.posts, c.comments, c.reactions = services.NewPosts(entries), services.NewComments(entries), services.NewReactions(entries, nil)
	c.reads = services.NewReads(store, c.pub, c.notifications)
	c.owner, c.assistant = register(t, store, "Owner"), register(t, store, "Assistant")
	c.student, c.classmate, c.outside = register(t, store, "Student"), register(t, store, "Classmate"), register(t, store, "Outside")
	c.channel = c.newChannel(map[string]services.Actor{models.RoleOwner: c.owner, models.RoleAssistant: c.assistant, models.RoleStudent: c.student})
	c.join(c.channel, c.classmate, models.RoleStudent)
	return c
}

func (c *class) openFiles() *services.Files {
	disk, err := services.NewDisk(filepath.Join(c.dir, "files"))
	require.NoError(c.t, err)
	files, err := services.NewFiles(c.store, disk, c.clock, services.FilesOptions{Incoming: filepath.Join(c.dir, "incoming"),
		MaxBytes: testUploadLimit, QuotaBytes: 3 * testUploadLimit, Log: testenv.Log(c.t), Secret: []byte("a secret of at least 32 characters")})
	require.NoError(c.t, err)
	return files
}

func (c *class) newChannel(members map[string]services.Actor) string {
	c.t.Helper()
	row := models.Channel{ID: models.NewID(), Name: "Class", CreatedBy: members[models.RoleOwner].UserID}
	require.NoError(c.t, c.store.DB(c.t.Context()).Create(&row).Error)
	for role, actor := range members {
		c.join(row.ID, actor, role)
	}
	return row.ID
}

func (c *class) join(channelID string, actor services.Actor, role string) {
	c.t.Helper()
	member := models.Member{ChannelID: channelID, UserID: actor.UserID, Role: role, JoinedAt: c.clock.Now()}
	require.NoError(c.t, c.store.DB(c.t.Context()).Create(&member).Error)
}

func (c *class) post(actor services.Actor, body string, fileIDs ...string) *wire.Post {
	c.t.Helper()
	post, created, err := c.posts.Create(c.t.Context(), actor, c.channel, wire.CreateEntryRequest{Body: body, FileIDs: fileIDs})
	require.NoError(c.t, err)
	require.True(c.t, created)
	return post
}

func (c *class) comment(actor services.Actor, postID, body string, fileIDs ...string) *wire.Comment {
	c.t.Helper()
	comment, created, err := c.comments.Create(c.t.Context(), actor, postID, wire.CreateEntryRequest{Body: body, FileIDs: fileIDs})
	require.NoError(c.t, err)
	require.True(c.t, created)
	return comment
}

func (c *class) upload(actor services.Actor, name string, content []byte) wire.File {
	c.t.Helper()
	file, err := c.files.Upload(c.t.Context(), actor, name, bytes.NewReader(content))
	require.NoError(c.t, err)
	return file
}

// requireField checks for a refusal that names exactly this field.
func requireField(t *testing.T, field string, err error) {
	t.Helper()
	requireKind(t, services.KindInvalid, err)
	var domain *services.Error
	require.ErrorAs(t, err, &domain)
	require.Contains(t, domain.Fields, field)
	require.Len(t, domain.Fields, 1)
}

func TestWhatAnEntryMayHold(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		theirs := c.upload(c.classmate, "theirs.txt", []byte("not shared"))
		shared := c.upload(c.classmate, "shared.txt", []byte("shared"))
		c.post(c.classmate, "look", shared.ID)
		own := make([]string, 11)
		for i := range own {
			own[i] = c.upload(c.student, "own.txt", fmt.Appendf(nil, "own %d", i)).ID
		}
		c.pub.take()
		for _, tc := range []struct {
			name  string
			req   wire.CreateEntryRequest
			field string // at fault; empty: accepted
		}{
			{"the longest text", wire.CreateEntryRequest{Body: strings.Repeat("課", 20_000)}, ""},
			{"one character more", wire.CreateEntryRequest{Body: strings.Repeat("課", 20_001)}, "body"},
			{"the longest text in white space", wire.CreateEntryRequest{Body: " \n" + strings.Repeat("課", 20_000) + "\n "}, ""},
			{"nothing", wire.CreateEntryRequest{}, "body"},
			{"only white space", wire.CreateEntryRequest{Body: " \n\t　"}, "body"},
			{"NUL", wire.CreateEntryRequest{Body: "a\x00b"}, "body"},
			{"only a file", wire.CreateEntryRequest{FileIDs: own[:1]}, ""},
			{"ten files", wire.CreateEntryRequest{FileIDs: own[:10]}, ""},
			{"eleven files", wire.CreateEntryRequest{Body: "x", FileIDs: own}, "file_ids"},
			{"the same file twice", wire.CreateEntryRequest{FileIDs: []string{own[0], strings.ToUpper(own[0])}}, ""},
			{"a file that one may read", wire.CreateEntryRequest{FileIDs: []string{shared.ID}}, ""},
			{"a file that one may not read", wire.CreateEntryRequest{Body: "x", FileIDs: []string{own[0], theirs.ID}}, "file_ids"},
			{"a file that does not exist", wire.CreateEntryRequest{Body: "x", FileIDs: []string{models.NewID()}}, "file_ids"},
			{"a file id that is none", wire.CreateEntryRequest{Body: "x", FileIDs: []string{"a\x00"}}, "file_ids"},
			{"a client_id that is none", wire.CreateEntryRequest{Body: "x", ClientID: "1"}, "client_id"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				post, created, err := c.posts.Create(t.Context(), c.student, c.channel, tc.req)
				if tc.field != "" {
					requireField(t, tc.field, err)
					require.Empty(t, c.pub.take())
					return
				}
				require.NoError(t, err)
				require.True(t, created)
				require.Equal(t, strings.TrimSpace(tc.req.Body), post.Body)
				require.Equal(t, []string{"channel post.created"}, names(c.pub.take()))
				got, err := c.posts.Get(t.Context(), c.classmate, post.ID)
				require.NoError(t, err)
				require.Equal(t, post, got, "the event and the answer say what is stored")
			})
		}
		post := c.post(c.student, "in order", own[3], own[1], own[2])
		require.Equal(t, []string{own[3], own[1], own[2]}, []string{post.Files[0].ID, post.Files[1].ID, post.Files[2].ID})
	})
}

// countQueries counts what the store asks the database while fn runs.
func countQueries(t *testing.T, store *models.Store, fn func()) int {
	t.Helper()
	n := 0
	callbacks := store.DB(t.Context()).Callback()
	require.NoError(t, callbacks.Query().Before("*").Register("count", func(*gorm.DB) { n++ }))
	defer func() { require.NoError(t, callbacks.Query().Remove("count")) }()
	fn()
	return n
}
