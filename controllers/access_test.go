package controllers_test

import (
	"encoding/json"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/controllers"
	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/ws/wstest"
)

// columns are the people of the access tables. The administrator is a stranger to the channel: running the installation
// opens nobody's classroom.
var columns = []string{"anonymous", "stranger", "student", "assistant", "owner", "administrator"}

// What each of them is answered, in that order: "ok" is any success, a number a refusal.
const (
	anybody  = "ok  ok  ok  ok  ok  ok"
	signedIn = "401 ok  ok  ok  ok  ok"
	members  = "401 404 ok  ok  ok  404"
	teachers = "401 404 403 ok  ok  404"
	owners   = "401 404 403 403 ok  404"
	keeper   = "401 404 403 403 403 404" // nobody here: it belongs to another member
	admins   = "401 403 403 403 403 ok"

	theOther = "401 404 ok  404 404 404" // the student is the keeper's other one in {conversation}
)

// access is one row: a request or command, and what the columns are answered. Words in braces stand for things that
// scene.thing makes; what a row destroys is made anew for each column.
type access struct {
	ask, data string
	answers   string
}

const (
	multipartForm = "multipart" // the data of an upload
	tusHeaders    = "tus"       // those of an upload in parts
)

// routeAccess is the table of routes. A route without a row fails the test.
var routeAccess = []access{
	{"GET /healthz", "", anybody},
	{"GET /readyz", "", anybody},
	{"GET /metrics", "", anybody},
	{"GET /swagger", "", anybody},
	{"GET /swagger/{swagger}", "", anybody},
	{"GET /ws", "", "400 400 400 400 400 400"}, // no upgrade; the commands have their own table

	// Without the refresh cookie: an access token alone opens nothing here.
	{"POST /api/v1/auth/register", `{"email":"{email}","password":"{password}","name":"New"}`, anybody},
	{"POST /api/v1/auth/login", `{"email":"{account}","password":"{password}"}`, anybody},
	{"POST /api/v1/auth/refresh", "", "401 401 401 401 401 401"},
	{"POST /api/v1/auth/logout", "", anybody},

	{"POST /api/v1/auth/verify-email", `{"token":"nonsense"}`, "422 422 422 422 422 422"},
	{"POST /api/v1/auth/forgot-password", `{"email":"{account}"}`, anybody},
	{"POST /api/v1/auth/reset-password", `{"token":"nonsense","password":"{password}"}`, "422 422 422 422 422 422"},
	{"GET /api/v1/server", "", anybody},

	{"GET /api/v1/me/sessions", "", signedIn},
	{"DELETE /api/v1/me/sessions/{session}", "", "401 404 404 404 404 404"},
	{"DELETE /api/v1/me/sessions/{own-session}", "", "401 ok  ok  ok  ok  ok"},
	{"DELETE /api/v1/me/sessions", "", signedIn},
	{"PUT /api/v1/me/password", `{"current_password":"{password}","password":"{password}"}`, signedIn},
	{"PUT /api/v1/me/password", `{"current_password":"wrong","password":"{password}"}`, "401 422 422 422 422 422"},
	{"POST /api/v1/me/verify-email", "", "401 409 409 409 409 409"}, // nothing sends email here
	{"GET /api/v1/me/export", "", signedIn},
	{"DELETE /api/v1/me", `{"password":"wrong"}`, "401 422 422 422 422 422"},
	{"GET /api/v1/me", "", signedIn},
	{"PATCH /api/v1/me", `{"locale":"en"}`, signedIn},
	{"PUT /api/v1/me/avatar", multipartForm, "401 422 422 422 422 422"}, // it is no picture
	{"DELETE /api/v1/me/avatar", "", signedIn},
	{"GET /api/v1/avatars/{secret-file}", "", "404 404 404 404 404 404"}, // only what is somebody's picture
	{"GET /api/v1/avatars/{avatar}", "", anybody},                        // its address is the secret
	{"GET /api/v1/users?q=keeper", "", signedIn},
	{"GET /api/v1/users/{user}", "", signedIn},
	{"GET /api/v1/ice-servers", "", signedIn},

	{"GET /api/v1/calls", "", signedIn},
	{"GET /api/v1/calls/active", "", signedIn},
	{"GET /api/v1/calls/{incoming-call}", "", members},
	{"GET /api/v1/calls/{others-call}", "", "401 404 404 404 404 404"},

	{"GET /api/v1/admin/users", "", admins},
	{"PATCH /api/v1/admin/users/{user}", `{"role":"admin","disabled":true}`, admins},
	{"PATCH /api/v1/admin/users/{self}", `{"role":"user"}`, "401 403 403 403 403 409"}, // an administrator is always left
	{"POST /api/v1/admin/users/{user}/reset-password", "", admins},
	{"POST /api/v1/admin/users/{self}/reset-password", "", "401 403 403 403 403 409"},
	{"GET /api/v1/admin/channels", "", admins},
	{"GET /api/v1/admin/audit", "", admins},
	{"GET /api/v1/admin/storage", "", admins},
	{"GET /api/v1/admin/health", "", admins},
	{"GET /api/v1/admin/meetings/{meeting}/stats", "", admins},

	{"GET /api/v1/channels", "", signedIn},
	{"POST /api/v1/channels", `{"name":"Chemistry"}`, signedIn},
	{"GET /api/v1/channels/{channel}", "", members},
	{"PATCH /api/v1/channels/{channel}", `{"name":"Physics"}`, teachers},
	{"DELETE /api/v1/channels/{new-channel}", "", owners},
	{"PATCH /api/v1/channels/{new-channel}", `{"posting":"teachers"}`, teachers},
	{"PATCH /api/v1/channels/{new-channel}", `{"archived":true}`, owners},
	{"PATCH /api/v1/channels/{archived-channel}", `{"archived":false}`, owners},
	{"PATCH /api/v1/channels/{archived-channel}", `{"name":"Physics"}`, "401 404 403 409 409 404"},
	{"PATCH /api/v1/channels/{channel}/preferences", `{"level":"all"}`, members},
	{"PATCH /api/v1/channels/{archived-channel}/preferences", `{"level":"none"}`, members},
	{"PUT /api/v1/me/channel-order", `{"channel_ids":["{channel}"]}`, signedIn},
	{"POST /api/v1/channels/{new-channel}/transfer", `{"user_id":"{keeper}"}`, owners},
	{"POST /api/v1/channels/{channel}/read", `{"up_to":"{post}"}`, members},

	{"GET /api/v1/changes/heads", "", signedIn},
	{"GET /api/v1/changes?scope=channel:{channel}", "", members},
	{"GET /api/v1/changes?scope=user:{self}", "", signedIn},
	{"GET /api/v1/changes?scope=user:{user}", "", "401 404 404 404 404 404"},
	{"GET /api/v1/changes?scope=conversation:{conversation}", "", theOther},

	{"GET /api/v1/conversations", "", signedIn},
	{"POST /api/v1/conversations", `{"user_id":"{keeper}"}`, "401 403 ok  ok  ok  403"}, // who shares a channel with them
	{"POST /api/v1/conversations", `{"user_id":"{self}"}`, signedIn},
	{"GET /api/v1/conversations/{conversation}", "", theOther},
	{"PATCH /api/v1/conversations/{conversation}", `{"muted":true}`, theOther},
	{"POST /api/v1/conversations/{conversation}/read", `{"up_to":"{message}"}`, theOther},
	{"GET /api/v1/conversations/{conversation}/messages", "", theOther},
	{"POST /api/v1/conversations/{conversation}/messages", `{"body":"Hello"}`, theOther},
	{"POST /api/v1/conversations/{conversation}/messages", `{"body":"Mine now?","file_ids":["{secret-file}"]}`, "401 404 422 404 404 404"},
	{"PATCH /api/v1/messages/{message}", `{"body":"Changed"}`, "401 404 403 404 404 404"},
	{"PATCH /api/v1/messages/{own-message}", `{"body":"Changed"}`, theOther},
	{"DELETE /api/v1/messages/{message}", "", "401 404 403 404 404 404"},
	{"DELETE /api/v1/messages/{own-message}", "", theOther},
	{"PUT /api/v1/messages/{message}/reactions/{emoji}", "", theOther},
	{"DELETE /api/v1/messages/{message}/reactions/{emoji}", "", theOther},
	{"GET /api/v1/files/{message-file}", "", theOther},
	{"GET /api/v1/files/{message-file}/content", "", theOther},

	{"GET /api/v1/channels/{channel}/members", "", members},
	{"POST /api/v1/channels/{channel}/members", `{"user_id":"{user}","role":"student"}`, teachers},
	{"POST /api/v1/channels/{channel}/members", `{"user_id":"{user}","role":"assistant"}`, owners},
	{"POST /api/v1/channels/{channel}/members", `{"user_id":"{user}","role":"owner"}`, owners},
	{"PATCH /api/v1/channels/{channel}/members/{new-student}", `{"role":"assistant"}`, owners},
	{"PATCH /api/v1/channels/{new-channel}/members/{self}", `{"role":"owner"}`, owners},
	{"DELETE /api/v1/channels/{channel}/members/{new-student}", "", teachers},
	{"DELETE /api/v1/channels/{channel}/members/{new-assistant}", "", owners},
	{"DELETE /api/v1/channels/{new-channel}/members/{self}", "", members},

	{"GET /api/v1/channels/{channel}/invites", "", teachers},
	{"POST /api/v1/channels/{channel}/invites", `{}`, teachers},
	{"POST /api/v1/channels/{new-channel}/invites/rotate", `{}`, teachers},
	{"POST /api/v1/channels/{archived-channel}/invites", `{}`, "401 404 403 409 409 404"},
	{"GET /api/v1/invites/{invite}", "", signedIn},
	{"DELETE /api/v1/invites/{invite}", "", teachers},
	{"POST /api/v1/invites/{new-invite}/accept", "", signedIn},

	{"GET /api/v1/channels/{channel}/posts", "", members},
	{"POST /api/v1/channels/{channel}/posts", `{"body":"Hello"}`, members},
	{"POST /api/v1/channels/{channel}/posts", `{"body":"Mine now?","file_ids":["{secret-file}"]}`, "401 404 422 422 422 404"},
	{"POST /api/v1/channels/{announcing-channel}/posts", `{"body":"Hello"}`, teachers},
	{"POST /api/v1/channels/{archived-channel}/posts", `{"body":"Hello"}`, "401 404 409 409 409 404"},
	{"GET /api/v1/channels/{archived-channel}/posts", "", members},
	{"GET /api/v1/channels/{channel}/posts?around={post}", "", members},
	{"GET /api/v1/posts/{post}", "", members},
	{"PATCH /api/v1/posts/{post}", `{"body":"Changed"}`, keeper},
	{"PATCH /api/v1/posts/{post}", `{"pinned":true}`, teachers},
	{"PATCH /api/v1/posts/{own-post}", `{"body":"Changed"}`, members},
	{"DELETE /api/v1/posts/{post}", "", teachers},
	{"DELETE /api/v1/posts/{own-post}", "", members},

	{"GET /api/v1/channels/{channel}/scheduled-posts", "", members},
	{"POST /api/v1/channels/{channel}/scheduled-posts", `{"body":"Later","publish_at":"{tomorrow}"}`, members},
	{"POST /api/v1/channels/{announcing-channel}/scheduled-posts", `{"body":"Later","publish_at":"{tomorrow}"}`, teachers},
	{"POST /api/v1/channels/{archived-channel}/scheduled-posts", `{"body":"Later","publish_at":"{tomorrow}"}`, "401 404 409 409 409 404"},
	{"GET /api/v1/scheduled-posts/{scheduled}", "", "401 404 404 404 404 404"},
	{"PATCH /api/v1/scheduled-posts/{scheduled}", `{"body":"Mine now?"}`, "401 404 404 404 404 404"},
	{"DELETE /api/v1/scheduled-posts/{scheduled}", "", "401 404 404 404 404 404"},
	{"GET /api/v1/scheduled-posts/{own-scheduled}", "", members},
	{"PATCH /api/v1/scheduled-posts/{own-scheduled}", `{"body":"Changed"}`, members},
	{"DELETE /api/v1/scheduled-posts/{own-scheduled}", "", members},

	{"GET /api/v1/notifications", "", signedIn},
	{"POST /api/v1/notifications/read", `{"ids":["{uuid}"]}`, signedIn}, // others' are passed over
	{"GET /api/v1/me/preferences", "", signedIn},
	{"PATCH /api/v1/me/preferences", `{"sounds":false}`, signedIn},
	{"GET /api/v1/push/key", "", signedIn},
	{"PUT /api/v1/push/subscriptions", `{"endpoint":"http://example.org/","keys":{"p256dh":"","auth":""}}`, "401 422 422 422 422 422"},
	{"DELETE /api/v1/push/subscriptions", `{"endpoint":"https://example.org/"}`, signedIn},

	{"GET /api/v1/posts/{post}/comments", "", members},
	{"POST /api/v1/posts/{post}/comments", `{"body":"Hello"}`, members},
	{"PATCH /api/v1/comments/{comment}", `{"body":"Changed"}`, keeper},
	{"PATCH /api/v1/comments/{own-comment}", `{"body":"Changed"}`, members},
	{"DELETE /api/v1/comments/{comment}", "", teachers},
	{"DELETE /api/v1/comments/{own-comment}", "", members},

	{"PUT /api/v1/posts/{post}/reactions/{emoji}", "", members},
	{"DELETE /api/v1/posts/{post}/reactions/{emoji}", "", members},
	{"PUT /api/v1/comments/{comment}/reactions/{emoji}", "", members},
	{"DELETE /api/v1/comments/{comment}/reactions/{emoji}", "", members},

	{"GET /api/v1/search?q=post", "", signedIn},
	{"GET /api/v1/search?q=post&in={channel}", "", "401 422 ok  ok  ok  422"},
	{"GET /api/v1/channels/{channel}/files", "", members},
	{"GET /api/v1/conversations/{conversation}/files", "", theOther},
	{"OPTIONS /api/v1/uploads", "", anybody},
	{"POST /api/v1/uploads", tusHeaders, signedIn},
	{"HEAD /api/v1/uploads/{upload}", tusHeaders, "401 404 404 404 404 404"},
	{"HEAD /api/v1/uploads/{own-upload}", tusHeaders, signedIn},
	{"PATCH /api/v1/uploads/{upload}", tusHeaders, "401 404 404 404 404 404"},
	{"PATCH /api/v1/uploads/{own-upload}", tusHeaders, signedIn},
	{"DELETE /api/v1/uploads/{upload}", tusHeaders, "401 404 404 404 404 404"},
	{"DELETE /api/v1/uploads/{own-upload}", tusHeaders, signedIn},
	{"GET /api/v1/files/{picture}/thumb", "", members},
	{"GET /api/v1/files/{secret-file}/thumb", "", "401 404 404 404 404 404"},
	{"GET /api/v1/files/{picture}/thumb?exp=9999999999&sig=AAAA", "", "403 404 ok  ok  ok  404"},
	{"POST /api/v1/files", multipartForm, signedIn},
	{"GET /api/v1/files/{file}", "", members},
	{"GET /api/v1/files/{secret-file}", "", "401 404 404 404 404 404"},
	{"DELETE /api/v1/files/{file}", "", keeper},
	{"DELETE /api/v1/files/{own-file}", "", signedIn},
	{"GET /api/v1/files/{file}/content", "", members},
	{"GET /api/v1/files/{secret-file}/content", "", "401 404 404 404 404 404"},
	{"GET /api/v1/files/{secret-file}/content?exp=9999999999&sig=AAAA", "", "403 404 404 404 404 404"},

	{"POST /api/v1/channels/{channel}/meetings", "", teachers}, // none is running
	{"POST /api/v1/channels/{met-channel}/meetings", "", members},
	{"GET /api/v1/meetings/{meeting}", "", members},
	{"GET /api/v1/meetings/{meeting}/door", "", signedIn}, // who has the link may knock
	{"POST /api/v1/meetings/{meeting}/end", "", teachers},
	{"GET /api/v1/channels/{met-channel}/meetings", "", members},
	{"GET /api/v1/channels/{met-channel}/breakouts", "", teachers},
	{"GET /api/v1/meetings/{meeting}/attendance", "", teachers},
	{"GET /api/v1/meetings/{meeting}/attendance?format=csv", "", teachers},
	{"GET /api/v1/meetings/{meeting}/attendance/me", "", members},
	{"GET /api/v1/meetings/{meeting}/polls", "", teachers},
	{"GET /api/v1/meetings/{meeting}/polls?format=csv", "", teachers},
	{"POST /api/v1/meetings/{meeting}/post", "", members},
	{"GET /api/v1/meetings/{meeting}/playback", "", teachers},
	{"GET /api/v1/meetings/{meeting}/playback?format=csv", "", teachers},
	{"GET /api/v1/channels/{channel}/playlist", "", members},
	{"GET /api/v1/channels/{channel}/markers", "", teachers},
}

