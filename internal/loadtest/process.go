package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// usage is what a process has used so far, from /proc (proc(5)).
type usage struct {
	cpu time.Duration // user and system time
	rss int64         // bytes
}

// clockTick is the unit of times in /proc/PID/stat: USER_HZ is 100 on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

func usageOf(pid int) (usage, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, fmt.Errorf("--pid: %w", err)
	}
	return parseStat(raw)
}

// parseStat reads utime, stime and rss. The name in parentheses may itself contain spaces and parentheses.
func parseStat(raw []byte) (usage, error) {
	end := bytes.LastIndexByte(raw, ')')
	if end < 0 {
		return usage{}, fmt.Errorf("--pid: unreadable stat %q", raw)
	}
	fields := strings.Fields(string(raw[end+1:])) // fields[0] is the third of proc(5)
	value := func(n int) (int64, error) {
		if n-3 >= len(fields) {
			return 0, fmt.Errorf("--pid: stat has %d fields", len(fields)+2)
		}
		return strconv.ParseInt(fields[n-3], 10, 64)
	}
	user, err := value(14)
	system, err2 := value(15)
	pages, err3 := value(24)
	for _, err := range []error{err, err2, err3} {
		if err != nil {
			return usage{}, err
		}
	}
	return usage{cpu: time.Duration(user+system) * clockTick, rss: pages * int64(os.Getpagesize())}, nil
}

// heapOf asks a Lectern how much heap and stack its Go runtime uses, in bytes; 0 when it does not say.
func (a *api) heapOf(ctx context.Context) int64 {
	req, err := http.NewRequestWithContext(ctx, "GET", a.base.String()+"/metrics", nil)
	if err != nil {
		return 0
	}
	res, err := a.http.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return 0
	}
	return sumMetrics(bufio.NewScanner(res.Body), "go_memstats_heap_inuse_bytes", "go_memstats_stack_inuse_bytes")
}

// sumMetrics adds the named samples of a Prometheus page.
func sumMetrics(page *bufio.Scanner, names ...string) (sum int64) {
	for page.Scan() {
		name, value, found := strings.Cut(page.Text(), " ")
		if !found {
			continue
		}
		for _, n := range names {
			if name == n {
				v, _ := strconv.ParseFloat(value, 64) // what is no number counts as nothing
				sum += int64(v)
			}
		}
	}
	return sum
}
