package services

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// box is one of ISO/IEC 14496-12.
func box(kind string, payload ...[]byte) []byte {
	content := bytes.Join(payload, nil)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(content)+8)), append([]byte(kind), content...)...)
}

// movieHeader states a length of units/timescale seconds.
func movieHeader(timescale, units uint32) []byte {
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header[12:], timescale)
	binary.BigEndian.PutUint32(header[16:], units)
	return box("mvhd", header)
}

func TestLengthOfAFilm(t *testing.T) {
	brand := box("ftyp", []byte("isom\x00\x00\x02\x00isom"))
	film := bytes.Join([][]byte{brand, box("mdat", make([]byte, 5000)), box("moov", box("free"), movieHeader(600, 38100))}, nil)
	length := mp4Duration(bytes.NewReader(film))
	require.NotNil(t, length)
	require.Equal(t, 63.5, *length)
	for name, bad := range map[string][]byte{
		"nothing":       nil,
		"no movie":      brand,
		"no header":     append(brand, box("moov")...),
		"no timescale":  append(brand, box("moov", movieHeader(0, 38100))...),
		"in fragments":  append(brand, box("moov", movieHeader(600, 0))...),
		"for ever":      append(brand, box("moov", movieHeader(1, 1<<31))...),
		"cut off":       film[:len(film)-90],
		"all of boxes":  append(brand, box("moov", []byte(strings.Repeat("\x00\x00\x00\x08free", 20_000)), movieHeader(600, 38100))...),
		"not even that": []byte(strings.Repeat("x", 100)),
	} {
		require.Nil(t, mp4Duration(bytes.NewReader(bad)), name)
	}
}

func FuzzLengthOfAFilm(f *testing.F) {
	f.Add(bytes.Join([][]byte{box("ftyp", []byte("isom")), box("moov", movieHeader(600, 38100))}, nil))
	f.Fuzz(func(t *testing.T, film []byte) {
		if length := mp4Duration(bytes.NewReader(film)); length != nil && !(*length > 0 && *length <= maxPos) {
			t.Fatalf("a length of %v", *length)
		}
	})
}
