package sfu

// Limits are those that an installation sets. Zero means the default, or no limit where there is none.
type Limits struct {
	Voices int // microphones of a room that are forwarded at a time, the loudest; 5
}
