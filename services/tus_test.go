package services_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

func (c *class) uploads() *services.Uploads {
	c.t.Helper()
	u, err := services.NewUploads(c.files, filepath.Join(c.dir, "uploads"))
	require.NoError(c.t, err)
	return u
}

func part(offset int64, body string) services.Part {
	return services.Part{Offset: offset, Body: strings.NewReader(body), Stop: func() {}}
}

func TestAnUploadGoesOnAfterARestart(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		ctx := t.Context()
		up, err := c.uploads().Create(ctx, c.student, services.NewUpload{Name: "a.txt", Size: 10})
		require.NoError(t, err)
		_, err = c.uploads().Append(ctx, c.student, up.ID, part(0, "1234"))
		require.NoError(t, err)
		path := filepath.Join(c.dir, "uploads", up.ID)
		torn, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = torn.WriteString("written but not counted when the power failed")
		require.NoError(t, err)
		require.NoError(t, torn.Close())

		again := c.uploads()
		up, err = again.Get(ctx, c.student, up.ID)
		require.NoError(t, err)
		require.EqualValues(t, 4, up.Received)
		lost := errors.New("connection lost")
		broken := services.Part{Offset: 4, Body: io.MultiReader(strings.NewReader("567"), iotest.ErrReader(lost)), Stop: func() {}}
		_, err = again.Append(ctx, c.student, up.ID, broken)
		require.ErrorIs(t, err, lost)
		up, err = again.Append(ctx, c.student, up.ID, part(7, "890"))
		require.NoError(t, err)
		require.Equal(t, "1234567890", c.read(c.student, up.FileID))
		require.NoFileExists(t, path)

		up, err = again.Create(ctx, c.student, services.NewUpload{Name: "b.txt", Size: 3})
		require.NoError(t, err)
		_, err = again.Append(ctx, c.student, up.ID, part(0, "ab"))
		require.NoError(t, err)
		require.NoError(t, os.Remove(filepath.Join(c.dir, "uploads", up.ID)))
		_, err = again.Append(ctx, c.student, up.ID, part(2, "c"))
		requireKind(t, services.KindConflict, err)
		up, err = again.Append(ctx, c.student, up.ID, part(0, "abc"))
		require.NoError(t, err)
		require.Equal(t, "abc", c.read(c.student, up.FileID), "what was lost on the disk is sent again")

		empty, err := again.Create(ctx, c.student, services.NewUpload{Name: "empty"})
		require.NoError(t, err)
		require.NotEmpty(t, empty.FileID)
	})
}

func TestForgottenUploadsExpire(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		u := c.uploads()
		up, err := u.Create(t.Context(), c.student, services.NewUpload{Name: "a", Size: 10})
		require.NoError(t, err)
		_, err = u.Append(t.Context(), c.student, up.ID, part(0, "1234"))
		require.NoError(t, err)
		require.NoError(t, u.Collect(t.Context()))
		require.FileExists(t, filepath.Join(c.dir, "uploads", up.ID))
		c.clock.turn(25 * time.Hour)
		_, err = u.Get(t.Context(), c.student, up.ID)
		requireKind(t, services.KindNotFound, err)
		require.NoError(t, u.Collect(t.Context()))
		require.NoFileExists(t, filepath.Join(c.dir, "uploads", up.ID))
	})
}

func TestAnAccountsUploadsEndWithIt(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		u := c.uploads()
		up, err := u.Create(t.Context(), c.student, services.NewUpload{Name: "a", Size: 10})
		require.NoError(t, err)
		_, err = u.Append(t.Context(), c.student, up.ID, part(0, "1234"))
		require.NoError(t, err)
		require.NoError(t, store.EraseUser(t.Context(), c.student.UserID, c.clock.Now()))
		require.NoError(t, u.Collect(t.Context()))
		require.NoFileExists(t, filepath.Join(c.dir, "uploads", up.ID))
	})
}

// TestTheDiskIsFull writes to a device that always is.
func TestTheDiskIsFull(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		u := c.uploads()
		up, err := u.Create(t.Context(), c.student, services.NewUpload{Name: "a", Size: 10})
		require.NoError(t, err)
		path := filepath.Join(c.dir, "uploads", up.ID)
		require.NoError(t, os.Symlink("/dev/full", path))
		_, err = u.Append(t.Context(), c.student, up.ID, part(0, "1234"))
		requireKind(t, services.KindStorageFull, err)
		require.NoError(t, os.Remove(path))
		up, err = u.Append(t.Context(), c.student, up.ID, part(0, "1234567890"))
		require.NoError(t, err)
		require.Equal(t, "1234567890", c.read(c.student, up.FileID), "it goes on when there is room again")
	})
}
