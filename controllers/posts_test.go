package controllers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// room is a running Lectern with one channel, its teacher, a student, and somebody who is not in it.
type room struct {
	env                       *testenv.Env
	teacher, student, outside *testenv.Client
	channel                   string // path, such as /api/v1/channels/…
}

func newRoom(t *testing.T, opts ...testenv.Option) *room {
	t.Helper()
	env := testenv.Start(t, opts...)
	r := &room{env: env, teacher: env.Register(t, "老師"), student: env.Register(t, "學生"), outside: env.Register(t, "Outside")}
	var channel wire.Channel
	r.teacher.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "國文"}).Want(t, 201).Decode(t, &channel)
	r.channel = "/api/v1/channels/" + channel.ID
	r.teacher.Do(t, "POST", r.channel+"/members", wire.AddMemberRequest{UserID: r.student.UserID, Role: "student"}).Want(t, 201)
	return r
}

func (r *room) post(t *testing.T, by *testenv.Client, req wire.CreateEntryRequest) wire.Post {
	t.Helper()
	var post wire.Post
	by.Do(t, "POST", r.channel+"/posts", req).Want(t, 201).Decode(t, &post)
	return post
}

func TestAPostFromItsFirstWordToItsEnd(t *testing.T) {
	r := newRoom(t)
	clientID := models.NewID()
	res := r.student.Do(t, "POST", r.channel+"/posts", wire.CreateEntryRequest{Body: " 大家好 ", ClientID: clientID}).Want(t, 201)
	var shape map[string]any
	require.NoError(t, json.Unmarshal(res.Body, &shape))
	for _, key := range []string{"id", "channel_id", "author", "body", "files", "reactions", "comment_count", "pinned", "client_id", "created_at", "edited_at"} {
		require.Contains(t, shape, key)
	}
	require.Equal(t, []any{}, shape["files"], "lists are never null")
	require.Equal(t, []any{}, shape["reactions"])
	require.Nil(t, shape["edited_at"])
	var post wire.Post
	res.Decode(t, &post)
	require.Equal(t, "大家好", post.Body)
	require.Equal(t, "學生", post.Author.Name)
	again := r.student.Do(t, "POST", r.channel+"/posts", wire.CreateEntryRequest{Body: "other", ClientID: clientID}).Want(t, 200)
	require.JSONEq(t, string(res.Body), string(again.Body))

	path := "/api/v1/posts/" + post.ID
	r.student.Do(t, "PATCH", path, `{"body": "你好"}`).Want(t, 200)
	r.student.Do(t, "PATCH", path, `{"pinned": true}`).Want(t, 403)
	r.teacher.Do(t, "PATCH", path, `{"pinned": true}`).Want(t, 200)
	r.teacher.Do(t, "PATCH", path, `{"body": "x"}`).Want(t, 403)
	comment := r.teacher.Do(t, "POST", path+"/comments", `{"body": "早"}`).Want(t, 201)
	var c wire.Comment
	comment.Decode(t, &c)
	require.Equal(t, post.ID, c.PostID)
	r.student.Do(t, "PUT", path+"/reactions/"+url.PathEscape("❤️"), nil).Want(t, 204)
	r.student.Do(t, "PUT", path+"/reactions/"+url.PathEscape("❤️"), nil).Want(t, 204)
	r.student.Do(t, "PUT", "/api/v1/comments/"+c.ID+"/reactions/👍", nil).Want(t, 204)
	r.student.Do(t, "DELETE", "/api/v1/comments/"+c.ID+"/reactions/👍", nil).Want(t, 204)
	r.student.Do(t, "GET", path, nil).Want(t, 200).Decode(t, &post)
	require.Equal(t, []wire.Reaction{{Emoji: "❤️", UserIDs: []string{r.student.UserID}}}, post.Reactions)
	require.Equal(t, 1, post.CommentCount)
	require.True(t, post.Pinned)
	require.NotNil(t, post.EditedAt)

	var channel wire.Channel
	r.student.Do(t, "GET", r.channel, nil).Want(t, 200).Decode(t, &channel)
	require.Equal(t, 1, channel.UnreadCount)
	r.student.Do(t, "POST", r.channel+"/read", wire.ReadRequest{UpTo: c.ID}).Want(t, 204)
	r.student.Do(t, "GET", r.channel, nil).Want(t, 200).Decode(t, &channel)
	require.Zero(t, channel.UnreadCount)
	require.Equal(t, &c.ID, channel.LastReadID)

	r.student.Do(t, "PATCH", "/api/v1/comments/"+c.ID, `{"body": "x"}`).Want(t, 403)
	r.student.Do(t, "DELETE", "/api/v1/comments/"+c.ID, nil).Want(t, 403)
	r.teacher.Do(t, "PATCH", "/api/v1/comments/"+c.ID, `{"body": "早安"}`).Want(t, 200)
	r.teacher.Do(t, "DELETE", "/api/v1/comments/"+c.ID, nil).Want(t, 204)
	r.teacher.Do(t, "DELETE", path, nil).Want(t, 204)
	require.Equal(t, "not_found", r.student.Do(t, "GET", path, nil).Problem(t).Code)
}

