package services

import (
	"context"
	"errors"

	"lectern/models"
)

// Actor is who asks: the account and session behind an access token.
type Actor struct {
	UserID    string
	SessionID string
	Admin     bool   // of the installation
	IP        string // where the request came from, for the audit log

	Unverified bool // the address must be verified before joining or making channels
}

// mayJoin tells whether the actor may join or make channels. An administrator may before the address is verified: sending
// email may be what they are setting up.
func (a Actor) mayJoin() error {
	if a.Unverified {
		return &Error{Kind: KindEmailUnverified, Message: "Please verify your address first: open the link in the email that we sent you."}
	}
	return nil
}

// Action is something a member may or may not do in a channel. Every access decision of Lectern is a row of rights below.
type Action string

// The actions, from reading to owning.
const (
	ActionRead          Action = "read"           // see the channel, its members, entries, files and meetings
	ActionPost          Action = "post"           // comment, react, attach files
	ActionPublish       Action = "publish"        // write posts; where only teachers may, Authorize says so to students
	ActionMeet          Action = "meet"           // join the meeting
	ActionAnswer        Action = "answer"         // answer what the class is asked
	ActionModerate      Action = "moderate"       // pin, delete others' entries
	ActionDrive         Action = "drive"          // start, steer and end meetings; drive the playback
	ActionReview        Action = "review"         // read attendance, stop-points and what was played
	ActionInvite        Action = "invite"         // make and withdraw invites, add members
	ActionManageMembers Action = "manage_members" // remove students; owners also change roles and remove teachers
	ActionEditChannel   Action = "edit_channel"   // rename
	ActionOwn           Action = "own"            // delete, archive and give away the channel, make owners and assistants
)

var rights = map[Action]map[string]bool{
	ActionRead:          {models.RoleOwner: true, models.RoleAssistant: true, models.RoleStudent: true},
	ActionPost:          {models.RoleOwner: true, models.RoleAssistant: true, models.RoleStudent: true},
	ActionPublish:       {models.RoleOwner: true, models.RoleAssistant: true, models.RoleStudent: true},
	ActionMeet:          {models.RoleOwner: true, models.RoleAssistant: true, models.RoleStudent: true},
	ActionAnswer:        {models.RoleStudent: true},
	ActionModerate:      {models.RoleOwner: true, models.RoleAssistant: true},
	ActionDrive:         {models.RoleOwner: true, models.RoleAssistant: true},
	ActionReview:        {models.RoleOwner: true, models.RoleAssistant: true},
	ActionInvite:        {models.RoleOwner: true, models.RoleAssistant: true},
	ActionManageMembers: {models.RoleOwner: true, models.RoleAssistant: true},
	ActionEditChannel:   {models.RoleOwner: true, models.RoleAssistant: true},
	ActionOwn:           {models.RoleOwner: true},
}

// still are the actions that an archived channel leaves its members.
var still = map[Action]bool{ActionRead: true, ActionReview: true, ActionOwn: true}

// errArchived is the answer to everything else in it.
var errArchived = &Error{Kind: KindArchived, Message: "This channel is archived: it can be read, and nothing in it changes any more."}

// Can tells whether a role has a right.
func Can(role string, action Action) bool { return rights[action][role] }

// Teaches tells whether a role is a teacher's.
func Teaches(role string) bool { return Can(role, ActionDrive) }

// MaySteer tells whether a teacher may steer the class while holder has the exclusive remote, "" for nobody.
func MaySteer(actor Actor, holder string) bool { return holder == "" || holder == actor.UserID }

// MayGiveRemote tells whether a teacher may take the exclusive remote or give it to somebody: from another teacher only an
// owner takes it.
func MayGiveRemote(actor Actor, role, holder string) bool {
	return MaySteer(actor, holder) || Can(role, ActionOwn)
}

// AuthorizeAdmin lets administrators of the installation pass.
func AuthorizeAdmin(actor Actor) error {
	if !actor.Admin {
		return Forbidden("Only an administrator can do this.")
	}
	return nil
}

// Authorize returns the actor's membership of a channel if its role has the right. A stranger gets KindNotFound, since
// one may not know which channels exist; a member without the right gets KindForbidden, and one who would change something
// in an archived channel KindArchived.
func Authorize(ctx context.Context, store *models.Store, actor Actor, channelID string, action Action) (*models.Member, error) {
	member, err := store.Member(ctx, channelID, actor.UserID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, NotFound("channel")
	}
	if err != nil {
		return nil, err
	}
	if err := allow(member, action); err != nil {
		return nil, err
	}
	return member, nil
}

// allow refuses a member what the role has no right to, and what the channel as it is does not permit.
func allow(member *models.Member, action Action) error {
	switch {
	case !Can(member.Role, action):
		return Forbidden("Your role in this channel does not allow this.")
	case member.Archived && !still[action]:
		return errArchived
	case action == ActionPublish && member.Posting == models.PostingTeachers && !Teaches(member.Role):
		return Forbidden("Only teachers write posts in this channel. You can comment.")
	}
	return nil
}
