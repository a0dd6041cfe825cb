package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
)

const (
	people   = 6
	sends    = 2000
	settling = 2 * time.Minute // until everything has arrived, once the adversary rests
)

// envSeed repeats a run's choices: what is written where, and what the adversary does. When exactly it hits differs.
const envSeed = "LECTERN_DELIVERY_SEED"

func seeded(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv(envSeed); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("%s=%d", envSeed, seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func TestWhatIsWrittenArrivesOnceInOrder(t *testing.T) {
	scene := newScene(t, "")
	scene.play(t, seeded(t), func(random *rand.Rand) {
		scene.server.restart([]syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}[random.IntN(2)])
	})
}

func TestWhatIsWrittenArrivesThoughTheDatabaseServerRestarts(t *testing.T) {
	cluster := testenv.StartCluster(t)
	scene := newScene(t, cluster.URL)
	scene.play(t, seeded(t), func(random *rand.Rand) {
		if random.IntN(4) == 0 {
			scene.server.restart(syscall.SIGKILL)
			return
		}
		cluster.Stop(t, []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT}[random.IntN(2)])
		cluster.Start(t)
	})
}

// scene is a server, six people in one channel with a conversation for each pair, and everybody's network.
type scene struct {
	server   *server
	clients  []*client
	networks []*network
	scopes   []string
}

func newScene(t *testing.T, databaseURL string) *scene {
	t.Helper()
	s := &scene{server: startServer(t, databaseURL)}
	direct := "http://" + s.server.listen
	scopes := make([][]string, people) // of each
	for i := range people {
		var session wire.Session
		call(t, direct, "", "POST", "/auth/register", wire.RegisterRequest{Email: fmt.Sprintf("%d@example.org", i), Password: testenv.Password, Name: fmt.Sprint(i)}, &session)
		s.networks = append(s.networks, newNetwork(t, s.server.listen))
		at := "http://" + s.networks[i].listener.Addr().String()
		s.clients = append(s.clients, newClient(fmt.Sprint(i), session.User.ID, session.AccessToken, at, nil))
	}
	teacher := s.clients[0]
	var channel wire.Channel
	call(t, direct, teacher.token, "POST", "/channels", wire.CreateChannelRequest{Name: "Class"}, &channel)
	s.scopes = append(s.scopes, "channel:"+channel.ID)
	for i, c := range s.clients {
		if c != teacher {
			call(t, direct, teacher.token, "POST", "/channels/"+channel.ID+"/members", wire.AddMemberRequest{UserID: c.userID, Role: "student"}, nil)
		}
		scopes[i] = append(scopes[i], "channel:"+channel.ID)
	}
	for i, c := range s.clients {
		for j := range i {
			var conversation wire.Conversation
			call(t, direct, c.token, "POST", "/conversations", wire.OpenConversationRequest{UserID: s.clients[j].userID}, &conversation)
			scope := "conversation:" + conversation.ID
			s.scopes, scopes[i], scopes[j] = append(s.scopes, scope), append(scopes[i], scope), append(scopes[j], scope)
		}
	}
	for i, c := range s.clients {
		for _, scope := range scopes[i] {
			c.places[scope] = &place{items: map[string]item{}}
		}
		c.eager = i == people-1
	}
	return s
}

func call(t *testing.T, url, token, method, path string, body, out any) {
	t.Helper()
	c := &client{url: url, token: token, http: http.DefaultClient}
	require.NoError(t, c.ask(t.Context(), method, path, body, out))
}

// play lets everybody write while the adversary acts and the big thing happens now and then, and checks what became of it.
func (s *scene) play(t *testing.T, random *rand.Rand, big func(*rand.Rand)) {
	began := time.Now()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	for _, c := range s.clients {
		running.Go(func() { c.run(ctx) })
	}
	happened := map[string]int{}
	const rounds = 100
	for round := range rounds {
		for range sends / rounds {
			c := s.clients[random.IntN(people)]
			own := make([]string, 0, people)
			for _, scope := range s.scopes {
				if c.places[scope] != nil {
					own = append(own, scope)
				}
			}
			scope := own[0] // the channel
			if random.IntN(2) == 0 {
				scope = own[1+random.IntN(len(own)-1)]
			}
			c.write(scope, fmt.Sprintf("%s writes %d", c.name, len(c.sent)))
		}
		n := s.networks[random.IntN(people)]
		switch random.IntN(4) {
		case 0:
			happened["cut"]++
			n.cut()
		case 1:
			happened["held"]++
			n.hold(time.Duration(random.IntN(150)) * time.Millisecond)
		case 2:
			happened["held, then cut"]++
			n.hold(time.Duration(random.IntN(100)) * time.Millisecond)
			time.AfterFunc(time.Duration(random.IntN(50))*time.Millisecond, n.cut)
		}
		if round%20 == 10 {
			happened["restarted"]++
			big(random)
		}
		pause(ctx, time.Duration(random.IntN(60))*time.Millisecond) // the adversary's pace
	}
	wrote := time.Since(began)
	s.settle(t)
	t.Logf("%d sends in %v, settled after %v; %v; %+v", sends, wrote.Round(time.Millisecond), time.Since(began).Round(time.Millisecond), happened, s.counts())
	s.verify(t)
}

