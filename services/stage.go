package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// stage is the playback of one active meeting.
type stage struct {
	meetingID, channelID string

	commands  sync.Mutex // one change of the timeline or the switches at a time; held over the database, unlike Playback.mu
	answering sync.Mutex // one answer at a time

	// Playback.mu guards the rest.
	current  timeline
	loadedV  int64 // the version with which the item was loaded
	fresh    bool  // it has not started since
	settings wire.PlaybackSettings
	lease    lease
	class    class
	list     playlist
	markers  []wire.Marker // by key and t
	question *question     // the last one asked
	lost     lostCurves
	nudged   map[string]time.Time // by participant

	alarm                 Timer // at a start or a stop that is to come
	classPace, answerPace pace
}

// open gets a meeting's stage, from the database the first time. One that has ended meanwhile gets none.
func (p *Playback) open(ctx context.Context, meeting models.Meeting) (*stage, error) {
	p.mu.Lock()
	st := p.stages[meeting.ID]
	p.mu.Unlock()
	if st != nil {
		return st, nil
	}
	defer p.lists.take(meeting.ChannelID)() // no edit of the playlist is missed
	st, err := p.read(ctx, meeting)
	if err != nil {
		return nil, err
	}
	st = p.keep(st)
	running, err := p.Store.Running(ctx, meeting.ID) // only now: an end after this look finds the stage
	if err == nil && !running {
		p.End(meeting.ID)
		err = errMeetingOver
	}
	return st, err
}

// keep puts a stage into the registry, or gives the one that is there: somebody was faster.
func (p *Playback) keep(st *stage) *stage {
	p.mu.Lock()
	defer p.mu.Unlock()
	if found := p.stages[st.meetingID]; found != nil {
		return found
	}
	p.stages[st.meetingID] = st
	p.plan(st)
	p.watchRemote(st)
	return st
}

// read makes a stage of what is stored.
func (p *Playback) read(ctx context.Context, meeting models.Meeting) (*stage, error) {
	st := &stage{meetingID: meeting.ID, channelID: meeting.ChannelID, class: newClass(), lease: lease{seen: p.Clock.Now()}, nudged: map[string]time.Time{},
		current: timeline{MeetingID: meeting.ID, Epoch: p.Time.Epoch(), Rate: 1, At: p.Time.NowMS()}}
	row, err := p.Store.Playback(ctx, meeting.ID)
	if err == nil {
		err = st.resume(row)
	} else if errors.Is(err, models.ErrNotFound) {
		err = p.begin(ctx, st)
	}
	if err != nil {
		return nil, err
	}
	if st.list, err = p.readList(ctx, meeting.ChannelID); err != nil {
		return nil, err
	}
	if st.markers, err = p.readMarkers(ctx, meeting.ChannelID); err != nil {
		return nil, err
	}
	if st.question, err = p.readQuestion(ctx, meeting.ID); err != nil {
		return nil, err
	}
	taps, err := p.Store.LostTaps(ctx, meeting.ID)
	st.lost = readLost(taps)
	return st, err
}

// begin gives a new meeting what the channel keeps from the one before.
func (p *Playback) begin(ctx context.Context, st *stage) error {
	channel, err := p.Store.Channel(ctx, st.channelID)
	st.settings.FreeBrowsing = err == nil && channel.MeetingMemory.FreeBrowsing
	return err
}

// resume takes up a stored timeline.
func (st *stage) resume(row *models.Playback) error {
	t := &st.current
	t.V, t.EntryID, t.Playing, t.Pos, t.Rate, t.At, t.Until, t.StartBy = row.V, row.EntryID, row.Playing, row.Pos, row.Rate, row.At, row.Until, row.StartBy
	st.settings = wire.PlaybackSettings{FreeBrowsing: row.FreeBrowsing, Remote: row.Remote, RoomSound: row.RoomSound}
	st.loadedV, st.fresh = row.LoadedV, row.Fresh
	if row.Item == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(row.Item), &t.Item); err != nil {
		return fmt.Errorf("stored item of meeting %s: %w", row.MeetingID, err)
	}
	if t.Item.Key == "" { // stored before items had one
		t.Item.Key = t.Item.Kind + ":" + t.Item.VideoID + t.Item.FileID
	}
	return nil
}

// row is how the stage would be stored with a timeline. The caller holds mu.
func (st *stage) row(t timeline, now time.Time) (*models.Playback, error) {
	row := &models.Playback{MeetingID: t.MeetingID, V: t.V, EntryID: t.EntryID, Playing: t.Playing, Pos: t.Pos, Rate: t.Rate, At: t.At,
		Until: t.Until, StartBy: t.StartBy, LoadedV: st.loadedV, Fresh: st.fresh, UpdatedAt: now,
		FreeBrowsing: st.settings.FreeBrowsing, Remote: st.settings.Remote, RoomSound: st.settings.RoomSound}
	if t.Item == nil {
		return row, nil
	}
	b, err := json.Marshal(t.Item)
	row.Item, row.FileID = string(b), fileOf(*t.Item)
	return row, err
}

