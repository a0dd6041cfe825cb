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
	youTubeList = regexp.MustCompile(`^[A-Za-z0-9_-]{2,64}$`)
	youTubeTime = regexp.MustCompile(`^(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s?)?$`) // 90, 90s, 1m30s, 1h2m3s
)

// What a link is that cannot be played, for whoever pasted it.
const (
	notALink      = "This is not a link. Copy the address of a YouTube video, or upload a file."
	notYouTube    = "This is not a link to a YouTube video. Links to other sites cannot be played; upload the video as a file instead."
	wholePlaylist = "This is a link to a whole YouTube playlist. Open one of its videos and copy the link of that."
	aChannel      = "This is a link to a YouTube channel. Open one of its videos and copy the link of that."
	aSearch       = "This is a link to a YouTube search. Open one of the videos and copy the link of that."
	aClip         = "This is a link to a YouTube clip. Open the whole video and copy the link of that; a start time may be added."
	noVideo       = "This YouTube link names no video. Open the video and copy its link again."
)

// youTubeLink is what a link to a video says: its id, where to start in seconds, and the playlist it was found in.
type youTubeLink struct {
	videoID string
	start   float64
	listID  string
}

// parseYouTube reads the link of a YouTube video in any form that people copy: watch?v=, youtu.be, shorts, live and embed,
// with t= or start= as the second to start at. For everything else refusal says what it is and what to do. It opens nothing.
func parseYouTube(link string) (found youTubeLink, refusal string) {
	u, refusal := parseWebLink(link)
	if refusal != "" {
		return youTubeLink{}, refusal
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	query := u.Query()
	id := ""
	switch host := strings.ToLower(u.Host); {
	case host == "youtu.be":
		if len(path) == 1 {
			id = path[0]
		}
	case !youTubeHosts[host]:
		return youTubeLink{}, notYouTube
	default:
		id = videoIn(path, query)
	}
	if !youTubeID.MatchString(id) || id == "videoseries" || id == "live_stream" { // words of eleven letters in an id's place
		return youTubeLink{}, whatInstead(path, query)
	}
	found.videoID = id
	if list := query.Get("list"); youTubeList.MatchString(list) {
		found.listID = list
	}
	fragment, _ := url.ParseQuery(u.Fragment)
	for _, text := range []string{query.Get("t"), query.Get("start"), query.Get("time_continue"), fragment.Get("t"), fragment.Get("start")} {
		if found.start == 0 {
			found.start, _ = parseYouTubeTime(text)
		}
	}
	return found, ""
}

// parseWebLink reads an address as it is copied from an address bar.
func parseWebLink(link string) (u *url.URL, refusal string) {
	link = strings.TrimSpace(link)
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	switch {
	case len(link) > 2000 || err != nil || u.Opaque != "" || !strings.Contains(u.Host, "."):
		return nil, notALink
	case u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Port() != "":
		return nil, notYouTube
	}
	return u, ""
}

// videoIn finds the video's id in a link to YouTube's site, "" when there is none.
func videoIn(path []string, query url.Values) string {
	switch {
	case len(path) == 1 && path[0] == "watch":
		return query.Get("v")
	case len(path) == 2:
		switch path[0] {
		case "watch", "shorts", "live", "embed", "v", "e":
			return path[1]
		}
	}
	return ""
}

// whatInstead says what a link to YouTube is when it is no video.
func whatInstead(path []string, query url.Values) string {
	switch first := path[0]; {
	case first == "clip":
		return aClip
	case first == "results":
		return aSearch
	case strings.HasPrefix(first, "@"), first == "channel", first == "c", first == "user":
		return aChannel
	case query.Has("list"):
		return wholePlaylist
	}
	return noVideo
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
