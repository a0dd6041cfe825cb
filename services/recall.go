package services

import (
	"context"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// steered is the stage of a meeting that the actor teaches and may steer now.
func (p *Playback) steered(ctx context.Context, actor Actor, meetingID string) (*stage, error) {
	if _, _, err := activeMeeting(ctx, p.Store, actor, meetingID, ActionDrive); err != nil {
		return nil, err
	}
	st, err := p.stageOf(meetingID)
	if err != nil {
		return nil, err
	}
	return st, p.maySteer(ctx, st, actor)
}

// Recall asks everybody to follow again.
func (p *Playback) Recall(ctx context.Context, actor Actor, meetingID string) error {
	if _, err := p.steered(ctx, actor, meetingID); err != nil {
		return err
	}
	p.Publisher.Publish(MeetingTopic(meetingID), wire.EventPlaybackRecall, wire.PlaybackCalled{MeetingID: meetingID, ByUserID: actor.UserID})
	return nil
}

// nudgeEvery is the least time between two nudges of the same participant.
const nudgeEvery = 3 * time.Second

// Nudge asks one participant to follow again. Any teacher may, whoever holds the remote; sooner than nudgeEvery it does
// nothing.
func (p *Playback) Nudge(ctx context.Context, actor Actor, meetingID, participantID string) error {
	if _, _, err := activeMeeting(ctx, p.Store, actor, meetingID, ActionDrive); err != nil {
		return err
	}
	id, _ := models.ParseID(participantID)
	if !p.seats.Has(meetingID, id) {
		return NotFound("participant")
	}
	st, err := p.stageOf(meetingID)
	if err != nil {
		return err
	}
	p.mu.Lock()
	now := p.Clock.Now()
	soon := now.Sub(st.nudged[id]) < nudgeEvery
	if !soon {
		st.nudged[id] = now
	}
	p.mu.Unlock()
	if !soon {
		p.Publisher.Publish(ParticipantTopic(id), wire.EventPlaybackNudge, wire.PlaybackCalled{MeetingID: meetingID, ByUserID: actor.UserID})
	}
	return nil
}
