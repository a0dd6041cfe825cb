package loadtest

import (
	"fmt"
	"io"
	"strings"
)

// APIReport is what a run of RunAPI found.
type APIReport struct {
	Workers int          `json:"workers"`
	Kinds   []KindReport `json:"kinds"`
	Reads   float64      `json:"reads_per_cpu_second,omitempty"` // when each kind is asked equally often
	Writes  float64      `json:"writes_per_cpu_second,omitempty"`
}

// KindReport is what was found of one kind of request. Times are in milliseconds.
type KindReport struct {
	Name         string  `json:"name"`
	Writes       bool    `json:"writes"`
	Requests     int64   `json:"requests"`
	Rate         float64 `json:"per_second"`
	PerCPUSecond float64 `json:"per_cpu_second,omitempty"` // of the server's process
	P50          float64 `json:"p50_ms"`
	P99          float64 `json:"p99_ms"`
}

// Whole is always true: a request that fails ends the test.
func (r *APIReport) Whole() bool { return true }

// sum works out the mixes.
func (r *APIReport) sum() {
	var seconds, kinds [2]float64
	for _, k := range r.Kinds {
		if k.PerCPUSecond == 0 {
			return
		}
		i := 0
		if k.Writes {
			i = 1
		}
		seconds[i] += 1 / k.PerCPUSecond
		kinds[i]++
	}
	r.Reads, r.Writes = kinds[0]/seconds[0], kinds[1]/seconds[1]
}

// Print writes the report for people.
func (r *APIReport) Print(w io.Writer) {
	line := liner(w)
	for _, k := range r.Kinds {
		cpu := ""
		if k.PerCPUSecond > 0 {
			cpu = fmt.Sprintf("%.0f per CPU-second, ", k.PerCPUSecond)
		}
		line(k.Name, "%.0f a second, %sp50 %.2f ms, p99 %.2f ms", k.Rate, cpu, k.P50, k.P99)
	}
	if r.Reads > 0 {
		line("reads", "%.0f per CPU-second of the server, each kind as often", r.Reads)
		line("writes", "%.0f", r.Writes)
	}
}

// Row is the report as rows of a Markdown table.
func (r *APIReport) Row() string {
	var rows []string
	for _, k := range r.Kinds {
		rows = append(rows, fmt.Sprintf("| %s | %.0f | %.0f | %.2f / %.2f |", k.Name, k.PerCPUSecond, k.Rate, k.P50, k.P99))
	}
	return strings.Join(append(rows, fmt.Sprintf("| **reads** | **%.0f** | | |", r.Reads), fmt.Sprintf("| **writes** | **%.0f** | | |", r.Writes)), "\n")
}
