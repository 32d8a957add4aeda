package transfer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Format is how contacts stand in a file.
type Format string

// The formats. RapidPro and Goflow name what files hold; both are read in one way, and each takes the other.
const (
	Lines    Format = "jsonl"
	CSV      Format = "csv"
	RapidPro Format = "rapidpro"
	Goflow   Format = "goflow"
)

// source reads a file of one format.
type source interface {
	// rows gives the rows of the file in order; an error is the last thing it gives. It runs in one goroutine.
	rows() iter.Seq2[raw, error]
	// contact says what a row tells. Any number of goroutines may call it.
	contact(raw) (told, error)
	// offset is how many bytes of the file were read for the rows given so far.
	offset() int64
	// warnings say what of the file is passed over.
	warnings() []string
}

// raw is one row as it stands in the file.
type raw struct {
	line    int    // 1-based, where it begins
	text    []byte // as it was; belongs to the row
	cells   []string
	problem *Problem
}

// told is what a row tells of its contact.
type told struct {
	contact *contactstore.Contact
	// over lays the row over what is stored, which it may change; nil where the row is the whole contact.
	over func(stored *contactstore.Contact) (*contactstore.Contact, error)
	// byURN says that the row names no UUID: it is the contact that has its first URN, or a new one.
	byURN bool
}

// headSize is how much of a file is looked at to find its format, in bytes.
const headSize = 64 << 10

// open finds the format of a file and gives what reads it.
func open(ctx context.Context, store contactstore.Store, workspace string, r io.Reader, o Options) (source, error) {
	file := bufio.NewReaderSize(r, headSize)
	head, _ := file.Peek(headSize) // an error comes again when the rows are read
	if err := readable(head); err != nil {
		return nil, err
	}
	format := o.Format
	if format == "" {
		format = detect(head, o.Name)
	}
	switch format {
	case Lines:
		return newLines(file, o.MaxLine), nil
	case CSV, RapidPro, Goflow:
	default:
		return nil, unknownFormat(format, Lines, CSV, RapidPro, Goflow)
	}
	settings, err := settingsOf(ctx, store, workspace)
	if err != nil {
		return nil, err
	}
	if format == CSV {
		return newSheet(file, workspace, settings, o.MaxLine)
	}
	return newDocuments(file, settings, o.MaxLine), nil
}

func unknownFormat(format Format, known ...Format) error {
	names := make([]string, len(known))
	for i, f := range known {
		names[i] = string(f)
	}
	return &contactstore.Error{
		Code: "unknown_format", Message: fmt.Sprintf("got the format %q, want one of %s", format, strings.Join(names, ", ")), Err: contactstore.ErrInvalid,
	}
}

func settingsOf(ctx context.Context, store contactstore.Store, workspace string) (contactstore.Settings, error) {
	data, _, err := store.Settings(ctx, workspace)
	if err != nil || data == nil {
		return contactstore.DefaultSettings(), err
	}
	return contactstore.ParseSettings(data)
}

// readable refuses what is no text in UTF-8, by how it begins.
func readable(head []byte) error {
	for _, known := range []struct{ begins, is, hint string }{
		{"\xff\xfe", "text in UTF-16", "save it as UTF-8"},
		{"\xfe\xff", "text in UTF-16", "save it as UTF-8"},
		{"PK\x03\x04", "a workbook or an archive", "save the sheet as CSV in UTF-8"},
		{"\x1f\x8b", "compressed", "give it as: gunzip -c FILE | flowexpr import -"},
	} {
		if bytes.HasPrefix(head, []byte(known.begins)) {
			return &contactstore.Error{Code: "unreadable_file", Message: "the file is " + known.is, Hint: known.hint, Err: contactstore.ErrInvalid}
		}
	}
	return nil
}

var byteOrderMark = []byte("\ufeff")

// detect finds the format of a file by how it begins; the name counts where that says nothing.
func detect(head []byte, name string) Format {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")
	switch {
	case len(head) == 0:
		return Lines
	case head[0] == '[':
		return Goflow
	case head[0] != '{':
		return byName(name)
	case isPage(head):
		return RapidPro
	}
	first, _, more := bytes.Cut(head, []byte("\n"))
	if first = bytes.TrimSpace(first); more && bytes.ContainsRune([]byte("{[,"), rune(first[len(first)-1])) {
		return Goflow // one contact over several lines
	}
	return Lines
}

func byName(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson":
		return Lines
	case ".json":
		return RapidPro
	}
	return CSV
}

// isPage reports whether a text begins with an object that has the array `results`.
func isPage(head []byte) bool {
	d := json.NewDecoder(bytes.NewReader(head))
	_, err := d.Token()
	for err == nil && d.More() {
		var key json.Token
		if key, err = d.Token(); err != nil {
			return false
		}
		if key == "results" {
			next, _ := d.Token()
			return next == json.Delim('[')
		}
		var skipped json.RawMessage
		err = d.Decode(&skipped)
	}
	return false
}
