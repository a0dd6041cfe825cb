package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/loadtest"
)

// errNotWhole ends with exit code 2: the test ran, but not everybody got in and received.
var errNotWhole = errors.New("the test ran, but not everybody got in and received")

// loadReport is what a test found.
type loadReport interface {
	Print(w io.Writer)
	Row() string
	Whole() bool
}

// loadOutput says how a report is printed.
type loadOutput struct{ json, row bool }

func (o *loadOutput) flags(f *pflag.FlagSet) {
	f.BoolVar(&o.json, "json", false, "print the report as JSON")
	f.BoolVar(&o.row, "row", false, "print the report as rows of a Markdown table")
}

func (o *loadOutput) print(w io.Writer, report loadReport) (err error) {
	switch {
	case o.json:
		err = json.NewEncoder(w).Encode(report)
	case o.row:
		_, err = fmt.Fprintln(w, report.Row())
	default:
		report.Print(w)
	}
	if err == nil && !report.Whole() {
		err = errNotWhole
	}
	return err
}

// say tells how a test goes.
func say(cmd *cobra.Command) func(format string, args ...any) {
	return func(format string, args ...any) { fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...) }
}

// targetFlags are those of all tests; sharers are who shares an account.
func targetFlags(f *pflag.FlagSet, o *loadtest.Common, sharers string) {
	f.StringVar(&o.Server, "server", "", "address of the server, such as http://localhost:8080")
	f.BoolVar(&o.OwnServer, "i-own-this-server", false, "allow a server that is not this machine")
	f.DurationVar(&o.Patience, "patience", o.Patience, "how long one of them may take to get in")
	f.IntVar(&o.PID, "pid", o.PID, "process of the server, to account for its CPU and memory")
	f.StringVar(&o.Email, "email", "", "teacher's account, where signing up is not open")
	f.StringVar(&o.Password, "password", "", "and its password")
	f.StringVar(&o.Accounts, "accounts", "", "file that keeps the accounts for the next run instead of deleting them")
	f.IntVar(&o.WindowsPer, "windows-per-account", o.WindowsPer, sharers+" who share an account, as windows of one person")
}

func loadtestCommand() *cobra.Command {
	o, output := loadtest.Defaults(), loadOutput{}
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

"chat" and "api" load the rest of it.

The server should run with LECTERN_RATE_LIMITS=off and a high enough LECTERN_MEETING_MAX_PARTICIPANTS. What the test made is
deleted at its end. Exit codes: 0 all in order; 1 it could not be done; 2 it ran, but somebody did not get in or got nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := loadtest.Run(cmd.Context(), o, say(cmd))
			if err != nil || report == nil {
				return err
			}
			return output.print(cmd.OutOrStdout(), report)
		},
	}
	cmd.AddCommand(loadChatCommand(), loadAPICommand())
	f := cmd.Flags()
	targetFlags(f, &o.Common, "participants")
	output.flags(f)
	f.IntVar(&o.Publishers, "publishers", o.Publishers, "participants who send, and receive the other publishers")
	f.IntVar(&o.Subscribers, "subscribers", o.Subscribers, "participants who only receive")
	f.DurationVar(&o.Duration, "duration", o.Duration, "how long to measure, after everybody is in")
	f.Float64Var(&o.Ramp, "ramp", o.Ramp, "participants who join per second, 0: all at once")
	f.Float64Var(&o.SettleSeconds, "settle", o.SettleSeconds, "seconds between the last join and the measurement")
	f.StringVar(&o.Video, "video", o.Video, `"pattern", "none", or an IVF file with VP8 (the delay is then that of the sound)`)
	f.IntVar(&o.Bitrate, "bitrate", o.Bitrate, "bits per second of a camera (of its largest layer)")
	f.IntVar(&o.FPS, "fps", o.FPS, "pictures per second")
	f.DurationVar(&o.KeyEvery, "keyframe-every", o.KeyEvery, "time between keyframes, besides those that are asked for; 0: none")
	f.DurationVar(&o.Spread, "spread", o.Spread, "time over which the packets of a picture are sent, 0: at once")
	f.BoolVar(&o.Simulcast, "simulcast", o.Simulcast, "cameras in three layers: a tenth, a third and all of --bitrate")
	f.IntVar(&o.Speaking, "speaking", o.Speaking, "publishers whose microphone carries speech, the others silence; -1: all")
	f.BoolVar(&o.View, "view", o.View, "name the pictures on screen, as the web app does; otherwise all are sent")
	f.BoolVar(&o.Prepare, "prepare", false, "only make the accounts and keep them")
	return cmd
}

func loadChatCommand() *cobra.Command {
	o, output := loadtest.ChatDefaults(), loadOutput{}
	cmd := &cobra.Command{
		Use:   "chat --server URL",
		Short: "Load a server with sockets of one channel that hear many posts, and measure",
		Long: `Load a server with sockets of one channel that hear many posts, and measure.

Accounts open sockets and write posts into a channel of their own, at the rate. Each socket hears of each post; how long that
takes is measured from the request that writes it, in this process's clock. A socket that ends is opened again and asks for what it
missed. After the last post the test waits until everything is there, or nothing has come for five seconds although no socket is
missing: what is missing then is lost. With --pid, on the server's own machine, the CPU
time of that process is divided by the deliveries, and what its memory grew while the sockets opened by their number.

The server should run with LECTERN_RATE_LIMITS=off. What the test made is deleted at its end. Exit codes: 0 all in order; 1 it could
not be done; 2 it ran, but some sockets did not open, or something was lost or came twice.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := loadtest.RunChat(cmd.Context(), o, say(cmd))
			if err != nil {
				return err
			}
			return output.print(cmd.OutOrStdout(), report)
		},
	}
	f := cmd.Flags()
	targetFlags(f, &o.Common, "sockets")
	output.flags(f)
	f.IntVar(&o.Sockets, "sockets", o.Sockets, "sockets that hear of all posts")
	f.Float64Var(&o.Rate, "rate", o.Rate, "posts per second")
	f.DurationVar(&o.Duration, "duration", o.Duration, "how long to write, after all sockets are open")
	f.Float64Var(&o.Ramp, "ramp", o.Ramp, "sockets that open per second, 0: all at once")
	return cmd
}

func loadAPICommand() *cobra.Command {
	o, output := loadtest.APIDefaults(), loadOutput{}
	cmd := &cobra.Command{
		Use:   "api --server URL",
		Short: "Load a server with requests, one kind after the other, and measure",
		Long: `Load a server with requests, one kind after the other, and measure.

Workers ask without a pause for what the web app asks for: channels, posts, comments and messages, read and then written. With
--pid, on the server's own machine, their number is divided by the CPU time of that process, what it still does half a second
later included; a database in a process of its own is not counted. "Reads" and "writes" are for each kind as often.

The server should run with LECTERN_RATE_LIMITS=off. What the test made is deleted at its end; a request that fails ends the test.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := loadtest.RunAPI(cmd.Context(), o, say(cmd))
			if err != nil {
				return err
			}
			return output.print(cmd.OutOrStdout(), report)
		},
	}
	f := cmd.Flags()
	targetFlags(f, &o.Common, "workers")
	output.flags(f)
	f.IntVar(&o.Workers, "workers", o.Workers, "requests at a time")
	f.DurationVar(&o.Duration, "duration", o.Duration, "how long to ask for each kind")
	return cmd
}
