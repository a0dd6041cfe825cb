package controllers

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/iotest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"lectern/services"
)

// FuzzFilePart: whatever is sent as a multipart body, the answer is a part with a name or a refusal that says why.
func FuzzFilePart(f *testing.F) {
	const kind = "multipart/form-data; boundary=b"
	whole := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n"
	for _, body := range []string{"", whole, whole[:40], whole[:len(whole)-9], "--b--\r\n", "--b\r\n\r\n\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno name\r\n" + whole,
		"--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"x\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=FF\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''%e6%96%87\r\n\r\n\r\n--b--"} {
		f.Add(kind, []byte(body))
	}
	f.Add("application/json", []byte("{}"))
	f.Add("multipart/form-data", []byte(whole))
	f.Add(`multipart/form-data; boundary="`, []byte(whole))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		const most = 1 << 10
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest("POST", "/", bytes.NewReader(body))
		c.Request.Header["Content-Type"] = []string{contentType}
		part, err := filePart(c, most)
		if err != nil {
			var refusal *services.Error
			require.True(t, errors.As(err, &refusal), "%v", err)
			require.Contains(t, []services.Kind{services.KindMalformed, services.KindInvalid, services.KindTooLarge}, refusal.Kind)
			return
		}
		require.NotEmpty(t, part.FileName())
		n, _ := io.Copy(io.Discard, part)
		require.LessOrEqual(t, n, int64(most+maxBody))
		require.NotEmpty(t, services.CleanName(part.FileName()))
	})
}

// connection keeps the read deadlines that it is given.
type connection struct {
	*httptest.ResponseRecorder
	deadlines []time.Time
}

func (c *connection) SetReadDeadline(at time.Time) error {
	c.deadlines = append(c.deadlines, at)
	return nil
}

// TestAnUploadMayTakeLong: each piece that arrives gives it another minute, and its end as long as it takes.
func TestAnUploadMayTakeLong(t *testing.T) {
	conn := &connection{ResponseRecorder: httptest.NewRecorder()}
	body := &patientBody{io.NopCloser(iotest.OneByteReader(bytes.NewReader([]byte("abc")))), http.NewResponseController(conn)}
	_, err := io.Copy(io.Discard, body)
	require.NoError(t, err)
	require.Len(t, conn.deadlines, 5)
	for i, at := range conn.deadlines[:4] {
		require.WithinDuration(t, time.Now().Add(time.Minute), at, 10*time.Second)
		require.False(t, i > 0 && at.Before(conn.deadlines[i-1]))
	}
	require.True(t, conn.deadlines[4].IsZero())
}
