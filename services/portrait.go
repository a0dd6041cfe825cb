package services

import (
	"image"
	"io"
)

// maxPortraitSide is how wide and high a picture of a person is kept, in pixels.
const maxPortraitSide = 512

// portrait makes the picture of a person out of what was sent: the square centre, scaled down.
func portrait(r io.ReadSeeker) (encoded []byte, ending string, err error) {
	return redraw(r, func(size image.Rectangle) (from image.Rectangle, width, height int) {
		side := min(size.Dx(), size.Dy())
		corner := size.Min.Add(image.Pt((size.Dx()-side)/2, (size.Dy()-side)/2))
		kept := min(side, maxPortraitSide)
		return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}, kept, kept
	})
}
