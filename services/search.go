package services

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lectern/internal/fulltext"
	"lectern/internal/wire"
	"lectern/models"
)

// Search finds channels, people, and what was written and shared, in all that one may read.
type Search struct {
	store *models.Store
	pub   Publisher
	files *Files
}

// NewSearch prepares it. Its Run keeps the index.
func NewSearch(store *models.Store, pub Publisher, files *Files) *Search {
	return &Search{store: store, pub: pub, files: files}
}

// SearchRequest is what is looked for, as it came: words and operators in Q, and the same restrictions as fields.
type SearchRequest struct {
	Q, In, From, Has, Before, After, Kind, Cursor string

	Limit int
}

// maxSearch is the longest search, in characters.
const maxSearch = 254

// maxNames is how many channels, and how many people, a search for everything begins with.
const maxNames = 5

// foundKinds are what can be found.
var foundKinds = []string{"channel", "user", models.EntryPost, models.EntryComment, models.EntryMessage, "file"}

// search is a checked SearchRequest.
type search struct {
	fulltext.Query
	kinds  []string // none: all
	cursor int64    // 0: the first page
	limit  int
}

// wants tells whether a kind is asked for.
func (s search) wants(kind string) bool { return len(s.kinds) == 0 || slices.Contains(s.kinds, kind) }

// names tells whether channels and people can be meant: an entry's author, time or files cannot be theirs.
func (s search) names() bool {
	return s.cursor == 0 && s.Text != "" && len(s.From) == 0 && len(s.In) == 0 && len(s.Has) == 0 && s.Before.IsZero() && s.After.IsZero()
}

func checkSearch(req SearchRequest) (search, error) {
	v, found := invalid{}, search{limit: req.Limit}
	var err error
	switch {
	case !utf8.ValidString(req.Q) || strings.ContainsRune(req.Q, 0):
		v["q"] = "This is not text."
	case utf8.RuneCountInString(req.Q) > maxSearch:
		v.length("q", req.Q, 0, maxSearch)
	default:
		found.Query, err = fulltext.Parse(req.Q)
		var bad *fulltext.BadOperator
		if errors.As(err, &bad) {
			v["q"] = bad.Error()
		}
	}
	for field, to := range map[string]*[]string{"from": &found.From, "in": &found.In, "has": &found.Has} {
		if value := map[string]string{"from": req.From, "in": req.In, "has": req.Has}[field]; value != "" {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				v[field] = "This is not text."
				continue
			}
			v.length(field, value, 1, maxSearch)
			*to = append(*to, value)
		}
	}
	v.day("before", req.Before, false, &found.Before)
	v.day("after", req.After, true, &found.After)
	for _, what := range found.Has {
		if !slices.Contains(fulltext.Has, what) {
			v[where("has", req.Has)] = "has: can be " + strings.Join(fulltext.Has, ", ") + "."
		}
	}
	if req.Kind != "" {
		found.kinds = strings.Split(req.Kind, ",")
	}
	for _, kind := range found.kinds {
		v.oneOf("kind", kind, foundKinds...)
	}
	if req.Cursor != "" {
		found.cursor, err = strconv.ParseInt(req.Cursor, 10, 64)
		if err != nil || found.cursor < 1 {
			v["cursor"] = "This is not a cursor that a search gave out."
		}
	}
	if len(v) == 0 && found.Empty() && strings.TrimSpace(req.Q) == "" {
		v["q"] = "Type what to look for."
	}
	return found, v.err()
}

// where names the field at fault: an operator's own, or q in which it stands.
func where(field, value string) string {
	if value != "" {
		return field
	}
	return "q"
}

func (v invalid) day(field, text string, end bool, to *time.Time) {
	if text == "" {
		return
	}
	at, err := fulltext.Day(text, end)
	if err != nil {
		v[field] = "A day such as 2026-03-01 or an instant (RFC 3339) is expected."
		return
	}
	*to = at
}

