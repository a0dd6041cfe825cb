package services_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestAMeetingClosesWithAPost(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.speak(t, "en")
		l.clock.turn(52 * time.Minute)
		l.pub.take()
		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		post := l.pub.last(t, wire.EventPostCreated).(*wire.Post)
		require.Equal(t, "The class met: 52 minutes, 2 people", post.Body)
		require.Equal(t, l.id, post.MeetingID)
		require.Equal(t, 2, post.Meeting.People)
		require.Equal(t, 52*time.Minute, time.Time(*post.Meeting.EndedAt).Sub(time.Time(post.Meeting.StartedAt)))
		require.Equal(t, []string{wire.EventPostCreated, wire.EventMeetingEnded}, l.pub.take())
		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Empty(t, l.pub.take(), "once")
	})
}

func TestAMeetingThatNobodyCameToLeavesNoPost(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.clock.turn(time.Minute)
		require.False(t, l.active(t))
		require.Equal(t, []string{wire.EventMeetingEnded}, l.pub.take())
		_, err := l.posts.Open(t.Context(), l.ada, l.id)
		requireKind(t, services.KindNotFound, err)
	})
}

func TestThePostOfARunningMeeting(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.speak(t, "zh-TW")
		require.Nil(t, l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).PostID)
		var wait sync.WaitGroup
		ids := make([]string, 5)
		for i := range ids {
			wait.Go(func() {
				post, err := l.posts.Open(t.Context(), l.bob, l.id)
				if err == nil {
					ids[i] = post.ID
				}
			})
		}
		wait.Wait()
		for _, id := range ids {
			require.Equal(t, ids[0], id, "one post, however many ask")
		}
		post, err := l.posts.Open(t.Context(), l.ada, l.id)
		require.NoError(t, err)
		require.Equal(t, "這堂課的提問與討論", post.Body)
		require.Equal(t, l.teacher.UserID, post.Author.ID)
		require.Nil(t, post.Meeting.EndedAt)
		require.Zero(t, post.Meeting.People)
		require.Equal(t, post.ID, *l.join(t, l.bob, newSeat(), wire.MeetingJoin{}).PostID)
		_, err = l.posts.Open(t.Context(), register(t, l.store, "Stranger"), l.id)
		requireKind(t, services.KindNotFound, err)

		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		updated := l.pub.last(t, wire.EventPostUpdated).(*wire.Post)
		require.Equal(t, post.ID, updated.ID)
		require.Equal(t, "這堂課已結束：1 分鐘，2 人參加", updated.Body)
		require.Nil(t, updated.EditedAt)
	})
}

func TestWhatTheHostWroteIntoThePostStays(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		post, err := l.posts.Open(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		_, err = services.NewPosts(l.posts.Entries).Update(t.Context(), l.teacher, post.ID, wire.UpdatePostRequest{Body: new("Optics, part 2")})
		require.NoError(t, err)
		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		updated := l.pub.last(t, wire.EventPostUpdated).(*wire.Post)
		require.Equal(t, "Optics, part 2", updated.Body)
		require.Equal(t, 1, updated.Meeting.People)
	})
}

func TestALockedChat(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		post, err := l.posts.Open(t.Context(), l.ada, l.id)
		require.NoError(t, err)
		write := func(who services.Actor, clientID string) (*wire.Comment, error) {
			c, _, err := l.comments.Create(t.Context(), who, post.ID, wire.CreateEntryRequest{Body: "Hello", ClientID: clientID})
			return c, err
		}
		first := models.NewID()
		mine, err := write(l.ada, first)
		require.NoError(t, err)

		_, err = l.meetings.Settings(t.Context(), l.teacher, l.teacherSeat, wire.MeetingSettingsCommand{ChatLocked: new(true)})
		require.NoError(t, err)
		_, err = write(l.ada, "")
		requireKind(t, services.KindForbidden, err)
		_, err = l.comments.Update(t.Context(), l.ada, mine.ID, wire.UpdateCommentRequest{Body: "Hello again"})
		requireKind(t, services.KindForbidden, err)
		_, err = l.playback.Comment(t.Context(), l.ada, l.id, wire.PlaybackComment{Body: "Why?", Key: "youtube:aqz-KE-bpKQ", Pos: new(3.0)})
		requireKind(t, services.KindForbidden, err)
		again, err := write(l.ada, first)
		require.NoError(t, err, "a retry of what was written before")
		require.Equal(t, mine.ID, again.ID)
		_, err = write(l.teacher, "")
		require.NoError(t, err)
		require.NoError(t, l.comments.Delete(t.Context(), l.ada, mine.ID))

		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		_, err = write(l.ada, "")
		require.NoError(t, err, "after class everybody may write again")
	})
}

func TestTheChatOfAMeetingRingsNoBells(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		require.NoError(t, l.store.UpdatePlace(t.Context(), l.channelID, l.bob.UserID, map[string]any{"level": models.LevelAll}))
		post, err := l.posts.Open(t.Context(), l.ada, l.id)
		require.NoError(t, err)
		say := func(body string) {
			_, _, err := l.comments.Create(t.Context(), l.ada, post.ID, wire.CreateEntryRequest{Body: body})
			require.NoError(t, err)
		}
		kinds := func() (kinds []string) {
			notes, err := l.store.NotificationsOf(t.Context(), l.bob.UserID)
			require.NoError(t, err)
			for _, n := range notes {
				if n.CommentID != nil {
					kinds = append(kinds, n.Kind)
				}
			}
			return kinds
		}
		say("Hello")
		require.Empty(t, kinds())
		say("@[Bob](user:" + l.bob.UserID + ") listen")
		require.Equal(t, []string{models.NotifyMention}, kinds())
		_, err = l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		say("One more thing")
		require.NoError(t, newNotifier(t, l.store, l.pub, l.clock).AnnounceDue(t.Context()))
		require.Equal(t, []string{models.NotifyMention, models.NotifyComment}, kinds())
	})
}
