package services_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// looked is what a search found, each as "kind snippet" with the matches in brackets.
func looked(t *testing.T, list *wire.List[wire.Found]) []string {
	t.Helper()
	out := []string{}
	for _, f := range list.Items {
		text := f.Snippet
		if f.Kind == "channel" || f.Kind == "user" {
			text = f.Title
		}
		out = append(out, f.Kind+" "+text)
	}
	return out
}

func (c *class) search() *services.Search {
	return services.NewSearch(c.store, c.pub, c.files)
}

func (c *class) find(actor services.Actor, req services.SearchRequest) []string {
	c.t.Helper()
	if req.Limit == 0 {
		req.Limit = 50
	}
	list, err := c.search().Find(c.t.Context(), actor, req)
	require.NoError(c.t, err)
	return looked(c.t, list)
}

// talk makes a conversation of two people with one message and returns their ids.
func (c *class) talk(a, b services.Actor, body string) (conversation, message string) {
	c.t.Helper()
	conversation, message = models.NewID(), models.NewID()
	first, second := min(a.UserID, b.UserID), max(a.UserID, b.UserID)
	exec := func(sql string, args ...any) {
		require.NoError(c.t, c.store.DB(c.t.Context()).Exec(sql, args...).Error)
	}
	exec("INSERT INTO conversations (id, first_id, second_id, created_at) VALUES (?, ?, ?, ?)", conversation, first, second, c.clock.Now())
	for _, id := range []string{first, second} {
		exec("INSERT INTO conversation_members (conversation_id, user_id, muted) VALUES (?, ?, FALSE)", conversation, id)
	}
	exec("INSERT INTO messages (id, conversation_id, author_id, body, created_at) VALUES (?, ?, ?, ?, ?)", message, conversation, a.UserID, body, c.clock.Now())
	return conversation, message
}

func TestSearchFindsWhatOneMayRead(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.owner, "我家在**上海**東邊")
		comment := c.comment(c.student, post.ID, "上海很大 @[Owner](user:"+c.owner.UserID+")")
		picture := c.upload(c.classmate, "上海.png", []byte("a"))
		c.comment(c.classmate, post.ID, "see it", picture.ID)
		conversation, message := c.talk(c.student, c.outside, "去上海嗎？")

		require.Equal(t, []string{"file 上海.png", "comment 上海很大 @Owner", "post 我家在上海東邊"}, c.find(c.owner, services.SearchRequest{Q: "上海"}))
		require.Equal(t, []string{"message 去上海嗎？"}, c.find(c.outside, services.SearchRequest{Q: "上海"}))
		require.Empty(t, c.find(register(t, store, "Stranger"), services.SearchRequest{Q: "上海"}))
		require.Empty(t, c.find(c.outside, services.SearchRequest{Q: "東邊"}))

		list, err := c.search().Find(t.Context(), c.student, services.SearchRequest{Q: "上海", Limit: 50})
		require.NoError(t, err)
		require.Len(t, list.Items, 4)
		found := list.Items[0]
		require.Equal(t, []any{"message", message, conversation, message, "Outside"}, []any{found.Kind, found.ID, found.ConversationID, found.MessageID, found.Title})
		require.Equal(t, [][2]int{{1, 2}}, found.Matches)
		found = list.Items[1]
		require.Equal(t, []any{"file", picture.ID, c.channel, post.ID, "上海.png"}, []any{found.Kind, found.ID, found.ChannelID, found.PostID, found.Title})
		require.Equal(t, picture.ID, found.File.ID)
		found = list.Items[2]
		require.Equal(t, []any{"comment", comment.ID, c.channel, post.ID, comment.ID, "Class"}, []any{found.Kind, found.ID, found.ChannelID, found.PostID, found.CommentID, found.Title})
		require.Equal(t, c.student.UserID, found.Author.ID)

		require.NoError(t, store.DB(t.Context()).Delete(&models.Member{}, "user_id = ?", c.student.UserID).Error)
		require.Equal(t, []string{"message 去上海嗎？"}, c.find(c.student, services.SearchRequest{Q: "上海"}), "who left finds no more there")
	})
}

