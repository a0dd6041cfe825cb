package controllers_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
)

// changes lists what happened in a scope as "type words", the words being those of the data that are given.
func (p *pair) changes(t *testing.T, who *testenv.Client, scope string, after int64, words ...string) []string {
	t.Helper()
	var page wire.Changes
	who.Do(t, "GET", fmt.Sprintf("/api/v1/changes?scope=%s&after=%d", scope, after), nil).Want(t, 200).Decode(t, &page)
	assert.False(t, page.More)
	assert.False(t, page.Reset)
	told := []string{}
	for _, c := range page.Items {
		raw, err := json.Marshal(c.Data)
		require.NoError(t, err)
		line := c.Type
		for _, word := range words {
			if strings.Contains(string(raw), `"`+word+`"`) {
				line += " " + word
			}
		}
		told = append(told, line)
	}
	return told
}

func TestWhatHappenedInAChannelIsToldAgain(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		scope := "channel:" + p.channel
		var view wire.Channel
		p.ann.Do(t, "GET", "/api/v1/channels/"+p.channel, nil).Decode(t, &view)
		require.EqualValues(t, 1, view.Seq) // bob joined
		ann := p.socket(t, p.ann)

		write := func(path, body string) string {
			var made struct{ ID string }
			p.bob.Do(t, "POST", "/api/v1"+path, wire.CreateEntryRequest{Body: body}).Want(t, 201).Decode(t, &made)
			return made.ID
		}
		first := write("/channels/"+p.channel+"/posts", "first")
		second := write("/channels/"+p.channel+"/posts", "second")
		remark := write("/posts/"+first+"/comments", "remark")
		slip := write("/posts/"+first+"/comments", "slip")
		p.bob.Do(t, "PATCH", "/api/v1/posts/"+first, wire.UpdatePostRequest{Body: new("mended")}).Want(t, 200)
		p.ann.Do(t, "PUT", "/api/v1/comments/"+remark+"/reactions/👍", nil).Want(t, 204)
		p.bob.Do(t, "DELETE", "/api/v1/comments/"+slip, nil).Want(t, 204)
		p.bob.Do(t, "DELETE", "/api/v1/posts/"+second, nil).Want(t, 204)
		p.ann.Do(t, "PATCH", "/api/v1/channels/"+p.channel, wire.UpdateChannelRequest{Name: new("Chemistry")}).Want(t, 200)
		meeting := struct{ ID string }{}
		p.ann.Do(t, "POST", "/api/v1/channels/"+p.channel+"/meetings", nil).Want(t, 201).Decode(t, &meeting)
		p.ann.Do(t, "PATCH", "/api/v1/channels/"+p.channel+"/members/"+p.bob.UserID, wire.UpdateMemberRequest{Role: "assistant"}).Want(t, 200)

		words := []string{"first", "second", "mended", "remark", "slip", "👍", "Chemistry", "assistant", slip, second, meeting.ID}
		assert.Equal(t, []string{"post.created mended", "comment.created remark 👍", "comment.deleted " + slip, "post.deleted " + second,
			"channel.updated Chemistry", "meeting.started " + meeting.ID, "channel.member_updated assistant"}, p.changes(t, p.ann, scope, 1, words...))

		p.ann.Do(t, "POST", "/api/v1/meetings/"+meeting.ID+"/end", nil).Want(t, 200)
		p.ann.Do(t, "DELETE", "/api/v1/channels/"+p.channel+"/members/"+p.bob.UserID, nil).Want(t, 204)
		after := p.changes(t, p.ann, scope, 9, meeting.ID, p.bob.UserID)
		assert.Equal(t, []string{"channel.updated", "meeting.ended " + meeting.ID, "channel.member_left " + p.bob.UserID}, after)
		p.bob.Do(t, "GET", "/api/v1/changes?scope="+scope, nil).Want(t, 404)

		seq := int64(1) // and on the socket: every number, in order
		for _, f := range ann.Fence(t) {
			if f.Scope == scope {
				seq++
				assert.Equal(t, seq, f.Seq, f.Type)
			}
		}
		var heads wire.Heads
		p.ann.Do(t, "GET", "/api/v1/changes/heads", nil).Decode(t, &heads)
		assert.Equal(t, seq, heads.Heads[scope])
		heads = wire.Heads{}
		p.bob.Do(t, "GET", "/api/v1/changes/heads", nil).Decode(t, &heads)
		assert.NotContains(t, heads.Heads, scope)

		p.ann.Do(t, "DELETE", "/api/v1/channels/"+p.channel, nil).Want(t, 204)
		own := p.changes(t, p.ann, "user:"+p.ann.UserID, 0, p.channel)
		assert.Contains(t, own, "channel.deleted "+p.channel)
		p.ann.Do(t, "GET", "/api/v1/changes?scope="+scope, nil).Want(t, 404)
	})
}

func TestWhatHappenedInAConversationIsToldAgain(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		scope := "conversation:" + p.id
		first := p.send(t, p.ann, wire.CreateMessageRequest{Body: "first"})
		second := p.send(t, p.ann, wire.CreateMessageRequest{Body: "second"})
		p.bob.Do(t, "POST", "/api/v1/conversations/"+p.id+"/read", wire.ReadRequest{UpTo: second.ID}).Want(t, 204)
		p.ann.Do(t, "DELETE", "/api/v1/messages/"+second.ID, nil).Want(t, 204)
		p.bob.Do(t, "PUT", "/api/v1/messages/"+first.ID+"/reactions/👍", nil).Want(t, 204)
		words := []string{"first", "👍", p.bob.UserID, second.ID}
		told := p.changes(t, p.ann, scope, 0, words...)
		assert.Equal(t, []string{"message.read " + p.bob.UserID + " " + second.ID, "message.deleted " + second.ID,
			"message.created first 👍 " + p.bob.UserID}, told)
		p.bob.Do(t, "PATCH", "/api/v1/me/preferences", map[string]bool{"read_receipts": false}).Want(t, 200)
		assert.Equal(t, told[1:], p.changes(t, p.ann, scope, 0, words...))
		assert.Equal(t, told, p.changes(t, p.bob, scope, 0, words...))
		assert.Contains(t, p.changes(t, p.bob, "user:"+p.bob.UserID, 0, p.id), "conversation.created "+p.id)
	})
}

func TestChangesRefuseWhatIsNoScope(t *testing.T) {
	eachPair(t, func(t *testing.T, p *pair) {
		for _, scope := range []string{"", "channel", "channel:", "channel:x", "meeting:" + p.channel, "channel:" + strings.ToUpper(p.channel), p.channel} {
			assert.Contains(t, p.ann.Do(t, "GET", "/api/v1/changes?scope="+scope, nil).Want(t, 422).Problem(t).Errors, "scope")
		}
		p.ann.Do(t, "GET", "/api/v1/changes", nil).Want(t, 422)
		p.ann.Do(t, "GET", "/api/v1/changes?scope=user:"+p.bob.UserID, nil).Want(t, 404)
		p.ann.Do(t, "GET", "/api/v1/changes?scope=channel:"+models.NewID(), nil).Want(t, 404)
		for _, query := range []string{"after=-1", "after=x", "limit=0", "limit=501", "limit=x"} {
			p.ann.Do(t, "GET", "/api/v1/changes?scope=channel:"+p.channel+"&"+query, nil).Want(t, 422)
		}
	})
}
