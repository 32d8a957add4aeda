package contactstore

import (
	"errors"
	"fmt"
)

// What errors of this package and of stores match with errors.Is.
var (
	// ErrNotFound is returned when there is no such contact, or a contact lacks the connection that was named.
	ErrNotFound = errors.New("not found")
	// ErrConflict is returned when a URN belongs to another contact of the workspace.
	ErrConflict = errors.New("URN belongs to another contact")
	// ErrVersion is returned when somebody else changed what a write was meant to replace.
	ErrVersion = errors.New("version is not the stored one's successor")
	// ErrUnavailable is returned when a store cannot be reached, or is closed.
	ErrUnavailable = errors.New("store unavailable")
	// ErrInvalid is returned when what was given can be no contact, URN or setting.
	ErrInvalid = errors.New("invalid")
)

// Error is an error with a stable code and a next step. It never holds a contact's data but what its caller gave.
type Error struct {
	Code    string // stable, for programs
	Message string // for people: lower case, no final stop
	Hint    string // what to do about it, or empty
	Member  string // the member of a contact's JSON that is wrong, such as language or urns[1], or empty
	Err     error  // what it matches with errors.Is, or nil
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// Unwrap gives what the error matches.
func (e *Error) Unwrap() error { return e.Err }

func invalid(code, hint, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Hint: hint, Err: ErrInvalid}
}

// NotFound is the error of a contact that a store does not have.
func NotFound(id UUID) error {
	return &Error{Code: "contact_not_found", Message: fmt.Sprintf("contact %s not found", id), Err: ErrNotFound}
}

// URNNotFound is the error of a URN that no contact has.
func URNNotFound(urn URN) error {
	return &Error{Code: "contact_not_found", Message: "no contact has " + urn.Identity(), Err: ErrNotFound}
}

// Stale is the error of a write to a contact that was changed in between.
func Stale(id UUID) error {
	return &Error{
		Code: "stale_version", Message: fmt.Sprintf("contact %s was changed by somebody else", id),
		Hint: "read it again and repeat the change", Err: ErrVersion,
	}
}

// StaleSettings is the error of a write to settings that were changed in between.
func StaleSettings(workspace string) error {
	return &Error{
		Code: "stale_version", Message: "the settings of " + workspace + " were changed by somebody else",
		Hint: "read them again and repeat the change", Err: ErrVersion,
	}
}

// Conflict is the error of a URN that another contact has. It names the URN and never that contact.
func Conflict(identity string) error {
	return &Error{Code: "urn_taken", Message: identity + " belongs to another contact", Err: ErrConflict}
}

// Corrupt is the error of a stored record that cannot be the contact's.
func Corrupt(id UUID, why string) error {
	return &Error{Code: "corrupt_record", Message: fmt.Sprintf("the stored record of contact %s is damaged: %s", id, why)}
}
