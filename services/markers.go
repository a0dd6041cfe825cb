package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of stop-points.
const (
	maxMarkers  = 300 // of a channel
	maxQuestion = 500 // characters
	minChoices  = 2
	maxChoices  = 8
	maxChoice   = 100 // characters
)

// Markers lists a channel's stop-points along each item, for teachers: students shall not know what will be asked.
func (p *Playback) Markers(ctx context.Context, actor Actor, channelID string) (*wire.List[wire.Marker], error) {
	if _, err := Authorize(ctx, p.Store, actor, channelID, ActionReview); err != nil {
		return nil, err
	}
	markers, err := p.readMarkers(ctx, channelID)
	return &wire.List[wire.Marker]{Items: markers}, err
}

// SetMarker adds a stop-point or changes the one with that id.
func (p *Playback) SetMarker(ctx context.Context, actor Actor, cmd wire.SetMarker) (*wire.Marker, error) {
	channelID, err := p.teaches(ctx, actor, cmd.ChannelID)
	if err != nil {
		return nil, err
	}
	m, err := checkMarker(cmd.Marker)
	if err != nil {
		return nil, err
	}
	err = p.mark(ctx, channelID, func(markers []wire.Marker) (string, error) {
		known, err := p.Store.Marker(ctx, m.ID)
		before := ""
		switch {
		case err == nil && known.ChannelID != channelID:
			return "", Invalid("marker.id", "This id is taken.")
		case err == nil:
			before = known.ItemKey
		case !errors.Is(err, models.ErrNotFound):
			return "", err
		case len(markers) >= maxMarkers:
			return "", &Error{Kind: KindConflict, Message: fmt.Sprintf("A channel can have %d stop-points. Remove some first.", maxMarkers)}
		}
		row := models.Marker{ID: m.ID, ChannelID: channelID, ItemKey: m.Key, T: m.T, Question: m.Question, Choices: m.Choices}
		if err := p.Store.SaveMarker(ctx, &row); errors.Is(err, models.ErrDuplicate) {
			return "", &Error{Kind: KindConflict, Message: "There is another stop-point at that second."}
		} else if err != nil {
			return "", err
		}
		return before, nil
	}, m.Key)
	return &m, err
}

func checkMarker(m wire.Marker) (wire.Marker, error) {
	v := invalid{}
	id, ok := models.ParseID(m.ID)
	if !ok {
		v["marker.id"] = "It must be a UUID."
	}
	v.itemKey("marker.key", m.Key)
	if !(m.T > 0 && m.T <= maxPos) {
		v["marker.t"] = "It must lie after the beginning."
	}
	m.ID, m.T = id, max(0.01, math.Round(m.T*100)/100)
	m.Question = v.text("marker.question", m.Question, maxQuestion)
	if m.Question == "" && v["marker.question"] == "" {
		v["marker.question"] = "It must not be empty."
	}
	m.Choices = slices.Clone(m.Choices)
	if n := len(m.Choices); n != 0 && (n < minChoices || n > maxChoices) {
		v["marker.choices"] = fmt.Sprintf("There must be none, or %d to %d.", minChoices, maxChoices)
	}
	for i := range m.Choices {
		m.Choices[i] = v.line("marker.choices", m.Choices[i], 1, maxChoice)
	}
	if m.Choices == nil {
		m.Choices = []string{}
	}
	return m, v.err()
}

// RemoveMarker takes a stop-point away; without one there is nothing to do.
func (p *Playback) RemoveMarker(ctx context.Context, actor Actor, cmd wire.RemoveMarker) error {
	channelID, err := p.teaches(ctx, actor, cmd.ChannelID)
	if err != nil {
		return err
	}
	id, ok := models.ParseID(cmd.MarkerID)
	if !ok {
		return nil
	}
	return p.mark(ctx, channelID, func(markers []wire.Marker) (string, error) {
		i := slices.IndexFunc(markers, func(m wire.Marker) bool { return m.ID == id })
		if i < 0 {
			return "", nil
		}
		return markers[i].Key, p.Store.DeleteMarker(ctx, channelID, id)
	}, "")
}

