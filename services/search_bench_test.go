package services_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

// crowd is a database with 200,000 messages: many people who talk with many, few who talk with three, and the index of it.
type crowd struct {
	store     *models.Store
	search    *services.Search
	few, many services.Actor
}

const (
	crowdMessages      = 200_000
	crowdConversations = 600 // half of them of one person
)

func newCrowd(b *testing.B, database string) *crowd {
	b.Helper()
	ctx, at := context.Background(), ""
	if database == "PostgreSQL" {
		at = testenv.Postgres(b)
	}
	store, err := models.Open(ctx, at, b.TempDir(), slog.New(slog.DiscardHandler))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, store.Close()) })
	c := &crowd{store: store, search: services.NewSearch(store, &published{}, nil)}
	random := rand.New(rand.NewPCG(6, 7))
	people := make([]string, 400)
	for i := range people {
		people[i] = models.NewID()
		require.NoError(b, store.DB(ctx).Create(&models.User{ID: people[i], Email: people[i] + "@a.example", Name: fmt.Sprintf("同學%d", i), Locale: "en", Role: "user"}).Error)
	}
	c.many, c.few = services.Actor{UserID: people[0]}, services.Actor{UserID: people[1]}
	type pair struct{ id, a, b string }
	var talks []pair
	for i := range crowdConversations {
		p := pair{models.NewID(), people[0], people[2+i%300]}
		switch {
		case i >= crowdConversations-3:
			p.a, p.b = people[1], people[i%300+2]
		case i >= crowdConversations/2:
			p.a, p.b = people[2+i%300], people[302+i%98]
		}
		talks = append(talks, p)
		first, second := min(p.a, p.b), max(p.a, p.b)
		exec(b, store, "INSERT INTO conversations (id, first_id, second_id, created_at) VALUES (?, ?, ?, ?)", p.id, first, second, time.Now())
		exec(b, store, "INSERT INTO conversation_members (conversation_id, user_id, muted) VALUES (?, ?, FALSE), (?, ?, FALSE)", p.id, first, p.id, second)
	}
	const batch = 500
	start := time.Now()
	for n := 0; n < crowdMessages; n += batch {
		var values []string
		var args []any
		for i := range batch {
			p := talks[random.IntN(len(talks))]
			author := p.a
			if random.IntN(2) == 0 {
				author = p.b
			}
			body := sentence(random)
			if (n+i)%40_000 == 7 {
				body += " 量子糾纏 entanglement"
			}
			values = append(values, "(?, ?, ?, ?, ?)")
			args = append(args, models.NewID(), p.id, author, body, time.Now())
		}
		exec(b, store, "INSERT INTO messages (id, conversation_id, author_id, body, created_at) VALUES "+strings.Join(values, ", "), args...)
	}
	b.Logf("%s: %d messages written in %s", database, crowdMessages, time.Since(start).Round(time.Millisecond))
	start = time.Now()
	require.NoError(b, c.search.CatchUp(ctx, func(time.Duration) {}))
	exec(b, store, "ANALYZE") // PostgreSQL does so by itself within a minute
	b.Logf("%s: indexed in %s, %s each", database, time.Since(start).Round(time.Millisecond), time.Since(start)/crowdMessages)
	return c
}

func exec(b *testing.B, store *models.Store, sql string, args ...any) {
	b.Helper()
	require.NoError(b, store.DB(context.Background()).Exec(sql, args...).Error)
}

// sentence is 5 to 30 words, half of them Chinese, the more frequent the lower their number; 老師 and homework are in about
// every fourth.
func sentence(random *rand.Rand) string {
	zipf := rand.NewZipf(random, 1.2, 4, 8000)
	var out strings.Builder
	for range 5 + random.IntN(25) {
		n := rune(zipf.Uint64())
		if random.IntN(2) == 0 {
			out.WriteString(string([]rune{0x4E00 + n, 0x4E00 + (n*7+n%13)%20000}))
		} else {
			fmt.Fprintf(&out, " w%x ", n*2654435)
		}
	}
	if random.IntN(4) == 0 {
		out.WriteString("老師的homework上海")
	}
	return out.String()
}

// BenchmarkSearch: the bar is a p95 under 100 ms.
func BenchmarkSearch(b *testing.B) {
	queries := []struct{ name, q string }{
		{"common Chinese", "老師"}, {"rare Chinese", "量子糾纏"}, {"no Chinese", "龘靐"}, {"one character", "上"}, {"common English", "homework"},
		{"rare English", "entanglement"}, {"beginning", "ho"}, {"two words", "老師 w0"}, {"common and rare", "上海 entangl"}, {"author", "from:me 上海"},
		{"filter", "has:link"},
	}
	for _, database := range []string{"SQLite", "PostgreSQL"} {
		b.Run(database, func(b *testing.B) {
			c := newCrowd(b, database)
			for person, actor := range map[string]services.Actor{"300 conversations": c.many, "3 conversations": c.few} {
				for _, query := range queries {
					b.Run(person+"/"+query.name, func(b *testing.B) { c.measure(b, actor, query.q) })
				}
			}
		})
	}
}

func (c *crowd) measure(b *testing.B, actor services.Actor, q string) {
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		_, err := c.search.Find(b.Context(), actor, services.SearchRequest{Q: q, Limit: 20})
		took = append(took, time.Since(start))
		require.NoError(b, err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}
