package services

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
)

func TestTimeline(t *testing.T) {
	item := wire.PlaybackItem{Kind: "youtube", VideoID: "dQw4w9WgXcQ", Start: 90}
	paused := timeline{V: 4, Item: &item, Pos: 10, Rate: 1, At: 1000}
	playing := timeline{V: 4, Item: &item, Playing: true, Pos: 10, Rate: 2, At: 1000}
	at := func(pos float64) *float64 { return &pos }
	cases := []struct {
		name    string
		got     timeline
		v       int64
		playing bool
		pos     float64
		rate    float64
		at      float64
	}{
		{"load starts paused at the link's second", timeline{V: 4}.load(item, "", nil, 5000), 5, false, 90, 1, 5000},
		{"load at a position", playing.load(item, "", at(3), 5000), 5, false, 3, 1, 5000},
		{"play", paused.play(nil, 5000, 5250), 5, true, 10, 1, 5250},
		{"play from a position", paused.play(at(20), 5000, 5250), 5, true, 20, 1, 5250},
		{"play again changes nothing", playing.play(nil, 5000, 5250), 4, true, 10, 2, 1000},
		{"play elsewhere while playing", playing.play(at(1), 5000, 5250), 5, true, 1, 2, 5250},
		{"pause where it is", playing.pause(nil, 3000), 5, false, 14, 2, 3000},
		{"pause before the start", playing.pause(nil, 500), 5, false, 10, 2, 500},
		{"pause at a position", playing.pause(at(13.5), 3000), 5, false, 13.5, 2, 3000},
		{"pause again changes nothing", paused.pause(nil, 3000), 4, false, 10, 1, 1000},
		{"seek while playing", playing.seek(60, 3250), 5, true, 60, 2, 3250},
		{"seek while paused", paused.seek(60, 3250), 5, false, 60, 1, 3250},
		{"seek before the beginning", paused.seek(-5, 0), 5, false, 0, 1, 0},
		{"seek to infinity", paused.seek(math.Inf(1), 0), 5, false, maxPos, 1, 0},
		{"seek to no number", paused.seek(math.NaN(), 0), 5, false, 0, 1, 0},
		{"rate while playing", playing.setRate(0.5, 3000), 5, true, 14, 0.5, 3000},
		{"rate before the start keeps the start", playing.setRate(0.5, 500), 5, true, 10, 0.5, 1000},
		{"rate while paused", paused.setRate(1.5, 3000), 5, false, 10, 1.5, 3000},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, timeline{V: tc.v, Item: tc.got.Item, Playing: tc.playing, Pos: tc.pos, Rate: tc.rate, At: tc.at}, tc.got)
			require.NotNil(t, tc.got.Item)
		})
	}
	require.Equal(t, timeline{V: 5, Rate: 1, At: 3000}, playing.stop(3000))
	require.Equal(t, timeline{V: 7}, timeline{V: 7}.stop(3000), "nothing to stop")
	require.Equal(t, int64(4), playing.V, "a value: what was is not changed")
}

func TestTimelinePosition(t *testing.T) {
	playing := timeline{Playing: true, Pos: 10, Rate: 2, At: 1000}
	require.Equal(t, 10.0, playing.position(0), "not before the start")
	require.Equal(t, 10.0, playing.position(1000))
	require.Equal(t, 11.0, playing.position(1500))
	require.Equal(t, 10.0, timeline{Pos: 10, Rate: 2, At: 1000}.position(9999))
}

func TestParseYouTube(t *testing.T) {
	const id = "dQw4w9WgXcQ"
	good := map[string]float64{
		"https://www.youtube.com/watch?v=" + id:                       0,
		"http://youtube.com/watch?v=" + id:                            0,
		"  https://m.youtube.com/watch?app=m&v=" + id + " ":           0,
		"https://music.youtube.com/watch?v=" + id + "&list=RD":        0,
		"www.youtube.com/watch?v=" + id:                               0,
		"https://youtu.be/" + id:                                      0,
		"https://youtu.be/" + id + "?si=abc&t=90":                     90,
		"https://www.youtube.com/watch?v=" + id + "&t=90s":            90,
		"https://www.youtube.com/watch?v=" + id + "&t=1m30s":          90,
		"https://www.youtube.com/watch?v=" + id + "&t=1h2m3s":         3723,
		"https://www.youtube.com/watch?v=" + id + "&t=2h":             7200,
		"https://www.youtube.com/watch?v=" + id + "#t=45":             45,
		"https://www.youtube.com/watch?v=" + id + "&t=soon":           0,
		"https://www.youtube.com/watch?v=" + id + "&t=-5":             0,
		"https://www.youtube.com/watch?v=" + id + "&t=999999h":        0,
		"https://www.youtube.com/shorts/" + id:                        0,
		"https://www.youtube.com/live/" + id + "?t=7":                 7,
		"https://www.youtube.com/embed/" + id + "?start=12":           12,
		"https://www.youtube-nocookie.com/embed/" + id + "?start=12&": 12,
		"https://WWW.YouTube.com/watch?v=" + id:                       0,
	}
	for link, start := range good {
		found, refusal := parseYouTube(link)
		require.Empty(t, refusal, link)
		require.Equal(t, id, found.videoID, link)
		require.Equal(t, start, found.start, link)
	}
	found, _ := parseYouTube("https://www.youtube.com/watch?v=" + id + "&list=PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG&index=3")
	require.Equal(t, youTubeLink{videoID: id, listID: "PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG"}, found, "the video of the list")
	found, _ = parseYouTube("https://youtu.be/" + id + "?list=<script>")
	require.Equal(t, youTubeLink{videoID: id}, found)
}

