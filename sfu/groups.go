package sfu

// Group brings a participant into one of the room's groups, "" the main one: media flows only within a group.
func (s *Server) Group(participant, group string) {}

// Broadcast lets all groups of the room hear the participant's microphone, or ends it.
func (s *Server) Broadcast(participant string, on bool) {}
