package config

import "time"

// mediaSettings are of calls, and limit what meetings may take of the machine.
var mediaSettings = []Setting{
	{"call_ring_seconds", "seconds that a call rings before nobody is expected to answer (default 45)", func(c *Config, v string) error {
		n, err := number(v, 1, 600)
		c.CallRinging = time.Duration(n) * time.Second
		return err
	}},
	{"call_grace_seconds", "seconds that a device in a call may be without a connection to the server before the call ends (default 30)", func(c *Config, v string) error {
		n, err := number(v, 1, 600)
		c.CallGrace = time.Duration(n) * time.Second
		return err
	}},
	{"meeting_max_participants", "people in one meeting (default 50)", func(c *Config, v string) (err error) {
		c.MeetingMaxParticipants, err = number(v, 1, 5000)
		return err
	}},
	{"meeting_max_voices", "open microphones that are heard at a time in one meeting, the loudest (default 5)", func(c *Config, v string) (err error) {
		c.MeetingMaxVoices, err = number(v, 1, 100)
		return err
	}},
	{"media_max_rooms", "meetings that run at a time on this server (default 200)", func(c *Config, v string) (err error) {
		c.MediaMaxRooms, err = number(v, 1, 100_000)
		return err
	}},
	{"media_max_egress", "Mbit/s of sound and pictures that this server sends in all; beyond it nobody else gets in; 0: no limit (default 0)", func(c *Config, v string) (err error) {
		c.MediaMaxEgress, err = number(v, 0, 1_000_000)
		return err
	}},
	{"media_max_track_rate", "kbit/s that one picture may have; more is dropped (default 12000)", func(c *Config, v string) (err error) {
		c.MediaMaxTrackRate, err = number(v, 100, 1_000_000)
		return err
	}},
}
