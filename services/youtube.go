package services

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// youTubeHosts is exact: a link to another host is never handed to a player.
var youTubeHosts = map[string]bool{
	"youtube.com": true, "www.youtube.com": true, "m.youtube.com": true, "music.youtube.com": true,
	"youtube-nocookie.com": true, "www.youtube-nocookie.com": true,
}

var (
	youTubeID   = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)
	youTubeTime = regexp.MustCompile(`^(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s?)?$`) // 90, 90s, 1m30s, 1h2m3s
)

// parseYouTube reads the link of a YouTube video in any form that people copy: watch?v=, youtu.be, shorts, live and embed,
// with t= or start= as the second to start at. ok is false for everything else.
func parseYouTube(link string) (videoID string, start float64, ok bool) {
	link = strings.TrimSpace(link)
	if len(link) > 2000 {
		return "", 0, false
	}
	if !strings.Contains(link, "://") {
		link = "https://" + link // as copied from an address bar
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Opaque != "" || u.Port() != "" {
		return "", 0, false
	}
	query := u.Query()
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	host := strings.ToLower(u.Host)
	switch {
	case host == "youtu.be" && len(path) == 1:
		videoID = path[0]
	case !youTubeHosts[host]:
		return "", 0, false
	case len(path) == 1 && path[0] == "watch":
		videoID = query.Get("v")
	case len(path) == 2 && (path[0] == "shorts" || path[0] == "live" || path[0] == "embed" || path[0] == "v"):
		videoID = path[1]
	}
	if !youTubeID.MatchString(videoID) {
		return "", 0, false
	}
	start, _ = parseYouTubeTime(query.Get("t"))
	if start == 0 {
		start, _ = parseYouTubeTime(query.Get("start"))
	}
	if fragment, err := url.ParseQuery(u.Fragment); start == 0 && err == nil {
		start, _ = parseYouTubeTime(fragment.Get("t"))
	}
	return videoID, start, true
}

// parseYouTubeTime reads a start time in seconds; a bad one is as good as none.
func parseYouTubeTime(text string) (float64, bool) {
	parts := youTubeTime.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	seconds := 0
	for i, unit := range []int{3600, 60, 1} {
		n, _ := strconv.Atoi(parts[i+1]) // digits only, or empty
		seconds += n * unit
	}
	return clampPos(float64(seconds)), true
}
