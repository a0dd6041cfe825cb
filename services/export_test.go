package services

import "context"

// HashOperations counts the password hashes computed so far.
func (a *Auth) HashOperations() int64 { return a.passwords.worked.Load() }

// IsCommonPassword is isCommonPassword.
var IsCommonPassword = isCommonPassword

// DeviceOf is deviceOf.
var DeviceOf = deviceOf

// AnnounceBatch is announceBatch.
const AnnounceBatch = announceBatch

// AnnounceSome tells the next members of an announcement, and whether there may be more.
func (s *Notifications) AnnounceSome(ctx context.Context, id string) (more bool, err error) {
	return s.announce(ctx, id)
}
