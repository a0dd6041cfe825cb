package services_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// device is a window of somebody, and what it has heard.
type device struct {
	who    services.Actor
	topics map[string]bool
	heard  []publishedEvent
	seen   time.Time // the last frame, when it is not now
}

// exchange is a Publisher with devices instead of sockets.
type exchange struct {
	published // for what no device follows here

	plugs   sync.Mutex // guards devices
	devices []*device
}

func (x *exchange) each(do func(*device)) {
	x.plugs.Lock()
	defer x.plugs.Unlock()
	for _, d := range x.devices {
		do(d)
	}
}

func (x *exchange) Publish(topic, event string, data any) {
	x.each(func(d *device) {
		if d.topics[topic] {
			d.heard = append(d.heard, publishedEvent{topic, event, data})
		}
	})
}

func (x *exchange) Follow(userID, topic string) {
	x.each(func(d *device) {
		if d.who.UserID == userID {
			d.topics[topic] = true
		}
	})
}

func (x *exchange) Unfollow(userID, topic string) {
	x.each(func(d *device) {
		if d.who.UserID == userID {
			delete(d.topics, topic)
		}
	})
}

func (x *exchange) Online(userID string) (online bool) {
	x.each(func(d *device) { online = online || d.who.UserID == userID })
	return online
}

func (d *device) Follow(topics ...string) {
	for _, t := range topics {
		d.topics[t] = true
	}
}

func (d *device) Unfollow(topics ...string) {
	for _, t := range topics {
		delete(d.topics, t)
	}
}

func (d *device) LastSeen() time.Time { return d.seen }

// take lists the events since the last take, with the reason of those that have one.
func (d *device) take() []string {
	list := []string{}
	for _, e := range d.heard {
		text := e.name
		if changed, ok := e.data.(wire.CallChanged); ok {
			if changed.Reason != "" {
				text += " " + changed.Reason
			}
			if changed.Waiting {
				text += " waiting"
			}
			if changed.Offline {
				text += " offline"
			}
		}
		list = append(list, text)
	}
	d.heard = nil
	return list
}

// telephone is Calls over one database, with three people who share a channel and a stranger.
type telephone struct {
	t     *testing.T
	store *models.Store
	clock *timerClock
	net   *exchange
	calls *services.Calls

	messages *services.Messages
	notes    *services.Notifications

	channel                  string
	ada, bob, cleo, stranger services.Actor
	meeting                  map[string]bool // who is in one
	alerts                   chan string     // calls that were pushed
	changed                  []string        // whose being in a call may have changed
}

func eachTelephone(t *testing.T, test func(t *testing.T, x *telephone)) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) { test(t, newTelephone(t, store)) })
}

func newTelephone(t *testing.T, store *models.Store) *telephone {
	t.Helper()
	x := &telephone{t: t, store: store, clock: newTimerClock(), net: &exchange{}, alerts: make(chan string, 100), channel: models.NewID(), meeting: map[string]bool{}}
	x.ada, x.bob, x.cleo, x.stranger = register(t, store, "Ada"), register(t, store, "Bob"), register(t, store, "Cleo"), register(t, store, "Stranger")
	now := x.clock.Now()
	require.NoError(t, store.DB(t.Context()).Create(&models.Channel{ID: x.channel, Name: "Physics", CreatedBy: x.ada.UserID, CreatedAt: now, UpdatedAt: now}).Error)
	x.share(x.ada, x.bob, x.cleo)
	x.notes = newNotifier(t, store, x.net, x.clock)
	x.messages = services.NewMessages(services.NewConversations(services.NewEntries(store, x.net, nil, x.notes, x.clock)))
	x.start()
	return x
}

// share lets people into the channel.
func (x *telephone) share(people ...services.Actor) {
	x.t.Helper()
	for _, who := range people {
		require.NoError(x.t, x.store.DB(x.t.Context()).Create(&models.Member{ChannelID: x.channel, UserID: who.UserID, Role: models.RoleStudent, JoinedAt: x.clock.Now()}).Error)
	}
}

