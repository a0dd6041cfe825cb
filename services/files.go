package services

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// FilesOptions configures Files.
type FilesOptions struct {
	Incoming   string    // directory for uploads under way, on the file system of the storage; emptied at the start
	MaxBytes   int64     // of one upload
	QuotaBytes int64     // of all files of one user
	Secret     []byte    // the key of signed URLs is derived from it
	Older      [][]byte  // secrets of URLs that are out already
	Audit      *Audit    // hears of who comes near the quota
	Publisher  Publisher // tells them so; nil: nobody
	Log        *slog.Logger
}

// Files are uploads: who may read them, and their bytes.
type Files struct {
	store   *models.Store
	storage Storage
	clock   Clock
	opts    FilesOptions
	urlKeys [][]byte // the first signs

	blobs sync.Mutex    // held while a blob may gain its first row or lose its last
	easel chan struct{} // see atEasel
}

// NewFiles removes what interrupted uploads of an earlier run left behind.
func NewFiles(store *models.Store, storage Storage, clock Clock, opts FilesOptions) (*Files, error) {
	if err := os.RemoveAll(opts.Incoming); err != nil {
		return nil, fmt.Errorf("empty the directory of uploads: %w", err)
	}
	if err := os.MkdirAll(opts.Incoming, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of uploads: %w", err)
	}
	f := &Files{store: store, storage: storage, clock: clock, opts: opts, easel: make(chan struct{}, 1)}
	for _, secret := range append([][]byte{opts.Secret}, opts.Older...) {
		key, err := hkdf.Key(sha256.New, secret, nil, "lectern file url", sha256.Size)
		if err != nil {
			return nil, err
		}
		f.urlKeys = append(f.urlKeys, key)
	}
	return f, nil
}

// MaxBytes is the most that one upload may have.
func (f *Files) MaxBytes() int64 { return f.opts.MaxBytes }

// Quota is the most that all files of one user may have, in bytes.
func (f *Files) Quota() int64 { return f.opts.QuotaBytes }

// Upload stores what r yields under a cleaned name. The type is found in the bytes. When anything fails, nothing is left.
func (f *Files) Upload(ctx context.Context, actor Actor, name string, r io.Reader) (wire.File, error) {
	free, err := f.free(ctx, actor)
	if err != nil {
		return wire.File{}, err
	}
	up, err := f.receive(r, min(f.opts.MaxBytes, free))
	if isKind(err, KindTooLarge) && free < f.opts.MaxBytes {
		err = f.overQuota(free)
	}
	if err != nil {
		return wire.File{}, err
	}
	defer up.discard()
	return f.adopt(ctx, actor, name, up, asked{})
}

// asked is what was asked for with an upload besides its bytes.
type asked struct {
	voice    bool
	duration *float64 // as claimed, in seconds: counts when the bytes tell none
	upload   string   // the id of an upload in parts, finished by this
}

// adopt makes received bytes somebody's file.
func (f *Files) adopt(ctx context.Context, actor Actor, name string, up *upload, asked asked) (wire.File, error) {
	row := models.File{ID: models.NewID(), OwnerID: actor.UserID, Name: CleanName(name), Size: up.size, SHA256: up.sha256,
		Voice: asked.voice, CreatedAt: stamp(f.clock)}
	if err := up.inspect(&row); err != nil {
		return wire.File{}, err
	}
	if asked.voice && !strings.HasPrefix(row.ContentType, "audio/") {
		return wire.File{}, Invalid("voice", "This file is no sound: it is "+row.ContentType+".")
	}
	if row.Duration == nil {
		row.Duration = asked.duration
	}

	f.blobs.Lock()
	defer f.blobs.Unlock()
	free, err := f.free(ctx, actor) // again, for two uploads at once
	if err != nil {
		return wire.File{}, err
	}
	if up.size > free {
		return wire.File{}, f.overQuota(free)
	}
	if err := f.storage.Put(up.sha256, up.file); err != nil {
		return wire.File{}, fmt.Errorf("store blob: %w", writeError(err))
	}
	err = f.store.Tx(ctx, func(tx *models.Store) error {
		if err := tx.DB(ctx).Create(&row).Error; err != nil {
			return err
		}
		return tx.DB(ctx).Model(&models.Upload{}).Where("id = ?", asked.upload).Update("file_id", row.ID).Error
	})
	if err != nil {
		return wire.File{}, errors.Join(err, f.dropBlob(context.WithoutCancel(ctx), up.sha256))
	}
	f.noteQuota(ctx, actor, row, free)
	return f.wire(row), nil
}

// free is how many bytes more the actor may keep.
func (f *Files) free(ctx context.Context, actor Actor) (int64, error) {
	used, err := f.store.UsedBytes(ctx, actor.UserID)
	return max(0, f.opts.QuotaBytes-used), err
}

func (f *Files) overQuota(free int64) error {
	return &Error{Kind: KindTooLarge, Message: fmt.Sprintf(
		"Your files may have %d bytes in all, of which %d are left. Delete some files or what shows them first.", f.opts.QuotaBytes, free)}
}

