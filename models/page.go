package models

import (
	"cmp"
	"slices"

	"gorm.io/gorm"
)

// Page is what a list route was asked for: at most Limit rows whose id comes before or after a cursor. After runs from old
// to new, Before from new to old; with neither the list's own order counts.
type Page struct {
	Limit         int
	Before, After string
}

// newestFirst tells the direction, own being the list's when no cursor says otherwise.
func (p Page) newestFirst(own bool) bool {
	return p.Before != "" || (own && p.After == "")
}

// Scope restricts a query to the page, ordered by the id column. It reads one row more than Limit, for Cut.
func (p Page) Scope(column string, newestFirst bool) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB {
		if p.Before != "" {
			db = db.Where(column+" < ?", p.Before)
		}
		if p.After != "" {
			db = db.Where(column+" > ?", p.After)
		}
		order := column
		if p.newestFirst(newestFirst) {
			order += " DESC"
		}
		return db.Order(order).Limit(p.Limit + 1)
	}
}

// In is Scope for the rows of one place, such as a channel, whose id is in the place column. Place and id are compared as a
// pair, so that only an index of the two serves: PostgreSQL would otherwise rather walk all rows by their id where it
// believes that most are of this place, and for a quiet one read the whole table.
func (p Page) In(place, id string, newestFirst bool) func(*gorm.DB) *gorm.DB {
	low, high, order := p.After, cmp.Or(p.Before, afterAllIDs), place+", id"
	if p.newestFirst(newestFirst) {
		order = place + " DESC, id DESC"
	}
	return func(db *gorm.DB) *gorm.DB {
		return db.Where("("+place+", id) > (?, ?) AND ("+place+", id) < (?, ?)", id, low, id, high).Order(order).Limit(p.Limit + 1)
	}
}

// afterAllIDs sorts behind every id, and "" before.
const afterAllIDs = "g"

// Around lists rows of a query around an id, in the list's own order: up to half of the limit before it, and it with the rest
// after. The cursor continues behind the last.
func Around[T any](query func() *gorm.DB, id string, limit int, newestFirst bool, rowID func(T) string) ([]T, *string, error) {
	before, back, after := "id > ?", "id", "id <= ?"
	if !newestFirst {
		before, back, after = "id < ?", "id DESC", "id >= ?"
	}
	var first, rows []T
	if err := query().Where(before, id).Order(back).Limit(limit / 2).Find(&first).Error; err != nil {
		return nil, nil, err
	}
	slices.Reverse(first)
	rest := Page{Limit: limit - len(first)}
	err := query().Where(after, id).Scopes(rest.Scope("id", newestFirst)).Find(&rows).Error
	rows, next := Cut(rest, rows, rowID)
	return append(first, rows...), next, err
}

// Cut removes the row that Scope read in excess, and returns the cursor to continue with: the last row's id, or nil when
// there is no more.
func Cut[T any](p Page, rows []T, id func(T) string) ([]T, *string) {
	if len(rows) <= p.Limit {
		return rows, nil
	}
	rows = slices.Clip(rows[:p.Limit])
	next := id(rows[len(rows)-1])
	return rows, &next
}
