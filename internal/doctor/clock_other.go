//go:build !linux

package doctor

func synchronised() (is, known bool) { return false, false }
