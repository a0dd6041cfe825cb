package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/config"
)

// healthcheckCommand is for containers, whose image has no other program to ask with.
func healthcheckCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "healthcheck", Short: "Ask the server on this machine whether it can serve; exit code 1 when it cannot", Args: cobra.NoArgs}
	load := configFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), 3*time.Second)
		defer cancel()
		address, client := config.LocalURL(cfg.Listen), &http.Client{}
		if cfg.TLS.On() { // on this machine, under a name that is not the certificate's
			address = strings.Replace(address, "http://", "https://", 1)
			client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/readyz", nil)
		if err != nil {
			return err
		}
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("the server answers %s", res.Status)
		}
		return nil
	}
	return cmd
}
