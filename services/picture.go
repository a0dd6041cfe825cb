package services

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // beside the formats that upload.go registers
)

// maxPicturePixels is how large a picture may be that the server decodes; half of that with 16 bits a colour, which take
// twice the memory.
const maxPicturePixels = 40_000_000

// atEasel waits for its turn to draw: one picture at a time, since a large one takes up to 320 MB for a moment.
func (f *Files) atEasel(ctx context.Context, draw func() error) error {
	select {
	case f.easel <- struct{}{}:
		defer func() { <-f.easel }()
		return draw()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// frame chooses which part of a picture of some bounds is drawn, and how large.
type frame func(bounds image.Rectangle) (from image.Rectangle, width, height int)

// redraw draws a part of a picture anew, turned as its EXIF orientation says, so that nothing else of the file remains. Its
// size is checked before the pixels are decoded, since a small file can claim to be huge. It returns "jpg" or "png" as the
// ending.
func redraw(r io.ReadSeeker, choose frame) (encoded []byte, ending string, err error) {
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
	from, width, height := choose(whole.Bounds())
	scaled := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(scaled, scaled.Bounds(), whole, from, draw.Src, nil)
	picture := turned(scaled, turn)
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

// turned shows a picture upright, given its EXIF orientation (1 to 8).
func turned(in *image.NRGBA, orientation int) *image.NRGBA {
	if orientation == 1 {
		return in
	}
	w, h := in.Bounds().Dx(), in.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if sideways(orientation) {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewNRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			fromX, fromY := x, y
			if sideways(orientation) {
				fromX, fromY = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				fromX = w - 1 - fromX
			}
			switch orientation {
			case 3, 4, 6, 7:
				fromY = h - 1 - fromY
			}
			out.SetNRGBA(x, y, in.NRGBAAt(fromX, fromY))
		}
	}
	return out
}

// sideways tells whether an orientation swaps the axes.
func sideways(orientation int) bool { return orientation >= 5 }
