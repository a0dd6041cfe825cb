package services_test

import (
	"context"
	"testing"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

// noPush reaches no device.
type noPush struct{}

func (noPush) Key() string { return "key" }
func (noPush) Send(context.Context, services.PushDevice, services.PushMessage) error {
	return services.ErrPushGone
}

// newNotifier makes what tells people, without devices.
func newNotifier(t testing.TB, store *models.Store, pub services.Publisher, clock services.Clock) *services.Notifications {
	t.Helper()
	pushes := services.NewPushes(store, noPush{}, pub.Active, clock, testenv.Log(t))
	return services.NewNotifications(store, pub, pushes, clock, testenv.Log(t))
}
