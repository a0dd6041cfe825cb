package models

import "context"

// SharedFiles lists the files of a channel or a conversation, those of the newest entries first unless the page says otherwise.
// The page counts entries; their files stay together, in their order.
func (s *Store) SharedFiles(ctx context.Context, scope string, page Page) ([]SearchDoc, *string, error) {
	var entries []struct{ EntryKind, EntryID string }
	err := s.DB(ctx).Model(&Attachment{}).Select("entry_kind, entry_id").Where("channel_id = ? OR conversation_id = ?", scope, scope).
		Group("entry_kind, entry_id").Scopes(page.Scope("entry_id", true)).Find(&entries).Error
	if err != nil {
		return nil, nil, err
	}
	entries, next := Cut(page, entries, func(e struct{ EntryKind, EntryID string }) string { return e.EntryID })
	ids := map[string][]string{}
	for _, e := range entries {
		ids[e.EntryKind] = append(ids[e.EntryKind], e.EntryID)
	}
	var docs []SearchDoc
	files := map[string][]File{}
	for kind, some := range ids {
		byEntry, err := s.EntryFiles(ctx, kind, some)
		if err != nil {
			return nil, nil, err
		}
		for id, rows := range byEntry {
			files[id] = rows
		}
	}
	for _, e := range entries {
		for _, file := range files[e.EntryID] {
			docs = append(docs, SearchDoc{Kind: e.EntryKind, EntryID: e.EntryID, FileID: file.ID, Scope: scope})
		}
	}
	return docs, next, nil
}
