package services_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestADeviceThatIsAwayKeepsItsPlace(t *testing.T) {
	cases := []struct {
		name   string
		end    services.SocketEnd
		silent time.Duration // since the last frame
		kept   time.Duration
		reason string
	}{
		{"the connection broke", services.SocketBroke, 0, 30 * time.Second, "lost"},
		{"nothing was heard", services.SocketSilent, 12 * time.Second, 18 * time.Second, "lost"},
		{"nothing was heard for long", services.SocketSilent, 31 * time.Second, 0, "lost"},
		{"the clock was set back since", services.SocketSilent, -8 * time.Hour, 30 * time.Second, "lost"},
		{"the window was closed, or loaded again", services.SocketClosed, 0, 10 * time.Second, "hangup"},
		{"signed out", services.SocketSignedOut, 0, 0, "hangup"},
	}
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		for _, tc := range cases {
			for _, side := range []string{"caller", "callee"} {
				t.Run(tc.name+": "+side, func(t *testing.T) {
					x := newTelephone(t, store)
					ada, bob := x.open(x.ada, "laptop"), x.open(x.bob, "laptop")
					id := x.talk(ada, bob)
					away, other := ada, bob
					if side == "callee" {
						away, other = bob, ada
					}
					x.clock.turn(time.Minute)
					away.seen = x.clock.Now().Add(-tc.silent)
					x.gone(away, tc.end)
					if tc.kept > 0 {
						x.clock.turn(tc.kept - time.Millisecond)
						require.Equal(t, "free", x.calls.Active(away.who).Items[0].Place)
						require.Empty(t, other.take(), "the media goes on meanwhile")
						x.clock.turn(time.Millisecond)
					}
					require.Equal(t, []string{"call.ended " + tc.reason}, other.take())
					require.Equal(t, tc.reason, x.ended(id))
					back := x.open(away.who, "laptop")
					_, err := x.resume(back, id)
					requireCurrent(t, err, id, "ended")
				})
			}
		}
	})
}

func TestAPlaceIsTakenBack(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, bob := x.open(x.ada, "laptop"), x.open(x.bob, "laptop")
		id := x.talk(ada, bob)
		x.gone(bob, services.SocketBroke)
		for _, sdp := range []string{"one", "two"} {
			require.NoError(t, x.calls.Signal(ada.who, ada, wire.CallSignal{CallID: id, Description: &wire.SessionDescription{Type: "offer", SDP: sdp}}))
		}
		back := x.open(x.bob, "laptop")
		entered, err := x.resume(back, id)
		require.NoError(t, err)
		require.True(t, entered.Polite, "the same part as before")
		require.Equal(t, []string{"call.signal", "call.signal"}, back.take(), "what was said meanwhile")
		x.clock.turn(time.Hour)
		require.Empty(t, x.ended(id))
		require.NoError(t, x.calls.Signal(ada.who, ada, wire.CallSignal{CallID: id, Ready: true}))
		signal := back.heard[0].data.(*wire.CallSignal)
		require.Equal(t, x.ada.UserID, signal.FromUserID)
		require.Equal(t, []string{"call.signal"}, back.take())

		window := x.open(x.bob, "laptop") // a reload whose old socket is not known to be gone
		require.Equal(t, "here", x.calls.Active(window.who).Items[0].Place)
		_, err = x.resume(window, id)
		require.NoError(t, err)
		require.Equal(t, []string{"call.taken"}, back.take())
		requireKind(t, services.KindForbidden, x.calls.Signal(back.who, back, wire.CallSignal{CallID: id}))
		x.gone(back, services.SocketBroke)
		x.clock.turn(time.Hour)
		require.Empty(t, x.ended(id), "it has no place any more")
		require.Empty(t, ada.take())
	})
}

func TestACallerMayReturnWhileItRings(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, bob := x.open(x.ada, "laptop"), x.open(x.bob, "laptop")
		id := x.ring(ada, x.bob)
		x.gone(ada, services.SocketBroke)
		x.clock.turn(10 * time.Second)
		back := x.open(x.ada, "laptop")
		_, err := x.resume(back, id)
		require.NoError(t, err)
		_, err = x.accept(bob, id)
		require.NoError(t, err)
		require.Equal(t, []string{"call.accepted"}, back.take())
	})
}

func TestAClockThatIsSetBackDoesNotMakeItRingForHours(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		id := x.ring(x.open(x.ada, "laptop"), x.bob)
		x.calls.Close()
		x.clock.turn(-8 * time.Hour)
		x.start()
		_, err := x.resume(x.open(x.ada, "laptop"), id)
		require.NoError(t, err)
		x.clock.turn(45*time.Second - time.Millisecond)
		require.Empty(t, x.ended(id))
		x.clock.turn(time.Millisecond)
		require.NotEmpty(t, x.ended(id))
	})
}

