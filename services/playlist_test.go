package services_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// tube is a YouTube video of which the id ends in n.
func tube(n int) *wire.PlaybackItem {
	return &wire.PlaybackItem{Kind: "youtube", URL: fmt.Sprintf("https://youtu.be/video-%05d", n)}
}

func keyOf(n int) string { return fmt.Sprintf("youtube:video-%05d", n) }

func (l *lesson) edit(t *testing.T, who services.Actor, cmd wire.PlaybackEdit) (*wire.Playlist, error) {
	t.Helper()
	cmd.ChannelID = l.channelID
	if cmd.ID == "" {
		cmd.ID = models.NewID()
	}
	return l.playback.Edit(t.Context(), who, cmd)
}

// list makes a playlist of videos 1 to n.
func (l *lesson) list(t *testing.T, n int) *wire.Playlist {
	t.Helper()
	var list *wire.Playlist
	for i := range n {
		var err error
		list, err = l.edit(t, l.teacher, wire.PlaybackEdit{Op: "add", BaseV: int64(i), Item: tube(i + 1)})
		require.NoError(t, err)
	}
	return list
}

func (l *lesson) playlist(t *testing.T) *wire.Playlist {
	t.Helper()
	list, err := l.playback.Playlist(t.Context(), l.ada, l.channelID)
	require.NoError(t, err)
	return list
}

func keys(list *wire.Playlist) []string {
	keys := []string{}
	for _, e := range list.Entries {
		keys = append(keys, e.Item.Key)
	}
	return keys
}

// assistant is another teacher of the channel.
func (l *lesson) assistant(t *testing.T) services.Actor {
	t.Helper()
	who := register(t, l.store, "Assistant")
	require.NoError(t, l.store.DB(t.Context()).Create(&models.Member{ChannelID: l.channelID, UserID: who.UserID, Role: models.RoleAssistant, JoinedAt: l.clock.Now()}).Error)
	return who
}

func TestEditingThePlaylist(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		list := l.list(t, 3)
		require.Equal(t, []string{keyOf(1), keyOf(2), keyOf(3)}, keys(list))
		require.True(t, list.AutoNext)
		require.Equal(t, *list, l.pub.last(t, wire.EventPlaybackPlaylist))

		for _, step := range []struct {
			cmd  wire.PlaybackEdit
			want []string
		}{
			{wire.PlaybackEdit{Op: "move", EntryID: list.Entries[2].ID, To: new(0)}, []string{keyOf(3), keyOf(1), keyOf(2)}},
			{wire.PlaybackEdit{Op: "move", EntryID: list.Entries[2].ID, To: new(99)}, []string{keyOf(1), keyOf(2), keyOf(3)}},
			{wire.PlaybackEdit{Op: "add", Item: tube(4), Title: " Waves ", To: new(1)}, []string{keyOf(1), keyOf(4), keyOf(2), keyOf(3)}},
			{wire.PlaybackEdit{Op: "remove", EntryID: list.Entries[0].ID}, []string{keyOf(4), keyOf(2), keyOf(3)}},
			{wire.PlaybackEdit{Op: "rename", EntryID: list.Entries[1].ID, Title: "第二部"}, []string{keyOf(4), keyOf(2), keyOf(3)}},
			{wire.PlaybackEdit{Op: "auto_next", AutoNext: new(false)}, []string{keyOf(4), keyOf(2), keyOf(3)}},
		} {
			step.cmd.BaseV = list.V
			next, err := l.edit(t, l.teacher, step.cmd)
			require.NoError(t, err, step.cmd.Op)
			require.Equal(t, list.V+1, next.V)
			require.Equal(t, step.want, keys(next), step.cmd.Op)
			require.Equal(t, next, l.playlist(t), "as stored")
			list = next
		}
		require.Equal(t, "Waves", list.Entries[0].Item.Title)
		require.Equal(t, "第二部", list.Entries[1].Item.Title)
		require.False(t, list.AutoNext)

		_, err := l.meetings.End(t.Context(), l.teacher, l.id)
		require.NoError(t, err)
		require.Equal(t, list, l.playlist(t), "it lasts over meetings")
		cleared, err := l.edit(t, l.teacher, wire.PlaybackEdit{Op: "clear", BaseV: list.V})
		require.NoError(t, err, "without a meeting")
		require.Empty(t, cleared.Entries)
	})
}

