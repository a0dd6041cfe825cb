package services

import "lectern/models"

// States of a call.
const (
	callRinging = "ringing"
	callActive  = "active"
	callEnded   = "ended"
)

// Reasons for the end of a call, as its two sides are told.
const (
	reasonHangup    = "hangup"
	reasonDeclined  = "declined"
	reasonCancelled = "cancelled"
	reasonBusy      = "busy"
	reasonNoAnswer  = "no_answer"
	reasonOffline   = "offline"
	reasonLost      = "lost"
	reasonFailed    = "failed"
)

// callEvent is something that happens to a call.
type callEvent string

// The events.
const (
	callAccepts     callEvent = "the callee accepts"
	callDeclines    callEvent = "the callee declines"
	callSaysBusy    callEvent = "the callee declines for being busy"
	callCallerEnds  callEvent = "the caller cancels or hangs up"
	callCalleeEnds  callEvent = "the callee hangs up"
	callFails       callEvent = "no path was found"
	callRingsOut    callEvent = "it rang to the end"
	callRingsBusy   callEvent = "it rang to the end while the callee was in another call"
	callRingsNobody callEvent = "it rang to the end on no device"
	callLoses       callEvent = "a device was away for too long"
	callLeaves      callEvent = "a device was closed or signed out"
)

// callRefusal is why an event cannot be.
type callRefusal string

// The refusals.
const (
	callTaken callRefusal = "This call was answered on another device."
	callOver  callRefusal = "This call is over."
)

// callStep is what an event does to a call: where it leads, how the call then ended, and whether the callee missed it. A
// step that leads to the state it starts from does nothing.
type callStep struct {
	to     string
	reason string
	missed bool
	refuse callRefusal
}

// callSteps has every event in every state.
var callSteps = map[string]map[callEvent]callStep{
	callRinging: {
		callAccepts:     {to: callActive},
		callDeclines:    {to: callEnded, reason: reasonDeclined},
		callSaysBusy:    {to: callEnded, reason: reasonBusy},
		callCallerEnds:  {to: callEnded, reason: reasonCancelled, missed: true},
		callCalleeEnds:  {to: callEnded, reason: reasonDeclined},
		callFails:       {to: callEnded, reason: reasonCancelled, missed: true},
		callRingsOut:    {to: callEnded, reason: reasonNoAnswer, missed: true},
		callRingsBusy:   {to: callEnded, reason: reasonBusy, missed: true},
		callRingsNobody: {to: callEnded, reason: reasonOffline, missed: true},
		callLoses:       {to: callEnded, reason: reasonCancelled, missed: true},
		callLeaves:      {to: callEnded, reason: reasonCancelled, missed: true},
	},
	callActive: {
		callAccepts:     {to: callActive, refuse: callTaken},
		callDeclines:    {to: callActive, refuse: callTaken},
		callSaysBusy:    {to: callActive, refuse: callTaken},
		callCallerEnds:  {to: callEnded, reason: reasonHangup},
		callCalleeEnds:  {to: callEnded, reason: reasonHangup},
		callFails:       {to: callEnded, reason: reasonFailed},
		callRingsOut:    {to: callActive},
		callRingsBusy:   {to: callActive},
		callRingsNobody: {to: callActive},
		callLoses:       {to: callEnded, reason: reasonLost},
		callLeaves:      {to: callEnded, reason: reasonHangup},
	},
	callEnded: {
		callAccepts:     {to: callEnded, refuse: callOver},
		callDeclines:    {to: callEnded},
		callSaysBusy:    {to: callEnded},
		callCallerEnds:  {to: callEnded},
		callCalleeEnds:  {to: callEnded},
		callFails:       {to: callEnded},
		callRingsOut:    {to: callEnded},
		callRingsBusy:   {to: callEnded},
		callRingsNobody: {to: callEnded},
		callLoses:       {to: callEnded},
		callLeaves:      {to: callEnded},
	},
}

// callState is where a stored call is.
func callState(row *models.Call) string {
	switch {
	case row.EndedAt != nil:
		return callEnded
	case row.AnsweredAt != nil:
		return callActive
	}
	return callRinging
}
