package services

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"lectern/internal/wire"
	"lectern/models"
)

// MaxAvatarBytes is the most that a picture of a person may have when it arrives.
const MaxAvatarBytes = 10 << 20

// avatarURL is where an <img> element loads a picture of a person. The id is the secret: random, known to those who may
// see the profile, and without effect once the picture is replaced.
func avatarURL(u *models.User) *string {
	if u.AvatarFileID == nil {
		return nil
	}
	return new("/api/v1/avatars/" + *u.AvatarFileID)
}

// SetAvatar gives the actor a new picture. Everyone who shares a channel hears of it.
func (s *Users) SetAvatar(ctx context.Context, actor Actor, r io.Reader) (*wire.Me, error) {
	up, err := s.files.receive(r, MaxAvatarBytes)
	if err != nil {
		return nil, err
	}
	defer up.discard()
	var picture []byte
	var ending string
	err = s.files.atEasel(ctx, func() (err error) {
		picture, ending, err = portrait(up.file)
		return err
	})
	if err != nil {
		return nil, err
	}
	file, err := s.files.Upload(ctx, actor, "avatar."+ending, bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	return s.replaceAvatar(ctx, actor, &file.ID)
}

// DeleteAvatar takes the actor's picture away.
func (s *Users) DeleteAvatar(ctx context.Context, actor Actor) (*wire.Me, error) {
	return s.replaceAvatar(ctx, actor, nil)
}

func (s *Users) replaceAvatar(ctx context.Context, actor Actor, fileID *string) (*wire.Me, error) {
	before, err := s.store.ReplaceAvatar(ctx, actor.UserID, fileID, stamp(s.clock))
	if err != nil {
		return nil, err
	}
	if before != nil {
		if err := s.files.Delete(ctx, actor, *before); err != nil && !isKind(err, KindNotFound, KindConflict) {
			return nil, fmt.Errorf("delete the picture before: %w", err)
		}
	}
	user, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	if before != nil || fileID != nil {
		if err := s.announce(ctx, user); err != nil {
			return nil, err
		}
	}
	m := me(user)
	return &m, nil
}

// Avatar reads a picture that is somebody's at this moment, whoever asks.
func (s *Users) Avatar(ctx context.Context, id string) (Content, error) {
	row, err := s.store.AvatarFile(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return Content{}, NotFound("picture")
	}
	if err != nil {
		return Content{}, err
	}
	return s.files.open(*row)
}
