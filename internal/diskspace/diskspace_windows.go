package diskspace

import "golang.org/x/sys/windows"

// Of looks at the file system on which a folder lies.
func Of(dir string) (Space, error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return Space{}, err
	}
	var s Space
	return s, windows.GetDiskFreeSpaceEx(path, &s.Free, &s.Total, nil)
}
