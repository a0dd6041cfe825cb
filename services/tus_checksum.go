package services

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strings"
)

// Checksum is what the bytes of a part should have, as in tus's extension of that name.
type Checksum struct {
	hash hash.Hash
	want []byte
}

// ChecksumAlgorithms are those that ParseChecksum knows. The weak ones find accidents, which is their task here.
const ChecksumAlgorithms = "sha256,sha1,md5"

// ParseChecksum reads "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=".
func ParseChecksum(text string) (*Checksum, bool) {
	algorithm, encoded, _ := strings.Cut(text, " ")
	want, err := base64.StdEncoding.DecodeString(encoded)
	c := &Checksum{want: want}
	switch algorithm {
	case "sha256":
		c.hash = sha256.New()
	case "sha1":
		c.hash = sha1.New()
	case "md5":
		c.hash = md5.New()
	default:
		return nil, false
	}
	return c, err == nil && len(want) == c.hash.Size()
}

func (c *Checksum) matches() bool { return bytes.Equal(c.hash.Sum(nil), c.want) }
