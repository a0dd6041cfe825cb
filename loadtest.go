package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"lectern/internal/loadtest"
)

// errNotWhole ends with exit code 2: the test ran, but not everybody got in and received.
var errNotWhole = errors.New("the test ran, but not everybody got in and received")

func loadtestCommand() *cobra.Command {
	o := loadtest.Defaults()
	var asJSON, asRow bool
	cmd := &cobra.Command{
		Use:   "loadtest --server URL",
		Short: "Load a server with participants of a meeting and measure",
		Long: `Load a server with participants of a meeting and measure.

Real WebRTC clients open accounts, join a meeting of a channel of their own by the documented protocol, and count what
arrives. Publishers send a camera and a microphone and receive all other publishers; subscribers only receive. So
"--publishers 1 --subscribers 100" is a lecture, and "--publishers 16 --subscribers 0" a room of 16 who all see each other.

The pattern is shaped like VP8 and Opus and carries its time of sending, from which the delay is measured, in this
process's clock. Loss is what is missing after retransmissions. With --pid, on the server's own machine, the CPU time of that
process is divided by the packets that all participants received, and what its memory grew from before the subscribers
(without subscribers: before the publishers) to the end by their number.

The server should run with LECTERN_RATE_LIMITS=off and a high enough LECTERN_MEETING_MAX_PARTICIPANTS. What the test made is
deleted at its end. Exit codes: 0 all in order; 1 it could not be done; 2 it ran, but somebody did not get in or got nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			say := func(format string, args ...any) { fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...) }
			report, err := loadtest.Run(cmd.Context(), o, say)
			if err != nil || report == nil {
				return err
			}
			switch {
			case asJSON:
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(report)
			case asRow:
				_, err = fmt.Fprintln(cmd.OutOrStdout(), report.Row())
			default:
				report.Print(cmd.OutOrStdout())
			}
			if err == nil && !report.Whole() {
				err = errNotWhole
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Server, "server", "", "address of the server, such as http://localhost:8080")
	f.BoolVar(&o.OwnServer, "i-own-this-server", false, "allow a server that is not this machine")
	f.IntVar(&o.Publishers, "publishers", o.Publishers, "participants who send, and receive the other publishers")
	f.IntVar(&o.Subscribers, "subscribers", o.Subscribers, "participants who only receive")
	f.DurationVar(&o.Duration, "duration", o.Duration, "how long to measure, after everybody is in")
	f.Float64Var(&o.Ramp, "ramp", o.Ramp, "participants who join per second, 0: all at once")
	f.Float64Var(&o.SettleSeconds, "settle", o.SettleSeconds, "seconds between the last join and the measurement")
	f.DurationVar(&o.Patience, "patience", o.Patience, "how long one participant may take to get media")
	f.StringVar(&o.Video, "video", o.Video, `"pattern", "none", or an IVF file with VP8 (the delay is then that of the sound)`)
	f.IntVar(&o.Bitrate, "bitrate", o.Bitrate, "bits per second of a camera (of its largest layer)")
	f.IntVar(&o.FPS, "fps", o.FPS, "pictures per second")
	f.DurationVar(&o.KeyEvery, "keyframe-every", o.KeyEvery, "time between keyframes, besides those that are asked for; 0: none")
	f.DurationVar(&o.Spread, "spread", o.Spread, "time over which the packets of a picture are sent, 0: at once")
	f.BoolVar(&o.Simulcast, "simulcast", o.Simulcast, "cameras in three layers: a tenth, a third and all of --bitrate")
	f.IntVar(&o.Speaking, "speaking", o.Speaking, "publishers whose microphone carries speech, the others silence; -1: all")
	f.BoolVar(&o.View, "view", o.View, "name the pictures on screen, as the web app does; otherwise all are sent")
	f.IntVar(&o.PID, "pid", o.PID, "process of the server, to account for its CPU and memory")
	f.StringVar(&o.Email, "email", "", "teacher's account, where signing up is not open")
	f.StringVar(&o.Password, "password", "", "and its password")
	f.StringVar(&o.Accounts, "accounts", "", "file that keeps the accounts for the next run instead of deleting them")
	f.IntVar(&o.WindowsPer, "windows-per-account", o.WindowsPer, "participants who share an account, as windows of one person")
	f.BoolVar(&o.Prepare, "prepare", false, "only make the accounts and keep them")
	f.BoolVar(&asJSON, "json", false, "print the report as JSON")
	f.BoolVar(&asRow, "row", false, "print the report as a row of a Markdown table")
	return cmd
}