func TestSearchFollowsEditsAndDeletions(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.student, "first words")
		require.Equal(t, []string{"post first words"}, c.find(c.owner, services.SearchRequest{Q: "first"}))
		_, err := c.posts.Update(t.Context(), c.student, post.ID, wire.UpdatePostRequest{Body: new("other words")})
		require.NoError(t, err)
		require.Empty(t, c.find(c.owner, services.SearchRequest{Q: "first"}))
		require.Equal(t, []string{"post other words"}, c.find(c.owner, services.SearchRequest{Q: "words"}))
		c.comment(c.owner, post.ID, "words below")
		require.NoError(t, c.posts.Delete(t.Context(), c.student, post.ID))
		require.Empty(t, c.find(c.owner, services.SearchRequest{Q: "words"}))
		var left int64
		require.NoError(t, store.DB(t.Context()).Table("search_docs").Count(&left).Error)
		require.Zero(t, left, "the comments of a deleted post leave the index too")

		c.post(c.student, "of a channel")
		require.NoError(t, store.DeleteChannel(t.Context(), c.channel))
		require.Empty(t, c.find(c.student, services.SearchRequest{Q: "channel"}))
	})
}

func TestSearchOperators(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		file := c.upload(c.student, "notes.txt", []byte("a"))
		c.post(c.student, "homework with file", file.ID)
		c.post(c.owner, "homework see https://a.example/")
		elsewhere := c.newChannel(map[string]services.Actor{models.RoleOwner: c.owner})
		require.NoError(t, store.DB(t.Context()).Model(&models.Channel{}).Where("id = ?", elsewhere).Update("name", "Physics").Error)
		_, _, err := c.posts.Create(t.Context(), c.owner, elsewhere, wire.CreateEntryRequest{Body: "homework elsewhere"})
		require.NoError(t, err)

		all := []string{"post homework elsewhere", "post homework see https://a.example/", "post homework with file"}
		for q, want := range map[string][]string{
			"homework":                         all,
			"home":                             all,
			"homework from:student":            {all[2]},
			"from:me homework":                 all[:2],
			"homework in:Physics":              {all[0]},
			"homework in:class":                all[1:],
			"homework has:link":                {all[1]},
			"homework has:file":                {all[2]},
			"has:file":                         {"file notes.txt", all[2]},
			"has:image":                        {},
			`"with file"`:                      {all[2]},
			"homework before:2000-01-01":       {},
			"homework after:2000-01-01":        all,
			"notes":                            {"file notes.txt"},
			"in:Physics":                       all[:1],
			"👍":                                {},
			"homework from:" + c.owner.UserID:  all[:2],
			"homework from:" + models.NewID():  {},
			"homework in:" + elsewhere:         {all[0]},
			"homework from:Owner in:elsewhere": nil,
		} {
			if want == nil {
				_, err := c.search().Find(t.Context(), c.owner, services.SearchRequest{Q: q, Limit: 50})
				requireField(t, "q", err)
				continue
			}
			require.Equal(t, want, c.find(c.owner, services.SearchRequest{Q: q}), q)
		}
		require.Equal(t, all[1:2], c.find(c.owner, services.SearchRequest{Q: "homework", In: c.channel, From: c.owner.UserID}))
		require.Equal(t, all[:1], c.find(c.owner, services.SearchRequest{Q: "homework", In: elsewhere, Kind: "post,comment"}))
		for field, req := range map[string]services.SearchRequest{
			"q":      {},
			"in":     {Q: "x", In: models.NewID()},
			"from":   {Q: "x", From: "nobody"},
			"has":    {Q: "x", Has: "money"},
			"before": {Q: "x", Before: "soon"},
			"after":  {Q: "x", After: "2026-02-30"},
			"kind":   {Q: "x", Kind: "post,thing"},
			"cursor": {Q: "x", Cursor: "-1"},
		} {
			req.Limit = 50
			_, err := c.search().Find(t.Context(), c.owner, req)
			requireField(t, field, err)
		}
		for _, text := range []string{"a\x00b", "\xff"} {
			_, err := c.search().Find(t.Context(), c.owner, services.SearchRequest{Q: "x", In: text, Limit: 50})
			requireField(t, "in", err)
			_, err = c.search().Find(t.Context(), c.owner, services.SearchRequest{Q: "x", From: text, Limit: 50})
			requireField(t, "from", err)
		}
		for _, q := range []string{"has:money x", "before:soon", "in:nowhere", "from:nobody x", strings.Repeat("x", 255), "a\x00b"} {
			_, err := c.search().Find(t.Context(), c.owner, services.SearchRequest{Q: q, Limit: 50})
			requireField(t, "q", err)
		}
	})
}

