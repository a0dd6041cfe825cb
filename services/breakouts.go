package services

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of the groups' rooms.
const (
	maxBreakouts    = 50
	leastBreakouts  = time.Minute
	longestBreakout = 4 * time.Hour
	mostExtension   = 2 * time.Hour
	mostCountdown   = 5 * time.Minute
	recallAgain     = 5 * time.Second // after the database has failed
)

var errNoBreakouts = &Error{Kind: KindConflict, Message: "The groups' rooms are not open."}

// OpenBreakouts makes a room for each group and brings everybody there who is in one, now or as soon as they join.
func (s *Meetings) OpenBreakouts(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingOpenBreakouts) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	m := me.meeting
	plans, err := s.checkPlans(ctx, m.row.ChannelID, cmd)
	if err != nil {
		return err
	}
	opened := models.BreakoutState{Assigned: map[string]string{}, OpenedAt: stamp(s.Clock)}
	for _, plan := range plans {
		room := models.BreakoutRoom{ID: models.NewID(), Name: plan.Name}
		opened.Rooms = append(opened.Rooms, room)
		for _, id := range plan.UserIDs {
			opened.Assigned[id] = room.ID
		}
	}
	if cmd.DurationS > 0 {
		opened.EndsAt = new(opened.OpenedAt.Add(time.Duration(cmd.DurationS) * time.Second))
	}
	m.switching.Lock()
	defer m.switching.Unlock()
	err = s.regroup(ctx, m, actor, func(state *models.MeetingState) error {
		if state.Breakouts != nil {
			return &Error{Kind: KindConflict, Message: "The groups' rooms are open already."}
		}
		state.Breakouts = &opened
		return nil
	})
	if err == nil {
		s.keepGroups(ctx, m, func(memory *models.MeetingMemory) { memory.Groups = plans })
	}
	return err
}

