package sfu

import (
	"testing"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
)

// A sender that is made for a line of before sends what the client's answer took: a client without RED gets none.
func TestSendersMadeLaterGoByWhatWasNegotiated(t *testing.T) {
	api, err := newSubscriberAPI(webrtc.SettingEngine{}, nil)
	require.NoError(t, err)
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	defer func() { _ = pc.Close() }()
	_, err = pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	require.NoError(t, err)
	answerWithoutRED(t, pc)

	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "microphone", "ann")
	require.NoError(t, err)
	sender, err := api.NewRTPSender(track, pc.SCTP().Transport())
	require.NoError(t, err)
	var known []string
	for _, c := range sender.GetParameters().Codecs {
		known = append(known, c.MimeType)
	}
	require.Equal(t, []string{webrtc.MimeTypeOpus}, known)
}

func answerWithoutRED(t *testing.T, pc *webrtc.PeerConnection) {
	t.Helper()
	media := new(webrtc.MediaEngine)
	require.NoError(t, media.RegisterDefaultCodecs())
	client, err := webrtc.NewAPI(webrtc.WithMediaEngine(media)).NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	defer func() { _ = client.Close() }()
	offer, err := pc.CreateOffer(nil)
	require.NoError(t, err)
	require.NoError(t, pc.SetLocalDescription(offer))
	require.NoError(t, client.SetRemoteDescription(offer))
	answer, err := client.CreateAnswer(nil)
	require.NoError(t, err)
	require.NoError(t, pc.SetRemoteDescription(answer))
}