// placed tells with which version the item was loaded after a change, and whether it has not started since. The caller holds mu.
func (st *stage) placed(c change) (loadedV int64, fresh bool) {
	loadedV, fresh = st.loadedV, st.fresh
	if c.loaded {
		loadedV, fresh = c.V, true
	}
	return loadedV, fresh && !c.Playing
}

// show is the timeline as clients see it now.
func (p *Playback) show(st *stage) *wire.Timeline {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.present(st.current)
}

// present signs a file's URL anew. The caller holds mu.
func (p *Playback) present(t timeline) *wire.Timeline {
	shown := wire.Timeline(t)
	if t.Item != nil && t.Item.Kind == "file" {
		item := *t.Item
		item.URL = p.Files.URL(item.FileID)
		shown.Item = &item
	}
	return &shown
}

// ofChannel is the stage of a channel's meeting, nil if nobody has come to one yet. The caller holds mu.
func (p *Playback) ofChannel(channelID string) *stage {
	for _, st := range p.stages {
		if st.channelID == channelID {
			return st
		}
	}
	return nil
}

// stageOf is the stage of a meeting that somebody is in.
func (p *Playback) stageOf(meetingID string) (*stage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.stages[meetingID]; st != nil {
		return st, nil
	}
	return nil, errMeetingOver
}

// Arrival is what the snapshot for one participant needs from the database.
type Arrival struct {
	userID   string
	postID   *string
	comments []wire.Comment
}

// Prepare reads what Snapshot shows to somebody.
func (p *Playback) Prepare(ctx context.Context, actor Actor, meeting models.Meeting) (Arrival, error) {
	a := Arrival{userID: actor.UserID}
	if _, err := p.open(ctx, meeting); err != nil {
		return a, err
	}
	var err error
	a.postID, a.comments, err = p.Comments.Moments(ctx, meeting.ID)
	return a, err
}

// Snapshot calls use with the timeline, or nil if nothing was ever loaded, and the state beside it, while nothing of it can
// be published: what use queues to a socket comes before every later event. Prepare must have been called.
func (p *Playback) Snapshot(meetingID string, a Arrival, role string, use func(*wire.Timeline, wire.PlaybackState)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := wire.PlaybackState{Comments: a.comments, PostID: a.postID, Markers: []wire.Marker{}, Lost: []wire.LostCurve{}}
	st := p.stages[meetingID]
	if st == nil { // it ends in this moment
		use(nil, s)
		return
	}
	s.Playlist, s.Settings = wire.Playlist(st.list), st.settings
	if q := st.question; q != nil && (q.open() || st.standsAt(q)) {
		s.Question = q.wire()
		if mine, ok := q.answers[a.userID]; ok {
			s.MyAnswer = &mine
		}
		if Teaches(role) {
			s.Answers = q.summary()
		}
	}
	if Teaches(role) {
		s.Markers, s.Lost = st.markers, st.lost.wire(meetingID)
	}
	if st.current.V == 0 {
		use(nil, s)
		return
	}
	use(p.present(st.current), s)
}

// standsAt tells whether the class still stands where it was asked.
func (st *stage) standsAt(q *question) bool {
	return !st.current.running() && st.current.key() == q.ItemKey && st.current.Pos == q.T
}

// nearStop is how far before a stop-point the player of a teacher may stand who goes on from there, in seconds.
const nearStop = 1

// resumesFrom is the stop-point that the class stands at and goes on from with a command: it does not stop there again, even
// if the teacher's player stood a little before it. The caller holds mu.
func (st *stage) resumesFrom(cmd wire.PlaybackCommand) float64 {
	q, pos := st.question, st.current.Pos
	set(&pos, cmd.Pos)
	if q == nil || st.current.running() || st.current.key() != q.ItemKey || !q.open() && !st.standsAt(q) || pos < q.T-nearStop {
		return 0
	}
	return q.T
}

// End forgets a meeting that has ended.
func (p *Playback) End(meetingID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.stages[meetingID]; st != nil {
		st.stopTimers()
		delete(p.stages, meetingID)
	}
}

// Close stops all timers; the timelines go on after a restart.
func (p *Playback) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, st := range p.stages {
		st.stopTimers()
	}
}

func (st *stage) stopTimers() {
	for _, timer := range []Timer{st.alarm, st.lease.timer, st.classPace.timer, st.answerPace.timer} {
		if timer != nil {
			timer.Stop()
		}
	}
	st.lost.stop()
}
