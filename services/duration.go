package services

import (
	"errors"
	"io"

	"github.com/abema/go-mp4"
)

// mp4Duration is the length that an MP4 or QuickTime file states in its movie header (ISO/IEC 14496-12, 8.2.2), in seconds;
// nil when it states none, as files that were recorded in fragments.
func mp4Duration(r io.ReadSeeker) *float64 {
	boxes, err := mp4.ExtractBoxWithPayload(&patient{ReadSeeker: r, reads: maxReads}, nil, mp4.BoxPath{mp4.BoxTypeMoov(), mp4.BoxTypeMvhd()})
	if err != nil || len(boxes) == 0 {
		return nil
	}
	header, ok := boxes[0].Payload.(*mp4.Mvhd)
	if !ok || header.Timescale == 0 {
		return nil
	}
	units := uint64(header.DurationV0)
	if header.GetVersion() == 1 {
		units = header.DurationV1
	}
	seconds := float64(units) / float64(header.Timescale)
	if seconds <= 0 || seconds > maxPos {
		return nil
	}
	return &seconds
}

// maxReads is how often a file is looked into for its length: one that is all small boxes would keep the server busy.
const maxReads = 10_000

// patient reads so often and no more.
type patient struct {
	io.ReadSeeker
	reads int
}

var errTooManyReads = errors.New("too many reads")

func (p *patient) Read(b []byte) (int, error) {
	if p.reads--; p.reads < 0 {
		return 0, errTooManyReads
	}
	return p.ReadSeeker.Read(b)
}
