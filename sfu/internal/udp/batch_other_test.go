//go:build !linux

package udp

func withoutSegments(*Conn) {}