// checkPlans reads the groups that a teacher has planned.
func (s *Meetings) checkPlans(ctx context.Context, channelID string, cmd wire.MeetingOpenBreakouts) ([]models.BreakoutGroup, error) {
	v, seen := invalid{}, map[string]bool{}
	if n := len(cmd.Rooms); n < 1 || n > maxBreakouts {
		v["rooms"] = fmt.Sprintf("There must be 1 to %d rooms.", maxBreakouts)
		return nil, v.err()
	}
	if cmd.DurationS != 0 {
		v.seconds("duration_s", cmd.DurationS, leastBreakouts, longestBreakout)
	}
	plans, users := []models.BreakoutGroup{}, []string{}
	for _, room := range cmd.Rooms {
		plan := models.BreakoutGroup{Name: v.name("rooms.name", room.Name), UserIDs: []string{}}
		for _, text := range room.UserIDs {
			id, ok := models.ParseID(text)
			switch {
			case !ok:
				v["rooms.user_ids"] = "This is not a user."
			case seen[id]:
				v["rooms.user_ids"] = "Somebody is in it twice."
			}
			seen[id] = true
			plan.UserIDs = append(plan.UserIDs, id)
		}
		plans, users = append(plans, plan), append(users, plan.UserIDs...)
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	members, err := s.Store.MembersAmong(ctx, channelID, users)
	if err == nil && len(members) < len(users) {
		err = Invalid("rooms.user_ids", "Somebody in it is not in the channel.")
	}
	return plans, err
}

// seconds checks a length of time.
func (v invalid) seconds(field string, n int, least, most time.Duration) {
	if n < int(least.Seconds()) || n > int(most.Seconds()) {
		v[field] = fmt.Sprintf("It must be from %d to %d seconds.", int(least.Seconds()), int(most.Seconds()))
	}
}

// regroup changes who is in which room, brings everybody there, and tells of it. The caller holds m.switching.
func (s *Meetings) regroup(ctx context.Context, m *meeting, by Actor, change func(*models.MeetingState) error) error {
	var moved []*participant
	err := s.remember(ctx, m, change, func() {
		s.watchBreakouts(m)
		if m.row.State.Breakouts == nil {
			moved = append(moved, m.endBroadcast(m.broadcasting)...)
			for room := range m.speakers {
				if room != "" {
					delete(m.speakers, room)
				}
			}
		}
		s.tellState(m)
		for _, p := range m.participants {
			if s.resettle(p, by) {
				moved = append(moved, p)
			}
		}
	})
	for _, p := range moved {
		s.allow(p)
	}
	return err
}

// resettle brings a participant to the room where they belong now, without their screen, and reports whether that is another one.
// The caller holds mu.
func (s *Meetings) resettle(p *participant, by Actor) (moved bool) {
	m, before := p.meeting, p.shown
	m.place(p)
	if moved = p.shown.RoomID != before.RoomID; moved {
		p.shown.ScreenSharing = false
		enforceLocks(&p.shown, m.row.Settings)
	}
	switch {
	case p.shown.Muted != before.Muted:
		s.tellMuted(p, by)
	case p.shown != before:
		s.announce(p)
	}
	if moved {
		s.Publisher.PublishState(ParticipantTopic(p.id), "speakers", wire.EventMeetingSpeakers,
			wire.Speakers{MeetingID: m.row.ID, RoomID: p.shown.RoomID, ParticipantIDs: append([]string{}, m.speakers[p.shown.RoomID]...)})
	}
	return moved
}

// ExtendBreakouts gives the groups more time; a recall that has begun is called off.
func (s *Meetings) ExtendBreakouts(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingExtendBreakouts) error {
	v := invalid{}
	v.seconds("seconds", cmd.Seconds, time.Second, mostExtension)
	return s.schedule(ctx, actor, socket, v, func(b *models.BreakoutState, now time.Time) {
		if b.EndsAt == nil {
			b.EndsAt = &now
		}
		b.EndsAt = new(b.EndsAt.Add(time.Duration(cmd.Seconds) * time.Second))
		b.Recalling = false
	})
}

// CloseBreakouts recalls everybody to the main room, after a countdown.
func (s *Meetings) CloseBreakouts(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingCloseBreakouts) error {
	v := invalid{}
	v.seconds("countdown_s", cmd.CountdownS, 0, mostCountdown)
	return s.schedule(ctx, actor, socket, v, func(b *models.BreakoutState, now time.Time) {
		if end := now.Add(time.Duration(cmd.CountdownS) * time.Second); b.EndsAt == nil || end.Before(*b.EndsAt) {
			b.EndsAt = &end
		}
		b.Recalling = true
	})
}

// schedule changes when the groups' rooms close; if that is now, they do.
func (s *Meetings) schedule(ctx context.Context, actor Actor, socket Socket, v invalid, change func(*models.BreakoutState, time.Time)) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	if err := v.err(); err != nil {
		return err
	}
	m := me.meeting
	m.switching.Lock()
	defer m.switching.Unlock()
	now := stamp(s.Clock)
	return s.regroup(ctx, m, actor, func(state *models.MeetingState) error {
		if state.Breakouts == nil {
			return errNoBreakouts
		}
		if change(state.Breakouts, now); !state.Breakouts.EndsAt.After(now) {
			dissolve(state)
		}
		return nil
	})
}

// dissolve closes the groups' rooms, with the hands that were up there; those of the main room are up again.
func dissolve(state *models.MeetingState) {
	state.Breakouts = nil
	state.Hands = slices.DeleteFunc(state.Hands, func(hand models.MeetingHand) bool { return hand.RoomID != "" })
}

// watchBreakouts has the groups' rooms close when their time is over. The caller holds mu.
func (s *Meetings) watchBreakouts(m *meeting) {
	if m.recall != nil {
		m.recall.Stop()
		m.recall = nil
	}
	if b := m.row.State.Breakouts; b != nil && b.EndsAt != nil && !s.closed {
		s.recallAfter(m, b.EndsAt.Sub(s.Clock.Now()))
	}
}

