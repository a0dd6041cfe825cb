package controllers

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/services"
)

// FuzzTusHeaders: whatever headers begin an upload, the answer is a request with a size or a refusal that says why.
func FuzzTusHeaders(f *testing.F) {
	f.Add("10", "filename aGVsbG8=,voice dHJ1ZQ==,duration MS41", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")
	f.Add("-1", "a", "md5")
	f.Add("", ", ,", "sha256 AAAA")
	f.Add("9223372036854775807", "duration TmFO", "")
	f.Fuzz(func(t *testing.T, length, metadata, sum string) {
		header := http.Header{"Upload-Length": {length}, "Upload-Metadata": {metadata}}
		req, err := newUpload(header)
		var refusal *services.Error
		if err != nil {
			require.True(t, errors.As(err, &refusal), "%v", err)
			require.Equal(t, services.KindMalformed, refusal.Kind)
		} else {
			require.GreaterOrEqual(t, req.Size, int64(0))
		}
		services.ParseChecksum(sum)
	})
}