// mark changes a channel's stop-points, tells the teachers of its meeting and lets a playing class stop accordingly. do gets
// those there are and names another item that it changes, beside key.
func (p *Playback) mark(ctx context.Context, channelID string, do func([]wire.Marker) (alsoKey string, err error), key string) error {
	st, err := p.changeMarkers(ctx, channelID, do, key)
	if err != nil || st == nil {
		return err
	}
	return p.rebound(ctx, st)
}

func (p *Playback) changeMarkers(ctx context.Context, channelID string, do func([]wire.Marker) (string, error), key string) (*stage, error) {
	defer p.lists.take(channelID)()
	markers, err := p.readMarkers(ctx, channelID)
	if err != nil {
		return nil, err
	}
	also, err := do(markers)
	if err != nil || key == "" && also == "" {
		return nil, err
	}
	if markers, err = p.readMarkers(ctx, channelID); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.ofChannel(channelID)
	if st == nil {
		return nil, nil
	}
	st.markers = markers
	for _, k := range slices.Compact([]string{key, also}) {
		if k != "" {
			p.Publisher.PublishState(MeetingTeachersTopic(st.meetingID), "markers "+k, wire.EventPlaybackMarkers,
				wire.Markers{ChannelID: channelID, Key: k, Markers: markersOf(markers, k)})
		}
	}
	return st, nil
}

// Brief tells somebody who has become a teacher what the class will be asked.
func (p *Playback) Brief(meetingID, participantID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.stages[meetingID]
	if st == nil {
		return
	}
	told := ""
	for _, m := range st.markers { // by key
		if m.Key != told {
			told = m.Key
			p.Publisher.PublishState(ParticipantTopic(participantID), "markers "+m.Key, wire.EventPlaybackMarkers,
				wire.Markers{ChannelID: st.channelID, Key: m.Key, Markers: markersOf(st.markers, m.Key)})
		}
	}
}

// rebound has the class stop where the markers are now.
func (p *Playback) rebound(ctx context.Context, st *stage) error {
	st.commands.Lock()
	defer st.commands.Unlock()
	p.mu.Lock()
	t := st.current
	from := t.position(p.Time.NowMS())
	until := t.bounded(stopsOf(st.markers, t.key()), from).Until
	p.mu.Unlock()
	if until == nil && t.Until == nil || until != nil && t.Until != nil && *until == *t.Until {
		return nil
	}
	return p.commit(ctx, st, change{timeline: t.next(), from: from})
}

func (p *Playback) readMarkers(ctx context.Context, channelID string) ([]wire.Marker, error) {
	rows, err := p.Store.Markers(ctx, channelID)
	markers := make([]wire.Marker, len(rows))
	for i, r := range rows {
		markers[i] = wire.Marker{ID: r.ID, Key: r.ItemKey, T: r.T, Question: r.Question, Choices: r.Choices}
	}
	return markers, err
}

// markersOf are those of one item, by T.
func markersOf(markers []wire.Marker, key string) []wire.Marker {
	of := []wire.Marker{}
	for _, m := range markers {
		if m.Key == key {
			of = append(of, m)
		}
	}
	slices.SortFunc(of, func(a, b wire.Marker) int { return cmp.Compare(a.T, b.T) })
	return of
}

// stopsOf are their positions.
func stopsOf(markers []wire.Marker, key string) []float64 {
	stops := []float64{}
	for _, m := range markersOf(markers, key) {
		stops = append(stops, m.T)
	}
	return stops
}

func markerAt(markers []wire.Marker, key string, t float64) (wire.Marker, bool) {
	for _, m := range markers {
		if m.Key == key && m.T == t {
			return m, true
		}
	}
	return wire.Marker{}, false
}

var youTubeKey = regexp.MustCompile(`^youtube:[A-Za-z0-9_-]{11}$`)

// itemKey checks the name of an item's content.
func (v invalid) itemKey(field, key string) {
	fileID, isFile := strings.CutPrefix(key, "file:")
	if isFile {
		id, ok := models.ParseID(fileID)
		isFile = ok && id == fileID
	}
	if !isFile && !youTubeKey.MatchString(key) {
		v[field] = "It must be the key of an item."
	}
}
