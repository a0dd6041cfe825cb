//go:build !linux && !darwin && !windows

package diskspace

import "errors"

// Of does not know.
func Of(string) (Space, error) {
	return Space{}, errors.New("the free space cannot be found out on this system")
}
