package controllers

import (
	"context"
	"io/fs"
	"net/http"
	"os"

	"golang.org/x/net/webdav"

	"lectern/docs"
)

// swaggerUI serves the pages of Swagger UI from the program's file. The library's own handler would copy 11 MB of them into
// memory at every start.
func swaggerUI() *webdav.Handler {
	return &webdav.Handler{FileSystem: readOnly{http.FS(docs.UI())}, LockSystem: webdav.NewMemLS()}
}

// readOnly is a webdav.FileSystem of which only reading works; the route lets no other method through.
type readOnly struct{ http.FileSystem }

func (r readOnly) OpenFile(_ context.Context, name string, _ int, _ os.FileMode) (webdav.File, error) {
	file, err := r.Open(name)
	return readOnlyFile{file}, err
}

func (r readOnly) Stat(_ context.Context, name string) (os.FileInfo, error) {
	file, err := r.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return file.Stat()
}

func (readOnly) Mkdir(context.Context, string, os.FileMode) error { return fs.ErrPermission }
func (readOnly) RemoveAll(context.Context, string) error          { return fs.ErrPermission }
func (readOnly) Rename(context.Context, string, string) error     { return fs.ErrPermission }

type readOnlyFile struct{ http.File }

func (readOnlyFile) Write([]byte) (int, error) { return 0, fs.ErrPermission }
