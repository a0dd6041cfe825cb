package controllers

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func FuzzPage(f *testing.F) {
	for _, query := range []string{"", "limit=1", "limit=101", "limit=-1", "limit=+5", "limit=1e1", "before=x", "limit=%00",
		"after=018f5c5e-7a3b-4c1d-9e2f-0123456789ab", "before=018F5C5E-7A3B-4C1D-9E2F-0123456789AB&limit=2",
		"after={018f5c5e-7a3b-4c1d-9e2f-0123456789a}", "before=018f5c5e7a3b4c1d9e2f0123456789ab", "limit=1;before=2", "%zz"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		answer := httptest.NewRecorder()
		c, _ := gin.CreateTestContext(answer)
		c.Request = httptest.NewRequest("GET", "/", nil)
		c.Request.URL = &url.URL{Path: "/", RawQuery: query}
		p, ok := page(c)
		if !ok {
			require.Equal(t, 422, answer.Code)
			return
		}
		require.LessOrEqual(t, 1, p.Limit)
		require.LessOrEqual(t, p.Limit, maxLimit)
		require.True(t, p.Before == "" || p.After == "")
		for _, cursor := range []string{p.Before, p.After} {
			if cursor != "" {
				id, err := uuid.Parse(cursor)
				require.NoError(t, err)
				require.Equal(t, id.String(), cursor)
			}
		}
	})
}