func TestARestartInTheMiddleOfACall(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, bob := x.open(x.ada, "laptop"), x.open(x.bob, "laptop")
		active := x.talk(ada, bob)
		cleo := x.open(x.cleo, "laptop")
		ringing := x.ring(cleo, x.ada)
		restart := func() {
			x.calls.Close()
			for _, d := range []*device{ada, bob, cleo} {
				x.gone(d, services.SocketBroke)
			}
			x.clock.turn(20 * time.Second)
			x.start()
			ada, bob, cleo = x.open(x.ada, "laptop"), x.open(x.bob, "laptop"), x.open(x.cleo, "laptop")
		}
		restart()
		require.Equal(t, []string{"call.ringing waiting"}, ada.take(), "the other one still rings")
		for _, d := range []*device{ada, bob} {
			_, err := x.resume(d, active)
			require.NoError(t, err)
		}
		_, err := x.resume(cleo, ringing)
		require.NoError(t, err)
		x.clock.turn(25 * time.Second)
		require.Equal(t, "busy", x.ended(ringing), "45 s after it began")
		x.clock.turn(time.Hour)
		require.Empty(t, x.ended(active))
		x.hangUp(bob, active)
		require.Contains(t, ada.take(), "call.ended hangup")

		second := x.talk(ada, bob)
		restart()
		_, err = x.resume(ada, second)
		require.NoError(t, err)
		ada.take()
		x.clock.turn(30 * time.Second)
		require.Equal(t, []string{"call.ended lost"}, ada.take(), "the other did not come back")
	})
}

func TestACallThatNobodyTakesUpEndedWithTheProgram(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		id := x.talk(x.open(x.ada, "laptop"), x.open(x.bob, "laptop"))
		x.clock.turn(10 * time.Minute)
		alive := x.clock.Now()
		require.NoError(t, x.store.DB(t.Context()).Where("TRUE").Delete(&models.Session{}).Error)
		require.NoError(t, x.store.DB(t.Context()).Create(&models.Session{ID: models.NewID(), UserID: x.ada.UserID, RotatedAt: alive,
			CreatedAt: alive, LastUsedAt: alive, ExpiresAt: alive}).Error)
		x.calls.Close()
		x.clock.turn(14 * time.Hour)
		x.start()
		x.clock.turn(30 * time.Second)
		shown, err := x.calls.Get(t.Context(), x.bob, id)
		require.NoError(t, err)
		require.Equal(t, "lost", shown.Reason)
		require.Equal(t, 10*time.Minute, time.Time(*shown.EndedAt).Sub(time.Time(*shown.AnsweredAt)), "not the night")
	})
}

func TestAnInvitationSentTwiceIsOneCall(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada := x.open(x.ada, "laptop")
		x.open(x.bob, "laptop")
		cmd := wire.CallInvite{UserID: x.bob.UserID, Media: "audio", ClientID: models.NewID()}
		first, err := x.inviteAs(ada, cmd)
		require.NoError(t, err)
		x.gone(ada, services.SocketBroke)
		back := x.open(x.ada, "laptop")
		again, err := x.inviteAs(back, cmd)
		require.NoError(t, err)
		require.Equal(t, first, again)
		x.clock.turn(31 * time.Second)
		require.Empty(t, x.ended(first.CallID), "the place was taken back with it")
		x.hangUp(back, first.CallID)
		over, err := x.inviteAs(back, cmd)
		require.NoError(t, err)
		require.Equal(t, "ended", over.Call.State)
	})
}

func TestNobodyIsRungTooOften(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		x.start(services.CallRates{Invites: services.NewRateLimit(0.1, 5, x.clock), Pairs: services.NewRateLimit(1.0/15, 2, x.clock)})
		ada := x.open(x.ada, "laptop")
		call := func(to services.Actor) error {
			entered, err := x.invite(ada, to)
			if err == nil {
				x.hangUp(ada, entered.CallID)
			}
			return err
		}
		require.NoError(t, call(x.bob))
		require.NoError(t, call(x.bob))
		requireKind(t, services.KindRateLimited, call(x.bob))
		require.NoError(t, call(x.cleo), "somebody else")
		x.clock.turn(15 * time.Second)
		require.NoError(t, call(x.bob))

		// And not by everybody at once.
		callers := []services.Actor{x.bob, x.cleo}
		for range 2 {
			another := register(t, x.store, "Another")
			x.share(another)
			callers = append(callers, another)
		}
		for i, who := range callers {
			_, err := x.invite(x.open(who, "laptop"), x.ada)
			if i < 3 {
				require.NoError(t, err)
			} else {
				requireKind(t, services.KindConflict, err)
			}
		}
	})
}

func TestSignalsHaveLimits(t *testing.T) {
	eachTelephone(t, func(t *testing.T, x *telephone) {
		ada, bob := x.open(x.ada, "laptop"), x.open(x.bob, "laptop")
		id := x.talk(ada, bob)
		long := strings.Repeat("x", 300)
		for field, signal := range map[string]wire.CallSignal{
			"peer":              {Peer: long},
			"to":                {To: long},
			"description.type":  {Description: &wire.SessionDescription{Type: "demand"}},
			"description.sdp":   {Description: &wire.SessionDescription{Type: "offer", SDP: strings.Repeat("x", 200<<10+1)}},
			"candidates":        {Candidates: make([]wire.Candidate, 51)},
			"state.screen_name": {State: &wire.CallState{ScreenName: long}},
		} {
			signal.CallID = id
			err := x.calls.Signal(ada.who, ada, signal)
			requireKind(t, services.KindInvalid, err)
			var domain *services.Error
			require.ErrorAs(t, err, &domain)
			require.Contains(t, domain.Fields, field)
		}
		require.Empty(t, bob.take())

		x.gone(bob, services.SocketBroke)
		large := wire.CallSignal{CallID: id, Description: &wire.SessionDescription{Type: "offer", SDP: strings.Repeat("x", 200<<10)}}
		for range 5 {
			require.NoError(t, x.calls.Signal(ada.who, ada, large))
		}
		requireKind(t, services.KindUnavailable, x.calls.Signal(ada.who, ada, large))
		require.NoError(t, x.calls.Signal(ada.who, ada, wire.CallSignal{CallID: id}), "a small one has room")
	})
}
