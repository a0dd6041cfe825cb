package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"time"
)

// Space of the data folder's disk, in bytes: with less than fullDisk left the database may fail at any moment; with less than
// nearlyFull, and less than a tenth of it all, it is time to do something.
const (
	fullDisk   = 256 << 20
	nearlyFull = 10 << 30
)

// Disk looks whether the data folder can be written, and how much more fits.
func Disk(_ context.Context, p *Patient) []Check {
	dir := p.Config.DataDir
	probe, err := os.CreateTemp(dir, ".doctor-*")
	switch {
	case errors.Is(err, syscall.EROFS):
		return fail("disk", "look at the disk: the system mounts one that has errors read-only, and its log (dmesg) says which; check it (fsck) and mount it again",
			"%s cannot be written: %s", dir, reason(err))
	case err != nil:
		return fail("disk", "give the folder to the user that runs the server, and run the doctor as that user", "%s cannot be written: %s", dir, reason(err))
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	space, err := p.Space(dir)
	switch {
	case err != nil:
		return warn("disk", "look yourself how full it is", "%s can be written, but how much fits is unknown: %s", dir, reason(err))
	case space.Free < fullDisk:
		return fail("disk", "make room, or move data_dir to a larger disk", "only %s are left for %s", size(space.Free), dir)
	case space.Free < nearlyFull && space.Free < space.Total/10:
		return warn("disk", "make room, shorten the retention_… settings, or move data_dir to a larger disk", "%s of %s are left for %s", size(space.Free), size(space.Total), dir)
	}
	return ok("disk", "%s can be written; %s of %s are left", dir, size(space.Free), size(space.Total))
}

func size(bytes uint64) string { return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30)) }

// offBy is how wrong the clock may be: sessions, TURN credentials and certificates count on it.
const offBy = 30 * time.Second

// Clock compares the clock with that of whoever answers at the public address, and asks the system whether something sets it.
func Clock(ctx context.Context, p *Patient) []Check {
	const mend = "let it be set by itself: timedatectl set-ntp true, or chrony"
	if there, err := p.date(ctx); err == nil {
		if off := p.Now().Sub(there).Round(time.Second); off.Abs() > offBy {
			return fail("clock", mend, "it differs by %s from the one at %s", off.Abs(), p.Config.PublicURL)
		}
	}
	switch synchronised, known := p.Synchronised(); {
	case known && !synchronised:
		return warn("clock", mend, "it says %s, and nothing keeps it right", p.Now().UTC().Format(time.RFC3339))
	case !known:
		return ok("clock", "it says %s; whether something keeps it right is unknown here", p.Now().UTC().Format(time.RFC3339))
	}
	return ok("clock", "it says %s, and is kept right", p.Now().UTC().Format(time.RFC3339))
}

// date is the time at the public address, to the second.
func (p *Patient) date(ctx context.Context) (time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Config.PublicURL+"/healthz", nil)
	if err != nil {
		return time.Time{}, err
	}
	res, err := p.client().Do(req)
	if err != nil {
		return time.Time{}, err
	}
	_ = res.Body.Close()
	return http.ParseTime(res.Header.Get("Date"))
}
