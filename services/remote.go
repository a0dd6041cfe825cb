package services

import (
	"context"
	"time"

	"lectern/internal/wire"
)

// The exclusive remote's lease: a holder of whom nothing was heard for holderGone loses it to another teacher; leaseTick is
// how often somebody looks.
const (
	holderGone = 10 * time.Second
	leaseTick  = time.Second
)

// Seat is a teacher's place in a meeting. Seen is when the last frame came in.
type Seat struct {
	UserID string
	Seen   time.Time
}

// seats is what Playback needs of Meetings.
type seats interface {
	// Teachers lists those in a meeting, in the order of joining; a kept place of a lost connection counts.
	Teachers(meetingID string) []Seat
	Has(meetingID, participantID string) bool
}

// someHere tells whether any of the teachers is there.
func someHere(teachers []Seat, now time.Time) bool {
	for _, t := range teachers {
		if now.Sub(t.Seen) < holderGone {
			return true
		}
	}
	return false
}

// lease is the exclusive remote's. Playback.mu guards it.
type lease struct {
	seen  time.Time // when the holder was heard of last
	timer Timer     // of the next look, while there is a holder
}

// heir looks at the teachers of a meeting and names who gets the remote now; "" when it stays where it is.
func (l *lease) heir(holder string, teachers []Seat, now time.Time) string {
	heir := ""
	for _, t := range teachers {
		switch {
		case t.UserID == holder:
			l.seen = later(l.seen, earlier(t.Seen, now)) // a clock that was set back must not keep it
		case heir == "" && now.Sub(t.Seen) < holderGone:
			heir = t.UserID
		}
	}
	if now.Sub(l.seen) < holderGone {
		return ""
	}
	return heir
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// watchRemote looks after the lease as long as somebody holds the remote. The caller holds mu.
func (p *Playback) watchRemote(st *stage) {
	if st.settings.Remote == "" || st.lease.timer != nil || p.closed {
		return
	}
	st.lease.timer = p.Clock.AfterFunc(leaseTick, func() { p.inspectRemote(st) })
}

// inspectRemote gives the remote on if its holder is gone.
func (p *Playback) inspectRemote(st *stage) {
	teachers := p.seats.Teachers(st.meetingID)
	p.mu.Lock()
	st.lease.timer = nil
	if p.closed || p.stages[st.meetingID] != st {
		p.mu.Unlock()
		return
	}
	holder := st.settings.Remote
	heir := st.lease.heir(holder, teachers, p.Clock.Now())
	if heir == "" {
		p.watchRemote(st)
	}
	p.mu.Unlock()
	if heir == "" {
		return
	}
	st.commands.Lock()
	defer st.commands.Unlock()
	err := p.switchTo(context.Background(), st, func(s *wire.PlaybackSettings) {
		if s.Remote == holder { // nobody was faster
			s.Remote = heir
		}
	})
	if err != nil {
		p.Log.Error("the remote was not given on", "meeting", st.meetingID, "err", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watchRemote(st)
}

// maySteer refuses a teacher while another holds the exclusive remote. The caller holds st.commands.
func (p *Playback) maySteer(ctx context.Context, st *stage, actor Actor) error {
	p.mu.Lock()
	settings := st.settings
	p.mu.Unlock()
	if MaySteer(actor, settings.Remote) {
		return nil
	}
	return p.errHeld(ctx, settings)
}

// errHeld names who holds the remote.
func (p *Playback) errHeld(ctx context.Context, settings wire.PlaybackSettings) error {
	holder, err := p.Store.User(ctx, settings.Remote)
	if err != nil {
		return err
	}
	return &Error{Kind: KindConflict, Message: holder.Name + " holds the remote. Ask them to hand it over.", Current: settings}
}

// Remote takes the exclusive remote, gives it to another teacher, or lets every teacher steer again.
func (p *Playback) Remote(ctx context.Context, actor Actor, meetingID string, cmd wire.PlaybackRemote) (wire.PlaybackSettings, error) {
	none := wire.PlaybackSettings{}
	_, member, err := activeMeeting(ctx, p.Store, actor, meetingID, ActionDrive)
	if err != nil {
		return none, err
	}
	v := invalid{}
	v.oneOf("op", cmd.Op, "take", "hand_over", "release")
	if err := v.err(); err != nil {
		return none, err
	}
	st, err := p.stageOf(meetingID)
	if err != nil {
		return none, err
	}
	to := map[string]string{"take": actor.UserID, "hand_over": cmd.UserID}[cmd.Op]
	teachers := p.seats.Teachers(meetingID)
	st.commands.Lock()
	defer st.commands.Unlock()
	p.mu.Lock()
	before := st.settings
	p.mu.Unlock()
	if !MayGiveRemote(actor, member.Role, before.Remote) {
		return before, p.errHeld(ctx, before)
	}
	if to != before.Remote && to != "" && !sits(teachers, to) || cmd.Op == "hand_over" && to == "" {
		return before, Invalid("user_id", "Only a teacher who is in the meeting can hold the remote.")
	}
	err = p.switchTo(ctx, st, func(s *wire.PlaybackSettings) { s.Remote = to })
	p.mu.Lock()
	defer p.mu.Unlock()
	return st.settings, err
}

func sits(teachers []Seat, userID string) bool {
	for _, t := range teachers {
		if t.UserID == userID {
			return true
		}
	}
	return false
}
