package services_test

import (
	"context"
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/internal/push"
	"lectern/internal/push/pushtest"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// pushing is a class whose people have devices at a push service.
type pushing struct {
	*class
	service *pushtest.Service
	pushes  *services.Pushes
	active  map[string]bool // who is at an open window
}

// newPushing lets the server send to some networks beside the public internet.
func newPushing(t *testing.T, store *models.Store, allow []netip.Prefix) *pushing {
	t.Helper()
	p := &pushing{class: newClass(t, store), service: pushtest.Start(t), active: map[string]bool{}}
	key, err := push.NewKey()
	require.NoError(t, err)
	sender, err := push.New(push.Config{Key: key, Subject: "https://class.example", Allow: allow, Roots: p.service.Roots})
	require.NoError(t, err)
	t.Cleanup(sender.Close)
	p.pushes = services.NewPushes(store, sender, func(id string) bool { return p.active[id] }, p.clock, testenv.Log(t))
	p.notifications = services.NewNotifications(store, p.pub, p.pushes, p.clock)
	entries := services.NewEntries(store, p.pub, p.files, p.notifications, p.clock)
	p.posts, p.comments = services.NewPosts(entries), services.NewComments(entries)
	return p
}

// signIn gives an actor a session.
func (p *pushing) signIn(who services.Actor) services.Actor {
	p.t.Helper()
	now := p.clock.Now()
	who.SessionID = models.NewID()
	require.NoError(p.t, p.store.AddSession(p.t.Context(), &models.Session{ID: who.SessionID, UserID: who.UserID, RotatedAt: now, CreatedAt: now,
		LastUsedAt: now, ExpiresAt: now.AddDate(1, 0, 0)}))
	return who
}

// device subscribes one of an actor's.
func (p *pushing) device(who services.Actor) *pushtest.Device {
	p.t.Helper()
	d := p.service.Subscribe()
	require.NoError(p.t, p.subscribe(who, d))
	return d
}

func (p *pushing) subscribe(who services.Actor, d *pushtest.Device) error {
	return p.pushes.Subscribe(p.t.Context(), who, wire.PushSubscription{Endpoint: d.Endpoint, Keys: wire.PushKeys{P256DH: d.P256DH, Auth: d.Auth}})
}

// send makes the attempts that are due, and gives what arrived.
func (p *pushing) send() (arrived []pushtest.Message) {
	p.t.Helper()
	require.NoError(p.t, p.pushes.SendDue(p.t.Context()))
	for {
		select {
		case m := <-p.service.Messages:
			arrived = append(arrived, m)
		default:
			return arrived
		}
	}
}

// waiting counts what is queued.
func (p *pushing) waiting() (n int64) {
	p.t.Helper()
	require.NoError(p.t, p.store.DB(p.t.Context()).Model(&models.Push{}).Count(&n).Error)
	return n
}

func TestAPushReachesTheDevicesDecrypted(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		p := newPushing(t, store, pushtest.Loopback)
		student := p.signIn(p.student)
		phone, laptop := p.device(student), p.device(student)
		p.device(p.signIn(p.classmate))
		require.NoError(t, store.UpdateUser(t.Context(), student.UserID, map[string]any{"locale": "zh-TW"}))
		post := p.post(p.owner, "**今天**的作業 "+at(student))
		arrived := p.send()
		require.Len(t, arrived, 2)
		require.ElementsMatch(t, []*pushtest.Device{phone, laptop}, []*pushtest.Device{arrived[0].Device, arrived[1].Device})
		require.Equal(t, []string{"86400", "high"}, []string{arrived[0].TTL, arrived[0].Urgency})
		var payload wire.PushPayload
		require.NoError(t, json.Unmarshal(arrived[0].Payload, &payload))
		id := p.notified(student).Items[0].ID
		require.Equal(t, wire.PushPayload{ID: id, Kind: "mention", Title: "Owner 在「Class」提到你", Body: "今天的作業 @老師 王小明",
			URL: "/channels/" + p.channel + "?post=" + post.ID, Tag: id}, payload)
		require.Empty(t, p.send(), "once")
		require.Zero(t, p.waiting())
	})
}

