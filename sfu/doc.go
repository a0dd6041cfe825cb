// Package sfu forwards the media of meetings: it receives each participant's tracks once and sends them to everybody
// else in the room (RFC 7667, section 3.7).
//
// Each participant has two peer connections: on "publisher" the client offers, on "subscriber" the server does, so
// offers never collide. A track that arrives is a receiver with one layer per simulcast encoding; each layer has one
// reader goroutine, which parses a packet once and hands it to the tracks in an immutable list. An outgoing track
// rewrites sequence numbers and timestamps and answers NACKs from the layer's cache.
//
// Locks are taken in this order and never the other way round: publisher.mu or subscriber.sdp (a change of
// descriptions), Server.mu, room.mu, subscriber.mu, downTrack.mu. None is held while Signals are called.
package sfu
