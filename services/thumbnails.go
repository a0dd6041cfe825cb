package services

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"net/http"
	"os"

	"lectern/models"
)

// maxThumbSide is how wide or high a thumbnail is at most, in pixels: what a picture has in a stream, on a sharp screen.
const maxThumbSide = 720

// hasThumb tells whether a file is a picture that a thumbnail can be made of.
func hasThumb(row models.File) bool {
	switch row.ContentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return row.Width != nil && row.Height != nil && int64(*row.Width)*int64(*row.Height) <= maxPicturePixels
	default:
		return false
	}
}

// thumbURL is where an <img> element can load a file's thumbnail for some hours, "" when there is none.
func (f *Files) thumbURL(row models.File) string {
	if !hasThumb(row) {
		return ""
	}
	return f.signedURL(row.ID, "thumb")
}

// thumbName is the name of a thumbnail in the storage: beside the bytes of the picture, and shared by equal files as they are.
func thumbName(sha256 string) string { return sha256 + ".thumb" }

// Thumb makes the small picture of an open file, or gives the one made before. It closes the file.
func (f *Files) Thumb(ctx context.Context, content Content) (Content, error) {
	defer content.Close()
	none := NotFound("thumbnail")
	if !hasThumb(content.File) {
		return Content{}, none
	}
	thumb, err := f.storage.Open(thumbName(content.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		err = f.atEasel(ctx, func() error { return f.drawThumb(content) })
		if err == nil {
			thumb, err = f.storage.Open(thumbName(content.SHA256))
		}
	}
	if err != nil {
		return Content{}, err
	}
	head := make([]byte, 512)
	n, err := thumb.Read(head)
	if n == 0 { // kept empty: it cannot be drawn
		_ = thumb.Close()
		if errors.Is(err, io.EOF) {
			err = none
		}
		return Content{}, err
	}
	if _, err := thumb.Seek(0, io.SeekStart); err != nil {
		return Content{}, errors.Join(err, thumb.Close())
	}
	row := content.File
	row.ContentType, row.SHA256 = http.DetectContentType(head[:n]), thumbName(row.SHA256)
	return Content{row, thumb}, nil
}

// drawThumb draws a thumbnail and keeps it; an empty one of a picture that is damaged, so that nobody tries again.
func (f *Files) drawThumb(content Content) error {
	if made, err := f.storage.Open(thumbName(content.SHA256)); err == nil { // while this one waited
		return made.Close()
	}
	small, _, err := redraw(content, func(size image.Rectangle) (image.Rectangle, int, int) {
		w, h := size.Dx(), size.Dy()
		if longer := max(w, h); longer > maxThumbSide {
			w, h = max(1, w*maxThumbSide/longer), max(1, h*maxThumbSide/longer)
		}
		return size, w, h
	})
	if isKind(err, KindInvalid) {
		small, err = nil, nil
	}
	if err != nil {
		return err
	}
	up, err := f.receive(bytes.NewReader(small), int64(len(small)))
	if err != nil {
		return err
	}
	defer up.discard()
	f.blobs.Lock()
	defer f.blobs.Unlock()
	if blob, err := f.storage.Open(content.SHA256); err == nil { // else its file is gone since, and nobody would remove it
		_ = blob.Close()
		if err := f.storage.Put(thumbName(content.SHA256), up.file); err != nil {
			return fmt.Errorf("store thumbnail: %w", writeError(err))
		}
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return NotFound("file")
}