// In the table of commands everybody who may has joined {meeting} before. 409: not in a meeting.
const (
	inMeeting    = "401 409 ok  ok  ok  409"
	driving      = "401 409 403 ok  ok  409"
	mayButBadSDP = "401 409 422 422 422 409"
)

// commandAccess is the table of socket commands. A command without a row fails the test.
var commandAccess = []access{
	{"clock.ping", `{"t0":1}`, signedIn},
	{"typing", `{"channel_id":"{channel}"}`, members},
	{"typing", `{"conversation_id":"{conversation}"}`, theOther},
	{"presence", `{"away":true}`, signedIn},
	{"message.send", `{"conversation_id":"{conversation}","body":"Hello"}`, theOther},
	{"message.delivered", `{"conversation_id":"{conversation}","up_to":"{message}"}`, theOther},

	// Whoever shares a channel may call; a third person cannot know that a call is.
	{"call.invite", `{"user_id":"{new-student}","media":"audio"}`, "401 403 ok  ok  ok  403"},
	{"call.accept", `{"call_id":"{others-call}"}`, "401 404 404 404 404 404"},
	{"call.resume", `{"call_id":"{others-call}"}`, "401 404 404 404 404 404"},
	{"call.decline", `{"call_id":"{others-call}"}`, "401 404 404 404 404 404"},
	{"call.cancel", `{"call_id":"{others-call}"}`, "401 404 404 404 404 404"},
	{"call.hangup", `{"call_id":"{others-call}"}`, "401 404 404 404 404 404"},
	{"call.signal", `{"call_id":"{others-call}"}`, "401 404 404 404 404 404"},
	{"call.accept", `{"call_id":"{incoming-call}"}`, members},
	{"call.decline", `{"call_id":"{incoming-call}"}`, members},
	{"call.hangup", `{"call_id":"{incoming-call}"}`, members},
	{"call.cancel", `{"call_id":"{incoming-call}"}`, "401 404 403 403 403 404"}, // only who calls
	{"call.resume", `{"call_id":"{incoming-call}"}`, "401 404 409 409 409 404"}, // not answered yet
	{"call.signal", `{"call_id":"{incoming-call}"}`, "401 404 409 409 409 404"},

	{"meeting.join", `{"meeting_id":"{meeting}"}`, "401 403 ok  ok  ok  403"}, // strangers wait
	{"meeting.join", `{"meeting_id":"{uuid}"}`, "401 404 404 404 404 404"},
	{"meeting.leave", `{}`, signedIn}, // leaving what one is not in is no mistake
	{"meeting.offer", `{"sdp":"nonsense"}`, mayButBadSDP},
	{"meeting.answer", `{"sdp":"nonsense"}`, mayButBadSDP},
	{"meeting.candidate", `{"target":"publisher","candidate":{"candidate":"nonsense","sdpMid":"0","sdpMLineIndex":0}}`, mayButBadSDP},
	{"meeting.tracks", `{"tracks":[]}`, inMeeting},
	{"meeting.view", `{"tiles":[]}`, inMeeting},
	{"meeting.state_update", `{"hand_raised":true}`, inMeeting},
	{"meeting.start_screen_share", `{}`, inMeeting},
	{"meeting.stop_screen_share", `{}`, inMeeting},
	{"meeting.mute", `{}`, driving},
	{"meeting.mute", `{"participant_id":"{participant}"}`, driving},
	{"meeting.remove", `{"participant_id":"{participant}"}`, driving},
	{"meeting.settings", `{"cameras_locked":true}`, driving},
	{"meeting.admit", `{"user_id":"{knocking}"}`, driving},
	{"meeting.admit", `{}`, driving},
	{"meeting.admit", `{"user_id":"{user}"}`, "401 409 403 404 404 409"}, // who does not wait
	{"meeting.deny", `{"user_id":"{knocking}"}`, driving},
	{"meeting.call_on", `{"participant_id":"{participant}"}`, driving},
	{"meeting.lower_hand", `{}`, driving},
	{"meeting.lower_hand", `{"participant_id":"{participant}"}`, driving},
	{"meeting.spotlight", `{"participant_id":"{participant}"}`, driving},
	{"meeting.react", `{"emoji":"👏"}`, inMeeting},
	{"meeting.breakouts_open", `{"rooms":[{"name":"A","user_ids":[]}]}`, driving},
	{"meeting.breakouts_extend", `{"seconds":60}`, "401 409 403 409 409 409"}, // none are open
	{"meeting.breakouts_extend", `{"seconds":0}`, "401 409 403 422 422 409"},
	{"meeting.breakouts_close", `{"countdown_s":0}`, "401 409 403 409 409 409"},
	{"meeting.move", `{"participant_id":"{participant}","room_id":""}`, "401 409 403 409 409 409"},
	{"meeting.broadcast", `{"text":"Hello"}`, "401 409 403 409 409 409"},
	{"meeting.poll_open", `{"id":"{uuid}","question":"Why?","options":["A","B"]}`, driving},
	{"meeting.poll_vote", `{"poll_id":"{uuid}","choices":[0]}`, "401 409 404 404 404 409"}, // no such poll
	{"meeting.poll_vote", `{"poll_id":"{poll}","choices":[0]}`, inMeeting},
	{"meeting.poll_close", `{"poll_id":"{poll}"}`, driving},
	{"meeting.caption", `{"line":1,"text":"Hello","lang":"en"}`, inMeeting},
	{"meeting.captions", `{"on":true}`, inMeeting},
	{"meeting.end", `{}`, driving},

	{"playback.command", `{"meeting_id":"{meeting}","id":"{uuid}","op":"load","item":{"kind":"youtube","url":"https://youtu.be/aqz-KE-bpKQ"}}`, teachers},
	{"playback.command", `{"meeting_id":"{meeting}","id":"{uuid}","op":"stop"}`, teachers},
	{"playback.status", `{"state":"in_step"}`, inMeeting},
	{"playback.edit", `{"channel_id":"{new-channel}","id":"{uuid}","op":"add","item":{"kind":"youtube","url":"https://youtu.be/aqz-KE-bpKQ"}}`, teachers},
	{"playback.report", `{"channel_id":"{channel}","key":"youtube:aqz-KE-bpKQ","duration":596}`, teachers},
	{"playback.set_marker", `{"channel_id":"{new-channel}","marker":{"id":"{uuid}","key":"youtube:aqz-KE-bpKQ","t":3,"question":"Why?"}}`, teachers},
	{"playback.remove_marker", `{"channel_id":"{channel}","marker_id":"{uuid}"}`, teachers},
	{"playback.answer", `{"question_id":"{uuid}","text":"Because"}`, "401 409 409 403 403 409"}, // no such question is open
	{"playback.close_question", `{"question_id":"{uuid}"}`, "401 409 403 404 404 409"},
	{"playback.comment", `{"body":"Why?","key":"youtube:aqz-KE-bpKQ","pos":3}`, inMeeting},
	{"playback.lost", `{"key":"youtube:aqz-KE-bpKQ","pos":3}`, inMeeting},
	{"playback.settings", `{"free_browsing":true}`, driving},
	{"playback.remote", `{"op":"take"}`, driving},
	{"playback.recall", `{}`, driving},
	{"playback.nudge", `{"participant_id":"{participant}"}`, driving},
}

