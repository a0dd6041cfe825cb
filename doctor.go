package main

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"lectern/internal/app"
	"lectern/internal/doctor"
)

// errIll ends with exit code 1.
var errIll = errors.New("something is broken: see above")

func doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor [check…]",
		Short: "Find out whether the running server works, and how to mend what does not",
		Long: "Find out whether the running server works, and how to mend what does not.\n\nRun it on the server's machine with the server's settings. It opens the server and the public address, checks certificates\n" +
			"and addresses, asks STUN for its own address and has TURN relay a packet, over UDP, TCP and TLS; it reads the database, signs in\n" +
			"to the mail server, and looks at disk, clock and version. What a firewall in front of the machine lets through it cannot see.\n\n" +
			"Checks: " + strings.Join(doctor.Names(), ", ") + ". Without a name all are made.\n\n" +
			"Exit codes: 0 nothing is broken (there may be warnings); 1 something is.",
		ValidArgs: doctor.Names(),
	}
	load := configFlags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		probes, err := doctor.Named(names...)
		if err != nil {
			return err
		}
		cfg, err := load()
		if err != nil {
			return err
		}
		reach, err := app.ReachOf(cfg)
		if err != nil {
			return err
		}
		report := doctor.Examine(cmd.Context(), doctor.Patient{Config: cfg, ICE: reach.ICE, Addresses: reach.Addresses, Version: release()}, probes...)
		if asJSON {
			err = json.NewEncoder(cmd.OutOrStdout()).Encode(report)
		} else {
			err = report.Print(cmd.OutOrStdout())
		}
		if err == nil && report.Count(doctor.Fail) > 0 {
			err = errIll
		}
		return err
	}
	return cmd
}
