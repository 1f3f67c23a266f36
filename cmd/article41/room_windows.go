package main

import "golang.org/x/sys/windows"

// room is how many bytes this user may still write in the folder.
func room(dir string) (free uint64, ok bool) {
	p, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, false
	}
	err = windows.GetDiskFreeSpaceEx(p, &free, nil, nil)
	return free, err == nil
}
