package services_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

// onDisk lists the files under the class's data directory, without folders.
func (c *class) onDisk() []string {
	c.t.Helper()
	found := []string{}
	require.NoError(c.t, filepath.WalkDir(c.dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			rel, _ := filepath.Rel(c.dir, path)
			found = append(found, rel)
		}
		return err
	}))
	return found
}

func (c *class) read(actor services.Actor, id string) string {
	c.t.Helper()
	content, err := c.files.Open(c.t.Context(), actor, id)
	require.NoError(c.t, err)
	defer content.Close()
	raw, err := io.ReadAll(content)
	require.NoError(c.t, err)
	return string(raw)
}

func TestEqualUploadsShareTheirBytes(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		sum := sha256.Sum256([]byte("the same"))
		hash := hex.EncodeToString(sum[:])
		first := c.upload(c.student, "a.txt", []byte("the same"))
		second := c.upload(c.classmate, "b.txt", []byte("the same"))
		require.NotEqual(t, first.ID, second.ID)
		require.Equal(t, hash, first.SHA256)
		require.EqualValues(t, 8, first.Size)
		require.Equal(t, []string{filepath.Join("files", hash[:2], hash)}, c.onDisk())

		require.NoError(t, c.files.Delete(t.Context(), c.student, first.ID))
		require.Equal(t, "the same", c.read(c.classmate, second.ID))
		require.NoError(t, c.files.Delete(t.Context(), c.classmate, second.ID))
		require.Empty(t, c.onDisk())
		requireKind(t, services.KindNotFound, c.files.Delete(t.Context(), c.classmate, second.ID))
	})
}

func TestWhoMayReadAndDeleteAFile(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		ctx := t.Context()
		file := c.upload(c.student, "a.txt", []byte("a"))
		for _, actor := range []services.Actor{c.owner, c.classmate, c.outside} {
			_, err := c.files.Get(ctx, actor, file.ID)
			requireKind(t, services.KindNotFound, err)
			_, err = c.files.Open(ctx, actor, file.ID)
			requireKind(t, services.KindNotFound, err)
			requireKind(t, services.KindNotFound, c.files.Delete(ctx, actor, file.ID))
		}
		post := c.post(c.student, "x", file.ID)
		require.Equal(t, "a", c.read(c.classmate, file.ID))
		_, err := c.files.Get(ctx, c.outside, file.ID)
		requireKind(t, services.KindNotFound, err)
		requireKind(t, services.KindForbidden, c.files.Delete(ctx, c.owner, file.ID))
		requireKind(t, services.KindConflict, c.files.Delete(ctx, c.student, file.ID))
		require.Equal(t, "a", c.read(c.student, file.ID), "a refused deletion loses nothing")
		require.NoError(t, c.posts.Delete(ctx, c.student, post.ID))
		_, err = c.files.Get(ctx, c.classmate, file.ID)
		requireKind(t, services.KindNotFound, err)
		require.NoError(t, c.files.Delete(ctx, c.student, file.ID))

		picture := c.upload(c.student, "me.png", []byte("p"))
		require.NoError(t, store.DB(ctx).Model(&models.User{}).Where("id = ?", c.student.UserID).Update("avatar_file_id", picture.ID).Error)
		requireKind(t, services.KindConflict, c.files.Delete(ctx, c.student, picture.ID))
	})
}

func TestAFailedUploadLeavesNothing(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		_, err := c.files.Upload(t.Context(), c.student, "big", bytes.NewReader(make([]byte, testUploadLimit+1)))
		requireKind(t, services.KindTooLarge, err)
		lost := errors.New("connection lost")
		_, err = c.files.Upload(t.Context(), c.student, "half", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(lost)))
		requireKind(t, services.KindMalformed, err)
		require.ErrorIs(t, err, lost)
		_, err = c.files.Upload(t.Context(), services.Actor{UserID: models.NewID()}, "nobody's", strings.NewReader("x"))
		require.Error(t, err, "an account that is gone")
		require.Empty(t, c.onDisk())
		var rows int64
		require.NoError(t, store.DB(t.Context()).Model(&models.File{}).Count(&rows).Error)
		require.Zero(t, rows)

		largest := c.upload(c.student, "largest", make([]byte, testUploadLimit))
		require.EqualValues(t, testUploadLimit, largest.Size)
		empty := c.upload(c.student, "empty", nil)
		require.Empty(t, c.read(c.student, empty.ID))
	})
}

func TestAStartRemovesWhatACrashLeft(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		kept := c.upload(c.student, "kept", []byte("kept"))
		require.NoError(t, os.WriteFile(filepath.Join(c.dir, "incoming", "upload-1"), []byte("half"), 0o600))
		c.files = c.openFiles()
		require.Len(t, c.onDisk(), 1)
		require.Equal(t, "kept", c.read(c.student, kept.ID))
	})
}

