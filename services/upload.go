package services

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // the formats whose size inspect can read
	_ "image/jpeg"
	_ "image/png"
	"io"
	"os"
	"path"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"lectern/models"
)

// upload is a received file before it is anybody's.
type upload struct {
	file   *os.File
	size   int64
	sha256 string
}

// receive streams r, of at most so many bytes, into a temporary file, hashing on the way.
func (f *Files) receive(r io.Reader, most int64) (*upload, error) {
	file, err := os.CreateTemp(f.opts.Incoming, "upload-*")
	if err != nil {
		return nil, err
	}
	up := &upload{file: file}
	hash, source := sha256.New(), &reader{Reader: r}
	up.size, err = io.Copy(io.MultiWriter(file, hash), io.LimitReader(source, most+1))
	switch {
	case up.size > most:
		err = tooLarge(most)
	case source.err != nil:
		err = &Error{Kind: KindMalformed, Message: "The upload was interrupted before its end.", Cause: source.err}
	}
	if err == nil {
		err = file.Sync() // here and not under a lock: it takes long for a large file
	}
	err = writeError(err)
	if err != nil {
		up.discard()
		return nil, err
	}
	up.sha256 = hex.EncodeToString(hash.Sum(nil))
	return up, nil
}

func tooLarge(most int64) *Error {
	return &Error{Kind: KindTooLarge, Message: fmt.Sprintf("The file is larger than the %d bytes allowed here.", most)}
}

// reader remembers why reading failed, to tell it from a failure to write.
type reader struct {
	io.Reader
	err error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// discard closes the file and removes it if no storage has taken it over.
func (u *upload) discard() {
	_ = u.file.Close()
	_ = os.Remove(u.file.Name())
}

// imageHeader is how far inspect looks for the size of a picture, in bytes.
const imageHeader = 1 << 20

// inspect finds the type, the size of a picture and the length of a film in the bytes.
func (u *upload) inspect(row *models.File) error {
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	kind, err := mimetype.DetectReader(u.file)
	if err != nil {
		return err
	}
	row.ContentType = kind.String()
	switch row.ContentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return u.inspectPicture(row)
	case "video/mp4", "audio/mp4", "audio/x-m4a", "video/quicktime":
		row.Duration = mp4Duration(u.file)
		if row.ContentType == "video/mp4" && !hasPictures(u.file) {
			row.ContentType = "audio/mp4"
		}
	case "video/webm":
		return u.inspectWebM(row)
	case "audio/ogg":
		row.Duration = opusDuration(u.file, u.size)
	}
	return nil
}

// inspectWebM finds the length, and whether it is sound only, which a sniffed type does not tell.
func (u *upload) inspectWebM(row *models.File) error {
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	soundOnly, seconds := inspectWebM(u.file)
	if seconds > 0 {
		row.Duration = &seconds
	}
	if soundOnly {
		row.ContentType = "audio/webm"
	}
	return nil
}

// inspectPicture finds the size that a picture has when it is upright.
func (u *upload) inspectPicture(row *models.File) error {
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	c, format, err := image.DecodeConfig(io.LimitReader(u.file, imageHeader))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil
	}
	row.Width, row.Height = &c.Width, &c.Height
	if format != "jpeg" {
		return nil
	}
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	turn, err := orientation(u.file)
	if sideways(turn) {
		row.Width, row.Height = row.Height, row.Width
	}
	return err
}

// Limits of a file name and of the ending that survives shortening, in characters.
const (
	maxName   = 200
	maxEnding = 16
)

// CleanName makes a file name that is safe to show and to save: no folders, no control or direction-changing characters,
// at most 200 characters with the ending kept.
func CleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		const zeroWidthJoiner = '\u200d' // part of many emoji
		if unicode.IsControl(r) || (unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = trimName(name)
	if runes := []rune(name); len(runes) > maxName {
		ending := []rune(path.Ext(name))
		if len(ending) > maxEnding {
			ending = nil
		}
		name = trimName(string(runes[:maxName-len(ending)])) + string(ending)
	}
	if strings.Trim(name, ".") == "" {
		return "file"
	}
	return name
}

// trimName removes what Windows does not keep at the end of a name.
func trimName(name string) string {
	return strings.TrimRightFunc(strings.TrimSpace(name), func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
}