// start makes new services over the same database, as a start of the program does.
func (x *telephone) start(rates ...services.CallRates) {
	x.t.Helper()
	o := services.CallsOptions{Store: x.store, Publisher: x.net, Talks: x.messages, Clock: x.clock, Log: testenv.Log(x.t),
		ICEServers: func(userID string) []wire.ICEServer {
			return []wire.ICEServer{{URLs: []string{"turn:relay"}, Username: userID}}
		},
		InMeeting: func(userID string) bool { return x.meeting[userID] },
		Changed:   func(_ context.Context, userID string) { x.changed = append(x.changed, userID) },
		Alert: func(_ context.Context, call wire.Call, left time.Duration) error {
			x.alerts <- call.ID
			require.Equal(x.t, 45*time.Second, left)
			return nil
		},
		Ringing: 45 * time.Second, Grace: 30 * time.Second}
	if len(rates) > 0 {
		o.Rates = rates[0]
	}
	x.calls = services.NewCalls(o)
	require.NoError(x.t, x.calls.Restore(x.t.Context()))
}

// open opens a window; session names the sign-in.
func (x *telephone) open(who services.Actor, session string) *device {
	who.SessionID = session
	d := &device{who: who, topics: map[string]bool{}}
	x.net.plugs.Lock()
	x.net.devices = append(x.net.devices, d)
	x.net.plugs.Unlock()
	x.calls.Arrived(who, d)
	return d
}

// gone ends a window's socket.
func (x *telephone) gone(d *device, end services.SocketEnd) {
	x.net.plugs.Lock()
	x.net.devices = slices.DeleteFunc(x.net.devices, func(o *device) bool { return o == d })
	x.net.plugs.Unlock()
	d.topics = map[string]bool{}
	if d.seen.IsZero() {
		d.seen = x.clock.Now()
	}
	x.calls.Closed(x.t.Context(), d, end, d.seen)
}

func (x *telephone) invite(from *device, to services.Actor) (wire.CallEntered, error) {
	return x.inviteAs(from, wire.CallInvite{UserID: to.UserID, Media: "video"})
}

func (x *telephone) inviteAs(from *device, cmd wire.CallInvite) (entered wire.CallEntered, err error) {
	err = x.calls.Invite(x.t.Context(), from.who, from, cmd, func(e wire.CallEntered) { entered = e })
	return entered, err
}

func (x *telephone) accept(on *device, id string) (entered wire.CallEntered, err error) {
	err = x.calls.Accept(x.t.Context(), on.who, on, id, func(e wire.CallEntered) { entered = e })
	return entered, err
}

func (x *telephone) resume(on *device, id string) (entered wire.CallEntered, err error) {
	err = x.calls.Resume(x.t.Context(), on.who, on, id, func(e wire.CallEntered) { entered = e })
	return entered, err
}

func (x *telephone) hangUp(on *device, id string) {
	x.t.Helper()
	require.NoError(x.t, x.calls.Hangup(x.t.Context(), on.who, wire.CallCommand{CallID: id}))
}

// ring rings and returns the call's id.
func (x *telephone) ring(from *device, to services.Actor) string {
	x.t.Helper()
	entered, err := x.invite(from, to)
	require.NoError(x.t, err)
	return entered.CallID
}

// talk puts two devices into a call and forgets what they have heard on the way.
func (x *telephone) talk(from, to *device) string {
	x.t.Helper()
	id := x.ring(from, to.who)
	_, err := x.accept(to, id)
	require.NoError(x.t, err)
	from.take()
	to.take()
	return id
}

// ended is the reason of a call that is over, "" of one that is not.
func (x *telephone) ended(id string) string {
	x.t.Helper()
	row, err := x.store.Call(x.t.Context(), id)
	require.NoError(x.t, err)
	require.Equal(x.t, row.EndedAt != nil, row.Reason != "")
	return row.Reason
}

// line finds the one message that a call left, as somebody sees it.
func (x *telephone) line(who services.Actor, id string) *wire.Call {
	x.t.Helper()
	row, err := x.store.Call(x.t.Context(), id)
	require.NoError(x.t, err)
	list, err := x.messages.List(x.t.Context(), who, row.ConversationID, "", models.Page{Limit: 100})
	require.NoError(x.t, err)
	var found []*wire.Call
	for _, message := range list.Items {
		if message.Call != nil && message.Call.ID == id {
			found = append(found, message.Call)
		}
	}
	require.Len(x.t, found, 1)
	return found[0]
}

// requireCurrent checks that an error is a conflict that shows a call as it is now.
func requireCurrent(t *testing.T, err error, id, state string) {
	t.Helper()
	requireKind(t, services.KindConflict, err)
	var domain *services.Error
	require.ErrorAs(t, err, &domain)
	current, ok := domain.Current.(wire.Call)
	require.True(t, ok, "%v", domain.Current)
	require.Equal(t, []string{id, state}, []string{current.ID, current.State})
}