func TestNoPushIsSentInside(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		p := newPushing(t, store, nil)
		p.device(p.signIn(p.student))
		p.post(p.owner, at(p.student))
		require.Empty(t, p.send())
		require.Empty(t, p.service.Tries, "the push service was not even asked")
		require.EqualValues(t, 1, p.waiting(), "it might be a mistake of the network, so it is tried again")
	})
}

func TestWhoIsNotPushed(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		for name, change := range map[string]func(p *pushing, student services.Actor) error{
			"somebody at an open window": func(p *pushing, student services.Actor) error { p.active[student.UserID] = true; return nil },
			"who has read it": func(p *pushing, student services.Actor) error {
				return p.notifications.Read(t.Context(), student, wire.ReadNotificationsRequest{UpTo: models.NewID()})
			},
			"who signed out": func(p *pushing, student services.Actor) error {
				return store.DB(t.Context()).Model(&models.Session{}).Where("id = ?", student.SessionID).Update("ended_at", p.clock.Now()).Error
			},
			"who ended the subscription": func(p *pushing, student services.Actor) error {
				rows, err := store.PushSubscriptionsOf(t.Context(), student.UserID)
				if err != nil {
					return err
				}
				return p.pushes.Unsubscribe(t.Context(), student, wire.EndPushRequest{Endpoint: rows[0].Endpoint})
			},
			"who left the channel": func(p *pushing, student services.Actor) error {
				return store.DB(t.Context()).Delete(&models.Member{}, "user_id = ?", student.UserID).Error
			},
			"whose account is closed": func(p *pushing, student services.Actor) error {
				return store.UpdateUser(t.Context(), student.UserID, map[string]any{"disabled_at": p.clock.Now()})
			},
			"who wants not to be disturbed now": func(p *pushing, student services.Actor) error {
				return store.SavePreferences(t.Context(), models.Preferences{UserID: student.UserID, DND: true, Push: true})
			},
			"who has switched it off": func(p *pushing, student services.Actor) error {
				return store.SavePreferences(t.Context(), models.Preferences{UserID: student.UserID})
			},
			"whose entry was deleted": func(p *pushing, _ services.Actor) error {
				list, err := p.posts.List(t.Context(), p.owner, p.channel, services.PostsAsked{Page: models.Page{Limit: 1}})
				if err != nil {
					return err
				}
				return p.posts.Delete(t.Context(), p.owner, list.Items[0].ID)
			},
			"after a day": func(p *pushing, _ services.Actor) error { p.clock.turn(24 * time.Hour); return nil },
		} {
			t.Run(name, func(t *testing.T) {
				p := newPushing(t, store, pushtest.Loopback)
				student := p.signIn(p.student)
				p.device(student)
				p.post(p.owner, at(student))
				require.EqualValues(t, 1, p.waiting())
				require.NoError(t, change(p, student))
				require.Empty(t, p.send())
				require.Zero(t, p.waiting())
			})
		}
		t.Run("silent ones are not even queued", func(t *testing.T) {
			p := newPushing(t, store, pushtest.Loopback)
			p.device(p.signIn(p.student))
			p.level(p.student, models.LevelNone)
			p.post(p.owner, at(p.student))
			require.Zero(t, p.waiting())
			require.Equal(t, []string{"mention silent"}, p.bell(p.student))
		})
	})
}

func TestAPushIsTriedAgain(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		p := newPushing(t, store, pushtest.Loopback)
		p.device(p.signIn(p.student))
		tries := func() int {
			t.Helper()
			p.send()
			n := len(p.service.Tries)
			for range n {
				<-p.service.Tries
			}
			return n
		}
		p.post(p.owner, at(p.student))
		p.service.Answer("", 503)
		require.Equal(t, 1, tries())
		p.clock.turn(29 * time.Second)
		require.Zero(t, tries())
		p.clock.turn(9 * time.Second) // 30 s and up to a quarter
		p.service.Answer("600", 429)
		require.Equal(t, 1, tries())
		p.clock.turn(599 * time.Second)
		require.Zero(t, tries(), "the service said when")
		p.clock.turn(time.Second)
		require.Len(t, p.send(), 1)
		require.Zero(t, p.waiting())
		require.Equal(t, 1, len(p.service.Tries))
		<-p.service.Tries

		p.post(p.owner, at(p.student))
		p.service.Answer("", 500, 500, 500, 500, 500, 500, 500, 500)
		for range 8 {
			require.Equal(t, 1, tries())
			p.clock.turn(2 * time.Hour)
		}
		require.Zero(t, p.waiting(), "given up")

		p.post(p.owner, at(p.student))
		p.service.Answer("", 400)
		require.Equal(t, 1, tries())
		require.Zero(t, p.waiting(), "another try would not help")
	})
}

