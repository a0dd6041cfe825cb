// Package delivery proves that what people write arrives: six clients with real sockets write to each other and to a channel
// while a seeded adversary cuts, delays and kills their connections and restarts the server or its database. It has no code
// of its own; its clients know only what PROTOCOL.md says.
package delivery
