package ws_test

import (
	"maps"

	"lectern/internal/wire"
)

const (
	callID         = "0190a1b2-0000-7000-8000-00000000000d"
	conversationID = "0190a1b2-0000-7000-8000-00000000000e"
	calleeID       = "0190a1b2-0000-7000-8000-00000000000f"
)

func init() {
	ringing := wire.Call{ID: callID, ConversationID: conversationID, Caller: teacher, Callee: wire.Profile{ID: calleeID, Name: "Ada", Presence: "offline"},
		Media: "video", State: "ringing", CreatedAt: at}
	active := ringing
	active.State, active.AnsweredAt = "active", &at
	declined := ringing
	declined.State, declined.Reason, declined.EndedAt = "ended", "declined", &at
	over := active
	over.State, over.Reason, over.EndedAt = "ended", "hangup", &at
	named := wire.CallCommand{CallID: callID}
	signal := wire.CallSignal{CallID: callID, Peer: "p1", To: "p2", Description: &wire.SessionDescription{Type: "offer", SDP: "v=0\r\n"},
		Candidates: []wire.Candidate{candidate}, State: &wire.CallState{Muted: true, Sharing: true, ScreenName: "Slides", Tones: true}}
	signalled := signal
	signalled.FromUserID = userID
	entered := wire.CallEntered{CallID: callID, Call: active, Polite: true,
		ICEServers: []wire.ICEServer{{URLs: []string{"turn:turn.example.org"}, Username: "1772500000:u", Credential: "c2ln"}}}
	invited := entered
	invited.Call, invited.Polite, invited.Waiting = ringing, false, true

	maps.Copy(commands, map[string]any{
		"call.invite":  wire.CallInvite{UserID: calleeID, Media: "video", ClientID: clientID},
		"call.accept":  named,
		"call.resume":  named,
		"call.decline": wire.CallCommand{CallID: callID, Reason: "busy"},
		"call.cancel":  named,
		"call.hangup":  wire.CallCommand{CallID: callID, Reason: "failed"},
		"call.signal":  signal,
	})
	maps.Copy(acks, map[string]any{"call.invite": invited, "call.accept": entered, "call.resume": entered})
	maps.Copy(events, map[string]any{
		wire.EventCallRinging:  wire.CallChanged{CallID: callID, Call: ringing, Waiting: true},
		wire.EventCallAccepted: wire.CallChanged{CallID: callID, Call: active},
		wire.EventCallTaken:    wire.CallChanged{CallID: callID, Call: active},
		wire.EventCallDeclined: wire.CallChanged{CallID: callID, Call: declined, Reason: "declined"},
		wire.EventCallEnded:    wire.CallChanged{CallID: callID, Call: over, Reason: "hangup"},
		wire.EventCallSignal:   signalled,
	})
}
