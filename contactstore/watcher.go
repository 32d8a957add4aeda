package contactstore

import "context"

// Watcher tells of changes to contacts, whichever process makes them, so that caches can follow.
type Watcher interface {
	// Watch tells until ctx is done. It goes on by itself after failures.
	Watch(ctx context.Context, to Changes)
}

// Changes is whoever a Watcher tells. The methods return soon and are safe for concurrent use.
type Changes interface {
	// Following is told when every change will be told from now on. What changed before may have been missed.
	Following()
	// Missing is told when changes may be missed from now on, until Following.
	Missing()
	// Changed is told when a contact was written or removed, or is about to be. It may come more than once for a write.
	Changed(workspace string, id UUID)
}
