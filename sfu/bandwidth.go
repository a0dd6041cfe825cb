package sfu

import "math"

// bandwidth is how many bits a second may be spent on this subscriber, repairs left aside.
func (s *subscriber) bandwidth(int64) int { return math.MaxInt }

// wish says how many bits a second the next step up would need in all; 0 means that nothing is wanting.
func (s *subscriber) wish(int) {}
