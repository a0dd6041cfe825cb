package loadtest

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"
)

// counts are sums over all received streams.
type counts struct{ received, video, expected, gaps, nacks, duplicates uint64 }

// snapshot is everything that is counted, at one instant.
type snapshot struct {
	at                   time.Time
	counts               counts
	sentVideo, sentSound uint64
	server, self         usage
	heap                 int64
}

// usage of the server's process, and its heap; zero without --pid.
func (l *load) usage(ctx context.Context) (s snapshot) {
	if l.options.PID == 0 {
		return s
	}
	var err error
	if s.server, err = usageOf(l.options.PID); err != nil {
		l.mu.Lock()
		l.errs = append(l.errs, err.Error())
		l.mu.Unlock()
	}
	s.heap = l.api.heapOf(ctx)
	return s
}

func (l *load) snapshot(ctx context.Context) snapshot {
	s := l.usage(ctx)
	s.at = time.Now()
	s.sentVideo, s.sentSound = l.sentVideo.Load(), l.sentSound.Load()
	s.counts = l.received()
	s.self, _ = usageOf(os.Getpid()) // absent outside Linux: the column is then 0
	return s
}

// received sums over all streams of all participants.
func (l *load) received() (c counts) {
	for _, p := range l.inside() {
		p.mu.Lock()
		streams := p.streams
		p.mu.Unlock()
		for _, stream := range streams {
			stream.count(&c)
		}
	}
	return c
}

// Report is what a run found. Times are in milliseconds, rates per second.
type Report struct {
	Publishers  int     `json:"publishers"`
	Subscribers int     `json:"subscribers"`
	Joined      int     `json:"joined"` // participants with media
	Seconds     float64 `json:"seconds"`

	SentVideo float64 `json:"sent_video"` // packets that publishers sent
	SentSound float64 `json:"sent_sound"`
	Received  float64 `json:"received"` // packets that all participants received, each once
	Video     float64 `json:"received_video"`

	Lost         int64   `json:"lost"`         // sequence numbers that never came, after repair
	LossPercent  float64 `json:"loss_percent"` // of those expected
	Gaps         uint64  `json:"gaps"`         // sequence numbers that did not come in time
	NACKs        uint64  `json:"nacks"`
	Duplicates   uint64  `json:"duplicates"`
	VideoPercent float64 `json:"video_percent"` // of the pictures' packets sent, times those who receive; 0 with simulcast

	DelayP50 float64 `json:"delay_p50_ms"`
	DelayP90 float64 `json:"delay_p90_ms"`
	DelayP99 float64 `json:"delay_p99_ms"`

	JoinMedian float64 `json:"join_median_ms"`
	JoinP95    float64 `json:"join_p95_ms"`
	JoinMost   float64 `json:"join_max_ms"`

	ServerCores  float64 `json:"server_cores,omitempty"`
	PacketMicros float64 `json:"cpu_us_per_packet,omitempty"`
	RSSKiB       float64 `json:"rss_kib_per_participant,omitempty"`
	HeapKiB      float64 `json:"heap_kib_per_participant,omitempty"` // heap and stacks in use
	ServerMiB    float64 `json:"server_rss_mib,omitempty"`
	ClientCores  float64 `json:"client_cores"`

	Errors []string `json:"errors,omitempty"`
}

