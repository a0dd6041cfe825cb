package wire

import "encoding/json"

// AdminUser is an account as administrators see it. DisabledAt is null for an open account; LastSeenAt is when one of its
// devices last fetched a token. Bytes counts its files.
type AdminUser struct {
	User       Profile `json:"user"`
	Email      string  `json:"email"`
	Role       string  `json:"role" enums:"user,admin" tstype:"'user' | 'admin'"`
	DisabledAt *Time   `json:"disabled_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	LastSeenAt *Time   `json:"last_seen_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	Channels   int     `json:"channels"`
	Bytes      int64   `json:"bytes"`
	CreatedAt  Time    `json:"created_at" swaggertype:"string" format:"date-time"`
}

// UpdateUserRequest changes only the fields present.
type UpdateUserRequest struct {
	Role     *string `json:"role,omitempty" enums:"user,admin" tstype:"'user' | 'admin'"`
	Disabled *bool   `json:"disabled,omitempty"`
}

// IssuedReset tells how the link to set a new password reaches its person. Link is there only when no mail server takes it:
// the administrator hands it over, and it is not shown again.
type IssuedReset struct {
	Mailed bool   `json:"mailed"`
	Link   string `json:"link,omitempty"`
}

// AdminChannel is a channel from outside: administrators do not see what is written in it.
type AdminChannel struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	CreatedBy   Profile `json:"created_by"`
	MemberCount int     `json:"member_count"`
	Meeting     bool    `json:"meeting"` // one is running
	CreatedAt   Time    `json:"created_at" swaggertype:"string" format:"date-time"`
}

// AuditEvent is something that mattered for security. Actor is null when nobody was signed in or the account is gone. Target
// is there when it was done to a user who is known.
type AuditEvent struct {
	ID         string          `json:"id"`
	At         Time            `json:"at" swaggertype:"string" format:"date-time"`
	Actor      *Profile        `json:"actor" extensions:"x-nullable" tstype:"Profile | null,required"`
	Action     string          `json:"action"`
	TargetKind string          `json:"target_kind"`
	TargetID   string          `json:"target_id"`
	Target     *Profile        `json:"target,omitempty"`
	IP         string          `json:"ip"`
	Detail     json.RawMessage `json:"detail" swaggertype:"object" tstype:"{ [key: string]: unknown }"`
}

// StorageUse tells what uploads take. Equal files lie on the disk once: Bytes counts them once, Users each time.
type StorageUse struct {
	Bytes      int64         `json:"bytes"`
	Files      int           `json:"files"`
	QuotaBytes int64         `json:"quota_bytes"` // of each user
	Users      []UserStorage `json:"users"`       // those with most, at most ten
}

// UserStorage is what one user's files take.
type UserStorage struct {
	User  Profile `json:"user"`
	Bytes int64   `json:"bytes"`
	Files int     `json:"files"`
}

// What an administrator should know: letters are not sent; so domains of addresses are believed; cameras and microphones work on
// localhost only; nothing slows down guessing; the disk is nearly full; somebody's files take nearly all that they may.
const (
	WarningNoMail         = "no_mail"
	WarningDomainsOnTrust = "domains_on_trust"
	WarningInsecureURL    = "insecure_url"
	WarningNoRateLimits   = "no_rate_limits"
	WarningDiskLow        = "disk_low"
	WarningQuotaNear      = "quota_near"
)

// ServerHealth is how the program does. UptimeS is in seconds, MemoryBytes what Go holds.
type ServerHealth struct {
	Version      string   `json:"version"`
	UptimeS      int64    `json:"uptime_s"`
	Database     string   `json:"database" enums:"sqlite,postgresql" tstype:"'sqlite' | 'postgresql'"`
	Goroutines   int      `json:"goroutines"`
	MemoryBytes  uint64   `json:"memory_bytes"`
	Sockets      int      `json:"sockets"`
	Meetings     int      `json:"meetings"`
	Participants int      `json:"participants"`
	Warnings     []string `json:"warnings" enums:"no_mail,domains_on_trust,insecure_url,no_rate_limits,disk_low,quota_near" tstype:"('no_mail' | 'domains_on_trust' | 'insecure_url' | 'no_rate_limits' | 'disk_low' | 'quota_near')[]"`
}

// MeetingStats is what the media server knows of a running meeting at this moment. Rates are in bits per second.
type MeetingStats struct {
	MeetingID    string             `json:"meeting_id"`
	Participants []ParticipantStats `json:"participants"`
}

// ParticipantStats: EstimateBPS is what may be spent on sending to the participant, 0 while it is not known. User is null for
// one who is just leaving.
type ParticipantStats struct {
	ParticipantID string           `json:"participant_id"`
	User          *Profile         `json:"user" extensions:"x-nullable" tstype:"Profile | null,required"`
	Connected     bool             `json:"connected"`
	Quality       string           `json:"quality" enums:"good,fair,poor,lost" tstype:"'good' | 'fair' | 'poor' | 'lost'"`
	EstimateBPS   int              `json:"estimate_bps"`
	Publishing    []PublishedTrack `json:"publishing"`
	Receiving     []ReceivedTrack  `json:"receiving"`
}

// PublishedTrack is one that a participant sends. Allowed is false while it is muted, switched off or locked; Heard is true for
// a microphone that is among the loudest.
type PublishedTrack struct {
	MID     string           `json:"mid"`
	Source  string           `json:"source" tstype:"TrackSourceName"`
	Allowed bool             `json:"allowed"`
	Heard   bool             `json:"heard"`
	Layers  []PublishedLayer `json:"layers"`
}

// PublishedLayer is one encoding as it arrives: RID is empty without simulcast, the size 0 while it is not known. Lost packets never came.
type PublishedLayer struct {
	RID     string `json:"rid"`
	Codec   string `json:"codec"`
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	BPS     int    `json:"bps"`
	Packets int64  `json:"packets"`
	Lost    int64  `json:"lost"`
}

// ReceivedTrack is one on its way to a participant, of the participant From. RID is the encoding being sent. LossPercent is that
// of the receiver's last report, Lost counts packets since its first; Dropped are those that a full queue did not take.
type ReceivedTrack struct {
	From        string  `json:"from"`
	Source      string  `json:"source" tstype:"TrackSourceName"`
	RID         string  `json:"rid"`
	Paused      bool    `json:"paused"`
	Packets     int64   `json:"packets"`
	Bytes       int64   `json:"bytes"`
	LossPercent float64 `json:"loss_percent"`
	Lost        int64   `json:"lost"`
	RTTMS       float64 `json:"rtt_ms"`
	JitterMS    float64 `json:"jitter_ms"`
	Resent      int64   `json:"resent"`
	Dropped     int64   `json:"dropped"`
}
