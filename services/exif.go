package services

import (
	"bytes"
	"encoding/binary"
	"io"
)

// maxEXIF is how far orientation looks, in bytes: cameras write it at the very start.
const maxEXIF = 128 << 10

// orientation reads the EXIF tag 0x0112 (CIPA DC-008) of a JPEG file; 1, which is upright, when there is none.
func orientation(r io.Reader) (int, error) {
	head, err := io.ReadAll(io.LimitReader(r, maxEXIF))
	if err != nil || len(head) < 2 {
		return 1, err
	}
	for rest := head[2:]; len(rest) >= 4 && rest[0] == 0xFF; {
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xDA || size < 2 || len(rest) < 2+size { // the picture itself begins, or nonsense
			break
		}
		if segment := rest[4 : 2+size]; marker == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return tiffOrientation(segment[6:]), nil
		}
		rest = rest[2+size:]
	}
	return 1, nil
}

// tiffOrientation finds the tag in the first directory of a TIFF structure.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := order.Uint32(tiff[4:])
	if uint64(at)+2 > uint64(len(tiff)) {
		return 1
	}
	count, entries := int(order.Uint16(tiff[at:])), tiff[at+2:]
	for ; count > 0 && len(entries) >= 12; count, entries = count-1, entries[12:] {
		if order.Uint16(entries) == 0x0112 {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
		}
	}
	return 1
}
