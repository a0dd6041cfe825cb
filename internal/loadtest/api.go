package loadtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"time"

	"lectern/internal/wire"
)

// account is a person of the test. It is kept in the file of --accounts.
type account struct {
	Email    string    `json:"email"`
	Password string    `json:"password"`
	UserID   string    `json:"user_id"`
	Token    string    `json:"token"`
	Until    time.Time `json:"until"` // end of the token's life
	made     bool      // by this run
}

// api speaks REST to the server under test.
type api struct {
	base *url.URL
	http *http.Client
}

func newAPI(base *url.URL) *api {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = maxWorkers // opening connections is not what is measured
	return &api{base: base, http: &http.Client{Timeout: time.Minute, Transport: transport}}
}

// do sends a request as a person (or nobody) and decodes the answer into out unless that is nil.
func (a *api) do(ctx context.Context, as *account, method, path string, body, out any) error {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base.String()+path, reader)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if as != nil {
		req.Header.Set("Authorization", "Bearer "+as.Token)
	}
	res, err := a.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		var p wire.Problem
		_ = json.Unmarshal(raw, &p) // a proxy's page has no sentence for us
		return fmt.Errorf("%s %s: %d %s %s", method, path, res.StatusCode, p.Code, p.Detail)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}

// register opens an account with a made-up address.
func (a *api) register(ctx context.Context, name string) (*account, error) {
	acc := &account{Email: rand.Text() + "@load.example.org", Password: rand.Text(), made: true}
	return acc, a.signIn(ctx, acc, "/api/v1/auth/register", wire.RegisterRequest{Email: acc.Email, Password: acc.Password, Name: name})
}

func (a *api) login(ctx context.Context, acc *account) error {
	return a.signIn(ctx, acc, "/api/v1/auth/login", wire.LoginRequest{Email: acc.Email, Password: acc.Password})
}

func (a *api) signIn(ctx context.Context, acc *account, path string, body any) error {
	var s wire.Session
	if err := a.do(ctx, nil, "POST", path, body, &s); err != nil {
		return err
	}
	acc.UserID, acc.Token = s.User.ID, s.AccessToken
	acc.Until = time.Now().Add(time.Duration(s.ExpiresIn) * time.Second)
	return nil
}

// class is the channel and the meeting of a run, and who is in it. The first account teaches.
type class struct {
	accounts []*account
	channel  wire.Channel
	meeting  wire.Meeting
}

// errEmpty: the administrator's account must not be one that the test makes.
var errEmpty = errors.New("nobody has an account on this server yet, and the first one administers it: " +
	"sign up yourself first, or run \"lectern admin create-user EMAIL --admin\"")

// people gives n accounts, who are signed in for a while: those of the file, signed in again where needed, and new ones.
func (a *api) people(ctx context.Context, o Common, lasting time.Duration, n int) ([]*account, error) {
	kept, err := readAccounts(o.Accounts)
	if err != nil {
		return nil, err
	}
	if o.Email != "" {
		kept = append([]*account{{Email: o.Email, Password: o.Password}}, kept...)
	}
	var server wire.ServerInfo
	if err := a.do(ctx, nil, "GET", "/api/v1/server", nil, &server); err != nil {
		return nil, err
	}
	if server.FirstAccount {
		return nil, errEmpty
	}
	for i := range n {
		if i == len(kept) {
			acc, err := a.register(ctx, fmt.Sprintf("Load %d", i))
			if err != nil {
				return nil, err
			}
			kept = append(kept, acc)
		}
		if acc := kept[i]; time.Until(acc.Until) < lasting+2*time.Minute {
			if err := a.login(ctx, acc); err != nil {
				return nil, err
			}
		}
	}
	if o.Accounts != "" {
		if err := writeAccounts(o.Accounts, kept); err != nil {
			return nil, err
		}
	}
	return kept[:n], nil
}

func readAccounts(path string) (list []*account, err error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("--accounts: %w", err)
	}
	return list, nil
}

func writeAccounts(path string, list []*account) error {
	raw, err := json.Marshal(list)
	if err == nil {
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		return fmt.Errorf("--accounts: %w", err)
	}
	return nil
}

// open makes a channel with everybody in it.
func (a *api) open(ctx context.Context, accounts []*account) (*class, error) {
	c, teacher := &class{accounts: accounts}, accounts[0]
	if err := a.do(ctx, teacher, "POST", "/api/v1/channels", wire.CreateChannelRequest{Name: "Load test"}, &c.channel); err != nil {
		return nil, err
	}
	var invite wire.Invite
	if err := a.do(ctx, teacher, "POST", "/api/v1/channels/"+c.channel.ID+"/invites", nil, &invite); err != nil {
		return c, err
	}
	for _, student := range accounts[1:] {
		if err := a.do(ctx, student, "POST", "/api/v1/invites/"+invite.Code+"/accept", nil, nil); err != nil {
			return c, err
		}
	}
	return c, nil
}

// meet starts the channel's meeting.
func (a *api) meet(ctx context.Context, c *class) error {
	return a.do(ctx, c.accounts[0], "POST", "/api/v1/channels/"+c.channel.ID+"/meetings", nil, &c.meeting)
}

// tidy is close when all is over, whatever ended it.
func (a *api) tidy(ctx context.Context, c *class, keep bool, say func(format string, args ...any)) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer done()
	if c == nil || c.channel.ID == "" {
		return
	}
	if err := a.close(ctx, c, keep); err != nil {
		say("tidying up: %v", err)
	}
}

// close takes away what was made, and accounts that nobody keeps.
func (a *api) close(ctx context.Context, c *class, keep bool) error {
	var errs []error
	if c.meeting.ID != "" {
		errs = append(errs, a.do(ctx, c.accounts[0], "POST", "/api/v1/meetings/"+c.meeting.ID+"/end", nil, nil))
	}
	errs = append(errs, a.do(ctx, c.accounts[0], "DELETE", "/api/v1/channels/"+c.channel.ID, nil, nil))
	for _, acc := range c.accounts {
		if acc.made && !keep {
			errs = append(errs, a.do(ctx, acc, "DELETE", "/api/v1/me", wire.DeleteMeRequest{Password: acc.Password}, nil))
		}
	}
	return errors.Join(errs...)
}
