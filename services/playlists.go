package services

import (
	"context"
	"errors"
	"slices"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// commandsKept is for how long an edit's id is remembered.
const commandsKept = 24 * time.Hour

// Playlist shows a channel's playlist.
func (p *Playback) Playlist(ctx context.Context, actor Actor, channelID string) (*wire.Playlist, error) {
	if _, err := Authorize(ctx, p.Store, actor, channelID, ActionRead); err != nil {
		return nil, err
	}
	list, err := p.readList(ctx, channelID)
	return (*wire.Playlist)(&list), err
}

// Edit changes a channel's playlist. An edit of an older version is refused with the present list, so that two teachers
// who edit at once lose nothing. The same id again changes nothing.
func (p *Playback) Edit(ctx context.Context, actor Actor, cmd wire.PlaybackEdit) (*wire.Playlist, error) {
	channelID, err := p.teaches(ctx, actor, cmd.ChannelID)
	if err != nil {
		return nil, err
	}
	if err := checkPlaybackEdit(&cmd); err != nil {
		return nil, err
	}
	row := &models.PlaylistCommand{ChannelID: channelID, ID: cmd.ID, CreatedAt: stamp(p.Clock)}
	list, err := p.rewrite(ctx, channelID, row, func(list playlist) (playlist, bool, error) {
		added, err := p.added(ctx, actor, cmd) // not before: a retry is not asked for its item again
		if err != nil {
			return list, false, err
		}
		if cmd.BaseV != list.V {
			return list, false, &Error{Kind: KindConflict, Message: "Somebody else has changed the playlist meanwhile. Look at it again.",
				Current: wire.Playlist(list)}
		}
		next, err := list.edit(cmd, added)
		return next, true, err
	})
	if errors.Is(err, models.ErrReference) { // the file was deleted in this moment
		err = NotFound("file")
	}
	if err != nil {
		return nil, err
	}
	return (*wire.Playlist)(&list), p.Store.ForgetPlaylistCommands(ctx, row.CreatedAt.Add(-commandsKept))
}

// added makes the entry that "add" brings.
func (p *Playback) added(ctx context.Context, actor Actor, cmd wire.PlaybackEdit) (wire.PlaylistEntry, error) {
	if cmd.Op != "add" {
		return wire.PlaylistEntry{}, nil
	}
	item, err := p.item(ctx, actor, *cmd.Item)
	if cmd.Title != "" {
		item.Title = cmd.Title
	}
	return wire.PlaylistEntry{ID: models.NewID(), Item: item}, err
}

func checkPlaybackEdit(cmd *wire.PlaybackEdit) error {
	v := invalid{}
	v.line("id", cmd.ID, 1, 64)
	v.oneOf("op", cmd.Op, "add", "move", "remove", "clear", "rename", "auto_next")
	least := 0
	if cmd.Op == "rename" {
		least = 1
	}
	cmd.Title = v.line("title", cmd.Title, least, maxTitle)
	switch {
	case cmd.Op == "add" && cmd.Item == nil:
		v["item"] = "Say what to add."
	case cmd.Op == "auto_next" && cmd.AutoNext == nil:
		v["auto_next"] = "Say whether it shall."
	}
	return v.err()
}

// teaches lets a channel's teachers pass; id is the channel's as stored.
func (p *Playback) teaches(ctx context.Context, actor Actor, channelID string) (id string, err error) {
	id, ok := models.ParseID(channelID)
	if !ok {
		return "", NotFound("channel")
	}
	_, err = Authorize(ctx, p.Store, actor, id, ActionDrive)
	return id, err
}

// rewrite changes a playlist, stores it and tells the channel if do says so. cmd, when there is one, was carried out before
// if its id is known.
func (p *Playback) rewrite(ctx context.Context, channelID string, cmd *models.PlaylistCommand, do func(playlist) (playlist, bool, error)) (playlist, error) {
	defer p.lists.take(channelID)()
	list, err := p.readList(ctx, channelID)
	if err != nil {
		return list, err
	}
	if cmd != nil {
		done, err := p.Store.PlaylistCommandDone(ctx, channelID, cmd.ID)
		if err != nil || done {
			return list, err
		}
	}
	next, changed, err := do(list)
	if err != nil || !changed {
		return list, err
	}
	row, entries, err := next.rows()
	if err != nil {
		return list, err
	}
	if err := p.Store.SavePlaylist(ctx, row, entries, cmd); err != nil {
		return list, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.ofChannel(channelID); st != nil {
		st.list = next
	}
	p.Publisher.PublishState(ChannelTopic(channelID), "playlist", wire.EventPlaybackPlaylist, wire.Playlist(next))
	return next, nil
}

// point moves the mark of what was loaded last.
func (p *Playback) point(ctx context.Context, channelID, entryID string) error {
	_, err := p.rewrite(ctx, channelID, nil, func(list playlist) (playlist, bool, error) {
		moved := list.CurrentID != entryID && list.index(entryID) >= 0
		list.CurrentID = entryID
		return list, moved, nil
	})
	return err
}

func (p *Playback) readList(ctx context.Context, channelID string) (playlist, error) {
	row, entries, err := p.Store.Playlist(ctx, channelID)
	if err != nil {
		return playlist{}, err
	}
	return readPlaylist(row, entries)
}

// problems are the words in which a player says why it cannot play an item.
var problems = []string{"", "not_found", "embedding_disabled", "referrer_missing", "unplayable"}

// Report keeps what a teacher's player found out about an item: with the entries of the playlist, and with what plays, whose
// end is known from then on.
func (p *Playback) Report(ctx context.Context, actor Actor, r wire.PlaybackReport) error {
	channelID, err := p.teaches(ctx, actor, r.ChannelID)
	if err != nil {
		return err
	}
	v := invalid{}
	v.itemKey("key", r.Key)
	if r.Title != nil {
		r.Title = new(v.line("title", *r.Title, 0, maxTitle))
	}
	if r.Problem != nil && !slices.Contains(problems, *r.Problem) {
		v["problem"] = "It must be empty or one of: not_found, embedding_disabled, referrer_missing, unplayable."
	}
	if r.Duration != nil && !(*r.Duration > 0 && *r.Duration <= maxPos) {
		v["duration"] = "It is out of range."
	}
	if err := v.err(); err != nil {
		return err
	}
	_, err = p.rewrite(ctx, channelID, nil, func(list playlist) (playlist, bool, error) {
		next, changed := list.learned(r)
		return next, changed, nil
	})
	if err != nil {
		return err
	}
	return p.learnPlaying(ctx, channelID, r)
}

// learnPlaying completes what plays now.
func (p *Playback) learnPlaying(ctx context.Context, channelID string, r wire.PlaybackReport) error {
	p.mu.Lock()
	st := p.ofChannel(channelID)
	p.mu.Unlock()
	if st == nil {
		return nil
	}
	st.commands.Lock()
	defer st.commands.Unlock()
	p.mu.Lock()
	t := st.current
	from := t.position(p.Time.NowMS())
	p.mu.Unlock()
	if t.key() != r.Key {
		return nil
	}
	item := *t.Item
	learn(&item, r)
	if item == *t.Item {
		return nil
	}
	t.Item = &item
	return p.commit(ctx, st, change{timeline: t.next(), from: from})
}