func (s *Meetings) recallAfter(m *meeting, wait time.Duration) {
	var timer Timer
	timer = s.Clock.AfterFunc(max(0, wait), func() {
		m.switching.Lock()
		defer m.switching.Unlock()
		s.mu.Lock()
		due := m.recall == timer && !m.over && !s.closed
		s.mu.Unlock()
		if !due {
			return
		}
		err := s.regroup(context.Background(), m, Actor{UserID: m.row.HostID}, func(state *models.MeetingState) error {
			dissolve(state)
			return nil
		})
		if err != nil && !isKind(err, KindConflict) { // the meeting has ended
			s.Log.Error("groups' rooms not closed", "meeting", m.row.ID, "err", err)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.recallAfter(m, recallAgain)
		}
	})
	m.recall = timer
}

// Move brings everybody who is a participant's user into a room, or to the main one.
func (s *Meetings) Move(ctx context.Context, actor Actor, socket Socket, cmd wire.MeetingMove) error {
	me, _, err := s.asTeacher(ctx, actor, socket)
	if err != nil {
		return err
	}
	m := me.meeting
	m.switching.Lock()
	defer m.switching.Unlock()
	var shown wire.Participant
	group := -1
	err = s.regroup(ctx, m, actor, func(state *models.MeetingState) error {
		b, target := state.Breakouts, m.present(cmd.ParticipantID)
		switch {
		case b == nil:
			return errNoBreakouts
		case target == nil:
			return NotFound("participant")
		}
		shown = target.shown
		group = slices.IndexFunc(b.Rooms, func(room models.BreakoutRoom) bool { return room.ID == cmd.RoomID })
		switch {
		case group >= 0:
			b.Assigned[shown.User.ID] = cmd.RoomID
		case cmd.RoomID == "":
			delete(b.Assigned, shown.User.ID)
		default:
			return Invalid("room_id", "There is no such room.")
		}
		state.Hands = slices.DeleteFunc(state.Hands, func(hand models.MeetingHand) bool { // who moves has no question there any more
			p := m.participants[hand.ParticipantID]
			return p != nil && p.shown.User.ID == shown.User.ID && hand.RoomID != "" && hand.RoomID != cmd.RoomID
		})
		return nil
	})
	if err == nil && group >= 0 && !Teaches(shown.Role) { // a teacher only visits
		s.keepGroups(ctx, m, func(memory *models.MeetingMemory) { memory.Regroup(shown.User.ID, group) })
	}
	return err
}

// keepGroups notes for the next meeting who was with whom.
func (s *Meetings) keepGroups(ctx context.Context, m *meeting, change func(*models.MeetingMemory)) {
	if err := s.Store.UpdateMeetingMemory(ctx, m.row.ChannelID, change); err != nil {
		s.Log.Error("groups of a channel not kept", "channel", m.row.ChannelID, "err", err)
	}
}

// LastBreakouts are the groups that a channel had last, as far as they are still members.
func (s *Meetings) LastBreakouts(ctx context.Context, actor Actor, channelID string) (wire.BreakoutPlans, error) {
	plans := wire.BreakoutPlans{Rooms: []wire.BreakoutPlan{}}
	if _, err := Authorize(ctx, s.Store, actor, channelID, ActionReview); err != nil {
		return plans, err
	}
	channel, err := s.Store.Channel(ctx, channelID)
	if err != nil {
		return plans, err
	}
	var users []string
	for _, group := range channel.MeetingMemory.Groups {
		users = append(users, group.UserIDs...)
	}
	members, err := s.Store.MembersAmong(ctx, channelID, users)
	if err != nil {
		return plans, err
	}
	for _, group := range channel.MeetingMemory.Groups {
		plan := wire.BreakoutPlan{Name: group.Name, UserIDs: []string{}}
		for _, id := range group.UserIDs {
			if slices.ContainsFunc(members, func(member models.Member) bool { return member.UserID == id }) {
				plan.UserIDs = append(plan.UserIDs, id)
			}
		}
		plans.Rooms = append(plans.Rooms, plan)
	}
	return plans, nil
}