func TestAGoneDeviceIsForgotten(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		for _, status := range []int{404, 410} {
			p := newPushing(t, store, pushtest.Loopback)
			student := p.signIn(p.student)
			p.device(student)
			p.post(p.owner, at(student))
			p.post(p.owner, at(student)+" again")
			p.service.Answer("", status, status)
			p.send()
			require.Zero(t, p.waiting())
			rows, err := store.PushSubscriptionsOf(t.Context(), student.UserID)
			require.NoError(t, err)
			require.Empty(t, rows)
		}
	})
}

func TestWhatIsQueuedSurvivesARestart(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		p := newPushing(t, store, pushtest.Loopback)
		p.device(p.signIn(p.student))
		p.post(p.owner, at(p.student))
		p.post(p.owner, at(p.student))
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() { p.pushes.Run(ctx, func(_ time.Duration, err error) { assert.NoError(t, err) }); close(stopped) }() // as the next start does
		<-p.service.Messages
		<-p.service.Messages
		p.post(p.owner, at(p.student))
		<-p.service.Messages // woken by the notification
		stop()
		<-stopped
	})
}

func TestSubscriptions(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		p, ctx := newPushing(t, store, pushtest.Loopback), t.Context()
		student, classmate := p.signIn(p.student), p.signIn(p.classmate)
		good := p.service.Subscribe()
		for field, bad := range map[string]wire.PushSubscription{
			"endpoint":    {Endpoint: "http://push.example/x", Keys: wire.PushKeys{P256DH: good.P256DH, Auth: good.Auth}},
			"keys.p256dh": {Endpoint: good.Endpoint, Keys: wire.PushKeys{P256DH: good.P256DH[:80], Auth: good.Auth}},
			"keys.auth":   {Endpoint: good.Endpoint, Keys: wire.PushKeys{P256DH: good.P256DH, Auth: good.Auth + "AA"}},
		} {
			requireField(t, field, p.pushes.Subscribe(ctx, student, bad))
		}
		for _, endpoint := range []string{"", "x", "https://", "https://u:p@push.example/", "ftp://push.example", "https://push.example/" + string(make([]byte, 2000))} {
			requireField(t, "endpoint", p.pushes.Subscribe(ctx, student, wire.PushSubscription{Endpoint: endpoint, Keys: wire.PushKeys{P256DH: good.P256DH, Auth: good.Auth}}))
		}
		count := func(who services.Actor) int {
			t.Helper()
			rows, err := store.PushSubscriptionsOf(ctx, who.UserID)
			require.NoError(t, err)
			return len(rows)
		}
		require.NoError(t, p.subscribe(student, good))
		require.NoError(t, p.subscribe(student, good))
		require.Equal(t, 1, count(student), "the same device")
		for range 10 {
			p.device(student)
		}
		require.Equal(t, 10, count(student), "the oldest made place")
		shared := p.device(student)
		require.NoError(t, p.subscribe(classmate, shared))
		require.Equal(t, []int{9, 1}, []int{count(student), count(classmate)}, "a device belongs to who signed in last")
		require.NoError(t, p.pushes.Unsubscribe(ctx, student, wire.EndPushRequest{Endpoint: "https://a.example/\x00"}))
		require.NoError(t, p.pushes.Unsubscribe(ctx, student, wire.EndPushRequest{Endpoint: shared.Endpoint}))
		require.Equal(t, 1, count(classmate), "only one's own")
		require.NoError(t, p.pushes.Unsubscribe(ctx, classmate, wire.EndPushRequest{Endpoint: shared.Endpoint}))
		require.Zero(t, count(classmate))
	})
}
