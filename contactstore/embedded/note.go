package embedded

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// A note beside the data file names the process that has it. The lock is what
// counts: the note is read only to tell somebody who waits for the lock in vain.

func notePath(path string) string { return path + ".pid" }

// leaveNote is best effort: without the note the message is only less exact.
func leaveNote(path string) {
	_ = os.WriteFile(notePath(path), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
}

func removeNote(path string) { _ = os.Remove(notePath(path)) }

// inUse says that another process has the file, and what to do about it.
func inUse(path string) error {
	who := "another flowexpr process"
	if note, err := os.ReadFile(notePath(path)); err == nil {
		if pid, err := strconv.Atoi(strings.TrimSpace(string(note))); err == nil {
			who = fmt.Sprintf("another flowexpr process (%d)", pid)
		}
	}
	return &contactstore.Error{
		Code: "store_in_use", Message: fmt.Sprintf("the data file %s is in use by %s", path, who),
		Hint: "use --url to go through that process, or --data for another folder", Err: contactstore.ErrUnavailable,
	}
}
