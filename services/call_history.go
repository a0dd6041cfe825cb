package services

import (
	"context"
	"errors"

	"lectern/internal/wire"
	"lectern/models"
)

// Places of a user in a call that has not ended.
const (
	placeRinging   = "ringing"   // it may be accepted
	placeFree      = "free"      // this sign-in was in it, and its device is away: resume
	placeHere      = "here"      // another window of this sign-in is in it
	placeElsewhere = "elsewhere" // another device is
)

// List shows a page of the actor's calls, the newest first, or of those that they missed.
func (s *Calls) List(ctx context.Context, actor Actor, missed bool, page models.Page) (*wire.List[wire.Call], error) {
	rows, next, err := s.Store.CallsOf(ctx, actor.UserID, missed, page)
	if err != nil {
		return nil, err
	}
	list := &wire.List[wire.Call]{Items: []wire.Call{}, NextCursor: next}
	if list.Items, err = s.showAll(ctx, rows); err != nil {
		return nil, err
	}
	return list, nil
}

// Get shows a call to one of the two.
func (s *Calls) Get(ctx context.Context, actor Actor, id string) (*wire.Call, error) {
	row, err := s.Store.Call(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && row.CallerID != actor.UserID && row.CalleeID != actor.UserID {
		return nil, NotFound("call")
	}
	if err != nil {
		return nil, err
	}
	shown, err := s.show(ctx, row)
	return &shown, err
}

// Active lists the actor's calls that have not ended, for a page that was just loaded.
func (s *Calls) Active(actor Actor) *wire.ActiveCalls {
	active := &wire.ActiveCalls{Items: []wire.ActiveCall{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.live {
		if side := c.side(actor.UserID); side != nil {
			active.Items = append(active.Items, wire.ActiveCall{Call: c.shown, Place: side.place(actor.SessionID)})
		}
	}
	return active
}

func (side *callSide) place(session string) string {
	switch {
	case side.session == "":
		return placeRinging
	case side.session != session:
		return placeElsewhere
	case side.socket == nil:
		return placeFree
	}
	return placeHere
}

func (s *Calls) show(ctx context.Context, row *models.Call) (wire.Call, error) {
	shown, err := s.showAll(ctx, []models.Call{*row})
	if err != nil {
		return wire.Call{}, err
	}
	return shown[0], nil
}

func (s *Calls) showAll(ctx context.Context, rows []models.Call) ([]wire.Call, error) {
	return CallBook{s.Store, s.Publisher}.show(ctx, rows)
}

// CallBook shows stored calls.
type CallBook struct {
	Store     *models.Store
	Publisher Publisher
}

// Lines finds calls for the lines that they left in conversations. It checks no permission.
func (b CallBook) Lines(ctx context.Context, ids []string) (map[string]*wire.Call, error) {
	lines := make(map[string]*wire.Call, len(ids))
	if len(ids) == 0 {
		return lines, nil
	}
	rows, err := b.Store.CallsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	shown, err := b.show(ctx, rows)
	for i := range shown {
		lines[shown[i].ID] = &shown[i]
	}
	return lines, err
}

// all are every call that a user made or got, oldest first.
func (b CallBook) all(ctx context.Context, userID string) ([]wire.Call, error) {
	rows, err := b.Store.AllCallsOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	return b.show(ctx, rows)
}

func (b CallBook) show(ctx context.Context, rows []models.Call) ([]wire.Call, error) {
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.CallerID, row.CalleeID)
	}
	users, err := b.Store.Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	shown := make([]wire.Call, len(rows))
	for i, row := range rows {
		shown[i] = wire.Call{ID: row.ID, ConversationID: row.ConversationID, Caller: profile(users[row.CallerID], b.Publisher),
			Callee: profile(users[row.CalleeID], b.Publisher), Media: row.Media, State: callState(&row), Reason: row.Reason,
			CreatedAt: wire.At(row.CreatedAt), AnsweredAt: wire.AtPtr(row.AnsweredAt), EndedAt: wire.AtPtr(row.EndedAt)}
	}
	return shown, nil
}