// scene is a channel with a person for each column, and a keeper: another owner, to whom everything else belongs.
type scene struct {
	env     *testenv.Env
	people  map[string]*testenv.Client
	keeper  *testenv.Client
	channel string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	env := testenv.Start(t, func(c *config.Config) { c.UserMaxChannels, c.MediaMaxRooms = 1000, 1000 }) // many a row has its own
	s := &scene{env: env, people: map[string]*testenv.Client{"anonymous": env.Anonymous()}}
	s.people["administrator"] = env.Register(t, "administrator") // the first account is one
	s.keeper = env.Register(t, "keeper")
	for _, name := range []string{"stranger", "student", "assistant", "owner"} {
		s.people[name] = env.Register(t, name)
	}
	for _, person := range s.people {
		person.HTTP.Jar = nil
	}
	s.channel = s.newChannel(t)
	return s
}

func (s *scene) newChannel(t *testing.T) string {
	t.Helper()
	var channel wire.Channel
	s.keeper.Do(t, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Want(t, 201).Decode(t, &channel)
	for _, role := range []string{models.RoleStudent, models.RoleAssistant, models.RoleOwner} {
		s.addMember(t, channel.ID, s.people[role].UserID, role)
	}
	return channel.ID
}

func (s *scene) addMember(t *testing.T, channelID, userID, role string) string {
	t.Helper()
	s.keeper.Do(t, "POST", "/api/v1/channels/"+channelID+"/members", wire.AddMemberRequest{UserID: userID, Role: role}).Want(t, 201)
	return userID
}

// create makes something by REST and returns its id.
func (s *scene) create(t *testing.T, by *testenv.Client, path string, body any) string {
	t.Helper()
	var made struct{ ID, Code string }
	by.Do(t, "POST", "/api/v1"+path, body).Want(t, 201).Decode(t, &made)
	return made.ID + made.Code // it has one of them
}

func (s *scene) fileOf(t *testing.T, by *testenv.Client) string {
	t.Helper()
	body, header := form(t, "file", "a.txt", models.NewID())
	var file wire.File
	by.Send(t, "POST", "/api/v1/files", body, header).Want(t, 201).Decode(t, &file)
	return file.ID
}

// conversation is that of the keeper and the student.
func (s *scene) conversation(t *testing.T) string {
	t.Helper()
	var conversation wire.Conversation
	s.keeper.Do(t, "POST", "/api/v1/conversations", wire.OpenConversationRequest{UserID: s.people["student"].UserID}).Decode(t, &conversation)
	return conversation.ID
}

// sessionOf signs somebody in on another device.
func (s *scene) sessionOf(t *testing.T, who *testenv.Client) string {
	t.Helper()
	device := s.env.Anonymous()
	device.HTTP.Jar = nil
	var session wire.Session
	device.Do(t, "POST", "/api/v1/auth/login", wire.LoginRequest{Email: who.Email, Password: testenv.Password}).Want(t, 200).Decode(t, &session)
	device.Token = session.AccessToken
	var list wire.List[wire.DeviceSession]
	device.Do(t, "GET", "/api/v1/me/sessions", nil).Decode(t, &list)
	i := slices.IndexFunc(list.Items, func(d wire.DeviceSession) bool { return d.Current })
	return list.Items[i].ID
}

// thing makes what a word in braces stands for.
func (s *scene) thing(t *testing.T, word, column string) string {
	t.Helper()
	person, entry := s.people[column], wire.CreateEntryRequest{Body: "Hello"}
	author := person // of what is one's own; a stranger is given what others own
	if column == "anonymous" || column == "stranger" || column == "administrator" {
		author = s.keeper
	}
	posts := "/channels/" + s.channel + "/posts"
	switch word {
	case "swagger":
		return "index.html"
	case "uuid":
		return models.NewID()
	case "email":
		return models.NewID() + "@example.org"
	case "account":
		return s.keeper.Email
	case "password":
		return testenv.Password
	case "session":
		return s.sessionOf(t, s.keeper)
	case "own-session":
		if column == "anonymous" {
			person = s.keeper
		}
		return s.sessionOf(t, person)
	case "emoji":
		return "%F0%9F%91%8D"
	case "channel":
		return s.channel
	case "new-channel":
		return s.newChannel(t)
	case "archived-channel":
		channel := s.newChannel(t)
		s.keeper.Do(t, "PATCH", "/api/v1/channels/"+channel, wire.UpdateChannelRequest{Archived: new(true)}).Want(t, 200)
		return channel
	case "announcing-channel":
		channel := s.newChannel(t)
		s.keeper.Do(t, "PATCH", "/api/v1/channels/"+channel, wire.UpdateChannelRequest{Posting: new(models.PostingTeachers)}).Want(t, 200)
		return channel
	case "keeper":
		return s.keeper.UserID
	case "conversation":
		return s.conversation(t)
	case "message", "message-file":
		file := s.fileOf(t, s.keeper)
		message := s.create(t, s.keeper, "/conversations/"+s.conversation(t)+"/messages", wire.CreateMessageRequest{FileIDs: []string{file}})
		if word == "message-file" {
			return file
		}
		return message
	case "own-message":
		if column != "student" {
			author = s.keeper
		}
		return s.create(t, author, "/conversations/"+s.conversation(t)+"/messages", entry)
	case "tomorrow":
		return time.Now().Add(24 * time.Hour).Format(time.RFC3339)
	case "scheduled", "own-scheduled":
		if word == "scheduled" {
			author = s.keeper
		}
		return s.create(t, author, "/channels/"+s.channel+"/scheduled-posts",
			wire.SchedulePostRequest{CreateEntryRequest: entry, PublishAt: wire.At(time.Now().Add(24 * time.Hour))})
	case "met-channel":
		channel := s.newChannel(t)
		s.create(t, s.keeper, "/channels/"+channel+"/meetings", nil)
		return channel
	case "self":
		if person.UserID == "" {
			return s.keeper.UserID
		}
		return person.UserID
	case "user":
		return s.env.Register(t, "Somebody").UserID
	case "new-student":
		return s.addMember(t, s.channel, s.env.Register(t, "Fresh").UserID, models.RoleStudent)
	case "new-assistant":
		return s.addMember(t, s.channel, s.env.Register(t, "Fresh").UserID, models.RoleAssistant)
	case "invite":
		return s.create(t, s.keeper, "/channels/"+s.channel+"/invites", wire.CreateInviteRequest{})
	case "new-invite":
		return s.create(t, s.keeper, "/channels/"+s.newChannel(t)+"/invites", wire.CreateInviteRequest{})
	case "post":
		return s.create(t, s.keeper, posts, entry)
	case "own-post":
		return s.create(t, author, posts, entry)
	case "comment":
		return s.create(t, s.keeper, "/posts/"+s.create(t, s.keeper, posts, entry)+"/comments", entry)
	case "own-comment":
		return s.create(t, author, "/posts/"+s.create(t, s.keeper, posts, entry)+"/comments", entry)
	case "file":
		file := s.fileOf(t, s.keeper)
		s.create(t, s.keeper, posts, wire.CreateEntryRequest{FileIDs: []string{file}})
		return file
	case "picture":
		body, header := form(t, "file", "a.png", pictureOf(t, 8, 8))
		var file wire.File
		s.keeper.Send(t, "POST", "/api/v1/files", body, header).Want(t, 201).Decode(t, &file)
		s.create(t, s.keeper, posts, wire.CreateEntryRequest{FileIDs: []string{file.ID}})
		return file.ID
	case "upload":
		return path.Base(begin(t, s.keeper, 5, ""))
	case "own-upload":
		if column == "anonymous" {
			return models.NewID()
		}
		return path.Base(begin(t, person, 5, ""))
	case "own-file":
		if column == "anonymous" {
			return s.fileOf(t, s.keeper)
		}
		return s.fileOf(t, person)
	case "secret-file":
		return s.fileOf(t, s.keeper)
	case "avatar":
		var me wire.Me
		setAvatar(t, s.keeper, pictureOf(t, 8, 8)).Want(t, 200).Decode(t, &me)
		return path.Base(*me.AvatarURL)
	case "meeting":
		return s.create(t, s.keeper, "/channels/"+s.newChannel(t)+"/meetings", nil)
	case "others-call":
		return s.callTo(t, s.addMember(t, s.channel, s.env.Register(t, "Fresh").UserID, models.RoleStudent))
	case "incoming-call": // which rings at somebody else where the person cannot be called
		if author != person {
			return s.thing(t, "others-call", column)
		}
		return s.callTo(t, person.UserID)
	}
	require.FailNow(t, "nothing is called {"+word+"}")
	return ""
}

// callTo has a new student call somebody until the test ends.
func (s *scene) callTo(t *testing.T, userID string) string {
	t.Helper()
	caller := s.env.Register(t, "Caller")
	s.addMember(t, s.channel, caller.UserID, models.RoleStudent)
	conn := wstest.Connect(t, s.env.URL, caller.Token)
	var out wire.CallEntered
	conn.Call(t, "call.invite", wire.CallInvite{UserID: userID, Media: models.MediaAudio}, &out)
	t.Cleanup(func() { conn.Close(t, websocket.CloseGoingAway) })
	return out.CallID
}

var inBraces = regexp.MustCompile(`\{([a-z-]+)\}`)

// fill puts things in the places of words in braces; the same word in one text is the same thing.
func (s *scene) fill(t *testing.T, text, column string, known map[string]string) string {
	t.Helper()
	return inBraces.ReplaceAllStringFunc(text, func(found string) string {
		word := strings.Trim(found, "{}")
		if known[word] == "" {
			known[word] = s.thing(t, word, column)
		}
		return known[word]
	})
}

// statusClass is how the tables write a status.
func statusClass(status int) string {
	if status < 400 {
		return "ok"
	}
	return strconv.Itoa(status)
}

func TestWhoMayAskWhat(t *testing.T) {
	s := newScene(t)
	param := regexp.MustCompile(`[:*]\w+|\{[a-z-]+\}`)
	bare := func(route string) string {
		path, _, _ := strings.Cut(route, "?")
		return param.ReplaceAllString(path, "{}")
	}
	var served, listed []string
	for _, route := range router().Routes() {
		served = append(served, bare(route.Method+" "+route.Path))
	}
	seen := map[string]bool{}
	for _, row := range routeAccess {
		if name := bare(row.ask); !seen[name] {
			seen[name] = true
			listed = append(listed, name)
		}
	}
	require.ElementsMatch(t, served, listed, "every route has a row in routeAccess, and every row a route")

	for _, row := range routeAccess {
		t.Run(row.ask+" "+row.data, func(t *testing.T) {
			for i, want := range strings.Fields(row.answers) {
				known := map[string]string{}
				method, path, _ := strings.Cut(s.fill(t, row.ask, columns[i], known), " ")
				var body any
				var header http.Header
				switch row.data {
				case "":
				case multipartForm:
					body, header = form(t, "file", "a.txt", "content")
				case tusHeaders:
					header = tusHeader("Upload-Length", "5", "Upload-Offset", "0")
				default:
					body = s.fill(t, row.data, columns[i], known)
				}
				res := s.people[columns[i]].Send(t, method, path, body, header)
				assert.Equal(t, want, statusClass(res.Status), "%s: %s", columns[i], res.Body)
				if res.Status >= 400 && strings.HasPrefix(path, "/api/") && method != "HEAD" {
					res.Problem(t)
				}
			}
		})
	}
}

func TestWhoMayCommandWhat(t *testing.T) {
	s := newScene(t)
	seen := map[string]bool{}
	for _, row := range commandAccess {
		seen[row.ask] = true
	}
	for _, name := range controllers.CommandNames() {
		require.Contains(t, seen, name, "a row in commandAccess")
		delete(seen, name)
	}
	require.Empty(t, seen, "rows without a command")

	for _, row := range commandAccess {
		t.Run(row.ask+" "+row.data, func(t *testing.T) {
			for i, want := range strings.Fields(row.answers) {
				assert.Equal(t, want, s.command(t, columns[i], row), columns[i])
			}
		})
	}
}

// knock has somebody wait at a meeting until the test ends.
func (s *scene) knock(t *testing.T, meeting string) string {
	t.Helper()
	knocking := s.env.Register(t, "Knocking")
	conn := wstest.Connect(t, s.env.URL, knocking.Token)
	require.Equal(t, "waiting", conn.CallError(t, "meeting.join", wire.MeetingJoin{MeetingID: meeting}).Code)
	t.Cleanup(func() { conn.Close(t, websocket.CloseGoingAway) })
	return knocking.UserID
}

// command sends a row's command as one of the people, who has joined the meeting if that is possible.
func (s *scene) command(t *testing.T, column string, row access) string {
	t.Helper()
	known := map[string]string{}
	person := s.people[column]
	conn := wstest.Dial(t, s.env.URL, nil)
	defer conn.Drop()
	if person.Token != "" {
		conn.Call(t, "auth", wire.AuthCommand{AccessToken: person.Token}, nil)
		if strings.HasPrefix(row.ask, "meeting.") || strings.HasPrefix(row.ask, "playback.") {
			join := wire.MeetingJoin{MeetingID: s.fill(t, "{meeting}", column, known)}
			if row.ask != "meeting.join" {
				conn.Answer(t, conn.Send(t, "meeting.join", join)) // refused to strangers, see its row
			}
			classmate := wstest.Connect(t, s.env.URL, s.people["student"].Token)
			defer classmate.Drop()
			var joined wire.MeetingJoined
			classmate.Call(t, "meeting.join", join, &joined)
			known["participant"] = joined.ParticipantID
			if strings.Contains(row.data, "{poll}") {
				teacher := wstest.Connect(t, s.env.URL, s.keeper.Token)
				defer teacher.Drop()
				teacher.Call(t, "meeting.join", join, nil)
				known["poll"] = models.NewID()
				teacher.Call(t, "meeting.poll_open", wire.PollOpen{ID: known["poll"], Question: "Why?", Options: []string{"A", "B"}}, nil)
			}
		}
	}
	if strings.Contains(row.data, "{knocking}") {
		known["knocking"] = s.knock(t, s.fill(t, "{meeting}", column, known))
	}
	for _, word := range []string{"participant", "poll"} {
		if known[word] == "" {
			known[word] = models.NewID()
		}
	}
	answer := conn.Answer(t, conn.Send(t, row.ask, json.RawMessage(s.fill(t, row.data, column, known))))
	if answer.Error != nil {
		return statusClass(answer.Error.Status)
	}
	return "ok"
}
