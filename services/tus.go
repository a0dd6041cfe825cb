package services

import (
	"context"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"lectern/models"
)

// Limits of uploads in parts.
const (
	maxOpenUploads = 20             // of one person
	uploadKept     = 24 * time.Hour // after its last part; a finished one is remembered as long
	maxVoice       = 60 * 60        // seconds that a voice note may claim
)

// Upload is an upload in parts as its owner sees it. FileID is there when it is finished.
type Upload struct {
	ID             string
	Size, Received int64
	FileID         string
	ExpiresAt      time.Time
}

// NewUpload asks for one. Duration is what the client claims of a voice note, in seconds; 0 when it claims nothing.
type NewUpload struct {
	Name     string
	Size     int64
	Voice    bool
	Duration float64
}

// Part is some bytes of an upload from Offset on. Sum checks them, if it is there. Stop makes reading Body end early: another
// request has come for the same upload, which means that this one's connection is lost.
type Part struct {
	Offset int64
	Body   io.Reader
	Sum    *Checksum
	Stop   func()
}

// Uploads receives files in parts, over lost connections and restarts. The bytes gather in a file; the row in the database
// says how many of them count, so that what a crash left half written is written again.
type Uploads struct {
	files *Files
	dir   string
	busy  *turnstile
}

// NewUploads uses, and makes if need be, a directory on the file system of the storage.
func NewUploads(files *Files, dir string) (*Uploads, error) {
	return &Uploads{files: files, dir: dir, busy: newTurnstile()}, os.MkdirAll(dir, 0o700)
}

// Create begins an upload, if the file is not too large and its owner has room for it and for the others under way.
func (u *Uploads) Create(ctx context.Context, actor Actor, req NewUpload) (*Upload, error) {
	f := u.files
	if req.Size > f.opts.MaxBytes {
		return nil, tooLarge(f.opts.MaxBytes)
	}
	row := &models.Upload{ID: models.NewID(), OwnerID: actor.UserID, Name: CleanName(req.Name), Size: req.Size, Voice: req.Voice,
		Digest: []byte{}, CreatedAt: stamp(f.clock), ExpiresAt: stamp(f.clock).Add(uploadKept)}
	if req.Voice && req.Duration > 0 && req.Duration <= maxVoice {
		row.Duration = &req.Duration
	}
	err := f.store.Tx(ctx, func(tx *models.Store) error {
		if err := tx.LockMaker(ctx, actor.UserID); err != nil {
			return err
		}
		open, bytes, err := tx.OpenUploads(ctx, actor.UserID, row.CreatedAt)
		if err != nil {
			return err
		}
		if open >= maxOpenUploads {
			return &Error{Kind: KindConflict, Message: fmt.Sprintf("You have %d uploads under way: finish or cancel some first.", maxOpenUploads)}
		}
		used, err := tx.UsedBytes(ctx, actor.UserID)
		if err != nil {
			return err
		}
		if free := max(0, f.opts.QuotaBytes-used-bytes); req.Size > free {
			return f.overQuota(free)
		}
		return tx.DB(ctx).Create(row).Error
	})
	if err != nil {
		return nil, err
	}
	if row.Size == 0 {
		return u.Append(ctx, actor, row.ID, Part{Body: emptyBody{}, Stop: func() {}})
	}
	return shown(row), nil
}

type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }

func shown(row *models.Upload) *Upload {
	up := &Upload{ID: row.ID, Size: row.Size, Received: row.Received, ExpiresAt: row.ExpiresAt}
	set(&up.FileID, row.FileID)
	return up
}

// Get tells how far an upload has come. A part that is being received at this moment ends first.
func (u *Uploads) Get(ctx context.Context, actor Actor, id string) (*Upload, error) {
	row, done, err := u.take(ctx, actor, id, func() {})
	if err != nil {
		return nil, err
	}
	defer done()
	if row.FileID == nil && row.Received == row.Size { // its end was not reached the first time
		up, err := u.finish(ctx, actor, row)
		if !isKind(err, KindConflict) {
			return up, err
		}
	}
	return shown(row), nil
}

// Delete gives an upload up.
func (u *Uploads) Delete(ctx context.Context, actor Actor, id string) error {
	row, done, err := u.take(ctx, actor, id, func() {})
	if err != nil {
		return err
	}
	defer done()
	return u.forget(ctx, row.ID)
}

