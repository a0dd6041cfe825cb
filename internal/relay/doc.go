// Package relay is the embedded TURN server (RFC 8656): it carries the media of people whose networks let them reach
// nobody but this server. It speaks STUN too, so that browsers learn their public address.
package relay
