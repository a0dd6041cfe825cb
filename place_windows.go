package main

// foreignOwner: Windows gives no file to the wrong user because of who ran a command.
func foreignOwner(string) string { return "" }