func TestSignedURLs(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		file, other := c.upload(c.student, "a.txt", []byte("a")), c.upload(c.student, "b.txt", []byte("b"))
		u, err := url.Parse(file.URL)
		require.NoError(t, err)
		require.Equal(t, "/api/v1/files/"+file.ID+"/content", u.Path)
		exp, sig := u.Query().Get("exp"), u.Query().Get("sig")
		content, err := c.files.OpenSigned(t.Context(), file.ID, exp, sig)
		require.NoError(t, err)
		require.NoError(t, content.Close())

		for _, bad := range []struct{ id, exp, sig string }{
			{other.ID, exp, sig}, {file.ID, exp + "0", sig}, {file.ID, "-1", sig}, {file.ID, "", sig}, {file.ID, exp, ""},
			{file.ID, exp, sig[:len(sig)-1]}, {file.ID, exp, sig + "A"}, {models.NewID(), exp, sig},
		} {
			_, err := c.files.OpenSigned(t.Context(), bad.id, bad.exp, bad.sig)
			requireKind(t, services.KindForbidden, err)
		}
		c.clock.turn(time.Minute)
		require.Equal(t, file.URL, c.files.URL(file.ID), "stable, so that browsers can cache it")
		c.clock.turn(5 * time.Hour)
		_, err = c.files.OpenSigned(t.Context(), file.ID, exp, sig)
		require.NoError(t, err, "at least six hours")
		c.clock.turn(7 * time.Hour)
		_, err = c.files.OpenSigned(t.Context(), file.ID, exp, sig)
		requireKind(t, services.KindForbidden, err)

		deleted := c.files.URL(other.ID)
		require.NoError(t, c.files.Delete(t.Context(), c.student, other.ID))
		u, err = url.Parse(deleted)
		require.NoError(t, err)
		_, err = c.files.OpenSigned(t.Context(), other.ID, u.Query().Get("exp"), u.Query().Get("sig"))
		requireKind(t, services.KindNotFound, err)
	})
}

func TestTheTypeIsFoundInTheBytes(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		picture := image.NewPaletted(image.Rect(0, 0, 30, 20), palette.Plan9)
		var asPNG, asJPEG, asGIF bytes.Buffer
		require.NoError(t, png.Encode(&asPNG, picture))
		require.NoError(t, jpeg.Encode(&asJPEG, picture, nil))
		require.NoError(t, gif.Encode(&asGIF, picture, nil))
		for _, tc := range []struct {
			content  []byte
			want     string
			measured bool
		}{
			{asPNG.Bytes(), "image/png", true},
			{asJPEG.Bytes(), "image/jpeg", true},
			{asGIF.Bytes(), "image/gif", true},
			{asPNG.Bytes()[:20], "image/png", false}, // cut off within its header
			{[]byte("%PDF-1.7\n"), "application/pdf", false},
			{[]byte("<!DOCTYPE html><script>alert(1)</script>"), "text/html; charset=utf-8", false},
			{[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "image/svg+xml", false},
			{[]byte("繁體中文"), "text/plain; charset=utf-8", false},
			{[]byte{0, 1, 2, 3}, "application/octet-stream", false},
		} {
			file := c.upload(c.student, "claims-to-be.png", tc.content)
			require.Equal(t, tc.want, file.ContentType)
			if tc.measured {
				require.Equal(t, []int{30, 20}, []int{*file.Width, *file.Height})
			} else {
				require.Nil(t, file.Width)
				require.Nil(t, file.Height)
			}
			stored, err := c.files.Get(t.Context(), c.student, file.ID)
			require.NoError(t, err)
			require.Equal(t, file, stored)
		}
	})
}

func TestOnlyMediaCanBePlayed(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		video := c.upload(c.owner, "a.mp4", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"))
		sound := c.upload(c.owner, "a.wav", []byte("RIFF\x24\x00\x00\x00WAVEfmt "))
		text := c.upload(c.owner, "fake.mp4", []byte("not a film"))
		for _, id := range []string{video.ID, sound.ID} {
			got, err := c.files.ForPlayback(t.Context(), c.owner, id)
			require.NoError(t, err)
			require.Equal(t, id, got.ID)
		}
		_, err := c.files.ForPlayback(t.Context(), c.owner, text.ID)
		requireField(t, "item.file_id", err)
		_, err = c.files.ForPlayback(t.Context(), c.student, video.ID)
		requireKind(t, services.KindNotFound, err)
	})
}

func TestCleanName(t *testing.T) {
	long := strings.Repeat("長", 250)
	for name, want := range map[string]string{
		"作業 第一週.pdf":                    "作業 第一週.pdf",
		"../../etc/passwd":              "passwd",
		`C:\Users\王\作業.docx`:            "作業.docx",
		"a\r\nSet-Cookie: x.txt":        "aSet-Cookie: x.txt",
		"evil\u202efdp.exe":             "evilfdp.exe",
		"nul\x00.txt":                   "nul.txt",
		"  spaces .txt . ":              "spaces .txt",
		"":                              "file",
		"..":                            "file",
		"/":                             "file",
		"\xff\xfe":                      "file",
		".gitignore":                    ".gitignore",
		"👨‍👩‍👧.png":                     "👨‍👩‍👧.png",
		long + ".jpeg":                  strings.Repeat("長", 195) + ".jpeg",
		long:                            strings.Repeat("長", 200),
		"x." + strings.Repeat("y", 300): "x." + strings.Repeat("y", 198),
	} {
		require.Equal(t, want, services.CleanName(name), "%q", name)
	}
}

func FuzzCleanName(f *testing.F) {
	for _, name := range []string{"作業.pdf", "../a", `a\b`, "a\x00b\u202e.txt", "\xff", strings.Repeat("長. ", 100), "." + strings.Repeat("a", 199), "a.\u200b"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean := services.CleanName(name)
		require.NotEmpty(t, clean)
		require.True(t, utf8.ValidString(clean))
		require.LessOrEqual(t, utf8.RuneCountInString(clean), 200)
		require.False(t, strings.ContainsAny(clean, "/\\\u202e"))
		require.False(t, strings.ContainsFunc(clean, unicode.IsControl))
		require.NotContains(t, []string{".", ".."}, clean)
		require.Equal(t, clean, services.CleanName(clean), "cleaning again changes nothing")
	})
}
