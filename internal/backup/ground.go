package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lectern/models"
)

// Ground is a data folder that a restore has for itself.
type Ground struct {
	dir    string
	unlock func() error
	had    map[string]bool // paths
}

// TakeGround keeps servers out of a data folder, which is made if need be, and remembers what is in it.
func TakeGround(dataDir string) (*Ground, error) {
	g := &Ground{dir: dataDir, had: map[string]bool{}}
	for _, path := range []string{dataDir, filepath.Join(dataDir, models.LockName)} {
		_, err := os.Lstat(path)
		g.had[path] = err == nil
	}
	var err error
	if g.unlock, err = models.LockDataDir(dataDir); err != nil {
		return nil, err
	}
	err = g.walk(func(path string) {
		if _, noted := g.had[path]; !noted {
			g.had[path] = true
		}
	})
	if err != nil {
		return nil, errors.Join(err, g.unlock())
	}
	return g, nil
}

// Leave lets go of the folder. After an error, which it passes on, it takes away what has come since TakeGround. The database must
// be closed.
func (g *Ground) Leave(failed error) error {
	if failed != nil {
		failed = errors.Join(failed, g.clear())
	}
	return errors.Join(failed, g.unlock())
}

func (g *Ground) clear() error {
	var fresh []string
	err := g.walk(func(path string) {
		if !g.had[path] {
			fresh = append(fresh, path)
		}
	})
	for _, path := range slices.Backward(fresh) { // what is in a folder before the folder
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func (g *Ground) walk(each func(path string)) error {
	return filepath.WalkDir(g.dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			each(path)
		}
		return err
	})
}