func TestSearchBeginsWithChannelsAndPeople(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		c.post(c.owner, "the class begins")
		require.Equal(t, []string{"channel Class", "user Classmate", "post the class begins"}, c.find(c.student, services.SearchRequest{Q: "ＣＬＡＳＳ"}))
		require.Equal(t, []string{"user Classmate"}, c.find(c.student, services.SearchRequest{Q: "class", Kind: "user"}))
		require.Empty(t, c.find(c.outside, services.SearchRequest{Q: "class"}), "strangers have no names")
		c.talk(c.outside, c.classmate, "hi")
		require.Equal(t, []string{"user Classmate"}, c.find(c.outside, services.SearchRequest{Q: "mate"}))
	})
}

func TestSearchPages(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		var want, got []string
		for n := range 9 {
			c.post(c.student, fmt.Sprint("page ", n))
			want = append([]string{fmt.Sprint("post page ", n)}, want...)
		}
		cursor, pages := "", 0
		for {
			list, err := c.search().Find(t.Context(), c.owner, services.SearchRequest{Q: "page", Limit: 4, Cursor: cursor})
			require.NoError(t, err)
			got, pages = append(got, looked(t, list)...), pages+1
			if list.NextCursor == nil {
				break
			}
			cursor = *list.NextCursor
		}
		require.Equal(t, want, got)
		require.Equal(t, 3, pages)
	})
}

func TestTheFilesOfAPlace(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		a, b, d := c.upload(c.student, "a.txt", []byte("a")), c.upload(c.student, "b.txt", []byte("b")), c.upload(c.owner, "c.txt", []byte("c"))
		post := c.post(c.student, "two", a.ID, b.ID)
		comment := c.comment(c.owner, post.ID, "one", d.ID)
		page := models.Page{Limit: 1}
		first, err := c.search().ChannelFiles(t.Context(), c.classmate, c.channel, page)
		require.NoError(t, err)
		require.Equal(t, []string{"file c.txt"}, looked(t, first))
		require.Equal(t, comment.ID, first.Items[0].CommentID)
		page.Before = *first.NextCursor
		second, err := c.search().ChannelFiles(t.Context(), c.classmate, c.channel, page)
		require.NoError(t, err)
		require.Equal(t, []string{"file a.txt", "file b.txt"}, looked(t, second), "the files of a post stay together")
		require.Nil(t, second.NextCursor)
		_, err = c.search().ChannelFiles(t.Context(), c.outside, c.channel, models.Page{Limit: 1})
		requireKind(t, services.KindNotFound, err)

		conversation, message := c.talk(c.student, c.outside, "")
		attached := models.Attachment{EntryKind: models.EntryMessage, EntryID: message, FileID: a.ID, ConversationID: &conversation}
		require.NoError(t, store.DB(t.Context()).Create(&attached).Error)
		for _, actor := range []services.Actor{c.student, c.outside} {
			list, err := c.search().ConversationFiles(t.Context(), actor, conversation, models.Page{Limit: 9})
			require.NoError(t, err)
			require.Equal(t, []string{"file a.txt"}, looked(t, list))
			require.Equal(t, message, list.Items[0].MessageID)
		}
		_, err = c.search().ConversationFiles(t.Context(), c.owner, conversation, models.Page{Limit: 9})
		requireKind(t, services.KindNotFound, err)
		require.Equal(t, []string{"file a.txt"}, c.find(c.outside, services.SearchRequest{Q: "a.txt"}))
	})
}

// TestOthersWriteWhileMuchIsIndexed: after an upgrade or a restored backup everything waits for the index, and one writer would keep
// the others from SQLite until all was done.
func TestOthersWriteWhileMuchIsIndexed(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		_, message := c.talk(c.student, c.outside, "first")
		var pattern models.Message
		require.NoError(t, c.store.DB(t.Context()).First(&pattern, "id = ?", message).Error)
		rows := make([]models.Message, 450)
		for i := range rows {
			rows[i] = pattern
			rows[i].ID, rows[i].ClientID, rows[i].Body = models.NewID(), nil, fmt.Sprint("number", i)
		}
		require.NoError(t, c.store.DB(t.Context()).CreateInBatches(rows, 50).Error)
		between := 0
		require.NoError(t, c.search().CatchUp(t.Context(), func(took time.Duration) {
			between++
			require.Positive(t, took)
			pattern.ID, pattern.Body = models.NewID(), fmt.Sprint("between", between)
			require.NoError(t, c.store.DB(t.Context()).Create(&pattern).Error)
		}))
		require.GreaterOrEqual(t, between, 2)
		for _, word := range []string{"number0", "number449", fmt.Sprint("between", between)} {
			require.Equal(t, []string{"message " + word}, c.find(c.student, services.SearchRequest{Q: word}))
		}
	})
}