// settle waits until all outboxes are empty and everybody knows the newest number of each place.
func (s *scene) settle(t *testing.T) {
	t.Helper()
	patience := time.After(settling)
	for _, c := range s.clients {
		var heads wire.Heads
		for {
			c.mu.Lock()
			waiting, changed := "", c.changed
			for scope, p := range c.places {
				if len(c.outbox[scope]) > 0 {
					waiting = fmt.Sprintf("%s: %d in the outbox of %s", c.name, len(c.outbox[scope]), scope)
				}
				if heads.Heads[scope] != p.seq {
					waiting = fmt.Sprintf("%s: %s at %d of %d", c.name, scope, p.seq, heads.Heads[scope])
				}
			}
			c.mu.Unlock()
			if waiting == "" && heads.Heads != nil {
				break
			}
			if s.idle() { // nobody writes any more
				call(t, "http://"+s.server.listen, c.token, "GET", "/changes/heads", nil, &heads)
			}
			tick := time.NewTimer(50 * time.Millisecond)
			select {
			case <-changed:
			case <-tick.C: // for the heads
			case <-patience:
				require.Fail(t, "not everything has arrived", waiting)
			}
			tick.Stop()
		}
	}
}

func (s *scene) idle() bool {
	for _, c := range s.clients {
		c.mu.Lock()
		waiting := 0
		for _, o := range c.outbox {
			waiting += len(o)
		}
		c.mu.Unlock()
		if waiting > 0 {
			return false
		}
	}
	return true
}

func (s *scene) counts() (all counts) {
	for _, c := range s.clients {
		c.mu.Lock()
		n := c.counts
		c.mu.Unlock()
		all.connects += n.connects
		all.retries += n.retries
		all.gaps += n.gaps
		all.recovered += n.recovered
		all.dropped += n.dropped
		all.resets += n.resets
	}
	return all
}

// verify compares what was written with what the server has and what everybody shows.
func (s *scene) verify(t *testing.T) {
	t.Helper()
	direct := &client{url: "http://" + s.server.listen, http: http.DefaultClient}
	total := 0
	for _, scope := range s.scopes {
		var truth []item // the oldest first
		var members []*client
		for _, c := range s.clients {
			if c.places[scope] != nil {
				members = append(members, c)
			}
		}
		direct.token = members[0].token
		require.NoError(t, direct.list(t.Context(), scope, func(it item) { truth = append([]item{it}, truth...) }))
		total += len(truth)

		written := map[string][]string{} // by author, the order of writing
		for _, c := range members {
			for _, o := range c.sent {
				if o.scope == scope {
					written[c.userID] = append(written[c.userID], o.clientID+" "+o.body)
				}
			}
		}
		kept := map[string][]string{}
		for _, it := range truth {
			kept[it.author] = append(kept[it.author], it.clientID+" "+it.body)
		}
		require.Equal(t, written, kept, "what the server keeps of %s", scope)
		for _, c := range members {
			require.Equal(t, truth, c.shown(scope), "what %s shows of %s", c.name, scope)
		}
		direct.inOrder(t, scope, truth)
	}
	require.Equal(t, sends, total)
}

// inOrder checks that the numbers of what came into being run as the ids do: whoever was there saw the same order.
func (c *client) inOrder(t *testing.T, scope string, truth []item) {
	t.Helper()
	var created []string
	for after := int64(0); ; {
		var changes wire.Changes
		require.NoError(t, c.get(t.Context(), fmt.Sprintf("/changes?scope=%s&after=%d&limit=500", scope, after), &changes))
		if changes.Reset { // over 1,000 changes: only the newest are told
			after = changes.Seq - 1000
			continue
		}
		for _, change := range changes.Items {
			var d struct{ ID string }
			require.NoError(t, json.Unmarshal(encoded(change.Data), &d))
			if strings.HasSuffix(change.Type, ".created") {
				created = append(created, d.ID)
			}
		}
		if after = changes.Seq; !changes.More {
			break
		}
	}
	for i, id := range created {
		require.Equal(t, truth[len(truth)-len(created)+i].id, id, "the order of %s", scope)
	}
}