func TestTheFirstDeviceThatAnswersHasTheCall(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, laptop, phone := x.open(x.ada, "laptop"), x.open(x.bob, "laptop"), x.open(x.bob, "phone")
		out, err := x.invite(ada, x.bob)
		require.NoError(t, err)
		id := out.CallID
		require.False(t, out.Polite || out.Waiting || out.Offline)
		require.Equal(t, "Ada", out.Call.Caller.Name)
		require.Equal(t, "Bob", out.Call.Callee.Name)
		require.Equal(t, x.ada.UserID, out.ICEServers[0].Username)
		require.Equal(t, []string{"call.ringing"}, laptop.take())
		require.Equal(t, []string{"call.ringing"}, phone.take())
		require.Empty(t, ada.take())

		in, err := x.accept(phone, id)
		require.NoError(t, err)
		require.True(t, in.Polite)
		require.Equal(t, "active", in.Call.State)
		require.Equal(t, x.bob.UserID, in.ICEServers[0].Username)
		require.Equal(t, []string{"call.accepted"}, ada.take())
		require.Equal(t, []string{"call.taken"}, laptop.take())
		require.Empty(t, phone.take())
		require.Equal(t, []string{x.ada.UserID, x.bob.UserID}, x.changed)

		_, err = x.accept(laptop, id)
		requireCurrent(t, err, id, "active")
		requireCurrent(t, x.calls.Decline(t.Context(), laptop.who, wire.CallCommand{CallID: id}), id, "active")
		again, err := x.accept(phone, id) // its ack was lost
		require.NoError(t, err)
		require.Equal(t, in, again)

		x.clock.turn(90 * time.Second)
		x.hangUp(phone, id)
		require.Equal(t, []string{"call.ended hangup"}, ada.take())
		require.Equal(t, []string{"call.ended hangup"}, phone.take())
		require.Empty(t, laptop.take())
		x.hangUp(ada, id) // both at once
		_, err = x.accept(laptop, id)
		requireCurrent(t, err, id, "ended")
		shown, err := x.calls.Get(t.Context(), x.ada, id)
		require.NoError(t, err)
		require.Equal(t, 90*time.Second, time.Time(*shown.EndedAt).Sub(time.Time(*shown.AnsweredAt)))
		require.Equal(t, shown, x.line(x.ada, id))
		require.False(t, x.calls.Busy(x.ada.UserID) || x.calls.Busy(x.bob.UserID))
	})
}

func TestHowRingingEnds(t *testing.T) {
	cases := []struct {
		name, reason string
		end          func(x *telephone, ada, bob *device, id string) error
		caller       []string // what the devices hear
		callee       []string
		missed       bool
	}{
		{"declined", "declined", func(x *telephone, _, bob *device, id string) error {
			return x.calls.Decline(x.t.Context(), bob.who, wire.CallCommand{CallID: id})
		}, []string{"call.declined declined"}, []string{"call.ended declined"}, false},
		{"busy", "busy", func(x *telephone, _, bob *device, id string) error {
			return x.calls.Decline(x.t.Context(), bob.who, wire.CallCommand{CallID: id, Reason: "busy"})
		}, []string{"call.declined busy"}, []string{"call.ended busy"}, false},
		{"hung up unanswered", "declined", func(x *telephone, _, bob *device, id string) error {
			return x.calls.Hangup(x.t.Context(), bob.who, wire.CallCommand{CallID: id})
		}, []string{"call.ended declined"}, []string{"call.ended declined"}, false},
		{"cancelled", "cancelled", func(x *telephone, ada, _ *device, id string) error {
			return x.calls.Cancel(x.t.Context(), ada.who, wire.CallCommand{CallID: id})
		}, []string{"call.ended cancelled"}, []string{"call.ended cancelled"}, true},
		{"hung up by the caller", "cancelled", func(x *telephone, ada, _ *device, id string) error {
			return x.calls.Hangup(x.t.Context(), ada.who, wire.CallCommand{CallID: id, Reason: "failed"})
		}, []string{"call.ended cancelled"}, []string{"call.ended cancelled"}, true},
		{"not answered", "no_answer", func(x *telephone, _, _ *device, id string) error {
			x.clock.turn(44 * time.Second)
			require.Empty(x.t, x.ended(id))
			x.clock.turn(time.Second)
			return nil
		}, []string{"call.ended no_answer"}, []string{"call.ended no_answer"}, true},
		{"the caller closed the window", "cancelled", func(x *telephone, ada, _ *device, _ string) error {
			x.gone(ada, services.SocketClosed)
			return nil
		}, []string{}, []string{"call.ended cancelled"}, true},
		{"the caller lost the network", "cancelled", func(x *telephone, ada, _ *device, id string) error {
			x.gone(ada, services.SocketBroke)
			x.clock.turn(29 * time.Second)
			require.Empty(x.t, x.ended(id))
			x.clock.turn(time.Second)
			return nil
		}, []string{}, []string{"call.ended cancelled"}, true},
	}
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				x := newTelephone(t, store)
				ada, bob := x.open(x.ada, "laptop"), x.open(x.bob, "laptop")
				id := x.ring(ada, x.bob)
				bob.take()
				require.NoError(t, tc.end(x, ada, bob, id))
				require.Equal(t, tc.reason, x.ended(id))
				require.Equal(t, tc.caller, ada.take())
				require.Equal(t, tc.callee, bob.take())
				missed, err := x.calls.List(t.Context(), x.bob, true, models.Page{Limit: 10})
				require.NoError(t, err)
				require.Equal(t, tc.missed, len(missed.Items) == 1)
				require.Equal(t, tc.reason, x.line(x.bob, id).Reason)
				notes, err := x.notes.List(t.Context(), x.bob, models.Page{Limit: 10})
				require.NoError(t, err)
				require.Equal(t, tc.missed, len(notes.Items) == 1)
				if tc.missed {
					require.Equal(t, []string{"missed_call", id}, []string{notes.Items[0].Kind, notes.Items[0].CallID})
				}
				require.Empty(t, x.calls.Active(x.ada).Items)
				x.clock.turn(time.Hour) // no timer is left
				require.Empty(t, bob.take())
			})
		}
	})
}

