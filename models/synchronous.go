package models

// durable is SQLite's pragma synchronous: a commit waits until the disk has it. With NORMAL a power cut would take back the last commits, which
// people believe sent, and with them their numbers in the log of changes: clients would skip what is written next under the same numbers.
const durable = "FULL"

var synchronous = durable

// ForgetOnPowerCut has databases that are opened from now on not wait for the disk. It is for tests.
func ForgetOnPowerCut() { synchronous = "OFF" }