// dropBlob removes the bytes that no file has any more. The caller holds blobs.
func (f *Files) dropBlob(ctx context.Context, sha256 string) error {
	used, err := f.store.BlobInUse(ctx, sha256)
	if err != nil || used {
		return err
	}
	if err := f.storage.Delete(thumbName(sha256)); err != nil {
		return err
	}
	return f.storage.Delete(sha256)
}

// Get describes a file that the actor may read.
func (f *Files) Get(ctx context.Context, actor Actor, id string) (wire.File, error) {
	row, err := f.readable(ctx, actor, id)
	if err != nil {
		return wire.File{}, err
	}
	return f.wire(row), nil
}

func (f *Files) readable(ctx context.Context, actor Actor, id string) (models.File, error) {
	rows, err := f.store.ReadableFiles(ctx, actor.UserID, []string{id})
	if err != nil {
		return models.File{}, err
	}
	row, ok := rows[id]
	if !ok {
		return models.File{}, NotFound("file")
	}
	return row, nil
}

// ForPlayback describes a file that the actor may read and a player can play.
func (f *Files) ForPlayback(ctx context.Context, actor Actor, id string) (wire.File, error) {
	file, err := f.Get(ctx, actor, id)
	if err != nil {
		return wire.File{}, err
	}
	if !strings.HasPrefix(file.ContentType, "video/") && !strings.HasPrefix(file.ContentType, "audio/") {
		return wire.File{}, Invalid("item.file_id", "This file is neither video nor sound.")
	}
	return file, nil
}

// Delete removes one's own file unless something still shows it.
func (f *Files) Delete(ctx context.Context, actor Actor, id string) error {
	row, err := f.readable(ctx, actor, id)
	if err != nil {
		return err
	}
	if row.OwnerID != actor.UserID {
		return Forbidden("Only who uploaded a file can delete it.")
	}
	return f.remove(ctx, row)
}

// remove deletes a file that nothing uses, and its bytes with the last file that has them.
func (f *Files) remove(ctx context.Context, row models.File) error {
	f.blobs.Lock()
	defer f.blobs.Unlock()
	err := f.store.Tx(ctx, func(tx *models.Store) error {
		used, err := tx.FileInUse(ctx, row.ID)
		if err != nil {
			return err
		}
		if used {
			return &Error{Kind: KindConflict, Message: "This file is in use: a post or comment, a running video, a playlist or a person's picture shows it."}
		}
		return tx.DB(ctx).Delete(&models.File{}, "id = ?", row.ID).Error
	})
	if err != nil {
		return err
	}
	return f.dropBlob(context.WithoutCancel(ctx), row.SHA256)
}

// Content is a file and its bytes, to be closed by whoever got it.
type Content struct {
	models.File
	io.ReadSeekCloser
}

// Open reads a file that the actor may read.
func (f *Files) Open(ctx context.Context, actor Actor, id string) (Content, error) {
	row, err := f.readable(ctx, actor, id)
	if err != nil {
		return Content{}, err
	}
	return f.open(row)
}

// OpenSigned reads a file by the expiry and signature of a URL that URL made.
func (f *Files) OpenSigned(ctx context.Context, id, exp, sig string) (Content, error) {
	until, err := strconv.ParseInt(exp, 10, 64)
	if err != nil || !f.signed(id, exp, sig) || f.clock.Now().Unix() >= until {
		return Content{}, Forbidden("This link is not valid or has expired. Ask for the file again to get a new one.")
	}
	row, err := f.store.File(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return Content{}, NotFound("file")
	}
	if err != nil {
		return Content{}, err
	}
	return f.open(*row)
}

func (f *Files) open(row models.File) (Content, error) {
	blob, err := f.storage.Open(row.SHA256)
	if err != nil {
		return Content{}, fmt.Errorf("open blob of file %s: %w", row.ID, err)
	}
	return Content{row, blob}, nil
}

// urlWindow: a signed URL stays the same for up to one window, so that browsers can cache it, and works for one to two.
const urlWindow = 6 * time.Hour

// URL is where a <video> or <img> element can load a file for some hours, whoever asks.
func (f *Files) URL(id string) string { return f.signedURL(id, "content") }

func (f *Files) signedURL(id, what string) string {
	window := int64(urlWindow / time.Second)
	exp := strconv.FormatInt((f.clock.Now().Unix()/window+2)*window, 10)
	return "/api/v1/files/" + id + "/" + what + "?exp=" + exp + "&sig=" + sign(f.urlKeys[0], id, exp)
}

func (f *Files) signed(id, exp, sig string) bool {
	return slices.ContainsFunc(f.urlKeys, func(key []byte) bool { return hmac.Equal([]byte(sig), []byte(sign(key, id, exp))) })
}

func sign(key []byte, id, exp string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "\n" + exp))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (f *Files) wire(row models.File) wire.File {
	return wire.File{ID: row.ID, Name: row.Name, Size: row.Size, ContentType: row.ContentType, SHA256: row.SHA256, URL: f.URL(row.ID),
		Width: row.Width, Height: row.Height, Duration: row.Duration, Voice: row.Voice, ThumbURL: f.thumbURL(row), CreatedAt: wire.At(row.CreatedAt)}
}
