package wire

// Call is one between two people. State is "ringing", "active" or "ended"; Reason says how it ended: "hangup", "declined",
// "cancelled", "busy", "no_answer", "offline", "lost" (no network for too long) or "failed" (no path between the two).
type Call struct {
	ID             string  `json:"id"`
	ConversationID string  `json:"conversation_id"`
	Caller         Profile `json:"caller"`
	Callee         Profile `json:"callee"`
	Media          string  `json:"media" enums:"audio,video" tstype:"CallMedia"` // as it was asked for
	State          string  `json:"state" enums:"ringing,active,ended" tstype:"'ringing' | 'active' | 'ended'"`
	Reason         string  `json:"reason,omitempty" enums:"hangup,declined,cancelled,busy,no_answer,offline,lost,failed" tstype:"CallReason"`
	CreatedAt      Time    `json:"created_at" swaggertype:"string" format:"date-time"`
	AnsweredAt     *Time   `json:"answered_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	EndedAt        *Time   `json:"ended_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// CallInvite rings a user on all their devices. A second call.invite with the same client_id answers with the same call. When
// the two call each other at once, both get the one call, and it is active.
type CallInvite struct {
	UserID   string `json:"user_id"`
	Media    string `json:"media" tstype:"CallMedia"`
	ClientID string `json:"client_id,omitempty"`
}

// CallEntered is the ack of call.invite, call.accept and call.resume: the call and how to reach each other. Polite is this
// side's part in perfect negotiation.
type CallEntered struct {
	CallID     string      `json:"call_id"`
	Call       Call        `json:"call"`
	Polite     bool        `json:"polite"`
	ICEServers []ICEServer `json:"ice_servers"`
	Waiting    bool        `json:"waiting,omitempty"` // to the caller: the callee is in another call or a meeting, and hears of this one
	Offline    bool        `json:"offline,omitempty"` // to the caller: the callee has no device open; it rings on, for one that opens
}

// CallCommand names a call: call.accept, call.decline, call.cancel, call.hangup, and call.resume, with which the same device
// takes its place back on a new socket.
type CallCommand struct {
	CallID string `json:"call_id"`
	Reason string `json:"reason,omitempty"` // of call.hangup: "failed" when no path was found, "lost" when it was lost; of call.decline: "busy"
}

// CallSignal goes to the other side's device as it is, the server does not look inside: a session description, candidates, what
// the sender says of itself, or that it is ready. As an event it carries the sender. Peer names the sender's peer connection: a
// page that was reloaded has a new one, and what is meant for (To) a former one is dropped.
type CallSignal struct {
	CallID      string              `json:"call_id"`
	FromUserID  string              `json:"from_user_id,omitempty"` // set by the server
	Peer        string              `json:"peer,omitempty"`
	To          string              `json:"to,omitempty"`
	Ready       bool                `json:"ready,omitempty"` // the sender's peer connection is there; answered in kind when To is not the receiver's
	Description *SessionDescription `json:"description,omitempty"`
	Candidates  []Candidate         `json:"candidates,omitempty"`
	State       *CallState          `json:"state,omitempty"`
}

// SessionDescription is an RTCSessionDescriptionInit.
type SessionDescription struct {
	Type string `json:"type" tstype:"RTCSdpType"`
	SDP  string `json:"sdp,omitempty"`
}

// CallState is what one side shows of itself to the other.
type CallState struct {
	Muted      bool   `json:"muted"`
	VideoOn    bool   `json:"video_on"`
	Sharing    bool   `json:"sharing"`
	ScreenName string `json:"screen_name,omitempty"`
	Tones      bool   `json:"tones,omitempty"` // takes DTMF
}

// CallChanged is sent as call.ringing, call.accepted, call.taken (answered on another device), call.declined and call.ended.
type CallChanged struct {
	CallID  string `json:"call_id"`
	Call    Call   `json:"call"`
	Reason  string `json:"reason,omitempty" tstype:"CallReason"`
	Waiting bool   `json:"waiting,omitempty"` // of call.ringing: the callee is in another call or a meeting
	Offline bool   `json:"offline,omitempty"` // of call.ringing, to the caller: the callee has no device open
}

// ActiveCall is a call of one's own that has not ended. Place: "ringing" (one may accept it), "free" (this sign-in was in it,
// and its window is gone: call.resume), "here" (another window of this sign-in is in it), or "elsewhere".
type ActiveCall struct {
	Call  `tstype:",extends"`
	Place string `json:"place" enums:"ringing,free,here,elsewhere" tstype:"'ringing' | 'free' | 'here' | 'elsewhere'"`
}

// ActiveCalls answers GET /calls/active.
type ActiveCalls struct {
	Items []ActiveCall `json:"items"`
}
