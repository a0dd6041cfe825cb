package relay

import (
	"strconv"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"
	"github.com/stretchr/testify/require"
)

func TestALongCallOutlivesItsCredential(t *testing.T) {
	s := &Server{cfg: Config{Secret: "s"}}
	expired := "1000000000:ann"
	for method, want := range map[stun.Method]bool{
		stun.MethodAllocate: false, stun.MethodRefresh: true, stun.MethodCreatePermission: true, stun.MethodChannelBind: true,
	} {
		userID, key, ok := s.authenticate(&turn.RequestAttributes{Username: expired, Realm: realm, Method: method})
		require.Equal(t, want, ok, method)
		if want {
			require.Equal(t, "ann", userID)
			require.Equal(t, turn.GenerateAuthKey(expired, realm, Credential("s", expired)), key)
		}
	}
	_, _, ok := s.authenticate(&turn.RequestAttributes{Username: strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10) + ":ann", Realm: realm, Method: stun.MethodAllocate})
	require.True(t, ok)
}