// Whole tells whether everybody got in, received media, and nothing failed on the way.
func (r *Report) Whole() bool { return r.Joined == r.Publishers+r.Subscribers && len(r.Errors) == 0 }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (l *load) report(empty, before, after snapshot) *Report {
	o := l.options
	seconds := after.at.Sub(before.at).Seconds()
	r := &Report{Publishers: o.Publishers, Subscribers: o.Subscribers, Seconds: seconds}
	var joins []time.Duration
	for _, p := range l.inside() {
		select {
		case <-p.media:
			r.Joined++
			if !p.sends || o.Subscribers == 0 {
				joins = append(joins, p.took)
			}
		default:
			if p.sends && o.Publishers == 1 {
				r.Joined++ // nobody else sends
			}
		}
	}
	r.JoinMedian, r.JoinP95, r.JoinMost = ms(percentile(joins, 0.5)), ms(percentile(joins, 0.95)), ms(percentile(joins, 1))
	r.DelayP50, r.DelayP90, r.DelayP99 = ms(l.delays.quantile(0.5)), ms(l.delays.quantile(0.9)), ms(l.delays.quantile(0.99))

	received := after.counts.received - before.counts.received
	video := after.counts.video - before.counts.video
	expected := after.counts.expected - before.counts.expected
	r.SentVideo = float64(after.sentVideo-before.sentVideo) / seconds
	r.SentSound = float64(after.sentSound-before.sentSound) / seconds
	r.Received, r.Video = float64(received)/seconds, float64(video)/seconds
	r.Lost, r.LossPercent = loss(expected, received)
	r.Gaps = after.counts.gaps - before.counts.gaps
	r.NACKs = after.counts.nacks - before.counts.nacks
	r.Duplicates = after.counts.duplicates - before.counts.duplicates
	if each := o.Publishers + o.Subscribers - 1; !o.Simulcast && r.SentVideo > 0 {
		r.VideoPercent = 100 * r.Video / r.SentVideo / float64(each)
	}
	r.ClientCores = (after.self.cpu - before.self.cpu).Seconds() / seconds
	if o.PID != 0 {
		cpu := after.server.cpu - before.server.cpu
		r.ServerCores = cpu.Seconds() / seconds
		if received > 0 {
			r.PacketMicros = float64(cpu.Microseconds()) / float64(received)
		}
		more := float64(o.Subscribers)
		if o.Subscribers == 0 {
			more = float64(o.Publishers)
		}
		r.RSSKiB = float64(after.server.rss-empty.server.rss) / 1024 / more
		if after.heap > 0 {
			r.HeapKiB = float64(after.heap-empty.heap) / 1024 / more
		}
		r.ServerMiB = float64(after.server.rss) / (1 << 20)
	}
	l.mu.Lock()
	r.Errors = append(r.Errors, l.errs...)
	l.mu.Unlock()
	return r
}

// loss compares the sequence numbers used with the packets that came. Repairs of what was lost before the window count
// in it, so that a little more than expected may come.
func loss(expected, received uint64) (lost int64, percent float64) {
	if expected == 0 || received >= expected {
		return 0, 0
	}
	lost = int64(expected - received)
	return lost, 100 * float64(lost) / float64(expected)
}

// liner writes lines with a name in front.
func liner(w io.Writer) func(name, format string, args ...any) {
	return func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-22s %s\n", name, fmt.Sprintf(format, args...))
	}
}

// Print writes the report for people.
func (r *Report) Print(w io.Writer) {
	line := liner(w)
	line("joined", "%d of %d", r.Joined, r.Publishers+r.Subscribers)
	line("published", "%.0f packets/s of video, %.0f of sound", r.SentVideo, r.SentSound)
	line("forwarded", "%.0f packets/s, %.0f of them video", r.Received, r.Video)
	if r.VideoPercent > 0 {
		line("video delivered", "%.2f %% of what was published, to everybody", r.VideoPercent)
	}
	line("loss after repair", "%.4f %% (%d packets; %d late or repaired, %d asked for again)", r.LossPercent, r.Lost, max(0, int64(r.Gaps)-r.Lost), r.NACKs)
	line("delay", "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms", r.DelayP50, r.DelayP90, r.DelayP99)
	line("join to first media", "median %.0f ms, p95 %.0f ms, most %.0f ms", r.JoinMedian, r.JoinP95, r.JoinMost)
	if r.ServerCores > 0 {
		line("server CPU", "%.2f µs per forwarded packet (%.3f cores)", r.PacketMicros, r.ServerCores)
		line("server memory", "%.0f KiB per participant (heap and stacks %.0f KiB), %.0f MiB in all", r.RSSKiB, r.HeapKiB, r.ServerMiB)
	}
	line("load's own CPU", "%.3f cores", r.ClientCores)
	for _, e := range r.Errors {
		line("failed", "%s", e)
	}
}

// Row is the report as a row of a Markdown table: "1→100" for a lecture, "16×16" for a room.
func (r *Report) Row() string {
	room := fmt.Sprintf("%d→%d", r.Publishers, r.Subscribers)
	if r.Subscribers == 0 {
		room = fmt.Sprintf("%d×%d", r.Publishers, r.Publishers)
	}
	return fmt.Sprintf("| %s | %d | %.0f | %.3f | %.2f / %.2f | %.0f / %.0f | %.2f | %.0f (%.0f) | %.2f / %.2f |", room, r.Joined, r.Received,
		r.LossPercent, r.DelayP50, r.DelayP99, r.JoinMedian, r.JoinP95, r.PacketMicros, r.RSSKiB, r.HeapKiB, r.ServerCores, r.ClientCores)
}
