package models

import "time"

// Roles of an account in the installation.
const (
	RoleUser  = "user"
	RoleAdmin = "admin"
)

// User is an account. Email is stored lower-case and unique.
type User struct {
	ID           string `gorm:"primaryKey"`
	Email        string
	Name         string
	PasswordHash string
	Locale       string
	Role         string
	AvatarFileID *string
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Session is one signed-in device. Only SHA-256 hashes of refresh tokens are kept; PreviousHash lets two windows that
// refresh at the same moment both succeed, and betrays a stolen token used later.
type Session struct {
	ID           string `gorm:"primaryKey"`
	UserID       string
	TokenHash    string
	PreviousHash string
	RotatedAt    time.Time
	UserAgent    string
	IP           string
	CreatedAt    time.Time
	LastUsedAt   time.Time
	ExpiresAt    time.Time
	EndedAt      *time.Time
}
