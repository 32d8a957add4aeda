package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// maxInputBytes bounds what a command reads whole: a template, a contact, a context.
const maxInputBytes = 4 << 20

// readLimited reads all of r, up to a number of bytes.
func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("the input has more than %d bytes", limit)
	}
	return data, err
}

// readInput reads a file whole; `-` is the standard input.
func readInput(name string, io streams) ([]byte, error) {
	file, err := openInput(name, io)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := readLimited(file, maxInputBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// openInput opens a file; `-` is the standard input.
func openInput(name string, s streams) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(s.in), nil
	}
	file, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s", name)
	}
	return file, err
}
