package services

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"lectern/internal/wire"
	"lectern/models"
)

// PlaybackOptions is what Playback needs.
type PlaybackOptions struct {
	Store     *models.Store
	Files     playable
	Comments  remarks
	Publisher Publisher
	Clock     Clock
	Time      *ServerClock
	Log       *slog.Logger
	Followed  func(state string, errMS float64) // a player's report, for the statistics; nil: nobody counts
}

// playable is what Playback needs of Files.
type playable interface {
	ForPlayback(ctx context.Context, actor Actor, id string) (wire.File, error)
	URL(id string) string
}

// Playback has the one timeline of each meeting, and what hangs from it: playlist, stop-points, questions, the remote. Only
// teachers' commands, and the server at a stop-point or an end, change a timeline; each change is stored before anybody hears
// of it, so a restart of the server goes on where it was.
type Playback struct {
	PlaybackOptions
	seats seats  // set by NewMeetings
	lists *turns // of channels: one change of a playlist at a time, from the database to the event

	mu     sync.Mutex // guards stages and all that they hold, and the order of their events
	stages map[string]*stage
	closed bool
}

// NewPlayback prepares it.
func NewPlayback(o PlaybackOptions) *Playback {
	return &Playback{PlaybackOptions: o, lists: newTurns(), stages: map[string]*stage{}}
}

// Command carries a teacher's command out and returns the timeline that it made. The same id again changes nothing.
func (p *Playback) Command(ctx context.Context, actor Actor, cmd wire.PlaybackCommand) (*wire.Timeline, error) {
	meeting, _, err := activeMeeting(ctx, p.Store, actor, cmd.MeetingID, ActionDrive)
	if err != nil {
		return nil, err
	}
	if err := checkPlaybackCommand(cmd); err != nil {
		return nil, err
	}
	st, err := p.open(ctx, *meeting)
	if err != nil {
		return nil, err
	}
	st.commands.Lock()
	defer st.commands.Unlock()
	done, err := p.Store.PlaybackCommandDone(ctx, meeting.ID, cmd.ID)
	if err != nil {
		return nil, err
	}
	if done {
		return p.show(st), nil
	}
	if err := p.maySteer(ctx, st, actor); err != nil {
		return nil, err
	}
	c, err := p.apply(ctx, actor, st, cmd)
	if err != nil {
		return nil, err
	}
	c.commandID = cmd.ID
	if err := p.commit(ctx, st, c); err != nil {
		return nil, err
	}
	return p.show(st), nil
}

func checkPlaybackCommand(cmd wire.PlaybackCommand) error {
	v := invalid{}
	v.line("id", cmd.ID, 1, 64)
	v.oneOf("op", cmd.Op, "load", "play", "pause", "seek", "rate", "next", "previous", "stop")
	switch {
	case cmd.Op == "load" && cmd.Item == nil && cmd.EntryID == "":
		v["item"] = "Say what to load."
	case cmd.Op == "seek" && cmd.Pos == nil:
		v["pos"] = "Say where to go, in seconds."
	case cmd.Op == "rate" && cmd.Rate == nil:
		v["rate"] = "Say how fast."
	case cmd.Op == "rate" && !(*cmd.Rate >= minRate && *cmd.Rate <= maxRate):
		v["rate"] = fmt.Sprintf("It must lie between %v and %v.", minRate, maxRate)
	}
	return v.err()
}

// change is a step of the timeline and what goes with it.
type change struct {
	timeline
	commandID string           // of the command that made it, "" for none
	loaded    bool             // it puts an item in place
	from      float64          // stop-points up to here do not count, beside those before the position
	asked     *models.Question // it stops the class with this question
}