func TestWhatIsNoVideoIsToldSo(t *testing.T) {
	const id = "dQw4w9WgXcQ"
	for link, want := range map[string]string{
		"":                                      notALink,
		"youtube":                               notALink,
		id:                                      notALink,
		"%":                                     notALink,
		"//":                                    notALink,
		"my holiday video":                      notALink,
		"https://www.youtube.com/":              noVideo,
		"https://www.youtube.com/watch":         noVideo,
		"https://www.youtube.com/watch?v=short": noVideo,
		"https://www.youtube.com/watch?v=" + id + "x":             noVideo,
		"https://youtu.be/" + id + "/x":                           noVideo,
		"https://youtu.be/":                                       noVideo,
		"https://www.youtube.com/embed/../" + id:                  noVideo,
		"https://www.youtube.com/embed/live_stream?channel=UCabc": noVideo,
		"https://www.youtube.com/playlist?list=PL" + id:           wholePlaylist,
		"https://www.youtube.com/embed/videoseries?list=PL" + id:  wholePlaylist,
		"https://www.youtube.com/watch?list=PL" + id:              wholePlaylist,
		"https://www.youtube.com/@somebody":                       aChannel,
		"https://www.youtube.com/channel/UCabcdefghijk/videos":    aChannel,
		"https://www.youtube.com/results?search_query=waves":      aSearch,
		"https://www.youtube.com/clip/UgkxabcDEF":                 aClip,
		"https://vimeo.com/1":                                     notYouTube,
		"https://notyoutube.com/watch?v=" + id:                    notYouTube,
		"https://youtube.com.evil.example/watch?v=" + id:          notYouTube,
		"https://evil.example/watch?v=" + id:                      notYouTube,
		"https://youtube.com@evil.example/watch?v=" + id:          notYouTube,
		"https://user@youtube.com/watch?v=" + id:                  notYouTube,
		"https://www.youtube.com:444/watch?v=" + id:               notYouTube,
		"ftp://youtube.com/watch?v=" + id:                         notYouTube,
		"javascript:alert(1)//youtube.com/watch?v=" + id:          notALink,
		"https://youtu.be/" + strings.Repeat("a", 3000):           notALink,
	} {
		found, refusal := parseYouTube(link)
		require.Equal(t, want, refusal, link)
		require.Zero(t, found, link)
	}
}

func FuzzParseYouTube(f *testing.F) {
	f.Add("https://youtu.be/dQw4w9WgXcQ?t=1h2m3s")
	f.Add("www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLabc#t=45")
	f.Add("https://youtube.com@evil/watch?v=dQw4w9WgXcQ")
	f.Add("https://www.youtube.com/embed/videoseries?list=PLabc")
	f.Fuzz(func(t *testing.T, link string) {
		found, refusal := parseYouTube(link)
		switch {
		case refusal != "" && found != youTubeLink{}:
			t.Fatalf("refused %q with a result", link)
		case refusal == "" && (!youTubeID.MatchString(found.videoID) || !(found.start >= 0 && found.start <= maxPos)):
			t.Fatalf("%q gave %+v", link, found)
		case found.listID != "" && !youTubeList.MatchString(found.listID):
			t.Fatalf("%q gave the list %q", link, found.listID)
		}
		if refusal == "" { // what is kept means the same again
			again, _ := parseYouTube("https://www.youtube.com/watch?v=" + found.videoID)
			if again.videoID != found.videoID {
				t.Fatalf("%q gave %q", link, found.videoID)
			}
		}
	})
}