func (u *Uploads) forget(ctx context.Context, id string) error {
	if err := u.files.store.DB(ctx).Delete(&models.Upload{}, "id = ?", id).Error; err != nil {
		return err
	}
	if err := os.Remove(u.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (u *Uploads) path(id string) string { return filepath.Join(u.dir, id) }

// take finds the actor's upload and keeps others from it until done.
func (u *Uploads) take(ctx context.Context, actor Actor, id string, stop func()) (*models.Upload, func(), error) {
	find := func() (*models.Upload, error) {
		row, err := u.files.store.Upload(ctx, id, actor.UserID, stamp(u.files.clock))
		if errors.Is(err, models.ErrNotFound) {
			return nil, NotFound("upload")
		}
		return row, err
	}
	if _, err := find(); err != nil { // nobody disturbs what is not theirs
		return nil, nil, err
	}
	done, err := u.busy.enter(ctx, id, stop)
	if err != nil {
		return nil, nil, err
	}
	row, err := find()
	if err != nil {
		done()
		return nil, nil, err
	}
	return row, done, nil
}

// Append adds a part. What came of one that broke off is kept, unless it was to be checked by its sum. With the last byte the
// upload becomes a file.
func (u *Uploads) Append(ctx context.Context, actor Actor, id string, part Part) (*Upload, error) {
	row, done, err := u.take(ctx, actor, id, part.Stop)
	if err != nil {
		return nil, err
	}
	defer done()
	if part.Offset != row.Received {
		return nil, &Error{Kind: KindConflict, Message: fmt.Sprintf("The upload has %d bytes, and this part begins at %d.", row.Received, part.Offset)}
	}
	if row.FileID != nil {
		return shown(row), nil
	}
	ctx = context.WithoutCancel(ctx) // the connection may be gone; what came is kept
	if err := u.write(ctx, row, part); err != nil {
		return nil, err
	}
	if row.Received < row.Size {
		return shown(row), nil
	}
	return u.finish(ctx, actor, row)
}

// write brings a part to the disk and then into the row.
func (u *Uploads) write(ctx context.Context, row *models.Upload, part Part) (err error) {
	file, digest, err := u.open(row)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	source := &reader{Reader: io.LimitReader(part.Body, row.Size-row.Received+1)}
	targets := []io.Writer{file, digest}
	if part.Sum != nil {
		targets = append(targets, part.Sum.hash)
	}
	n, failed := io.Copy(io.MultiWriter(targets...), source)
	switch {
	case n > row.Size-row.Received:
		return &Error{Kind: KindTooLarge, Message: fmt.Sprintf("The upload was announced with %d bytes, and this part goes beyond.", row.Size)}
	case part.Sum != nil && source.err != nil:
		return interrupted(source.err) // a part that cannot be checked does not count
	case part.Sum != nil && failed == nil && !part.Sum.matches():
		return &Error{Kind: KindChecksum, Message: "The bytes that came are not those of the checksum. Please send this part again."}
	case failed != nil && source.err == nil:
		return writeError(failed)
	}
	if err := file.Sync(); err != nil {
		return writeError(err)
	}
	row.Received += n
	row.ExpiresAt = stamp(u.files.clock).Add(uploadKept)
	if row.Digest, err = digest.(encoding.BinaryMarshaler).MarshalBinary(); err != nil {
		return err
	}
	if err := u.files.store.SaveUpload(ctx, row); err != nil {
		return err
	}
	if source.err != nil && row.Received < row.Size {
		return interrupted(source.err)
	}
	return nil
}

// open brings the file to the state that the row tells of; when it has less, the upload begins again.
func (u *Uploads) open(row *models.Upload) (*os.File, io.Writer, error) {
	file, err := os.OpenFile(u.path(row.ID), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, writeError(err)
	}
	digest := sha256.New()
	info, err := file.Stat()
	if err == nil && row.Received > 0 {
		if info.Size() < row.Received {
			err = &Error{Kind: KindConflict, Message: "The upload has 0 bytes: what had come of it was lost."}
			row.Received, row.Digest = 0, []byte{}
			err = errors.Join(err, u.files.store.SaveUpload(context.Background(), row))
		} else {
			err = digest.(encoding.BinaryUnmarshaler).UnmarshalBinary(row.Digest)
		}
	}
	if err == nil && info.Size() > row.Received {
		err = file.Truncate(row.Received)
	}
	if err == nil {
		_, err = file.Seek(row.Received, io.SeekStart)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, digest, nil
}

// finish makes the upload a file.
func (u *Uploads) finish(ctx context.Context, actor Actor, row *models.Upload) (*Upload, error) {
	file, digest, err := u.open(row)
	if err != nil {
		return nil, err
	}
	up := &upload{file: file, size: row.Size, sha256: fmt.Sprintf("%x", digest.(interface{ Sum([]byte) []byte }).Sum(nil))}
	made, err := u.files.adopt(ctx, actor, row.Name, up, asked{voice: row.Voice, duration: row.Duration, upload: row.ID})
	_ = file.Close()
	if err != nil {
		if isKind(err, KindInvalid, KindTooLarge) { // it will never be a file
			err = errors.Join(err, u.forget(ctx, row.ID))
		}
		return nil, err
	}
	row.FileID = &made.ID
	return shown(row), nil
}

func interrupted(cause error) error {
	return &Error{Kind: KindMalformed, Message: "The upload was interrupted. Ask how far it came and go on from there.", Cause: cause}
}

// writeError says so when the disk is full.
func writeError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &Error{Kind: KindStorageFull, Message: "The server's disk is full. Please tell whoever runs it.", Cause: err}
	}
	return err
}
