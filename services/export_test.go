package services

// HashOperations counts the password hashes computed so far.
func (a *Auth) HashOperations() int64 { return a.passwords.worked.Load() }

// IsCommonPassword is isCommonPassword.
var IsCommonPassword = isCommonPassword

// DeviceOf is deviceOf.
var DeviceOf = deviceOf
