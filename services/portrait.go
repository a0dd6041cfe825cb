package services

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // beside the formats that upload.go registers
)

// Limits of a picture of a person, in pixels.
const (
	maxPicturePixels = 40_000_000 // as it arrives; half of that with 16 bits a colour, which take twice the memory
	maxPortraitSide  = 512        // as it is kept
)

// portrait makes the picture of a person out of what was sent: the square centre, scaled down, turned as its EXIF
// orientation says, and encoded anew, so that nothing else of the file remains. The size is checked before the pixels
// are decoded, since a small file can claim to be huge. It returns "jpg" or "png" as the ending.
func portrait(r io.ReadSeeker) (encoded []byte, ending string, err error) {
	refused := func(sentence string, cause error) ([]byte, string, error) {
		e := Invalid("file", sentence)
		e.Cause = cause
		return nil, "", e
	}
	start := func() error {
		_, err := r.Seek(0, io.SeekStart)
		return err
	}
	if err := start(); err != nil {
		return nil, "", err
	}
	config, format, err := image.DecodeConfig(r)
	if err != nil {
		return refused("This is not a PNG, JPEG, GIF or WebP picture.", err)
	}
	if config.Width < 1 || config.Height < 1 || pixels(config) > maxPicturePixels {
		return refused("The picture is too large: at most 40 megapixels.", nil)
	}
	turn := 1
	if format == "jpeg" {
		if err := start(); err != nil {
			return nil, "", err
		}
		if turn, err = orientation(r); err != nil {
			return nil, "", err
		}
	}
	if err := start(); err != nil {
		return nil, "", err
	}
	whole, _, err := image.Decode(r)
	if err != nil {
		return refused("The picture is damaged.", err)
	}
	picture := turned(scaled(whole), turn)
	var out bytes.Buffer
	if picture.Opaque() {
		ending, err = "jpg", jpeg.Encode(&out, picture, &jpeg.Options{Quality: 88})
	} else {
		ending, err = "png", png.Encode(&out, picture)
	}
	return out.Bytes(), ending, err
}

// pixels counts those of a picture, twice if each takes twice the memory.
func pixels(config image.Config) int64 {
	n := int64(config.Width) * int64(config.Height)
	switch config.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		n *= 2
	}
	return n
}

// scaled is the square centre of a picture, at most maxPortraitSide wide.
func scaled(whole image.Image) *image.NRGBA {
	b := whole.Bounds()
	side := min(b.Dx(), b.Dy())
	corner := b.Min.Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	out := image.NewNRGBA(image.Rect(0, 0, min(side, maxPortraitSide), min(side, maxPortraitSide)))
	draw.CatmullRom.Scale(out, out.Bounds(), whole, image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}, draw.Src, nil)
	return out
}

// turned shows a square picture upright, given its EXIF orientation (1 to 8).
func turned(in *image.NRGBA, orientation int) *image.NRGBA {
	if orientation == 1 {
		return in
	}
	n := in.Bounds().Dx()
	out := image.NewNRGBA(in.Bounds())
	for y := range n {
		for x := range n {
			fromX, fromY := x, y
			if orientation >= 5 { // these swap the axes
				fromX, fromY = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				fromX = n - 1 - fromX
			}
			switch orientation {
			case 3, 4, 6, 7:
				fromY = n - 1 - fromY
			}
			out.SetNRGBA(x, y, in.NRGBAAt(fromX, fromY))
		}
	}
	return out
}

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
