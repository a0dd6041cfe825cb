package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// playable is what Playback needs of Files.
type playable interface {
	ForPlayback(ctx context.Context, actor Actor, id string) (wire.File, error)
	URL(id string) string
}

// Playback has the one timeline of each meeting. Only teachers' commands change it; each change is stored before anybody
// hears of it, so a restart of the server goes on where it was.
type Playback struct {
	store *models.Store
	files playable
	pub   Publisher
	clock Clock
	time  *ServerClock

	mu    sync.Mutex // guards stages and all that they hold, and the order of timeline events
	stage map[string]*stage
}

// stage is the playback of one active meeting.
type stage struct {
	commands sync.Mutex // one command at a time; held over the database, unlike Playback.mu

	current timeline
	class   class
}

// NewPlayback prepares it.
func NewPlayback(store *models.Store, files playable, pub Publisher, clock Clock, time *ServerClock) *Playback {
	return &Playback{store: store, files: files, pub: pub, clock: clock, time: time, stage: map[string]*stage{}}
}

// Command carries a teacher's command out and returns the timeline that it made. The same id again changes nothing.
func (p *Playback) Command(ctx context.Context, actor Actor, cmd wire.PlaybackCommand) (*wire.Timeline, error) {
	meeting, _, err := activeMeeting(ctx, p.store, actor, cmd.MeetingID, ActionDrive)
	if err != nil {
		return nil, err
	}
	if err := checkPlaybackCommand(cmd); err != nil {
		return nil, err
	}
	st, err := p.load(ctx, meeting.ID)
	if err != nil {
		return nil, err
	}
	st.commands.Lock()
	defer st.commands.Unlock()
	done, err := p.store.PlaybackCommandDone(ctx, meeting.ID, cmd.ID)
	if err != nil {
		return nil, err
	}
	if done {
		return p.show(st), nil
	}
	next, err := p.apply(ctx, actor, st, cmd)
	if err != nil {
		return nil, err
	}
	if err := p.save(ctx, next, cmd.ID); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := next.V != st.current.V
	st.current = next
	shown := p.present(next)
	if changed && p.stage[meeting.ID] == st { // not ended meanwhile
		p.pub.PublishState(MeetingTopic(meeting.ID), "timeline", wire.EventPlaybackTimeline, shown)
	}
	return shown, nil
}