// apply makes the next timeline. The caller holds st.commands.
func (p *Playback) apply(ctx context.Context, actor Actor, st *stage, cmd wire.PlaybackCommand) (change, error) {
	p.mu.Lock()
	t, list := st.current, st.list
	now := p.Time.NowMS()
	start := now + st.class.leadMS()
	wait := st.fresh && t.StartBy == nil && !st.class.isReady(st.loadedV, p.Clock.Now())
	outdated := cmd.BaseV > 0 && cmd.BaseV < st.loadedV
	resumed := st.resumesFrom(cmd)
	p.mu.Unlock()
	switch cmd.Op {
	case "load":
		item, entryID, err := p.wanted(ctx, actor, list, cmd)
		if err != nil {
			return change{}, err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.loading(st, item, entryID, cmd.Pos, cmd.Autoplay != nil && *cmd.Autoplay), nil
	case "next", "previous":
		entry, ok := list.after()
		if cmd.Op == "previous" {
			entry, ok = list.before()
		}
		switch {
		case outdated:
			return change{}, &Error{Kind: KindConflict, Message: "Something else was loaded in the meantime. Look at it before you go on."}
		case !ok:
			return change{}, &Error{Kind: KindConflict, Message: "The playlist has no " + cmd.Op + " entry."}
		}
		play := t.running()
		set(&play, cmd.Autoplay)
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.loading(st, entry.Item, entry.ID, cmd.Pos, play), nil
	case "stop":
		return change{timeline: t.stop(now)}, nil
	}
	switch {
	case t.Item == nil:
		return change{}, errNothingLoaded
	case cmd.Op == "play" && wait:
		return change{timeline: t.await(cmd.Pos, now)}, nil
	case cmd.Op == "play":
		return change{timeline: t.play(cmd.Pos, now, start), from: resumed}, nil
	case cmd.Op == "pause":
		return change{timeline: t.pause(cmd.Pos, now)}, nil
	case cmd.Op == "seek":
		return change{timeline: t.seek(*cmd.Pos, start)}, nil
	default: // "rate"
		return change{timeline: t.setRate(*cmd.Rate, now)}, nil
	}
}

var errNothingLoaded = &Error{Kind: KindConflict, Message: "Nothing is loaded."}

// wanted finds what "load" names.
func (p *Playback) wanted(ctx context.Context, actor Actor, list playlist, cmd wire.PlaybackCommand) (item wire.PlaybackItem, entryID string, err error) {
	if cmd.EntryID == "" {
		item, err = p.item(ctx, actor, *cmd.Item)
		if err == nil {
			for _, e := range list.Entries { // what is known of it already
				if e.Item.Key == item.Key {
					learn(&item, wire.PlaybackReport{Duration: &e.Item.Duration, Title: &e.Item.Title})
				}
			}
		}
		return item, "", err
	}
	entry, ok := list.entry(cmd.EntryID)
	if !ok {
		return item, "", Invalid("entry_id", "There is no such entry in the playlist.")
	}
	return entry.Item, entry.ID, nil
}

// loading puts an item in place and, if it shall play, starts it when the class is ready. The caller holds mu.
func (p *Playback) loading(st *stage, item wire.PlaybackItem, entryID string, pos *float64, play bool) change {
	now := p.Time.NowMS()
	next := st.current.load(item, entryID, pos, now)
	switch {
	case !play:
	case st.class.isReady(next.V, p.Clock.Now()): // there is nobody to wait for
		next = next.play(nil, now, now+st.class.leadMS())
	default:
		next = next.await(nil, now)
	}
	return change{timeline: next, loaded: true}
}

// item checks what a teacher wants to play and fills in what follows from it.
func (p *Playback) item(ctx context.Context, actor Actor, item wire.PlaybackItem) (wire.PlaybackItem, error) {
	switch item.Kind {
	case "youtube":
		link, refusal := parseYouTube(item.URL)
		if refusal != "" {
			return item, Invalid("item.url", refusal)
		}
		return wire.PlaybackItem{Kind: item.Kind, Key: "youtube:" + link.videoID, URL: "https://www.youtube.com/watch?v=" + link.videoID,
			VideoID: link.videoID, ListID: link.listID, Start: link.start}, nil
	case "file":
		id, ok := models.ParseID(item.FileID)
		if !ok {
			return item, Invalid("item.file_id", "There is no such file, or you cannot see it.")
		}
		file, err := p.Files.ForPlayback(ctx, actor, id)
		if err != nil {
			return item, err
		}
		made := wire.PlaybackItem{Kind: item.Kind, Key: "file:" + file.ID, FileID: file.ID, Title: file.Name, ContentType: file.ContentType}
		set(&made.Duration, file.Duration)
		return made, nil
	}
	return item, Invalid("item.kind", `It must be "youtube" or "file".`)
}

// commit stores a change and tells the meeting. The caller holds st.commands.
func (p *Playback) commit(ctx context.Context, st *stage, c change) error {
	p.mu.Lock()
	was := st.current
	changed := c.V != was.V
	if changed {
		c.timeline = c.bounded(stopsOf(st.markers, c.key()), max(c.Pos, c.from))
	}
	closes := st.question.open() && changed && (c.asked != nil || c.loaded || c.Playing || c.key() != st.question.ItemKey)
	row, err := st.row(c.timeline, stamp(p.Clock))
	row.LoadedV, row.Fresh = st.placed(c)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	if err := p.save(ctx, row, c, closes); err != nil {
		return err
	}
	if changed {
		p.announce(st, c, closes)
	}
	if c.loaded && c.EntryID != "" {
		return p.point(ctx, st.channelID, c.EntryID)
	}
	return nil
}

func (p *Playback) save(ctx context.Context, row *models.Playback, c change, closes bool) error {
	var cmd *models.PlaybackCommand
	if c.commandID != "" {
		cmd = &models.PlaybackCommand{MeetingID: row.MeetingID, ID: c.commandID, CreatedAt: row.UpdatedAt}
	}
	return p.Store.Tx(ctx, func(tx *models.Store) error {
		if closes {
			if err := tx.CloseQuestions(ctx, row.MeetingID, row.UpdatedAt); err != nil {
				return err
			}
		}
		if c.asked != nil {
			if err := tx.AddQuestion(ctx, c.asked); err != nil {
				return err
			}
		}
		return tx.SavePlayback(ctx, row, cmd)
	})
}

// announce makes a stored change count and tells the meeting.
func (p *Playback) announce(st *stage, c change, closes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	st.current = c.timeline
	st.loadedV, st.fresh = st.placed(c)
	if p.stages[st.meetingID] != st { // ended meanwhile
		return
	}
	p.Publisher.PublishState(MeetingTopic(st.meetingID), "timeline", wire.EventPlaybackTimeline, p.present(c.timeline))
	if closes {
		st.question.ClosedAt = new(stamp(p.Clock))
		p.publishQuestion(st)
	}
	if c.asked != nil {
		st.question = &question{Question: *c.asked, answers: map[string]wire.PlaybackAnswer{}}
		p.publishQuestion(st)
	}
	p.plan(st)
}

// PlaybackCounts are the videos of the running meetings, and how many people follow them in each of the states of wire.PlaybackStatus.
type PlaybackCounts struct {
	Playing, Paused int
	Followers       map[string]int
}

// Counts looks at all meetings.
func (p *Playback) Counts() PlaybackCounts {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := PlaybackCounts{Followers: map[string]int{}}
	for _, st := range p.stages {
		switch {
		case st.current.key() == "":
		case st.current.running():
			counts.Playing++
		default:
			counts.Paused++
		}
		for _, f := range st.class.people {
			counts.Followers[f.State]++
		}
	}
	return counts
}
