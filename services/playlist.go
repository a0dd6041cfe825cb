package services

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of a playlist.
const (
	maxEntries = 100
	maxTitle   = 200 // characters
)

// playlist is wire.Playlist with its rules. Methods return a changed copy; they know nothing of roles or storage.
type playlist wire.Playlist

func (l playlist) index(entryID string) int {
	return slices.IndexFunc(l.Entries, func(e wire.PlaylistEntry) bool { return e.ID == entryID })
}

// entry finds one by its id.
func (l playlist) entry(id string) (wire.PlaylistEntry, bool) {
	if i := l.index(id); i >= 0 {
		return l.Entries[i], true
	}
	return wire.PlaylistEntry{}, false
}

// after is the entry behind the one loaded last, or the first.
func (l playlist) after() (wire.PlaylistEntry, bool) {
	return l.at(l.index(l.CurrentID) + 1)
}

// before is the entry in front of the one loaded last.
func (l playlist) before() (wire.PlaylistEntry, bool) {
	return l.at(l.index(l.CurrentID) - 1)
}

func (l playlist) at(i int) (wire.PlaylistEntry, bool) {
	if i < 0 || i >= len(l.Entries) {
		return wire.PlaylistEntry{}, false
	}
	return l.Entries[i], true
}

// playableAfter is the next entry of which nothing bad is known.
func (l playlist) playableAfter() (wire.PlaylistEntry, bool) {
	for _, e := range l.Entries[l.index(l.CurrentID)+1:] {
		if e.Problem == "" {
			return e, true
		}
	}
	return wire.PlaylistEntry{}, false
}

// edit carries out a checked edit; added is the entry of "add".
func (l playlist) edit(cmd wire.PlaybackEdit, added wire.PlaylistEntry) (playlist, error) {
	l.V++
	entries := slices.Clone(l.Entries)
	i := l.index(cmd.EntryID)
	switch cmd.Op {
	case "add":
		if len(entries) == maxEntries {
			return l, &Error{Kind: KindConflict, Message: fmt.Sprintf("A playlist can have %d entries. Remove some first.", maxEntries)}
		}
		entries = slices.Insert(entries, place(cmd.To, len(entries)), added)
	case "clear":
		entries, l.CurrentID = entries[:0], ""
	case "auto_next":
		l.AutoNext = *cmd.AutoNext
	case "move", "remove", "rename":
		if i < 0 {
			return l, Invalid("entry_id", "There is no such entry in the playlist.")
		}
		entry := entries[i]
		switch cmd.Op {
		case "rename":
			entries[i].Item.Title = cmd.Title
		case "remove":
			entries = slices.Delete(entries, i, i+1)
			if entry.ID == l.CurrentID {
				previous, _ := l.at(i - 1)
				l.CurrentID = previous.ID
			}
		case "move":
			entries = slices.Delete(entries, i, i+1)
			entries = slices.Insert(entries, place(cmd.To, len(entries)), entry)
		}
	}
	l.Entries = entries
	return l, nil
}

// place is an index to insert at, the end unless one was given.
func place(to *int, end int) int {
	if to == nil {
		return end
	}
	return min(max(*to, 0), end)
}

// learned has what a player found out about an item in every entry of its key; changed is false when it was known.
func (l playlist) learned(r wire.PlaybackReport) (_ playlist, changed bool) {
	entries := slices.Clone(l.Entries)
	for i := range entries {
		e := &entries[i]
		if e.Item.Key != r.Key {
			continue
		}
		before := *e
		learn(&e.Item, r)
		set(&e.Problem, r.Problem)
		changed = changed || *e != before
	}
	l.Entries = entries
	return l, changed
}

// sameLength is how much two players may differ about the length of an item, in seconds.
const sameLength = 0.5

// learn completes an item: a title only where there is none.
func learn(item *wire.PlaybackItem, r wire.PlaybackReport) {
	if r.Duration != nil && math.Abs(*r.Duration-item.Duration) > sameLength {
		item.Duration = *r.Duration
	}
	if item.Title == "" {
		set(&item.Title, r.Title)
	}
}

// readPlaylist makes a playlist of stored rows.
func readPlaylist(row models.Playlist, rows []models.PlaylistEntry) (playlist, error) {
	l := playlist{ChannelID: row.ChannelID, V: row.V, CurrentID: row.CurrentID, AutoNext: row.AutoNext, Entries: make([]wire.PlaylistEntry, len(rows))}
	for i, r := range rows {
		l.Entries[i] = wire.PlaylistEntry{ID: r.ID, Problem: r.Problem}
		if err := json.Unmarshal([]byte(r.Item), &l.Entries[i].Item); err != nil {
			return l, fmt.Errorf("stored playlist entry %s: %w", r.ID, err)
		}
	}
	return l, nil
}

// rows are how it is stored.
func (l playlist) rows() (*models.Playlist, []models.PlaylistEntry, error) {
	rows := make([]models.PlaylistEntry, len(l.Entries))
	for i, e := range l.Entries {
		item, err := json.Marshal(e.Item)
		if err != nil {
			return nil, nil, err
		}
		rows[i] = models.PlaylistEntry{ID: e.ID, ChannelID: l.ChannelID, Position: i, Item: string(item), FileID: fileOf(e.Item), Problem: e.Problem}
	}
	return &models.Playlist{ChannelID: l.ChannelID, V: l.V, CurrentID: l.CurrentID, AutoNext: l.AutoNext}, rows, nil
}

// fileOf is the file that an item plays, nil if it is none.
func fileOf(item wire.PlaybackItem) *string {
	if item.FileID == "" {
		return nil
	}
	return &item.FileID
}
