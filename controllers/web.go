package controllers

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// web serves the built web app: its files, and its start page for every other path, which the app itself understands.
type web struct {
	files fs.FS
	cache sync.Map // path → *asset, of the files asked for so far
}

// asset is one file, ready to send.
type asset struct {
	kind    string
	etag    string
	plain   []byte
	gzipped []byte // nil when that is not smaller
	brotli  []byte // as the build has made it, or nil
}

// serverPaths are not the web app's.
var serverPaths = []string{"/api", "/ws", "/swagger", "/metrics", "/healthz", "/readyz"}

func (h *web) serve(c *gin.Context) {
	at := path.Clean(c.Request.URL.Path)
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead || isServerPath(at) {
		noRoute(c)
		return
	}
	if h.files == nil {
		if at != "/" {
			noRoute(c)
			return
		}
		c.String(http.StatusOK, "This build of Lectern has no web app; run make build. The API is described at /swagger/index.html.\n")
		return
	}
	name := strings.TrimPrefix(at, "/")
	file := h.load(name)
	if file == nil && strings.HasPrefix(name, "assets/") {
		noRoute(c)
		return
	}
	cache := "no-cache"
	if strings.HasPrefix(name, "assets/") { // their names change with their content
		cache = "public, max-age=31536000, immutable"
	}
	if file == nil {
		file = h.load("index.html")
	}
	if file == nil {
		noRoute(c)
		return
	}
	c.Header("Cache-Control", cache)
	file.send(c)
}

func isServerPath(at string) bool {
	for _, root := range serverPaths {
		if at == root || strings.HasPrefix(at, root+"/") {
			return true
		}
	}
	return false
}

// load finds a file, or nil.
func (h *web) load(name string) *asset {
	if known, ok := h.cache.Load(name); ok {
		return known.(*asset)
	}
	plain, err := fs.ReadFile(h.files, name)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256(plain)
	file := &asset{kind: mime.TypeByExtension(path.Ext(name)), etag: `"` + hex.EncodeToString(sum[:8]) + `"`, plain: plain}
	if path.Ext(name) == ".webmanifest" { // unknown to most systems
		file.kind = "application/manifest+json"
	}
	if file.kind == "" {
		file.kind = http.DetectContentType(plain)
	}
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	_, _ = zip.Write(plain) // memory does not fail
	_ = zip.Close()
	if buf.Len() < len(plain)*9/10 {
		file.gzipped = buf.Bytes()
	}
	if packed, err := fs.ReadFile(h.files, name+".br"); err == nil {
		file.brotli = packed
	}
	h.cache.Store(name, file)
	return file
}

func (f *asset) send(c *gin.Context) {
	c.Header("Content-Type", f.kind)
	c.Header("ETag", f.etag)
	body := f.plain
	if f.gzipped != nil || f.brotli != nil {
		c.Header("Vary", "Accept-Encoding")
		if coding, packed := f.packed(c.GetHeader("Accept-Encoding")); packed != nil && c.GetHeader("Range") == "" {
			c.Header("Content-Encoding", coding)
			c.Header("ETag", strings.TrimSuffix(f.etag, `"`)+`-`+coding+`"`)
			body = packed
		}
	}
	c.Status(http.StatusOK) // this is no 404, although no route matched
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(body))
}

// packed is the smallest form that the browser takes; nil when it takes none.
func (f *asset) packed(accepted string) (coding string, body []byte) {
	takes := func(coding string) bool {
		for offer := range strings.SplitSeq(accepted, ",") {
			if name, _, _ := strings.Cut(offer, ";"); strings.TrimSpace(name) == coding {
				return true
			}
		}
		return false
	}
	switch {
	case f.brotli != nil && takes("br"):
		return "br", f.brotli
	case takes("gzip"):
		return "gzip", f.gzipped
	}
	return "", nil
}
