// Package diskspace tells how full the file system of a folder is.
package diskspace

// Space is that of one file system, in bytes. Free is what is left for programs without special rights.
type Space struct{ Free, Total uint64 }