func TestWhatHappensInAChannelReachesItsMembersAtOnce(t *testing.T) {
	r := newRoom(t)
	student, window := wstest.Connect(t, r.env.URL, r.student.Token), wstest.Connect(t, r.env.URL, r.student.Token)
	outside := wstest.Connect(t, r.env.URL, r.outside.Token)

	post := r.post(t, r.teacher, wire.CreateEntryRequest{Body: "x", ClientID: models.NewID()})
	var seen wire.Post
	student.Expect(t, wire.EventPostCreated, &seen)
	require.Equal(t, post, seen, "the event carries the whole resource")
	path := "/api/v1/posts/" + post.ID
	r.teacher.Do(t, "PATCH", path, `{"pinned": true}`).Want(t, 200)
	var comment wire.Comment
	r.student.Do(t, "POST", path+"/comments", `{"body": "y"}`).Want(t, 201).Decode(t, &comment)
	r.teacher.Do(t, "PUT", path+"/reactions/👍", nil).Want(t, 204)
	r.student.Do(t, "POST", r.channel+"/read", wire.ReadRequest{UpTo: comment.ID}).Want(t, 204)
	r.student.Do(t, "PATCH", "/api/v1/comments/"+comment.ID, `{"body": "z"}`).Want(t, 200)
	r.student.Do(t, "DELETE", "/api/v1/comments/"+comment.ID, nil).Want(t, 204)
	r.teacher.Do(t, "DELETE", path, nil).Want(t, 204)
	for _, event := range []string{wire.EventPostUpdated, wire.EventCommentCreated, wire.EventReactionChanged, wire.EventChannelRead,
		wire.EventCommentUpdated, wire.EventCommentDeleted, wire.EventPostDeleted} {
		student.Expect(t, event, nil)
	}
	var read wire.ChannelRead
	window.Expect(t, wire.EventChannelRead, &read)
	require.Equal(t, comment.ID, read.LastReadID)
	for _, event := range wstest.Types(outside.Fence(t)) {
		require.False(t, strings.HasPrefix(event, "post.") || strings.HasPrefix(event, "comment.") || event == wire.EventReactionChanged || event == wire.EventChannelRead, event)
	}
}

func TestListsContinueByTheirCursor(t *testing.T) {
	r := newRoom(t)
	for _, body := range []string{"1", "2", "3", "4", "5"} {
		r.post(t, r.student, wire.CreateEntryRequest{Body: body})
	}
	walk := func(direction, cursor string) (bodies []string) {
		for {
			var list wire.List[wire.Post]
			query := url.Values{"limit": {"2"}}
			if cursor != "" {
				query.Set(direction, cursor)
			}
			r.teacher.Do(t, "GET", r.channel+"/posts?"+query.Encode(), nil).Want(t, 200).Decode(t, &list)
			for _, p := range list.Items {
				bodies = append(bodies, p.Body)
			}
			if list.NextCursor == nil {
				return bodies
			}
			cursor = *list.NextCursor
		}
	}
	require.Equal(t, []string{"5", "4", "3", "2", "1"}, walk("before", ""))
	require.Equal(t, []string{"1", "2", "3", "4", "5"}, walk("after", "00000000-0000-0000-0000-000000000000"))
	empty := r.teacher.Do(t, "GET", r.channel+"/posts?before=00000000-0000-0000-0000-000000000000", nil).Want(t, 200)
	require.JSONEq(t, `{"items": [], "next_cursor": null}`, string(empty.Body))
}

