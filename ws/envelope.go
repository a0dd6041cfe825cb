package ws

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"lectern/internal/wire"
)

// Limits of a frame from a client, in bytes or characters.
const (
	MaxFrame     = 64 << 10
	MaxSDPFrame  = 256 << 10 // of the commands that carry a session description
	maxType      = 64
	maxCommandID = 64
)

// frameError is why a frame is refused, as its sender is told.
type frameError struct{ wire.ErrorFrame }

func (e *frameError) Error() string { return e.Message }

func malformed(sentence string) *frameError {
	return &frameError{wire.ErrorFrame{Code: "invalid_input", Message: sentence, Status: http.StatusBadRequest}}
}

var (
	errNotJSON  = malformed("The frame is not one JSON object in UTF-8.")
	errBadType  = malformed(`"type" must be a string of 1 to 64 characters.`)
	errBadID    = malformed(`"id" must be a string of at most 64 characters.`)
	errBinary   = malformed("Frames are JSON text; binary ones are refused.")
	errTooLarge = &frameError{wire.ErrorFrame{Code: "too_large", Status: http.StatusRequestEntityTooLarge,
		Message: "The frame is too large: 64 KiB, or 256 KiB for a session description."}}
)

// ParseCommand reads a client's frame {"type", "id", "data"}. With an error the command still carries the frame's id
// when it had a usable one, so that the answer can name it.
func ParseCommand(frame []byte) (wire.Command, error) {
	var raw struct {
		Type json.RawMessage `json:"type"`
		ID   json.RawMessage `json:"id"`
		Data json.RawMessage `json:"data"`
	}
	var cmd wire.Command
	if !utf8.Valid(frame) || json.Unmarshal(frame, &raw) != nil || !isObject(frame) {
		return cmd, errNotJSON
	}
	if raw.ID != nil && (json.Unmarshal(raw.ID, &cmd.ID) != nil || len(cmd.ID) > maxCommandID) {
		cmd.ID = ""
		return cmd, errBadID
	}
	if raw.Type == nil || json.Unmarshal(raw.Type, &cmd.Type) != nil || cmd.Type == "" || len(cmd.Type) > maxType {
		cmd.Type = ""
		return cmd, errBadType
	}
	if len(frame) > MaxFrame && !mayBeLarge(cmd.Type) {
		return cmd, errTooLarge
	}
	cmd.Data = raw.Data
	return cmd, nil
}

// isObject tells null, which decodes into any struct, from an object.
func isObject(frame []byte) bool {
	for _, b := range frame {
		switch b {
		case ' ', '\t', '\r', '\n':
			continue
		}
		return b == '{'
	}
	return false
}

// mayBeLarge: session descriptions, and 20,000 characters that take several bytes each.
func mayBeLarge(command string) bool {
	return command == "meeting.offer" || command == "meeting.answer" || command == "call.signal" || command == "message.send"
}
