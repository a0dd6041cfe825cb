package config

import (
	"errors"
	"strconv"
	"strings"
)

// Rate is how much of one kind is allowed: Burst at once, then PerSecond.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Rates are the allowances by kind; see docs/limits.md.
type Rates struct {
	Credentials Rate // sign-ups, sign-ins and links of letters, per address
	Refresh     Rate // renewals of access tokens, per address
	Reads       Rate // GET requests, per user
	Mutations   Rate // requests that change something, per user
	Uploads     Rate // files and pictures, per user
	Searches    Rate // searches for people, per user
	Invites     Rate // invite codes looked at or accepted, per user
	Letters     Rate // requests for letters, per address
	Sockets     Rate // new sockets, per address
	Commands    Rate // socket commands, per user
	Joins       Rate // joining meetings and offers in them, and descriptions in calls, per user
	Calls       Rate // invitations to calls, per caller
}

// defaultRates are wide enough for a class that signs in at once from behind one address.
var defaultRates = Rates{
	Credentials: Rate{1, 100},
	Refresh:     Rate{10, 300},
	Reads:       Rate{30, 300},
	Mutations:   Rate{10, 100},
	Uploads:     Rate{1, 60},
	Searches:    Rate{3, 30},
	Invites:     Rate{0.5, 30},
	Letters:     Rate{0.1, 20},
	Sockets:     Rate{10, 300},
	Commands:    Rate{100, 400},
	Joins:       Rate{5, 60},
	Calls:       Rate{0.1, 10},
}

// rate reads "per second:at once", such as 0.5:30.
func rate(text string) (Rate, error) {
	perSecond, burst, _ := strings.Cut(text, ":")
	r := Rate{}
	var bad error
	r.PerSecond, bad = strconv.ParseFloat(strings.TrimSpace(perSecond), 64)
	n, err := number(strings.TrimSpace(burst), 1, 1_000_000)
	if bad != nil || err != nil || !(r.PerSecond >= 0.001 && r.PerSecond <= 1_000_000) {
		return r, errors.New("so many a second and so many at once are expected, such as 0.5:30")
	}
	r.Burst = n
	return r, nil
}

// rateSetting makes the setting of one rate; kind says what is counted and against whom.
func rateSetting(key, kind string, of func(*Rates) *Rate) Setting {
	def := defaultRates
	usage := kind + ", per second:at once (default " + strconv.FormatFloat(of(&def).PerSecond, 'g', -1, 64) + ":" + strconv.Itoa(of(&def).Burst) + ")"
	return Setting{key, usage, func(c *Config, v string) (err error) {
		*of(&c.Rates), err = rate(v)
		return err
	}}
}

var rateSettings = []Setting{
	rateSetting("rate_credentials", "sign-ups, sign-ins and links of letters of one address", func(r *Rates) *Rate { return &r.Credentials }),
	rateSetting("rate_refresh", "renewals of access tokens of one address", func(r *Rates) *Rate { return &r.Refresh }),
	rateSetting("rate_reads", "reading requests of one user", func(r *Rates) *Rate { return &r.Reads }),
	rateSetting("rate_mutations", "changing requests of one user", func(r *Rates) *Rate { return &r.Mutations }),
	rateSetting("rate_uploads", "uploads of one user", func(r *Rates) *Rate { return &r.Uploads }),
	rateSetting("rate_searches", "searches of one user", func(r *Rates) *Rate { return &r.Searches }),
	rateSetting("rate_invites", "invite codes looked at or accepted by one user", func(r *Rates) *Rate { return &r.Invites }),
	rateSetting("rate_letters", "requests for letters of one address", func(r *Rates) *Rate { return &r.Letters }),
	rateSetting("rate_sockets", "new sockets of one address", func(r *Rates) *Rate { return &r.Sockets }),
	rateSetting("rate_commands", "socket commands of one user", func(r *Rates) *Rate { return &r.Commands }),
	rateSetting("rate_joins", "joins and offers of one user in meetings, and descriptions in calls", func(r *Rates) *Rate { return &r.Joins }),
	rateSetting("rate_calls", "calls of one caller", func(r *Rates) *Rate { return &r.Calls }),
}
