package controllers_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/services"
	"lectern/ws/wstest"
)

func pictureOf(t *testing.T, w, h int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	img.Set(0, 0, color.Black)
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, img))
	return out.String()
}

func setAvatar(t *testing.T, by *testenv.Client, content string) *testenv.Response {
	t.Helper()
	body, header := form(t, "file", "me.png", content)
	return by.Send(t, "PUT", "/api/v1/me/avatar", body, header)
}

func TestAnAvatarIsSeenByOthersAtOnce(t *testing.T) {
	c := newLesson(t)
	classmate := c.connect(t, c.classmate)
	var me wire.Me
	setAvatar(t, c.student, pictureOf(t, 900, 600)).Want(t, 200).Decode(t, &me)
	require.NotNil(t, me.AvatarURL)
	var seen wire.Profile
	classmate.Expect(t, wire.EventUserUpdated, &seen)
	require.Equal(t, c.student.UserID, seen.ID)
	require.Equal(t, me.AvatarURL, seen.AvatarURL)

	res := c.env.Anonymous().Do(t, "GET", *me.AvatarURL, nil).Want(t, 200) // as <img> asks
	require.Equal(t, "image/jpeg", res.Header.Get("Content-Type"))
	require.Equal(t, "sandbox; default-src 'none'", res.Header.Get("Content-Security-Policy"))
	img, err := jpeg.Decode(bytes.NewReader(res.Body))
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 512, 512), img.Bounds())
	c.env.Anonymous().Send(t, "GET", *me.AvatarURL, nil, http.Header{"If-None-Match": res.Header["Etag"]}).Want(t, 304)
	var profile wire.Profile
	c.stranger.Do(t, "GET", "/api/v1/users/"+c.student.UserID, nil).Decode(t, &profile)
	require.Equal(t, me.AvatarURL, profile.AvatarURL)
	require.Equal(t, 1, stored(t, c.env))

	first := *me.AvatarURL
	setAvatar(t, c.student, pictureOf(t, 100, 100)).Want(t, 200).Decode(t, &me)
	require.NotEqual(t, first, *me.AvatarURL)
	c.env.Anonymous().Do(t, "GET", first, nil).Want(t, 404).Problem(t)
	require.Equal(t, 1, stored(t, c.env), "the one before is gone")
	id := (*me.AvatarURL)[strings.LastIndex(*me.AvatarURL, "/")+1:]
	c.student.Do(t, "DELETE", "/api/v1/files/"+id, nil).Want(t, 409).Problem(t)

	c.student.Do(t, "DELETE", "/api/v1/me/avatar", nil).Want(t, 200).Decode(t, &me)
	require.Nil(t, me.AvatarURL)
	c.student.Do(t, "DELETE", "/api/v1/me/avatar", nil).Want(t, 200)
	require.Zero(t, stored(t, c.env))
	classmate.ExpectWhere(t, wire.EventUserUpdated, func(f wstest.Frame) bool {
		return strings.Contains(string(f.Data), `"avatar_url":null`)
	})
}

func TestANewPictureShowsInTheMeeting(t *testing.T) {
	c := newLesson(t)
	meeting := c.start(t)
	teacher, student := c.connect(t, c.owner), c.connect(t, c.student)
	join(t, teacher, meeting)
	mine := join(t, student, meeting)
	shows := func(url string) func(f wstest.Frame) bool {
		return func(f wstest.Frame) bool {
			var p wire.ParticipantChanged
			return json.Unmarshal(f.Data, &p) == nil && p.ParticipantID == mine.ParticipantID && p.User.AvatarURL != nil && *p.User.AvatarURL == url
		}
	}
	var me wire.Me
	setAvatar(t, c.student, pictureOf(t, 9, 9)).Want(t, 200).Decode(t, &me)
	teacher.ExpectWhere(t, wire.EventParticipantUpdated, shows(*me.AvatarURL))
	student.Call(t, "meeting.state_update", wire.MeetingStateUpdate{HandRaised: new(true)}, nil)
	teacher.ExpectWhere(t, wire.EventParticipantUpdated, shows(*me.AvatarURL))
}

func TestWhatIsNoAvatarIsRefused(t *testing.T) {
	env := testenv.Start(t)
	ada := env.Register(t, "Ada")
	bomb := []byte(pictureOf(t, 1, 1))
	copy(bomb[16:], "\x00\x01\x00\x00\x00\x01\x00\x00") // 65,536 × 65,536; its checksum is wrong as well
	require.Contains(t, setAvatar(t, ada, "hello").Want(t, 422).Problem(t).Errors["file"], "not a PNG")
	setAvatar(t, ada, string(bomb)).Want(t, 422).Problem(t)
	require.Equal(t, "too_large", setAvatar(t, ada, strings.Repeat("x", services.MaxAvatarBytes+1)).Want(t, 413).Problem(t).Code)
	setAvatar(t, ada, strings.Repeat("x", services.MaxAvatarBytes+2<<20)).Want(t, 413).Problem(t)
	ada.Do(t, "PUT", "/api/v1/me/avatar", `{"file":"x"}`).Want(t, 400).Problem(t)
	env.Anonymous().Do(t, "GET", "/api/v1/avatars/7", nil).Want(t, 404).Problem(t)
	require.Zero(t, stored(t, env))
}