func TestSomebodyWithoutADeviceIsRungOnTheFirstThatOpens(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada := x.open(x.ada, "laptop")
		out, err := x.invite(ada, x.bob)
		require.NoError(t, err)
		require.True(t, out.Offline)
		require.Equal(t, out.CallID, <-x.alerts, "his closed devices are told")
		x.clock.turn(20 * time.Second)
		bob := x.open(x.bob, "phone")
		require.Equal(t, []string{"call.ringing"}, bob.take())
		require.Equal(t, []string{"call.ringing"}, ada.take(), "it rings now")
		late := x.open(x.bob, "laptop")
		require.Equal(t, []string{"call.ringing"}, late.take())
		_, err = x.accept(late, out.CallID)
		require.NoError(t, err)
		require.Equal(t, []string{"call.ringing", "call.taken"}, bob.take(), "once more, to merge")
		x.hangUp(ada, out.CallID)

		rung := x.ring(ada, x.bob) // who then closes both windows
		require.Equal(t, rung, <-x.alerts)
		ada.take()
		for _, window := range []*device{bob, late} {
			x.gone(window, services.SocketClosed)
			x.calls.DevicesChanged(x.bob.UserID)
		}
		require.Equal(t, []string{"call.ringing offline"}, ada.take())
		x.hangUp(ada, rung)
		require.Equal(t, "cancelled", x.ended(rung))

		nobody, err := x.invite(ada, x.cleo)
		require.NoError(t, err)
		x.clock.turn(45 * time.Second)
		require.Equal(t, "offline", x.ended(nobody.CallID))
	})
}

func TestCallWaiting(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, bob, cleo := x.open(x.ada, "laptop"), x.open(x.bob, "laptop"), x.open(x.cleo, "laptop")
		first := x.talk(ada, bob)
		_, err := x.invite(bob, x.cleo)
		requireCurrent(t, err, first, "active")

		out, err := x.invite(cleo, x.bob)
		require.NoError(t, err)
		require.True(t, out.Waiting, "she is told at once")
		require.Equal(t, []string{"call.ringing waiting"}, bob.take())
		_, err = x.accept(bob, out.CallID)
		require.NoError(t, err)
		require.Equal(t, "hangup", x.ended(first), "one call per person")
		require.Equal(t, []string{"call.ended hangup"}, ada.take())
		require.Equal(t, []string{"call.accepted"}, slices.DeleteFunc(cleo.take(), func(e string) bool { return e == "call.ringing" }))

		again, err := x.invite(ada, x.bob)
		require.NoError(t, err)
		require.True(t, again.Waiting)
		bob.take()
		x.hangUp(cleo, out.CallID)
		require.Equal(t, []string{"call.ended hangup", "call.ringing"}, bob.take(), "now it is an ordinary call")
		require.Equal(t, []string{"call.ringing"}, ada.take())
		x.hangUp(ada, again.CallID)

		x.meeting[x.bob.UserID] = true
		busy, err := x.invite(ada, x.bob)
		require.NoError(t, err)
		require.True(t, busy.Waiting, "a meeting is like another call")
		x.clock.turn(45 * time.Second)
		require.Equal(t, "busy", x.ended(busy.CallID))
	})
}

