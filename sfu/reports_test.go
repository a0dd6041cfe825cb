package sfu

import (
	"testing"
	"time"
)

// TestReportsTellOurClock: a publisher's clock that is an hour wrong is put right, and its tracks stay together.
func TestReportsTellOurClock(t *testing.T) {
	var wall wallOffset
	at := int64(time.Minute)
	ours := ntpEpoch + ntpDuration(at)
	theirs := ours - 3600<<32
	if got := wall.ours(theirs, at); got != ours {
		t.Errorf("the first report is %d s off", int64(got-ours)>>32)
	}
	later := ntpDuration(int64(40 * time.Millisecond)) // of the picture, whose report took 300 ms to come
	if got := wall.ours(theirs+later, at+int64(300*time.Millisecond)); got != ours+later {
		t.Errorf("sound and picture are %v apart", time.Duration(int64(got-ours)*int64(time.Second)>>32))
	}
	if off := time.Since(time.Unix(int64((ntpEpoch+ntpDuration(now()))>>32)-2_208_988_800, 0)).Abs(); off > 2*time.Second {
		t.Errorf("our own clock is %v off", off)
	}
}
