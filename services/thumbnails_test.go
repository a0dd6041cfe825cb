package services_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

// striped is a picture with a left half and a right half.
func striped(w, h int) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 0, 255, 255}})
	for y := range h {
		for x := w / 2; x < w; x++ {
			img.SetColorIndex(x, y, 1)
		}
	}
	return img
}

// exifTurn is an APP1 segment that says how a camera was held.
func exifTurn(file []byte, orientation byte) []byte {
	segment := []byte("\xFF\xE1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(orientation) + "\x00\x00\x00\x00\x00\x00")
	return append(append(append([]byte{}, file[:2]...), segment...), file[2:]...)
}

func (c *class) thumb(actor services.Actor, id string) (image.Image, []byte) {
	c.t.Helper()
	content, err := c.files.Open(c.t.Context(), actor, id)
	require.NoError(c.t, err)
	thumb, err := c.files.Thumb(c.t.Context(), content)
	require.NoError(c.t, err)
	defer thumb.Close()
	raw, err := io.ReadAll(thumb)
	require.NoError(c.t, err)
	img, format, err := image.Decode(bytes.NewReader(raw))
	require.NoError(c.t, err)
	require.Equal(c.t, "image/"+format, thumb.ContentType)
	return img, raw
}

func TestThumbnails(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		var asPNG, asJPEG, asGIF bytes.Buffer
		require.NoError(t, png.Encode(&asPNG, striped(1440, 720)))
		require.NoError(t, jpeg.Encode(&asJPEG, striped(1440, 720), nil))
		require.NoError(t, gif.EncodeAll(&asGIF, &gif.GIF{Image: []*image.Paletted{striped(100, 50), striped(100, 50)}, Delay: []int{1, 1}}))
		for _, p := range []struct {
			name       string
			bytes      []byte
			w, h       int // as it is shown
			thumbW     int
			thumbH     int
			blueAtSide image.Point
		}{
			{"a.png", asPNG.Bytes(), 1440, 720, 720, 360, image.Pt(700, 180)},
			{"b.jpg", asJPEG.Bytes(), 1440, 720, 720, 360, image.Pt(700, 180)},
			{"turned.jpg", exifTurn(asJPEG.Bytes(), 6), 720, 1440, 360, 720, image.Pt(180, 700)},
			{"back.jpg", exifTurn(asJPEG.Bytes(), 8), 720, 1440, 360, 720, image.Pt(180, 20)},
			{"c.gif", asGIF.Bytes(), 100, 50, 100, 50, image.Pt(90, 25)},
		} {
			file := c.upload(c.student, p.name, p.bytes)
			require.Equal(t, []int{p.w, p.h}, []int{*file.Width, *file.Height}, p.name)
			require.Contains(t, file.ThumbURL, "/api/v1/files/"+file.ID+"/thumb?exp=")
			img, raw := c.thumb(c.student, file.ID)
			require.Equal(t, []int{p.thumbW, p.thumbH}, []int{img.Bounds().Dx(), img.Bounds().Dy()}, p.name)
			r, _, b, _ := img.At(p.blueAtSide.X, p.blueAtSide.Y).RGBA()
			require.True(t, b > 0xC000 && r < 0x4000, "%s is upright", p.name)
			require.NotContains(t, string(raw), "Exif")
			require.NoError(t, c.files.Delete(t.Context(), c.student, file.ID))
		}
		require.Empty(t, c.onDisk(), "a thumbnail goes with its picture")
	})
}

func TestAThumbnailIsDrawnOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		var picture bytes.Buffer
		require.NoError(t, png.Encode(&picture, striped(64, 64)))
		first, second := c.upload(c.student, "a.png", picture.Bytes()), c.upload(c.classmate, "b.png", picture.Bytes())
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				content, err := c.files.Open(t.Context(), c.student, first.ID)
				if err == nil {
					content, err = c.files.Thumb(t.Context(), content)
				}
				if err == nil {
					err = content.Close()
				}
				require.NoError(t, err)
			})
		}
		all.Wait()
		_, raw := c.thumb(c.classmate, second.ID)
		require.Len(t, c.onDisk(), 2, "equal pictures share their thumbnail")
		require.NotEmpty(t, raw)
	})
}

func TestWhatHasNoThumbnail(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		var picture bytes.Buffer
		require.NoError(t, png.Encode(&picture, striped(64, 64)))
		bomb := append([]byte{}, picture.Bytes()...)
		copy(bomb[16:], "\x00\x01\x00\x00\x00\x01\x00\x00") // 65,536 × 65,536
		for name, raw := range map[string][]byte{
			"text.png":  []byte("no picture"),
			"bomb.png":  bomb,
			"half.png":  picture.Bytes()[:60],
			"vector":    []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>`),
			"page.html": []byte("<html><script>alert(1)</script>" + strings.Repeat(" ", 600)),
		} {
			file := c.upload(c.student, name, raw)
			if name != "half.png" {
				require.Empty(t, file.ThumbURL, name)
			}
			for range 2 {
				content, err := c.files.Open(t.Context(), c.student, file.ID)
				require.NoError(t, err)
				_, err = c.files.Thumb(t.Context(), content)
				requireKind(t, services.KindNotFound, err)
			}
		}
	})
}