func TestTwoWhoCallEachOtherAreInOneCall(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, bob, phone := x.open(x.ada, "laptop"), x.open(x.bob, "laptop"), x.open(x.bob, "phone")
		id := x.ring(ada, x.bob)
		bob.take()
		phone.take()
		entered, err := x.invite(bob, x.ada)
		require.NoError(t, err)
		require.Equal(t, id, entered.CallID)
		require.Equal(t, "active", entered.Call.State)
		require.True(t, entered.Polite)
		require.Equal(t, []string{"call.accepted"}, ada.take())
		require.Equal(t, []string{"call.taken"}, phone.take())
		list, err := x.calls.List(t.Context(), x.ada, false, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
	})
}

func TestCallingIsForThoseWhoKnowEachOther(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, bob, cleo, stranger := x.open(x.ada, "laptop"), x.open(x.bob, "laptop"), x.open(x.cleo, "laptop"), x.open(x.stranger, "laptop")
		_, err := x.invite(stranger, x.ada)
		requireKind(t, services.KindForbidden, err)
		_, err = x.invite(stranger, services.Actor{UserID: models.NewID()})
		requireKind(t, services.KindInvalid, err)
		for field, cmd := range map[string]wire.CallInvite{
			"user_id":   {UserID: x.ada.UserID, Media: "audio"}, // oneself
			"media":     {UserID: x.bob.UserID, Media: "smell"},
			"client_id": {UserID: x.bob.UserID, Media: "audio", ClientID: "once"},
		} {
			_, err := x.inviteAs(ada, cmd)
			requireKind(t, services.KindInvalid, err)
			require.ErrorContains(t, err, "attention")
			var domain *services.Error
			require.ErrorAs(t, err, &domain)
			require.Contains(t, domain.Fields, field)
		}

		id := x.ring(ada, x.bob)
		for _, state := range []string{"ringing", "active", "ended"} {
			for _, third := range []*device{cleo, stranger} { // who knows the call's id
				named := wire.CallCommand{CallID: id}
				_, accepted := x.accept(third, id)
				_, resumed := x.resume(third, id)
				_, shown := x.calls.Get(t.Context(), third.who, id)
				for _, err := range []error{accepted, resumed, shown, x.calls.Decline(t.Context(), third.who, named), x.calls.Cancel(t.Context(), third.who, named),
					x.calls.Hangup(t.Context(), third.who, named), x.calls.Signal(third.who, third, wire.CallSignal{CallID: id})} {
					requireKind(t, services.KindNotFound, err)
				}
			}
			switch state {
			case "ringing": // the two have each their part
				_, err := x.accept(ada, id)
				requireKind(t, services.KindForbidden, err)
				requireKind(t, services.KindForbidden, x.calls.Decline(t.Context(), ada.who, wire.CallCommand{CallID: id}))
				requireKind(t, services.KindForbidden, x.calls.Cancel(t.Context(), bob.who, wire.CallCommand{CallID: id}))
				requireKind(t, services.KindConflict, x.calls.Signal(ada.who, ada, wire.CallSignal{CallID: id}))
				_, err = x.resume(bob, id)
				requireCurrent(t, err, id, "ringing")
				_, err = x.accept(bob, id)
				require.NoError(t, err)
			case "active": // another device of one of them
				phone := x.open(x.bob, "phone")
				requireKind(t, services.KindForbidden, x.calls.Signal(phone.who, phone, wire.CallSignal{CallID: id}))
				_, err := x.resume(phone, id)
				requireKind(t, services.KindForbidden, err)
				require.Equal(t, "elsewhere", x.calls.Active(phone.who).Items[0].Place)
				x.hangUp(phone, id) // but it may end the call
				require.Equal(t, "hangup", x.ended(id))
			}
		}
	})
}
