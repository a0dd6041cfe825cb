package tracing

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrorsDoNotTellTheKeyInTheAddress(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := nobody.Addr().String()
	require.NoError(t, nobody.Close())
	c := &client{"http://hunter2@" + address + "/v1/traces?api_key=hunter2", &http.Client{Timeout: sendWithin}}
	err = c.UploadTraces(t.Context(), nil)
	require.ErrorContains(t, err, "refused")
	require.NotContains(t, err.Error(), "hunter2")
}