func checkPlaybackCommand(cmd wire.PlaybackCommand) error {
	v := invalid{}
	v.line("id", cmd.ID, 1, 64)
	v.oneOf("op", cmd.Op, "load", "play", "pause", "seek", "rate", "next", "stop")
	switch {
	case cmd.Op == "load" && cmd.Item == nil:
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

// apply makes the next timeline.
func (p *Playback) apply(ctx context.Context, actor Actor, st *stage, cmd wire.PlaybackCommand) (timeline, error) {
	p.mu.Lock()
	t, now := st.current, p.time.NowMS()
	start := now + st.class.leadMS()
	p.mu.Unlock()
	switch {
	case cmd.Op == "load":
		item, err := p.item(ctx, actor, *cmd.Item)
		if err != nil {
			return t, err
		}
		return t.load(item, cmd.Pos, p.time.NowMS()), nil
	case cmd.Op == "stop":
		return t.stop(now), nil
	case t.Item == nil:
		return t, &Error{Kind: KindConflict, Message: "Nothing is loaded."}
	case cmd.Op == "play":
		return t.play(cmd.Pos, now, start), nil
	case cmd.Op == "pause":
		return t.pause(cmd.Pos, now), nil
	case cmd.Op == "seek":
		return t.seek(*cmd.Pos, start), nil
	case cmd.Op == "rate":
		return t.setRate(*cmd.Rate, now), nil
	}
	return t, &Error{Kind: KindConflict, Message: "There is no next item."}
}

// item checks what a teacher wants to load and fills in what follows from it.
func (p *Playback) item(ctx context.Context, actor Actor, item wire.PlaybackItem) (wire.PlaybackItem, error) {
	switch item.Kind {
	case "youtube":
		id, start, ok := parseYouTube(item.URL)
		if !ok {
			return item, Invalid("item.url", "This is not a link to a YouTube video.")
		}
		return wire.PlaybackItem{Kind: item.Kind, URL: "https://www.youtube.com/watch?v=" + id, VideoID: id, Start: start}, nil
	case "file":
		id, ok := models.ParseID(item.FileID)
		if !ok {
			return item, Invalid("item.file_id", "There is no such file, or you cannot see it.")
		}
		file, err := p.files.ForPlayback(ctx, actor, id)
		if err != nil {
			return item, err
		}
		return wire.PlaybackItem{Kind: item.Kind, FileID: file.ID, Title: file.Name, ContentType: file.ContentType}, nil
	}
	return item, Invalid("item.kind", `It must be "youtube" or "file".`)
}

// save keeps a timeline and that a command was carried out.
func (p *Playback) save(ctx context.Context, t timeline, commandID string) error {
	row := models.Playback{MeetingID: t.MeetingID, V: t.V, Playing: t.Playing, Pos: t.Pos, Rate: t.Rate, At: t.At, UpdatedAt: stamp(p.clock)}
	if t.Item != nil {
		b, err := json.Marshal(t.Item)
		if err != nil {
			return err
		}
		row.Item = string(b)
		if t.Item.FileID != "" {
			row.FileID = &t.Item.FileID
		}
	}
	return p.store.SavePlayback(ctx, &row, &models.PlaybackCommand{MeetingID: t.MeetingID, ID: commandID, CreatedAt: row.UpdatedAt})
}

// load gets a meeting's stage, from the database the first time.
func (p *Playback) load(ctx context.Context, meetingID string) (*stage, error) {
	p.mu.Lock()
	st := p.stage[meetingID]
	p.mu.Unlock()
	if st != nil {
		return st, nil
	}
	t := timeline{MeetingID: meetingID, Epoch: p.time.Epoch(), Rate: 1, At: p.time.NowMS()}
	row, err := p.store.Playback(ctx, meetingID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	if err == nil {
		t.V, t.Playing, t.Pos, t.Rate, t.At = row.V, row.Playing, row.Pos, row.Rate, row.At
		if row.Item != "" {
			if err := json.Unmarshal([]byte(row.Item), &t.Item); err != nil {
				return nil, fmt.Errorf("stored item of meeting %s: %w", meetingID, err)
			}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stage[meetingID] == nil { // nobody was faster
		p.stage[meetingID] = &stage{current: t, class: newClass()}
	}
	return p.stage[meetingID], nil
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
		item.URL = p.files.URL(item.FileID)
		shown.Item = &item
	}
	return &shown
}

// Snapshot calls use with the timeline, or nil if nothing was ever loaded, while no other timeline can be published: what
// use queues to a socket comes before every later one. Prepare must have been called.
func (p *Playback) Snapshot(meetingID string, use func(*wire.Timeline)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.stage[meetingID]
	if st == nil || st.current.V == 0 {
		use(nil)
		return
	}
	use(p.present(st.current))
}

// Prepare reads a meeting's timeline into memory.
func (p *Playback) Prepare(ctx context.Context, meetingID string) error {
	_, err := p.load(ctx, meetingID)
	return err
}

// End forgets a meeting that has ended.
func (p *Playback) End(meetingID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.stage[meetingID]; st != nil {
		st.class.stop()
		delete(p.stage, meetingID)
	}
}

// Forget drops what a participant who has left said about following.
func (p *Playback) Forget(meetingID, participantID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.stage[meetingID]; st != nil && st.class.forget(participantID) {
		p.announceClass(meetingID, st)
	}
}

// Status keeps how a participant follows, and tells the teachers at most once a second.
func (p *Playback) Status(participantID string, s wire.PlaybackStatus) error {
	v := invalid{}
	v.oneOf("state", s.State, followStates...)
	for field, n := range map[string]float64{"err_ms": math.Abs(s.ErrMS), "buffer_s": s.BufferS, "rtt_ms": s.RTTMS} {
		if !(n >= 0 && n <= 1e7) {
			v[field] = "It is out of range."
		}
	}
	if s.V < 0 {
		v["v"] = "It is out of range."
	}
	if err := v.err(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.stage[s.MeetingID]
	if st == nil {
		return &Error{Kind: KindConflict, Message: "The meeting has ended."}
	}
	if st.class.keep(participantID, s, p.clock.Now()) {
		p.announceClass(s.MeetingID, st)
	}
	return nil
}

// announceClass publishes the class now, or when a second has passed since the last time. The caller holds mu.
func (p *Playback) announceClass(meetingID string, st *stage) {
	if st.class.timer != nil {
		return // soon anyway
	}
	wait := classEvery - p.clock.Now().Sub(st.class.sent)
	if wait > 0 {
		st.class.timer = p.clock.AfterFunc(wait, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.stage[meetingID] == st {
				st.class.timer = nil
				p.publishClass(meetingID, st)
			}
		})
		return
	}
	p.publishClass(meetingID, st)
}

func (p *Playback) publishClass(meetingID string, st *stage) {
	st.class.sent = p.clock.Now()
	p.pub.PublishState(MeetingTeachersTopic(meetingID), "class", wire.EventPlaybackClass, st.class.summary(meetingID))
}

// activeMeeting finds a meeting that the actor may act in, and the actor's membership: KindNotFound for strangers,
// KindConflict once it has ended.
func activeMeeting(ctx context.Context, store *models.Store, actor Actor, id string, action Action) (*models.Meeting, *models.Member, error) {
	meeting, member, err := visibleMeeting(ctx, store, actor, id, action)
	if err == nil && meeting.EndedAt != nil {
		err = errMeetingOver
	}
	return meeting, member, err
}

// visibleMeeting is activeMeeting without regard to its end.
func visibleMeeting(ctx context.Context, store *models.Store, actor Actor, text string, action Action) (*models.Meeting, *models.Member, error) {
	id, ok := models.ParseID(text)
	if !ok {
		return nil, nil, NotFound("meeting")
	}
	meeting, err := store.Meeting(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil, NotFound("meeting")
	}
	if err != nil {
		return nil, nil, err
	}
	member, err := Authorize(ctx, store, actor, meeting.ChannelID, action)
	var domain *Error
	if errors.As(err, &domain) && domain.Kind == KindNotFound {
		return nil, nil, NotFound("meeting")
	}
	return meeting, member, err
}

var errMeetingOver = &Error{Kind: KindConflict, Message: "The meeting has ended."}

// classEvery is the least time between two summaries for teachers.
const classEvery = time.Second

// state is what a participant sees on joining beside the timeline.
func (p *Playback) state(channelID string) wire.PlaybackState {
	return wire.PlaybackState{Playlist: wire.Playlist{ChannelID: channelID, Entries: []wire.PlaylistEntry{}, AutoNext: true},
		Comments: []wire.Comment{}, Markers: []wire.Marker{}, Lost: []wire.LostCurve{}}
}
