package embedded

import (
	"errors"
	"fmt"

	"github.com/flowexpr/flowexpr/contactstore"
)

var errClosed = errors.New("the store is closed")

// unavailable wraps an error of the file.
func unavailable(operation, path string, err error) error {
	return &contactstore.Error{
		Code: "store_unavailable", Message: fmt.Sprintf("%s %s: %v", operation, path, err),
		Err: errors.Join(contactstore.ErrUnavailable, err),
	}
}
