//go:build unix

package main

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// foreignOwner names the user that a folder belongs to when root is asked to work in it for them; else "".
func foreignOwner(folder string) string {
	info, err := os.Stat(folder)
	if err != nil || os.Geteuid() != 0 {
		return ""
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known || stat.Uid == 0 {
		return ""
	}
	id := strconv.FormatUint(uint64(stat.Uid), 10)
	if owner, err := user.LookupId(id); err == nil {
		return owner.Username
	}
	return "user " + id
}
