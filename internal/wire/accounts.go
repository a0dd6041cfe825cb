package wire

// Me is one's own account.
type Me struct {
	ID        string  `json:"id"`
	Email     string  `json:"email"`
	Name      string  `json:"name"`
	AvatarURL *string `json:"avatar_url" extensions:"x-nullable" tstype:"string | null,required"`
	Locale    string  `json:"locale" enums:"zh-TW,en" tstype:"'zh-TW' | 'en'"`
	Role      string  `json:"role" enums:"user,admin" tstype:"'user' | 'admin'"` // of the installation, not of a channel
	CreatedAt Time    `json:"created_at" swaggertype:"string" format:"date-time"`

	EmailVerified bool   `json:"email_verified"` // a link sent to the address was opened
	StudentNumber string `json:"student_number"` // for lists of attendance; "": none
}

// Profile is what others may see of a user. Of a deleted account only the id is left:
// the name is empty and Deleted true.
type Profile struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	AvatarURL *string `json:"avatar_url" extensions:"x-nullable" tstype:"string | null,required"`
	Presence  string  `json:"presence" enums:"online,away,in_meeting,in_call,dnd,offline" tstype:"Presence"`
	Deleted   bool    `json:"deleted,omitempty"`
}

// RegisterRequest opens an account. The password has 8 to 256 characters, the name 1 to 80. Where people sign up by
// invitation, InviteCode is that of a channel's invite; it is not used up until they join.
type RegisterRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Locale   string `json:"locale,omitempty" enums:"zh-TW,en" tstype:"'zh-TW' | 'en'"`

	InviteCode string `json:"invite_code,omitempty"`
}

// LoginRequest proves an account.
type LoginRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Session answers register and login; the refresh token travels beside it as a cookie. ExpiresIn is in seconds.
type Session struct {
	User        Me     `json:"user"`
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
}

// Token answers a refresh. ExpiresIn is in seconds.
type Token struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
}

// UpdateMeRequest changes only the fields present.
type UpdateMeRequest struct {
	Name   *string `json:"name,omitempty"`
	Locale *string `json:"locale,omitempty" enums:"zh-TW,en" tstype:"'zh-TW' | 'en'"`

	StudentNumber *string `json:"student_number,omitempty"` // up to 32 characters
}
