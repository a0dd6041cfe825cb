package services

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"
)

// quarters is a picture with a colour in each corner: red and green above, blue and white below.
func quarters(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: 255}
			c.R = 255 * uint8(1-(2*x/w+2*y/h)%2) // red and white
			c.G = 255 * uint8(2*x/w)             // green and white
			c.B = 255 * uint8(2*y/h)             // blue and white
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// corners names the colours of a picture's corners, row by row.
func corners(img image.Image) (names string) {
	b := img.Bounds()
	for _, at := range []image.Point{{b.Dx() / 4, b.Dy() / 4}, {b.Dx() * 3 / 4, b.Dy() / 4}, {b.Dx() / 4, b.Dy() * 3 / 4}, {b.Dx() * 3 / 4, b.Dy() * 3 / 4}} {
		r, g, b, _ := img.At(at.X, at.Y).RGBA()
		names += map[[3]bool]string{{true, false, false}: "R", {false, true, false}: "G", {false, false, true}: "B", {true, true, true}: "W"}[[3]bool{
			r > 0x8000, g > 0x8000, b > 0x8000}]
	}
	return names
}

// withOrientation puts an EXIF segment, with a place as cameras add it, into a JPEG file.
func withOrientation(t testing.TB, file []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	t.Helper()
	tiff := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, tag := range []uint16{0x0100, 0x0112} {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, orientation)
		tiff = order.AppendUint16(tiff, 0)
	}
	segment := append([]byte("Exif\x00\x00"), append(tiff, "25.0330 N 121.5654 E"...)...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), file[2:]...)
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, img, &jpeg.Options{Quality: 95}))
	return out.Bytes()
}

func TestAPortraitIsUpright(t *testing.T) {
	file := jpegOf(t, quarters(64, 64))
	for i, want := range []string{"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			sent := withOrientation(t, file, order, uint16(i+1))
			kept, ending, err := portrait(bytes.NewReader(sent))
			require.NoError(t, err)
			require.Equal(t, "jpg", ending)
			require.NotContains(t, string(kept), "Exif")
			require.NotContains(t, string(kept), "121.5654")
			img, err := jpeg.Decode(bytes.NewReader(kept))
			require.NoError(t, err)
			require.Equal(t, want, corners(img), "orientation %d, %v", i+1, order)
		}
	}
}

func TestAPortraitIsTheSquareCentre(t *testing.T) {
	wide := quarters(1600, 800)
	for x := range 1600 {
		for y := range 800 {
			if x < 390 || x > 1210 {
				wide.SetNRGBA(x, y, color.NRGBA{A: 255}) // black beside the square
			}
		}
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 20, 30))
	var asPNG, asGIF bytes.Buffer
	require.NoError(t, png.Encode(&asPNG, clear))
	require.NoError(t, gif.Encode(&asGIF, quarters(40, 30), nil))
	for name, row := range map[string]struct {
		file    []byte
		ending  string
		side    int
		corners string
	}{
		"wide JPEG":       {jpegOf(t, wide), "jpg", 512, "RGBW"},
		"transparent PNG": {asPNG.Bytes(), "png", 20, ""},
		"small GIF":       {asGIF.Bytes(), "jpg", 30, "RGBW"},
		"a single pixel":  {jpegOf(t, quarters(1, 1)), "jpg", 1, ""},
		"one row":         {jpegOf(t, quarters(3000, 1)), "jpg", 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			kept, ending, err := portrait(bytes.NewReader(row.file))
			require.NoError(t, err)
			require.Equal(t, row.ending, ending)
			img, _, err := image.Decode(bytes.NewReader(kept))
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, row.side, row.side), img.Bounds())
			if row.corners != "" {
				require.Equal(t, row.corners, corners(img))
			}
		})
	}
}

// claims is a PNG file of a few bytes that says it is huge.
func claims(w, h uint32, depth byte) []byte {
	ihdr := append([]byte("IHDR"), 0, 0, 0, 0, 0, 0, 0, 0, depth, 6, 0, 0, 0)
	binary.BigEndian.PutUint32(ihdr[4:], w)
	binary.BigEndian.PutUint32(ihdr[8:], h)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(ihdr))
}

func TestBombsAndOtherThingsAreNoPortraits(t *testing.T) {
	whole := jpegOf(t, quarters(64, 64))
	for name, row := range map[string]struct{ file, sentence string }{
		"nothing":           {"", "not a PNG"},
		"text":              {"hello", "not a PNG"},
		"SVG":               {`<svg xmlns="http://www.w3.org/2000/svg"/>`, "not a PNG"},
		"50,000 × 50,000":   {string(claims(50_000, 50_000, 8)), "40 megapixels"},
		"one pixel more":    {string(claims(40_000_001, 1, 8)), "40 megapixels"},
		"16 bits a colour":  {string(claims(5_000, 5_000, 16)), "40 megapixels"},
		"a header only":     {string(claims(10, 10, 8)), "damaged"},
		"cut off":           {string(whole[:len(whole)-20]), "damaged"},
		"a WebP of nothing": {"RIFF\x00\x00\x00\x00WEBPVP8 ", "not a PNG"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := portrait(bytes.NewReader([]byte(row.file)))
			var domain *Error
			require.ErrorAs(t, err, &domain)
			require.Equal(t, KindInvalid, domain.Kind)
			require.Contains(t, domain.Fields["file"], row.sentence)
		})
	}
}

func FuzzOrientation(f *testing.F) {
	file := jpegOf(f, quarters(2, 2))
	f.Add(file)
	f.Add(withOrientation(f, file, binary.BigEndian, 6))
	f.Add(withOrientation(f, file, binary.LittleEndian, 8))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		turn, err := orientation(bytes.NewReader(file))
		require.NoError(t, err)
		require.True(t, turn >= 1 && turn <= 8)
	})
}
