package services

import (
	"context"
	"slices"
	"strings"

	"lectern/internal/fulltext"
	"lectern/internal/wire"
	"lectern/models"
)

// findNames finds channels and people.
func (s *Search) findNames(ctx context.Context, actor Actor, q search) ([]wire.Found, error) {
	found, most := []wire.Found{}, q.limit
	if len(q.kinds) != 1 {
		most = min(maxNames, q.limit/4) // the rest of the page is for entries
	}
	var terms []fulltext.Term
	if term, ok := fulltext.Phrase(q.Text, true); ok {
		terms = append(terms, term)
	}
	if q.wants("channel") {
		rows, err := s.channels(ctx, actor, q.Text)
		if err != nil {
			return nil, err
		}
		for _, row := range rows[:min(len(rows), most)] {
			snippet, matches, _ := fulltext.Snippet(fulltext.Plain(row.Description), terms)
			found = append(found, wire.Found{Kind: "channel", ID: row.ID, Title: row.Name, Snippet: snippet, Matches: matches,
				ChannelID: row.ID, CreatedAt: wire.At(row.CreatedAt)})
		}
	}
	if q.wants("user") {
		users, err := s.store.Acquaintances(ctx, actor.UserID, strings.ToLower(q.Text), fulltext.Fold(q.Text), most)
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			found = append(found, wire.Found{Kind: "user", ID: u.ID, Title: u.Name, Matches: [][2]int{}, Author: new(profile(u, s.pub)),
				CreatedAt: wire.At(u.CreatedAt)})
		}
	}
	return found, nil
}

// channels are those of the actor whose name has a text: whole names first, then beginnings.
func (s *Search) channels(ctx context.Context, actor Actor, text string) ([]models.Channel, error) {
	rows, _, err := s.store.Places(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	text = fulltext.Fold(strings.TrimSpace(text))
	rank := func(c models.Channel) int {
		switch name := fulltext.Fold(c.Name); {
		case name == text:
			return 0
		case strings.HasPrefix(name, text):
			return 1
		case strings.Contains(name, text):
			return 2
		default:
			return 3
		}
	}
	rows = slices.DeleteFunc(rows, func(c models.Channel) bool { return text == "" || rank(c) == 3 })
	slices.SortStableFunc(rows, func(a, b models.Channel) int { return rank(a) - rank(b) })
	return rows, nil
}

// show reads what the rows of the index stand for. What was deleted or changed since they were written is left out.
func (s *Search) show(ctx context.Context, actor Actor, docs []models.SearchDoc, terms []fulltext.Term) ([]wire.Found, error) {
	p, err := s.gather(ctx, actor, docs)
	if err != nil {
		return nil, err
	}
	found := []wire.Found{}
	for _, doc := range docs {
		entry, there := p.entries[doc.EntryID]
		if !there || entry.Scope != doc.Scope {
			continue
		}
		item := wire.Found{Kind: doc.Kind, ID: entry.ID, CreatedAt: wire.At(entry.CreatedAt)}
		stands(&item, doc.Kind, entry)
		author := p.authors[entry.AuthorID]
		item.Author, item.Title = &author, p.title(doc)
		text := fulltext.Plain(entry.Body)
		if doc.FileID != "" {
			file, there := p.files[doc.FileID]
			if !there {
				continue
			}
			item.Kind, item.ID, item.Title, item.File = "file", file.ID, file.Name, new(s.files.wire(file))
			text = file.Name
		}
		var fits bool
		if item.Snippet, item.Matches, fits = fulltext.Snippet(text, terms); fits {
			found = append(found, item)
		}
	}
	return found, nil
}

// stands says where an entry stands.
func stands(item *wire.Found, kind string, entry models.FoundEntry) {
	switch kind {
	case models.EntryPost:
		item.ChannelID, item.PostID = entry.Scope, entry.ID
	case models.EntryComment:
		item.ChannelID, item.PostID, item.CommentID = entry.Scope, entry.PostID, entry.ID
	case models.EntryMessage:
		item.ConversationID, item.MessageID = entry.Scope, entry.ID
	}
}

// surroundings are what found entries are shown with.
type surroundings struct {
	entries  map[string]models.FoundEntry
	files    map[string]models.File
	authors  map[string]wire.Profile
	channels map[string]string // names
	peers    map[string]string // user ids, by conversation
}

// title names where an entry stands: its channel, or the person one talks with.
func (p *surroundings) title(doc models.SearchDoc) string {
	if name, ok := p.channels[doc.Scope]; ok {
		return name
	}
	return p.authors[p.peers[doc.Scope]].Name
}

func (s *Search) gather(ctx context.Context, actor Actor, docs []models.SearchDoc) (*surroundings, error) {
	p := &surroundings{entries: map[string]models.FoundEntry{}, files: map[string]models.File{}, authors: map[string]wire.Profile{}}
	if len(docs) == 0 {
		return p, nil
	}
	ids, scopes, files, people := map[string][]string{}, []string{}, []string{}, []string{}
	for _, doc := range docs {
		ids[doc.Kind] = append(ids[doc.Kind], doc.EntryID)
		scopes = append(scopes, doc.Scope)
		if doc.FileID != "" {
			files = append(files, doc.FileID)
		}
	}
	for kind, some := range ids {
		rows, err := s.store.FoundEntries(ctx, kind, some)
		if err != nil {
			return nil, err
		}
		for id, row := range rows {
			p.entries[id] = row
			people = append(people, row.AuthorID)
		}
	}
	var err error
	if p.channels, p.peers, err = s.store.ScopeNames(ctx, actor.UserID, scopes); err != nil {
		return nil, err
	}
	for _, id := range p.peers {
		people = append(people, id)
	}
	users, err := s.store.Users(ctx, people)
	if err != nil {
		return nil, err
	}
	for id, u := range users {
		p.authors[id] = profile(u, s.pub)
	}
	if len(files) > 0 {
		p.files, err = s.store.ReadableFiles(ctx, actor.UserID, files)
	}
	return p, err
}
