package services_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

func TestUnusedFilesAreCollectedAfterADay(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		ctx := t.Context()
		play := func(fileID string) models.Meeting {
			meeting := models.Meeting{ID: models.NewID(), ChannelID: c.newChannel(map[string]services.Actor{models.RoleOwner: c.owner}),
				HostID: c.owner.UserID, StartedAt: c.clock.Now()}
			require.NoError(t, store.AddMeeting(ctx, &meeting))
			require.NoError(t, store.SavePlayback(ctx, &models.Playback{MeetingID: meeting.ID, FileID: &fileID},
				&models.PlaybackCommand{MeetingID: meeting.ID, ID: models.NewID()}))
			return meeting
		}
		collect := func() int {
			t.Helper()
			n, err := c.files.Collect(ctx)
			require.NoError(t, err)
			return n
		}
		there := func(id string) bool {
			_, err := store.File(ctx, id)
			return err == nil
		}
		unused := c.upload(c.owner, "unused", []byte("1"))
		posted, played, face := c.upload(c.owner, "posted", []byte("2")), c.upload(c.owner, "played", []byte("3")), c.upload(c.owner, "face", []byte("4"))
		post := c.post(c.owner, "", posted.ID)
		meeting := play(played.ID)
		_, err := store.ReplaceAvatar(ctx, c.owner.UserID, &face.ID, c.clock.Now())
		require.NoError(t, err)

		c.clock.turn(24 * time.Hour)
		require.Zero(t, collect(), "not yet")
		c.clock.turn(time.Second)
		late := c.upload(c.owner, "late", []byte("5"))
		require.Equal(t, 1, collect())
		require.False(t, there(unused.ID))
		for _, id := range []string{posted.ID, played.ID, face.ID, late.ID} {
			require.True(t, there(id))
		}
		requireKind(t, services.KindConflict, c.files.Delete(ctx, c.owner, played.ID))

		require.NoError(t, c.posts.Delete(ctx, c.owner, post.ID))
		_, err = store.ReplaceAvatar(ctx, c.owner.UserID, nil, c.clock.Now())
		require.NoError(t, err)
		_, err = store.EndMeeting(ctx, meeting.ID, c.clock.Now())
		require.NoError(t, err)
		require.Equal(t, 2, collect())
		require.True(t, there(played.ID), "the meeting has only just ended")
		c.clock.turn(24*time.Hour + time.Second)
		require.Equal(t, 2, collect())
		require.Empty(t, c.onDisk())
	})
}

func TestCollectingManyTakesMoreThanOneBatch(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		for range 205 {
			c.upload(c.owner, "x", []byte("the same"))
		}
		c.clock.turn(25 * time.Hour)
		n, err := c.files.Collect(t.Context())
		require.NoError(t, err)
		require.Equal(t, 205, n)
		require.Empty(t, c.onDisk())
	})
}

func TestTheQuotaOfAUser(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		full := make([]byte, testUploadLimit)
		upload := func(actor services.Actor, content []byte) error {
			_, err := c.files.Upload(t.Context(), actor, "x", bytes.NewReader(content))
			return err
		}
		first := c.upload(c.student, "x", full)
		c.upload(c.student, "x", full)
		require.NoError(t, upload(c.student, full[1:]))
		err := upload(c.student, []byte("12"))
		requireKind(t, services.KindTooLarge, err)
		require.ErrorContains(t, err, "3145728 bytes in all, of which 1 are left")
		require.NoError(t, upload(c.student, []byte("1")))
		requireKind(t, services.KindTooLarge, upload(c.student, []byte("1")))
		require.NoError(t, upload(c.classmate, full), "everybody has their own")
		require.NoError(t, c.files.Delete(t.Context(), c.student, first.ID))

		var uploads sync.WaitGroup
		results, bodies := make([]error, 2), make([]*io.PipeWriter, 2)
		for i := range results {
			body, writer := io.Pipe()
			bodies[i] = writer
			uploads.Go(func() { _, results[i] = c.files.Upload(t.Context(), c.student, "x", body) })
			_, err := writer.Write(full[:1]) // now it reads, and has seen that there is room
			require.NoError(t, err)
		}
		for _, body := range bodies {
			_, err := body.Write(full[1:])
			require.NoError(t, err)
			require.NoError(t, body.Close())
		}
		uploads.Wait()
		require.True(t, (results[0] == nil) != (results[1] == nil), "one of two at once: %v", results)
	})
}

func TestBytesWithoutAFileAreSweptAfterADay(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		sweep := func() int {
			t.Helper()
			n, err := c.files.Sweep(t.Context())
			require.NoError(t, err)
			return n
		}
		for _, content := range []string{"old orphan", "young orphan", "kept"} {
			c.upload(c.owner, "x", []byte(content))
		}
		blobs := c.onDisk()
		require.Len(t, blobs, 3)
		kept, err := store.UnusedFiles(t.Context(), c.clock.Now().Add(time.Second), 10)
		require.NoError(t, err)
		for i, row := range kept {
			at := c.clock.Now().Add(-24*time.Hour - time.Second)
			if i == 1 {
				at = c.clock.Now().Add(-24 * time.Hour)
			}
			path := filepath.Join(c.dir, blobOf(t, blobs, row.SHA256))
			require.NoError(t, os.Chtimes(path, at, at))
			if i < 2 {
				require.NoError(t, store.DB(t.Context()).Delete(&models.File{}, "id = ?", row.ID).Error)
			}
		}
		stray := filepath.Join(filepath.Dir(filepath.Join(c.dir, blobs[0])), "notes.txt")
		require.NoError(t, os.WriteFile(stray, nil, 0o600))
		require.NoError(t, os.Chtimes(stray, time.Unix(0, 0), time.Unix(0, 0)))

		require.Equal(t, 1, sweep())
		require.Len(t, c.onDisk(), 3, "the young orphan, what a file has, and what is no blob")
		c.clock.turn(time.Second)
		require.Equal(t, 1, sweep())
		require.Zero(t, sweep())
		require.Equal(t, "kept", c.read(c.owner, kept[2].ID))
	})
}

// blobOf finds the path of some bytes.
func blobOf(t *testing.T, paths []string, sha256 string) string {
	t.Helper()
	i := slices.IndexFunc(paths, func(path string) bool { return filepath.Base(path) == sha256 })
	require.GreaterOrEqual(t, i, 0)
	return paths[i]
}