func TestPlaylistRefusals(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		list := l.list(t, 1)
		stranger := register(t, l.store, "Stranger")
		id := list.Entries[0].ID
		for name, tc := range map[string]struct {
			who   services.Actor
			cmd   wire.PlaybackEdit
			kind  services.Kind
			field string
		}{
			"a student":          {l.ada, wire.PlaybackEdit{Op: "clear", BaseV: 1}, services.KindForbidden, ""},
			"a stranger":         {stranger, wire.PlaybackEdit{Op: "clear", BaseV: 1}, services.KindNotFound, ""},
			"unknown op":         {l.teacher, wire.PlaybackEdit{Op: "shuffle", BaseV: 1}, services.KindInvalid, "op"},
			"nothing to add":     {l.teacher, wire.PlaybackEdit{Op: "add", BaseV: 1}, services.KindInvalid, "item"},
			"another site":       {l.teacher, wire.PlaybackEdit{Op: "add", BaseV: 1, Item: &wire.PlaybackItem{Kind: "youtube", URL: "https://evil.example"}}, services.KindInvalid, "item.url"},
			"no such entry":      {l.teacher, wire.PlaybackEdit{Op: "remove", BaseV: 1, EntryID: "x"}, services.KindInvalid, "entry_id"},
			"an empty title":     {l.teacher, wire.PlaybackEdit{Op: "rename", BaseV: 1, EntryID: id, Title: " "}, services.KindInvalid, "title"},
			"a bad title":        {l.teacher, wire.PlaybackEdit{Op: "rename", BaseV: 1, EntryID: id, Title: "a\nb"}, services.KindInvalid, "title"},
			"go on by itself or": {l.teacher, wire.PlaybackEdit{Op: "auto_next", BaseV: 1}, services.KindInvalid, "auto_next"},
			"an older version":   {l.teacher, wire.PlaybackEdit{Op: "clear"}, services.KindConflict, ""},
			"a future version":   {l.teacher, wire.PlaybackEdit{Op: "clear", BaseV: 2}, services.KindConflict, ""},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := l.edit(t, tc.who, tc.cmd)
				requireKind(t, tc.kind, err)
				if tc.field != "" {
					require.Contains(t, err.(*services.Error).Fields, tc.field)
				}
				if tc.kind == services.KindConflict {
					require.Equal(t, *list, err.(*services.Error).Current)
				}
			})
		}
		require.Equal(t, list, l.playlist(t))
		for i := list.V; i < 100; i++ {
			_, err := l.edit(t, l.teacher, wire.PlaybackEdit{Op: "add", BaseV: i, Item: tube(int(i))})
			require.NoError(t, err)
		}
		_, err := l.edit(t, l.teacher, wire.PlaybackEdit{Op: "add", BaseV: 100, Item: tube(1)})
		requireKind(t, services.KindConflict, err)
	})
}

// TestARepeatedEditAsksForNothing: what a retry names may be gone since.
func TestARepeatedEditAsksForNothing(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		_, err := l.edit(t, l.teacher, wire.PlaybackEdit{ID: "same", Op: "add", Item: tube(1)})
		require.NoError(t, err)
		again, err := l.edit(t, l.teacher, wire.PlaybackEdit{ID: "same", Op: "add", Item: &wire.PlaybackItem{Kind: "file", FileID: models.NewID()}})
		require.NoError(t, err)
		require.Equal(t, []string{keyOf(1)}, keys(again))
	})
}

