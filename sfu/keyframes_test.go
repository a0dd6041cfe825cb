package sfu

import "testing"

func TestKeyframeRequestsAreGathered(t *testing.T) {
	var k keyframes
	asked := 0
	for ms := range int64(2000) { // somebody asks each millisecond, and none comes
		if k.want(ms*millisecond + 1) {
			asked++
		}
	}
	if asked != 4 {
		t.Errorf("asked %d times in two seconds", asked)
	}
	if k.seen(); k.due(10 * second) {
		t.Error("asked for one that has come")
	}
	k.want(20 * second)
	if k.due(20*second+int64(keyframeInterval)-1) || !k.due(20*second+int64(keyframeInterval)) {
		t.Error("not asked again when none came")
	}
}