// Find gives a page of what was found: channels and people first, on the first page, then entries and files from new to old.
func (s *Search) Find(ctx context.Context, actor Actor, req SearchRequest) (*wire.List[wire.Found], error) {
	q, err := checkSearch(req)
	if err != nil {
		return nil, err
	}
	items := []wire.Found{}
	if q.names() {
		if items, err = s.findNames(ctx, actor, q); err != nil {
			return nil, err
		}
	}
	entries := slices.ContainsFunc(foundKinds[2:], q.wants)
	if !entries || len(q.Terms) == 0 && q.names() { // nothing but signs was typed
		return &wire.List[wire.Found]{Items: items}, nil
	}
	query, err := s.resolve(ctx, actor, q, req)
	if err != nil {
		return nil, err
	}
	if _, err := s.index(ctx, indexAtSearch); err != nil {
		return nil, err
	}
	query.Limit = q.limit - len(items) + 1
	docs, err := s.store.SearchDocs(ctx, query)
	if err != nil {
		return nil, err
	}
	var next *string
	if len(docs) == query.Limit {
		docs = docs[:len(docs)-1]
		if last := len(docs) - 1; last >= 0 {
			next = new(strconv.FormatInt(docs[last].At, 10))
		}
	}
	found, err := s.show(ctx, actor, docs, q.Terms)
	return &wire.List[wire.Found]{Items: append(items, found...), NextCursor: next}, err
}

// resolve turns names into ids and everything into terms.
func (s *Search) resolve(ctx context.Context, actor Actor, q search, req SearchRequest) (models.SearchQuery, error) {
	query := models.SearchQuery{UserID: actor.UserID, Terms: q.Terms, Before: q.cursor}
	v := invalid{}
	if !q.Before.IsZero() {
		if at := models.SearchKey(q.Before); query.Before == 0 || at < query.Before {
			query.Before = max(at, 1)
		}
	}
	if !q.After.IsZero() {
		query.After = models.SearchKey(q.After)
	}
	for _, what := range q.Has {
		query.Terms = append(query.Terms, fulltext.Is(markHas(what)))
	}
	if len(q.kinds) > 0 {
		query.Groups = append(query.Groups, marks(q.kinds, markKind))
	}
	for _, name := range q.From {
		authors, err := s.authors(ctx, actor, name)
		if err != nil {
			return query, err
		}
		if len(authors) == 0 {
			v[where("from", req.From)] = "from: finds nobody of this name whom you know."
		}
		query.Groups = append(query.Groups, marks(authors, markBy))
	}
	for _, name := range q.In {
		scopes, err := s.scopes(ctx, actor, name)
		if err != nil {
			return query, err
		}
		if len(scopes) == 0 {
			v[where("in", req.In)] = "in: finds no channel or conversation of yours with this name."
		}
		if query.Scopes = append(query.Scopes, scopes...); len(scopes) <= maxNames {
			query.Groups = append(query.Groups, marks(scopes, markIn))
		}
	}
	return query, v.err()
}

// marks makes a group of which one must be there.
func marks(values []string, mark func(string) string) []fulltext.Term {
	group := make([]fulltext.Term, len(values))
	for i, value := range values {
		group[i] = fulltext.Is(mark(value))
	}
	return group
}

// authors are those whom from: names: an id, "me", or the acquaintances of that name.
func (s *Search) authors(ctx context.Context, actor Actor, name string) ([]string, error) {
	if id, ok := models.ParseID(name); ok {
		return []string{id}, nil
	}
	if strings.EqualFold(name, "me") {
		return []string{actor.UserID}, nil
	}
	users, err := s.store.Acquaintances(ctx, actor.UserID, strings.ToLower(name), fulltext.Fold(name), 2*maxNames)
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	return ids, err
}

// scopes are the places that in: names: an id, or the channels of that name and the conversations with people of that name.
func (s *Search) scopes(ctx context.Context, actor Actor, name string) ([]string, error) {
	if id, ok := models.ParseID(name); ok {
		readable, err := s.store.ReadableScope(ctx, actor.UserID, id)
		if err != nil || !readable {
			return nil, err
		}
		return []string{id}, nil
	}
	channels, err := s.channels(ctx, actor, name)
	if err != nil {
		return nil, err
	}
	people, err := s.authors(ctx, actor, name)
	if err != nil {
		return nil, err
	}
	ids, err := s.store.ConversationsWith(ctx, actor.UserID, people)
	for _, c := range channels[:min(len(channels), 2*maxNames)] {
		ids = append(ids, c.ID)
	}
	return ids, err
}