// TestTwoTeachersEditAtOnce: each looks at the list again when refused, so nothing is lost and nothing comes twice.
func TestTwoTeachersEditAtOnce(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		const each = 10
		var group sync.WaitGroup
		for who, actor := range []services.Actor{l.teacher, l.assistant(t)} {
			group.Go(func() {
				for i := range each {
					for base, done := int64(0), false; !done; {
						cmd := wire.PlaybackEdit{ID: fmt.Sprintf("%d-%d-%d", who, i, base), Op: "add", BaseV: base, Item: tube(100*who + i)}
						list, err := l.edit(t, actor, cmd)
						if err != nil {
							base = err.(*services.Error).Current.(wire.Playlist).V
							continue
						}
						again, err := l.edit(t, actor, cmd) // the answer was lost
						require.NoError(t, err)
						require.GreaterOrEqual(t, again.V, list.V)
						done = true
					}
				}
			})
		}
		group.Wait()
		list := l.playlist(t)
		require.Equal(t, int64(2*each), list.V)
		want := []string{}
		for i := range each {
			want = append(want, keyOf(i), keyOf(100+i))
		}
		require.ElementsMatch(t, want, keys(list))
		require.Equal(t, *list, l.pub.last(t, wire.EventPlaybackPlaylist), "the last event tells the truth")
	})
}

func TestGoingThroughThePlaylist(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		list := l.list(t, 3)
		first := l.drive(t, wire.PlaybackCommand{Op: "next"})
		require.Equal(t, keyOf(1), first.Item.Key, "the first, when none was loaded")
		require.Equal(t, list.Entries[0].ID, first.EntryID)
		require.False(t, first.Playing)
		require.Equal(t, first.EntryID, l.playlist(t).CurrentID)

		l.drive(t, wire.PlaybackCommand{Op: "play"})
		second := l.drive(t, wire.PlaybackCommand{Op: "next"})
		require.True(t, second.Playing, "it was playing, so it goes on")
		require.Equal(t, keyOf(2), second.Item.Key)
		require.Equal(t, 0.0, second.Pos)

		_, err := l.command(t, l.teacher, wire.PlaybackCommand{Op: "next", BaseV: first.V})
		requireKind(t, services.KindConflict, err) // somebody else was faster
		third := l.drive(t, wire.PlaybackCommand{Op: "next", BaseV: second.V, Autoplay: new(false)})
		require.Equal(t, keyOf(3), third.Item.Key)
		require.False(t, third.Playing)
		_, err = l.command(t, l.teacher, wire.PlaybackCommand{Op: "next"})
		requireKind(t, services.KindConflict, err)

		require.Equal(t, keyOf(2), l.drive(t, wire.PlaybackCommand{Op: "previous"}).Item.Key)
		chosen := l.drive(t, wire.PlaybackCommand{Op: "load", EntryID: list.Entries[2].ID, Autoplay: new(true)})
		require.Equal(t, keyOf(3), chosen.Item.Key)
		require.True(t, chosen.Playing)
		_, err = l.command(t, l.teacher, wire.PlaybackCommand{Op: "load", EntryID: "x"})
		requireKind(t, services.KindInvalid, err)

		_, err = l.edit(t, l.teacher, wire.PlaybackEdit{Op: "remove", BaseV: list.V, EntryID: list.Entries[1].ID})
		require.NoError(t, err)
		l.drive(t, wire.PlaybackCommand{Op: "previous"})
		require.Equal(t, list.Entries[0].ID, l.playlist(t).CurrentID)
		removed, err := l.edit(t, l.teacher, wire.PlaybackEdit{Op: "remove", BaseV: list.V + 1, EntryID: list.Entries[0].ID})
		require.NoError(t, err)
		require.Empty(t, removed.CurrentID)
		require.Equal(t, keyOf(3), l.drive(t, wire.PlaybackCommand{Op: "next"}).Item.Key)
		alone := l.drive(t, wire.PlaybackCommand{Op: "load", Item: tube(9)})
		require.Empty(t, alone.EntryID, "not of the playlist")
		l.restart(t)
		require.Equal(t, list.Entries[2].ID, l.join(t, l.ada, newSeat(), wire.MeetingJoin{}).PlaybackState.Playlist.CurrentID)
	})
}

// TestTwoPressNextOverARestart: whoever was slower saw what played before it.
func TestTwoPressNextOverARestart(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.list(t, 3)
		seen := l.drive(t, wire.PlaybackCommand{Op: "next"})
		second := l.drive(t, wire.PlaybackCommand{Op: "next", BaseV: seen.V})
		paused := l.drive(t, wire.PlaybackCommand{Op: "pause", Pos: new(3.0)})
		l.restart(t)
		_, err := l.command(t, l.teacher, wire.PlaybackCommand{Op: "next", BaseV: seen.V})
		requireKind(t, services.KindConflict, err)
		require.Equal(t, paused.V, l.timeline().V)
		require.Equal(t, keyOf(3), l.drive(t, wire.PlaybackCommand{Op: "next", BaseV: second.V}).Item.Key, "a pause is no reason")
	})
}

