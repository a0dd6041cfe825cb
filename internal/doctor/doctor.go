// Package doctor finds out from outside whether a running Lectern works, and says how to mend what does not. Whoever adds
// something that an installation can get wrong adds a probe.
package doctor

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"lectern/internal/config"
	"lectern/internal/diskspace"
	"lectern/internal/wire"
)

// Status of a check.
type Status string

// The statuses.
const (
	OK   Status = "ok"
	Warn Status = "warn" // it works, but not for everybody, or not for long
	Fail Status = "fail"
)

// Check is one thing that was looked at.
type Check struct {
	Name   string `json:"name"` // stable, for programs
	Status Status `json:"status"`
	Detail string `json:"detail"`
	Mend   string `json:"mend,omitempty"` // what to do; empty for ok
}

// Patient is the installation. Its settings are those that the server runs with.
type Patient struct {
	Config    config.Config
	ICE       []wire.ICEServer // as browsers are told, with credentials
	Addresses []netip.Addr     // under which audio and video are announced
	Roots     *x509.CertPool   // certificates to trust; nil: the machine's
	Version   string           // of this program

	// What a test may want to be otherwise; nil: as it is.
	Now          func() time.Time
	Space        func(dir string) (diskspace.Space, error)
	Synchronised func() (is, known bool) // something sets the machine's clock
}

// Probe looks at one side of the patient. It ends with its context.
type Probe func(ctx context.Context, p *Patient) []Check

// probes are all there are, in the order of their report, under the names by which one can be asked for.
var probes = []struct {
	name string
	look Probe
}{
	{"settings", Settings}, {"server", Server}, {"version", Version}, {"database", Database}, {"disk", Disk}, {"clock", Clock}, {"mail", Mail},
	{"public_url", PublicURL}, {"certificate", Certificate}, {"public_ip", Address}, {"ports", MediaPorts}, {"stun", STUN}, {"turn", TURN},
}

// Names are those of all probes.
func Names() []string {
	var names []string
	for _, p := range probes {
		names = append(names, p.name)
	}
	return names
}

// Named finds probes by their names; without any it gives all.
func Named(names ...string) ([]Probe, error) {
	var found []Probe
	for _, p := range probes {
		if len(names) == 0 || slices.Contains(names, p.name) {
			found = append(found, p.look)
		}
	}
	for _, name := range names {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("there is no check %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	return found, nil
}

// patience is how long one probe may take.
const patience = 20 * time.Second

// Examine runs probes side by side.
func Examine(ctx context.Context, p Patient, probes ...Probe) Report {
	if p.Config.PublicURL == "" {
		p.Config.PublicURL = config.LocalURL(p.Config.Listen)
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Space == nil {
		p.Space = diskspace.Of
	}
	if p.Synchronised == nil {
		p.Synchronised = synchronised
	}
	found := make([][]Check, len(probes))
	var running sync.WaitGroup
	for i, probe := range probes {
		running.Go(func() {
			limited, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			found[i] = probe(limited, &p)
		})
	}
	running.Wait()
	report := Report{Checks: []Check{}}
	for _, checks := range found {
		report.Checks = append(report.Checks, checks...)
	}
	return report
}

// Report is everything that was found.
type Report struct {
	Checks []Check `json:"checks"`
}

// Count tells how many checks have a status.
func (r Report) Count(status Status) (n int) {
	for _, c := range r.Checks {
		if c.Status == status {
			n++
		}
	}
	return n
}

// Print writes a line for each check, and below it what to do.
func (r Report) Print(w io.Writer) error {
	for _, c := range r.Checks {
		if _, err := fmt.Fprintf(w, "%-4s  %-16s  %s\n", c.Status, c.Name, c.Detail); err != nil {
			return err
		}
		if c.Mend != "" {
			if _, err := fmt.Fprintf(w, "%24s→ %s\n", "", c.Mend); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(w, "\n%d ok, %d to look at, %d broken\n", r.Count(OK), r.Count(Warn), r.Count(Fail))
	return err
}

func ok(name, format string, args ...any) []Check {
	return []Check{{Name: name, Status: OK, Detail: fmt.Sprintf(format, args...)}}
}

func warn(name, mend, format string, args ...any) []Check {
	return []Check{{Name: name, Status: Warn, Detail: fmt.Sprintf(format, args...), Mend: mend}}
}

func fail(name, mend, format string, args ...any) []Check {
	return []Check{{Name: name, Status: Fail, Detail: fmt.Sprintf(format, args...), Mend: mend}}
}
