package services

import (
	"context"
	"errors"
	"slices"
	"strings"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of an entry: of its text in characters, of its files in number.
const (
	maxEntryText  = 20_000
	maxEntryFiles = 10
)

// Entries is what posts, comments and messages have in common.
type Entries struct {
	store    *models.Store
	pub      Publisher
	files    *Files
	notifier Notifier
	clock    Clock

	turns  *turns // of channels and conversations, see inOrder
	doubts *doubts
}

// NewEntries prepares it; posts, comments and reactions share one.
func NewEntries(store *models.Store, pub Publisher, files *Files, notifier Notifier, clock Clock) *Entries {
	return &Entries{store: store, pub: pub, files: files, notifier: notifier, clock: clock, turns: newTurns(),
		doubts: &doubts{keys: map[string]struct{}{}}}
}

// inOrder lets the changes to the entries of a channel or conversation happen one after another, from the choice of the id to the event: ids
// become visible in their order, so that a cursor or a read mark never skips a late one, and an older state of an entry
// is never published after a newer one. The answer ends the turn.
func (e *Entries) inOrder(placeID string) (done func()) { return e.turns.take(placeID) }

// in is the same, within a transaction.
func (e *Entries) in(tx *models.Store) *Entries {
	within := *e
	within.store = tx
	return &within
}

// hide answers a stranger as if the thing itself were not there.
func hide(err error, noun string) error {
	var domain *Error
	if errors.As(err, &domain) && domain.Kind == KindNotFound {
		return NotFound(noun)
	}
	return err
}

// draft is an entry as asked for, checked.
type draft struct {
	body     string
	fileIDs  []string
	clientID *string
}

func checkDraft(req wire.CreateEntryRequest) (draft, error) {
	v := invalid{}
	d := draft{clientID: v.clientID(req.ClientID)}
	if len(req.FileIDs) > maxEntryFiles {
		v["file_ids"] = "At most 10 files can be attached."
		req.FileIDs = nil
	}
	for _, text := range req.FileIDs {
		id, ok := models.ParseID(text)
		if !ok {
			v["file_ids"] = noSuchFile
		} else if !slices.Contains(d.fileIDs, id) {
			d.fileIDs = append(d.fileIDs, id)
		}
	}
	d.body = v.entryText(req.Body, len(d.fileIDs) > 0)
	return d, v.err()
}

const noSuchFile = "One of these files does not exist, or you cannot see it."

// entryText trims and checks a text; it may be empty when there are files.
func (v invalid) entryText(text string, hasFiles bool) string {
	text, least := strings.TrimSpace(text), 1
	if hasFiles {
		least = 0
	}
	if strings.ContainsRune(text, 0) {
		v["body"] = "It must not contain the character NUL."
	} else {
		v.length("body", text, least, maxEntryText)
	}
	if v["body"] == "" && !hasFiles && !visible(text) {
		v["body"] = "It must have characters that can be seen."
	}
	return text
}

// attach ties files that the actor may read to a new entry, inside its transaction.
func attach(ctx context.Context, tx *models.Store, actor Actor, to models.Attachment, fileIDs []string) error {
	if len(fileIDs) == 0 {
		return nil
	}
	refused := Invalid("file_ids", noSuchFile)
	readable, err := tx.ReadableFiles(ctx, actor.UserID, fileIDs)
	if err != nil {
		return err
	}
	rows := make([]models.Attachment, len(fileIDs))
	for i, id := range fileIDs {
		if _, ok := readable[id]; !ok {
			return refused
		}
		rows[i] = to
		rows[i].FileID, rows[i].Position = id, i
	}
	err = tx.DB(ctx).Create(&rows).Error
	if errors.Is(err, models.ErrReference) { // deleted in this moment
		return refused
	}
	return err
}

// parts is what entries show beside their own columns.
type parts struct {
	authors   map[string]wire.Profile
	files     map[string][]wire.File     // by entry
	reactions map[string][]wire.Reaction // by entry
}

// parts loads them for all entries of a list at once.
func (e *Entries) parts(ctx context.Context, kind string, ids, authorIDs []string) (*parts, error) {
	p := &parts{authors: map[string]wire.Profile{}, files: map[string][]wire.File{}, reactions: map[string][]wire.Reaction{}}
	users, err := e.store.Users(ctx, authorIDs)
	if err != nil {
		return nil, err
	}
	for id, u := range users {
		p.authors[id] = profile(u, e.pub)
	}
	files, err := e.store.EntryFiles(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	reactions, err := e.store.Reactions(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p.files[id] = make([]wire.File, len(files[id]))
		for i, f := range files[id] {
			p.files[id][i] = e.files.wire(f)
		}
		p.reactions[id] = groupReactions(reactions[id])
	}
	return p, nil
}

// groupReactions gathers who chose each emoji, in the order in which each first appeared.
func groupReactions(rows []models.Reaction) []wire.Reaction {
	groups := []wire.Reaction{}
	for _, r := range rows {
		i := slices.IndexFunc(groups, func(g wire.Reaction) bool { return g.Emoji == r.Emoji })
		if i < 0 {
			i = len(groups)
			groups = append(groups, wire.Reaction{Emoji: r.Emoji})
		}
		groups[i].UserIDs = append(groups[i].UserIDs, r.UserID)
	}
	return groups
}
