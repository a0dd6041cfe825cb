package services

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/abema/go-mp4"
)

// hasPictures tells whether an MP4 file has a track of pictures (its handler is "vide", ISO/IEC 14496-12, 8.4.3). One that
// cannot be read is taken to have.
func hasPictures(r io.ReadSeeker) bool {
	path := mp4.BoxPath{mp4.BoxTypeMoov(), mp4.BoxTypeTrak(), mp4.BoxTypeMdia(), mp4.BoxTypeHdlr()}
	boxes, err := mp4.ExtractBoxWithPayload(&patient{ReadSeeker: r, reads: maxReads}, nil, path)
	if err != nil || len(boxes) == 0 {
		return true
	}
	for _, box := range boxes {
		if handler, ok := box.Payload.(*mp4.Hdlr); !ok || handler.HandlerType == [4]byte{'v', 'i', 'd', 'e'} {
			return true
		}
	}
	return false
}

// Elements of Matroska (RFC 9559) that say what a WebM file has.
const (
	ebmlSegment    = 0x18538067
	ebmlInfo       = 0x1549A966
	ebmlScale      = 0x2AD7B1 // nanoseconds of a tick
	ebmlDuration   = 0x4489   // in ticks
	ebmlTracks     = 0x1654AE6B
	ebmlTrack      = 0xAE
	ebmlTrackType  = 0x83
	ebmlCluster    = 0x1F43B675
	ebmlTimestamp  = 0xE7 // of a cluster, in ticks
	ebmlBlockGroup = 0xA0
	ebmlBlock      = 0xA1
	ebmlSimple     = 0xA3
)

// Limits of looking into a WebM file: where blocks have to be counted, in bytes, and in elements.
const (
	maxSoundScan  = 64 << 20
	maxEBMLLeaf   = 8
	maxEBMLParses = 1_000_000
)

// webm is what a WebM file says of itself.
type webm struct {
	scale    uint64 // nanoseconds
	ticks    float64
	sound    bool
	pictures bool
	cluster  uint64
}

// inspectWebM tells whether a WebM file is sound only, and its length in seconds, 0 when unknown. What a browser records
// states no length: there the last block counts.
func inspectWebM(r io.Reader) (soundOnly bool, seconds float64) {
	w := webm{scale: 1_000_000}
	in := bufio.NewReaderSize(io.LimitReader(r, maxSoundScan), 64<<10)
	for range maxEBMLParses {
		if err := w.next(in); err != nil {
			break
		}
	}
	seconds = w.ticks * float64(w.scale) / 1e9
	if math.IsNaN(seconds) || seconds < 0 || seconds > maxPos {
		seconds = 0
	}
	return w.sound && !w.pictures, seconds
}

var errEnough = errors.New("the rest tells no more")

// next reads one element: it goes into those that hold others, and passes over what it does not know.
func (w *webm) next(in *bufio.Reader) error {
	id, _, err := vint(in, true)
	if err != nil {
		return err
	}
	size, unknown, err := vint(in, false)
	if err != nil {
		return err
	}
	switch id {
	case ebmlCluster:
		if w.pictures || !w.sound {
			return errEnough
		}
		return nil
	case ebmlSegment, ebmlInfo, ebmlTracks, ebmlTrack, ebmlBlockGroup:
		return nil
	}
	if unknown || size > maxSoundScan {
		return errEnough
	}
	switch id {
	case ebmlScale, ebmlDuration, ebmlTrackType, ebmlTimestamp:
		if size > maxEBMLLeaf {
			return errEnough
		}
		raw := make([]byte, size)
		if _, err := io.ReadFull(in, raw); err != nil {
			return err
		}
		w.note(id, raw)
		return nil
	case ebmlBlock, ebmlSimple:
		head, err := in.Peek(int(min(size, 11)))
		if err != nil {
			return err
		}
		w.block(head)
	}
	_, err = in.Discard(int(size))
	return err
}

func (w *webm) note(id uint64, raw []byte) {
	var n uint64
	for _, b := range raw {
		n = n<<8 | uint64(b)
	}
	switch {
	case id == ebmlScale && n > 0:
		w.scale = n
	case id == ebmlDuration && len(raw) == 4:
		w.ticks = float64(math.Float32frombits(uint32(n)))
	case id == ebmlDuration && len(raw) == 8:
		w.ticks = math.Float64frombits(n)
	case id == ebmlTrackType:
		w.pictures, w.sound = w.pictures || n == 1, w.sound || n == 2
	case id == ebmlTimestamp:
		w.cluster = n
	}
}

// block notes the time of a block: that of its cluster and, after the track's number, its own distance from it.
func (w *webm) block(head []byte) {
	_, n := vintLength(head)
	if n == 0 || len(head) < n+2 {
		return
	}
	at := float64(w.cluster) + float64(int16(binary.BigEndian.Uint16(head[n:])))
	w.ticks = max(w.ticks, at)
}

// vintLength gives the marker and the length of the variable-size number that begins with these bytes; 0 for none.
func vintLength(head []byte) (marker byte, length int) {
	if len(head) == 0 || head[0] == 0 {
		return 0, 0
	}
	marker, length = 0x80, 1
	for head[0]&marker == 0 {
		marker, length = marker>>1, length+1
	}
	return marker, length
}

// vint reads a variable-size number (RFC 8794, section 4), with its marker if it is an id. One of all ones is an unknown size.
func vint(in *bufio.Reader, keepMarker bool) (n uint64, unknown bool, err error) {
	head, err := in.Peek(1)
	if err != nil {
		return 0, false, err
	}
	marker, length := vintLength(head)
	if length == 0 {
		return 0, false, errEnough
	}
	raw := make([]byte, length)
	if _, err := io.ReadFull(in, raw); err != nil {
		return 0, false, err
	}
	if !keepMarker {
		raw[0] &^= marker
	}
	for _, b := range raw {
		n = n<<8 | uint64(b)
	}
	return n, !keepMarker && n == 1<<(7*length)-1, nil
}

// oggTail is where the last page of an Ogg file begins at the latest: a page has at most so many bytes (RFC 3533).
const oggTail = 65_307

// opusDuration is the length of an Ogg Opus file in seconds: the position of its last page, without what is skipped at the
// start (RFC 7845, section 4); nil when it is something else.
func opusDuration(r io.ReadSeeker, size int64) *float64 {
	head := make([]byte, 64)
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	if _, err := io.ReadFull(r, head); err != nil {
		return nil
	}
	at := bytes.Index(head, []byte("OpusHead"))
	if at < 0 || at+12 > len(head) {
		return nil
	}
	skipped := binary.LittleEndian.Uint16(head[at+10:])
	if _, err := r.Seek(max(0, size-oggTail), io.SeekStart); err != nil {
		return nil
	}
	tail, err := io.ReadAll(io.LimitReader(r, oggTail))
	page := bytes.LastIndex(tail, []byte("OggS"))
	if err != nil || page < 0 || page+14 > len(tail) {
		return nil
	}
	const rate = 48_000 // of positions, whatever was recorded
	seconds := (float64(int64(binary.LittleEndian.Uint64(tail[page+6:]))) - float64(skipped)) / rate
	if seconds <= 0 || seconds > maxPos {
		return nil
	}
	return &seconds
}
