package testenv

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/wire"
	"lectern/models"
)

// Password is what every registered client has.
const Password = "correct horse battery"

// Client speaks to a running Lectern as one person, or as nobody, with a cookie jar of its own.
type Client struct {
	UserID, Token, Name, Email string

	URL  string
	HTTP *http.Client
}

// Anonymous is a client who is not signed in.
func (e *Env) Anonymous() *Client {
	jar, err := cookiejar.New(nil)
	require.NoError(e.t, err)
	transport := &http.Transport{}
	e.t.Cleanup(transport.CloseIdleConnections)
	return &Client{URL: e.URL, HTTP: &http.Client{Jar: jar, Transport: transport}}
}

// Register opens an account with that name and signs in.
func (e *Env) Register(t testing.TB, name string) *Client {
	t.Helper()
	c := e.Anonymous()
	c.Name, c.Email = name, models.NewID()+"@example.org"
	var s wire.Session
	c.Do(t, "POST", "/api/v1/auth/register", wire.RegisterRequest{Email: c.Email, Password: Password, Name: name}).
		Want(t, http.StatusCreated).Decode(t, &s)
	c.UserID, c.Token = s.User.ID, s.AccessToken
	return c
}

// Response is an answer, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a request. A string or []byte body goes as it is, an io.Reader too (set its Content-Type with Send), anything
// else as JSON. The path is
// the whole one, such as /api/v1/me.
func (c *Client) Do(t testing.TB, method, path string, body any) *Response {
	t.Helper()
	return c.Send(t, method, path, body, nil)
}

// Send is Do with headers.
func (c *Client) Send(t testing.TB, method, path string, body any, header http.Header) *Response {
	t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case []byte:
		reader = bytes.NewReader(b)
	case io.Reader:
		reader = b
	default:
		raw, err := json.Marshal(b)
		require.NoError(t, err)
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, reader)
	require.NoError(t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	for name, values := range header {
		req.Header[name] = values
		if name == "Host" {
			req.Host = values[0]
		}
	}
	res, err := c.HTTP.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return &Response{Status: res.StatusCode, Header: res.Header, Body: raw}
}

// Want checks the status and returns the response.
func (r *Response) Want(t testing.TB, status int) *Response {
	t.Helper()
	require.Equal(t, status, r.Status, "answer: %s", r.Body)
	return r
}

// Decode reads the JSON answer of a request that succeeded.
func (r *Response) Decode(t testing.TB, v any) {
	t.Helper()
	require.Less(t, r.Status, 300, "answer: %s", r.Body)
	require.NoError(t, json.Unmarshal(r.Body, v), "answer: %s", r.Body)
}

// Problem reads the answer of a request that failed, checking that it is a whole problem.
func (r *Response) Problem(t testing.TB) wire.Problem {
	t.Helper()
	require.GreaterOrEqual(t, r.Status, 400, "answer: %s", r.Body)
	require.Equal(t, "application/problem+json", r.Header.Get("Content-Type"))
	var p wire.Problem
	require.NoError(t, json.Unmarshal(r.Body, &p), "answer: %s", r.Body)
	require.Equal(t, r.Status, p.Status)
	require.NotEmpty(t, p.Code)
	require.NotEmpty(t, p.Title)
	require.NotEmpty(t, p.Detail)
	require.NotEmpty(t, p.RequestID)
	require.Equal(t, r.Header.Get("X-Request-ID"), p.RequestID)
	return p
}