func TestTheEndOfAnEntryStartsTheNext(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *lesson) {
		l.join(t, l.teacher, l.teacherSeat, wire.MeetingJoin{})
		list := l.list(t, 4)
		report := func(who services.Actor, r wire.PlaybackReport) error {
			r.ChannelID = l.channelID
			return l.playback.Report(t.Context(), who, r)
		}
		requireKind(t, services.KindForbidden, report(l.ada, wire.PlaybackReport{Key: keyOf(1), Duration: new(1.0)}))
		requireKind(t, services.KindInvalid, report(l.teacher, wire.PlaybackReport{Key: "x"}))
		requireKind(t, services.KindInvalid, report(l.teacher, wire.PlaybackReport{Key: keyOf(1), Problem: new("tired")}))
		requireKind(t, services.KindInvalid, report(l.teacher, wire.PlaybackReport{Key: keyOf(1), Duration: new(-1.0)}))
		require.NoError(t, report(l.teacher, wire.PlaybackReport{Key: keyOf(1), Duration: new(60.0), Title: new("Waves")}))
		require.NoError(t, report(l.teacher, wire.PlaybackReport{Key: keyOf(2), Problem: new("embedding_disabled")}))
		known := l.playlist(t)
		require.Equal(t, list.V, known.V, "no edit")
		require.Equal(t, "Waves", known.Entries[0].Item.Title)
		require.Equal(t, "embedding_disabled", known.Entries[1].Problem)

		playing := l.drive(t, wire.PlaybackCommand{Op: "next", Autoplay: new(true)})
		require.Equal(t, 60.0, *playing.Until)
		l.clock.turn(time.Minute)
		require.Equal(t, keyOf(1), l.timeline().Item.Key, "the start lay ahead")
		l.clock.turn(250 * time.Millisecond)
		next := l.timeline()
		require.Equal(t, keyOf(3), next.Item.Key, "the second cannot be played")
		require.True(t, next.Playing)
		require.Equal(t, next, l.pub.last(t, wire.EventPlaybackTimeline))
		require.Nil(t, next.Until, "its length is not known yet")
		require.Equal(t, list.Entries[2].ID, l.playlist(t).CurrentID)

		l.clock.turn(40 * time.Second)
		require.NoError(t, report(l.teacher, wire.PlaybackReport{Key: keyOf(3), Duration: new(50.0)}))
		require.Equal(t, 50.0, *l.timeline().Until)
		_, err := l.edit(t, l.teacher, wire.PlaybackEdit{Op: "auto_next", BaseV: list.V, AutoNext: new(false)})
		require.NoError(t, err)
		l.clock.turn(20 * time.Second)
		over := l.timeline()
		require.Equal(t, keyOf(3), over.Item.Key)
		require.False(t, over.Playing)
		require.Equal(t, 50.0, over.Pos)
		require.Equal(t, 0.0, l.drive(t, wire.PlaybackCommand{Op: "play"}).Pos, "from the beginning")

		_, err = l.edit(t, l.teacher, wire.PlaybackEdit{Op: "auto_next", BaseV: list.V + 1, AutoNext: new(true)})
		require.NoError(t, err)
		l.join(t, l.ada, newSeat(), wire.MeetingJoin{})
		l.meetings.Leave(t.Context(), l.teacherSeat)
		l.clock.turn(time.Minute)
		require.Equal(t, keyOf(3), l.timeline().Item.Key, "no teacher is left")
		require.False(t, l.timeline().Playing)
	})
}

// timeline is the present one.
func (l *lesson) timeline() (now *wire.Timeline) {
	l.playback.Snapshot(l.id, services.Arrival{}, models.RoleStudent, func(t *wire.Timeline, _ wire.PlaybackState) { now = t })
	return now
}
