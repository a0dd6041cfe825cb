package services

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"lectern/internal/wire"
	"lectern/models"
)

// maxStudentNumber is its length in characters.
const maxStudentNumber = 32

// Users is one's own account and what one sees of others.
type Users struct {
	store    *models.Store
	pub      Publisher
	files    *Files
	meetings inMeetings
	clock    Clock
}

// inMeetings is what Users needs of Meetings.
type inMeetings interface {
	// UserChanged gives somebody who is in meetings the name and picture that they have now.
	UserChanged(p wire.Profile)
}

// NewUsers prepares it.
func NewUsers(store *models.Store, pub Publisher, files *Files, meetings inMeetings, clock Clock) *Users {
	return &Users{store: store, pub: pub, files: files, meetings: meetings, clock: clock}
}

// me is an account as its owner sees it.
func me(u *models.User) wire.Me {
	return wire.Me{ID: u.ID, Email: u.Email, Name: u.Name, AvatarURL: avatarURL(u), Locale: u.Locale, Role: u.Role, CreatedAt: wire.At(u.CreatedAt),
		EmailVerified: u.EmailVerifiedAt != nil, StudentNumber: u.StudentNumber}
}

// profile is an account as others see it.
func profile(u models.User, pub Publisher) wire.Profile {
	p := wire.Profile{ID: u.ID, Name: u.Name, AvatarURL: avatarURL(&u), Presence: presenceOffline, Deleted: u.DeletedAt != nil}
	if word := pub.Presence(u.ID); u.DeletedAt == nil && word != "" {
		p.Presence = word
	}
	return p
}

// Me is one's own account.
func (s *Users) Me(ctx context.Context, actor Actor) (*wire.Me, error) {
	user, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	m := me(user)
	return &m, nil
}

// UpdateMe changes the fields present. Everyone who shares a channel hears of a new name.
func (s *Users) UpdateMe(ctx context.Context, actor Actor, req wire.UpdateMeRequest) (*wire.Me, error) {
	v, changes := invalid{}, map[string]any{}
	if req.Name != nil {
		changes["name"] = v.name("name", *req.Name)
	}
	if req.Locale != nil {
		v.oneOf("locale", *req.Locale, "zh-TW", "en")
		changes["locale"] = *req.Locale
	}
	if req.StudentNumber != nil {
		changes["student_number"] = v.line("student_number", *req.StudentNumber, 0, maxStudentNumber)
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	if len(changes) > 0 {
		changes["updated_at"] = stamp(s.clock)
		if err := s.store.UpdateUser(ctx, actor.UserID, changes); err != nil {
			return nil, err
		}
	}
	user, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	if len(changes) > 0 {
		if err := s.announce(ctx, user); err != nil {
			return nil, err
		}
	}
	m := me(user)
	return &m, nil
}

func (s *Users) announce(ctx context.Context, user *models.User) error {
	topics, err := audience(ctx, s.store, user.ID)
	if err != nil {
		return err
	}
	p := profile(*user, s.pub)
	s.pub.PublishStateTo(topics, "user "+user.ID, wire.EventUserUpdated, p)
	s.meetings.UserChanged(p)
	return nil
}

// Profile is what one may see of any user.
func (s *Users) Profile(ctx context.Context, _ Actor, id string) (*wire.Profile, error) {
	user, err := s.store.User(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, NotFound("user")
	}
	if err != nil {
		return nil, err
	}
	p := profile(*user, s.pub)
	return &p, nil
}

// Search finds users by a part of the name or by the exact address. Two characters are enough, and one Chinese,
// Japanese or Korean one.
func (s *Users) Search(ctx context.Context, _ Actor, text string, limit int) ([]wire.Profile, error) {
	text = strings.TrimSpace(text)
	v := invalid{}
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		v["q"] = "It must be one line without control characters."
	case utf8.RuneCountInString(text) < 2 && !strings.ContainsFunc(text, isCJK):
		v["q"] = "Type at least two characters."
	default:
		v.length("q", text, 1, 254)
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	rows, err := s.store.SearchUsers(ctx, text, limit)
	if err != nil {
		return nil, err
	}
	found := make([]wire.Profile, len(rows))
	for i, u := range rows {
		found[i] = profile(u, s.pub)
	}
	return found, nil
}

func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}
