package loadtest

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// ChatReport is what a run of RunChat found. Times are in milliseconds.
type ChatReport struct {
	Sockets        int      `json:"sockets"`
	Joined         int      `json:"joined"`
	Posts          int64    `json:"posts"` // accepted by the server
	Failed         int64    `json:"failed"`
	Rate           float64  `json:"rate"` // posts per second, as it was reached
	Deliveries     int64    `json:"deliveries"`
	Lost           int64    `json:"lost"`
	Doubled        int64    `json:"doubled"`
	Reopened       int      `json:"reopened"`        // sockets that ended meanwhile; what they missed was asked for
	Cause          string   `json:"cause,omitempty"` // of the last one's end
	Refusals       int      `json:"refusals"`        // tries to open one again that failed
	Refusal        string   `json:"refusal,omitempty"`
	Away           int64    `json:"away"`          // sockets that did not come back
	AcceptP50      float64  `json:"accept_p50_ms"` // until the author was answered
	AcceptP99      float64  `json:"accept_p99_ms"`
	DelayP50       float64  `json:"delay_p50_ms"` // until a socket had the event
	DelayP90       float64  `json:"delay_p90_ms"`
	DelayP99       float64  `json:"delay_p99_ms"`
	DelayMost      float64  `json:"delay_most_ms"`
	DeliveryMicros float64  `json:"delivery_cpu_us,omitempty"` // of the server, for each delivery
	PostMillis     float64  `json:"post_cpu_ms,omitempty"`     // of the server, for each post with all its deliveries
	ServerCores    float64  `json:"server_cores,omitempty"`
	RSSKiB         float64  `json:"rss_kib_per_socket,omitempty"`
	HeapKiB        float64  `json:"heap_kib_per_socket,omitempty"`
	ServerMiB      float64  `json:"server_mib,omitempty"`
	ClientCores    float64  `json:"client_cores"`
	Errors         []string `json:"errors,omitempty"`
}

// Whole tells whether all sockets opened and had every post once.
func (r *ChatReport) Whole() bool {
	return r.Joined == r.Sockets && r.Lost == 0 && r.Doubled == 0 && r.Away == 0 && len(r.Errors) == 0
}

func (c *chat) report(spent time.Duration, empty, before, after use) *ChatReport {
	lost := max(0, c.due()-c.delivered.Load())
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &ChatReport{
		Sockets: c.options.Sockets, Joined: len(c.listeners), Posts: c.posted.Load(), Rate: float64(c.posted.Load()) / spent.Seconds(),
		Deliveries: c.delivered.Load(), Lost: lost, Doubled: c.doubled.Load(), Errors: slices.Clone(c.errs), Reopened: c.reopened, Cause: c.cause,
		Refusals: c.refusals, Refusal: c.refusal, Away: c.away.Load(),
		AcceptP50: ms(c.accept.quantile(0.5)), AcceptP99: ms(c.accept.quantile(0.99)),
		DelayP50: ms(c.arrive.quantile(0.5)), DelayP90: ms(c.arrive.quantile(0.9)), DelayP99: ms(c.arrive.quantile(0.99)), DelayMost: ms(c.arrive.quantile(1)),
		ClientCores: (after.self.cpu - before.self.cpu).Seconds() / spent.Seconds(),
	}
	r.Failed = int64(len(c.sent)) - r.Posts
	if c.options.PID == 0 {
		return r
	}
	cpu := after.server.cpu - before.server.cpu
	r.ServerCores = cpu.Seconds() / spent.Seconds()
	if r.Deliveries > 0 {
		r.DeliveryMicros, r.PostMillis = float64(cpu.Microseconds())/float64(r.Deliveries), ms(cpu)/float64(r.Posts)
	}
	r.RSSKiB = float64(before.server.rss-empty.server.rss) / 1024 / float64(max(1, r.Joined))
	if before.heap > 0 {
		r.HeapKiB = float64(before.heap-empty.heap) / 1024 / float64(max(1, r.Joined))
	}
	r.ServerMiB = float64(after.server.rss) / (1 << 20)
	return r
}

// Print writes the report for people.
func (r *ChatReport) Print(w io.Writer) {
	line := liner(w)
	line("sockets", "%d of %d", r.Joined, r.Sockets)
	line("posts", "%d accepted, %.1f a second, %d failed", r.Posts, r.Rate, r.Failed)
	line("deliveries", "%d; %d lost, %d doubled", r.Deliveries, r.Lost, r.Doubled)
	if r.Reopened > 0 {
		line("sockets opened again", "%d, the last because: %s", r.Reopened, r.Cause)
	}
	if r.Refusals > 0 {
		line("tries that failed", "%d, the last because: %s; %d sockets did not come back", r.Refusals, r.Refusal, r.Away)
	}
	line("answer to the author", "p50 %.2f ms, p99 %.2f ms", r.AcceptP50, r.AcceptP99)
	line("delay to a socket", "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, most %.1f ms", r.DelayP50, r.DelayP90, r.DelayP99, r.DelayMost)
	if r.ServerCores > 0 {
		line("server CPU", "%.2f µs per delivery, %.2f ms per post (%.3f cores)", r.DeliveryMicros, r.PostMillis, r.ServerCores)
		line("server memory", "%.1f KiB per socket (heap and stacks %.1f KiB), %.0f MiB in all", r.RSSKiB, r.HeapKiB, r.ServerMiB)
	}
	line("load's own CPU", "%.3f cores", r.ClientCores)
	for _, e := range r.Errors {
		line("failed", "%s", e)
	}
}

// Row is the report as a row of a Markdown table.
func (r *ChatReport) Row() string {
	grown := "–" // few sockets are less than what the server gives back meanwhile
	if r.RSSKiB > 0 {
		grown = fmt.Sprintf("%.1f", r.RSSKiB)
	}
	return fmt.Sprintf("| %d | %.0f | %d | %d / %d | %.1f / %.1f | %.1f / %.1f | %.1f | %s | %.2f / %.2f |", r.Joined, r.Rate, r.Deliveries, r.Lost, r.Doubled,
		r.AcceptP50, r.AcceptP99, r.DelayP50, r.DelayP99, r.DeliveryMicros, grown, r.ServerCores, r.ClientCores)
}
