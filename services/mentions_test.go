package services_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// at is how a text calls somebody.
func at(who services.Actor) string { return "@[老師 王小明](user:" + who.UserID + ")" }

const everybody = "@[all](all)"

func TestMentions(t *testing.T) {
	ada, bea := services.Actor{UserID: models.NewID()}, services.Actor{UserID: models.NewID()}
	for _, tc := range []struct {
		body     string
		ada, bea bool
	}{
		{"", false, false},
		{at(ada), true, false},
		{"你好，" + at(bea) + "！" + at(ada), true, true},
		{"`" + at(ada) + "` " + at(bea), false, true},
		{"```\n" + at(ada) + "\n```\n" + at(bea), false, true},
		{"~~~\n" + at(ada), false, false},
		{"~~gone~~ " + at(ada), true, false},
		{"[" + ada.UserID + "](user:" + ada.UserID + ")", false, false},
		{"@[](user:" + ada.UserID + ")", false, false},
		{"@[x](user:00000000-0000-0000-0000-00000000000g)", false, false},
		{everybody, false, false},
	} {
		require.Equal(t, tc.ada, services.Mentions(tc.body, ada.UserID), tc.body)
		require.Equal(t, tc.bea, services.Mentions(tc.body, bea.UserID), tc.body)
	}
}

// bell is what a user's list has, newest first, as "kind" or "kind silent".
func (c *class) bell(who services.Actor) []string {
	c.t.Helper()
	require.NoError(c.t, c.notifications.AnnounceDue(c.t.Context()))
	list, err := c.notifications.List(c.t.Context(), who, models.Page{Limit: 100})
	require.NoError(c.t, err)
	kinds := []string{}
	for _, n := range list.Items {
		kind := n.Kind
		if n.Silent {
			kind += " silent"
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

func (c *class) level(who services.Actor, level string) {
	c.t.Helper()
	require.NoError(c.t, c.store.UpdatePlace(c.t.Context(), c.channel, who.UserID, map[string]any{"level": level}))
}

func (c *class) edit(actor services.Actor, postID, body string) {
	c.t.Helper()
	_, err := c.posts.Update(c.t.Context(), actor, postID, wire.UpdatePostRequest{Body: &body})
	require.NoError(c.t, err)
}

func TestWhoIsToldOfAnEntry(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		for _, tc := range []struct {
			name    string
			level   string // of the classmate, who wrote the post
			author  string
			body    func(c *class) string
			comment bool
			want    []string
		}{
			{"a post at the usual level", models.LevelMentions, "student", nil, false, []string{}},
			{"a post at level all", models.LevelAll, "student", nil, false, []string{"post"}},
			{"a comment at level all under another's post", models.LevelAll, "other post", nil, true, []string{"comment"}},
			{"a reply", models.LevelMentions, "student", nil, true, []string{"reply"}},
			{"a reply at level all is one, too", models.LevelAll, "student", nil, true, []string{"reply"}},
			{"a reply at level none is in the list", models.LevelNone, "student", nil, true, []string{"reply silent"}},
			{"by name", models.LevelMentions, "student", func(c *class) string { return at(c.classmate) }, false, []string{"mention"}},
			{"by name and twice", models.LevelAll, "student", func(c *class) string { return at(c.classmate) + at(c.classmate) }, true, []string{"mention"}},
			{"by name at level none", models.LevelNone, "student", func(c *class) string { return at(c.classmate) }, false, []string{"mention silent"}},
			{"everybody, by a teacher", models.LevelMentions, "owner", func(*class) string { return everybody }, false, []string{"mention_all"}},
			{"everybody, by an assistant in a comment", models.LevelMentions, "assistant", func(*class) string { return everybody }, true, []string{"mention_all"}},
			{"everybody, by a student", models.LevelMentions, "student", func(*class) string { return everybody }, false, []string{}},
			{"everybody at level none", models.LevelNone, "owner", func(*class) string { return everybody }, false, []string{}},
			{"oneself", models.LevelAll, "classmate", func(c *class) string { return at(c.classmate) + everybody }, true, []string{}},
		} {
			t.Run(tc.name, func(t *testing.T) {
				c := newClass(t, store)
				c.level(c.classmate, tc.level)
				post := c.post(c.classmate, "mine")
				if tc.author == "other post" {
					post, tc.author = c.post(c.owner, "theirs"), "student"
					require.NoError(t, c.notifications.AnnounceDue(t.Context()))
					require.NoError(t, c.notifications.Read(t.Context(), c.classmate, wire.ReadNotificationsRequest{UpTo: models.NewID()}))
					require.NoError(t, store.DB(t.Context()).Delete(&models.Notification{}, "user_id = ?", c.classmate.UserID).Error)
				}
				author := map[string]services.Actor{"owner": c.owner, "assistant": c.assistant, "student": c.student, "classmate": c.classmate}[tc.author]
				body := "hello"
				if tc.body != nil {
					body = tc.body(c)
				}
				if tc.comment {
					c.comment(author, post.ID, body)
				} else {
					c.post(author, body)
				}
				require.Equal(t, tc.want, c.bell(c.classmate))
				require.Empty(t, c.bell(c.outside))
			})
		}
	})
}

func TestAStrangerIsNotCalled(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		c.post(c.owner, at(c.outside))
		require.Empty(t, c.bell(c.outside))
	})
}

func TestAnEditCallsOnlyWhoIsNew(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		c.level(c.classmate, models.LevelAll)
		post := c.post(c.owner, "hello "+at(c.student))
		require.Equal(t, []string{"mention"}, c.bell(c.student))
		require.Equal(t, []string{"post"}, c.bell(c.classmate))
		c.edit(c.owner, post.ID, "hello "+at(c.student)+" and "+at(c.classmate))
		c.edit(c.owner, post.ID, "hello "+at(c.student))
		c.edit(c.owner, post.ID, "hello again "+at(c.classmate)+at(c.student))
		require.Equal(t, []string{"mention"}, c.bell(c.student), "called before")
		require.Equal(t, []string{"mention", "post"}, c.bell(c.classmate), "called once, and no second time after the name was gone")
		c.edit(c.owner, post.ID, everybody)
		require.Equal(t, []string{"mention_all", "mention"}, c.bell(c.student))

		comment := c.comment(c.student, post.ID, "x")
		_, err := c.comments.Update(t.Context(), c.student, comment.ID, wire.UpdateCommentRequest{Body: at(c.assistant)})
		require.NoError(t, err)
		require.Equal(t, []string{"mention", "mention_all"}, c.bell(c.assistant))
	})
}

func TestOneTextCallsFiftyPeople(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		body := ""
		for range 50 {
			body += at(services.Actor{UserID: models.NewID()})
		}
		c.post(c.student, body+at(c.classmate))
		require.Empty(t, c.bell(c.classmate))
	})
}
