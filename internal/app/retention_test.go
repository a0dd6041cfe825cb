package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
)

func TestWhatIsTooOldGoesAtTheStart(t *testing.T) {
	env := testenv.Start(t, func(c *config.Config) { c.RetentionMessages, c.RetentionAudit = 30*24*time.Hour, 30*24*time.Hour })
	ada := env.Register(t, "Ada")
	var channel wire.Channel
	ada.Do(t, http.MethodPost, "/api/v1/channels", wire.CreateChannelRequest{Name: "Physics"}).Decode(t, &channel)
	posts := "/api/v1/channels/" + channel.ID + "/posts"
	var old, young wire.Post
	ada.Do(t, http.MethodPost, posts, wire.CreateEntryRequest{Body: "Old"}).Decode(t, &old)
	ada.Do(t, http.MethodPost, posts, wire.CreateEntryRequest{Body: "Young"}).Decode(t, &young)
	store, err := models.Connect(t.Context(), "", env.Config.DataDir)
	require.NoError(t, err)
	require.NoError(t, store.DB(t.Context()).Exec("UPDATE posts SET created_at = ? WHERE id = ?", time.Now().UTC().AddDate(0, 0, -31), old.ID).Error)
	require.NoError(t, store.Close())
	env.Restart(ada)
	require.Eventually(t, func() bool {
		return ada.Do(t, http.MethodGet, "/api/v1/posts/"+old.ID, nil).Status == http.StatusNotFound
	}, 10*time.Second, 50*time.Millisecond)
	ada.Do(t, http.MethodGet, "/api/v1/posts/"+young.ID, nil).Want(t, http.StatusOK)
	var changes wire.Changes
	ada.Do(t, http.MethodGet, "/api/v1/changes?scope=channel:"+channel.ID+"&after=2", nil).Decode(t, &changes)
	require.Equal(t, wire.EventPostDeleted, changes.Items[len(changes.Items)-1].Type, "who was away hears of it")
}