func TestRefusedEntries(t *testing.T) {
	r := newRoom(t)
	post := r.post(t, r.student, wire.CreateEntryRequest{Body: "x"})
	posts, comments, reactions := r.channel+"/posts", "/api/v1/posts/"+post.ID+"/comments", "/api/v1/posts/"+post.ID+"/reactions/"
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
		field                    string
	}{
		{"not JSON", "POST", posts, `{"body": `, 400, ""},
		{"not an object", "POST", posts, `["x"]`, 400, ""},
		{"a body of the wrong type", "POST", posts, `{"body": 1}`, 400, "body"},
		{"nothing", "POST", posts, `{}`, 422, "body"},
		{"NUL", "POST", posts, `{"body": "\u0000"}`, 422, "body"},
		{"too long", "POST", posts, `{"body": "` + strings.Repeat("字", 20_001) + `"}`, 422, "body"},
		{"too large", "POST", posts, `{"body": "` + strings.Repeat("x", 1<<20) + `"}`, 413, ""},
		{"an unknown file", "POST", posts, `{"body": "x", "file_ids": ["` + models.NewID() + `"]}`, 422, "file_ids"},
		{"a client_id that is none", "POST", posts, `{"body": "x", "client_id": "1"}`, 422, "client_id"},
		{"limit of zero", "GET", posts + "?limit=0", "", 422, "limit"},
		{"limit over the limit", "GET", posts + "?limit=101", "", 422, "limit"},
		{"limit that is no number", "GET", posts + "?limit=ten", "", 422, "limit"},
		{"a cursor that is none", "GET", posts + "?before=x", "", 422, "before"},
		{"an id that is none", "GET", "/api/v1/posts/x", "", 404, ""},
		{"an unknown post", "GET", "/api/v1/posts/" + models.NewID(), "", 404, ""},
		{"a post without a change of the right type", "PATCH", "/api/v1/posts/" + post.ID, `{"pinned": "yes"}`, 400, "pinned"},
		{"an empty comment", "POST", comments, `{"body": " "}`, 422, "body"},
		{"a comment's cursor that is none", "GET", comments + "?after=1", "", 422, "after"},
		{"an unknown comment", "PATCH", "/api/v1/comments/" + models.NewID(), `{"body": "x"}`, 404, ""},
		{"a word as reaction", "PUT", reactions + "like", "", 422, "emoji"},
		{"NUL as reaction", "PUT", reactions + "%00", "", 422, "emoji"},
		{"a mark that is none", "POST", r.channel + "/read", `{"up_to": "x"}`, 422, "up_to"},
		{"a mark elsewhere", "POST", r.channel + "/read", `{"up_to": "` + models.NewID() + `"}`, 422, "up_to"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var body any
			if tc.body != "" {
				body = tc.body
			}
			problem := r.student.Do(t, tc.method, tc.path, body).Want(t, tc.status).Problem(t)
			if tc.field != "" {
				require.Contains(t, problem.Errors, tc.field)
			}
		})
	}
	var list wire.List[wire.Post]
	r.student.Do(t, "GET", posts, nil).Want(t, 200).Decode(t, &list)
	require.Len(t, list.Items, 1, "nothing refused was stored, and the server runs on")
}

func TestStrangersLearnNothing(t *testing.T) {
	r := newRoom(t)
	file := upload(t, r.teacher, "a.txt", "a")
	post := r.post(t, r.teacher, wire.CreateEntryRequest{Body: "x", FileIDs: []string{file.ID}})
	var comment wire.Comment
	r.teacher.Do(t, "POST", "/api/v1/posts/"+post.ID+"/comments", `{"body": "x"}`).Decode(t, &comment)
	for _, route := range []struct{ method, path, body string }{
		{"GET", r.channel + "/posts", ""},
		{"POST", r.channel + "/posts", `{"body": "x"}`},
		{"POST", r.channel + "/read", `{"up_to": "` + post.ID + `"}`},
		{"GET", "/api/v1/posts/" + post.ID, ""},
		{"PATCH", "/api/v1/posts/" + post.ID, `{"body": "x"}`},
		{"DELETE", "/api/v1/posts/" + post.ID, ""},
		{"GET", "/api/v1/posts/" + post.ID + "/comments", ""},
		{"POST", "/api/v1/posts/" + post.ID + "/comments", `{"body": "x"}`},
		{"PATCH", "/api/v1/comments/" + comment.ID, `{"body": "x"}`},
		{"DELETE", "/api/v1/comments/" + comment.ID, ""},
		{"PUT", "/api/v1/posts/" + post.ID + "/reactions/👍", ""},
		{"DELETE", "/api/v1/posts/" + post.ID + "/reactions/👍", ""},
		{"PUT", "/api/v1/comments/" + comment.ID + "/reactions/👍", ""},
		{"DELETE", "/api/v1/comments/" + comment.ID + "/reactions/👍", ""},
		{"GET", "/api/v1/files/" + file.ID, ""},
		{"GET", "/api/v1/files/" + file.ID + "/content", ""},
		{"DELETE", "/api/v1/files/" + file.ID, ""},
	} {
		t.Run(route.method+" "+strings.NewReplacer(post.ID, "{post}", comment.ID, "{comment}", file.ID, "{file}").Replace(route.path), func(t *testing.T) {
			var body any
			if route.body != "" {
				body = route.body
			}
			require.Equal(t, "not_found", r.outside.Do(t, route.method, route.path, body).Want(t, http.StatusNotFound).Problem(t).Code)
			require.Equal(t, "unauthenticated", r.env.Anonymous().Do(t, route.method, route.path, body).Want(t, http.StatusUnauthorized).Problem(t).Code)
		})
	}
}
