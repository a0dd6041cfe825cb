// Package sfu forwards the media of meetings: it receives each participant's tracks once and sends them to everybody
// else in the room (RFC 7667, section 3.7).
//
// Each participant has two peer connections: on "publisher" the client offers, on "subscriber" the server does, so
// offers never collide. A track that arrives is a receiver with one layer per simulcast encoding; each layer has one
// reader goroutine, which parses a packet once and hands it to the tracks in an immutable list. An outgoing track
// rewrites sequence numbers, timestamps and picture ids and answers NACKs from the layer's cache.
//
// Which layer each subscriber gets of each picture is decided by the room's goroutine (distribute.go), on a tick and
// whenever a view or a track changes: the view says what would fit (ladder.go), the allocator what the bandwidth allows.
// It sets the tracks' targets; a track changes over by itself at the target's next keyframe. What nobody watches,
// publishers are told to leave out (dynacast.go).
//
// A room may be divided into groups (groups.go): which tracks reach whom is decided when somebody moves, and nothing on the
// way of a packet knows of them. Each group has its own voices that are heard, and its own speakers.
//
// What goes out is sealed in a queue per subscriber (egress.go) and leaves in batches at the end of a picture or with a
// sound (internal/udp), past Pion's layers, whose keys it shares (keys.go). Whoever runs the fan-out also sends; nobody
// waits for the network.
//
// What a subscriber's line carries is estimated from the feedback that arrives on the connection's one reading goroutine
// (feedback.go, bandwidth.go, internal/bwe). Whoever wants more than the estimate is probed with padding for a moment
// (probe.go), and on narrow lines pictures are paced so that sound gets through (pacer.go).
//
// Locks are taken in this order and never the other way round: publisher.mu or subscriber.sdp (a change of
// descriptions), Server.mu, room.mu, subscriber.mu, burst.mu, downTrack.mu, then one of path.mu, pacer.mu,
// egress.mu. None is held while Signals are called.
package sfu
