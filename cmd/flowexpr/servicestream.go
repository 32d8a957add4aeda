package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// The first bytes of the lines of a stream that end it.
var (
	summaryLine = []byte(`{"summary":`)
	errorLine   = []byte(`{"error":`)
)

// stream makes a call that is answered line by line, and gives the summary that ends it. Each line before goes to each,
// with its line feed, and is valid until that returns.
func (s *service) stream(ctx context.Context, path string, body any, each func(line []byte) error) (summary json.RawMessage, err error) {
	response, err := s.open(ctx, path, body)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	lines := bufio.NewReaderSize(response.Body, 64<<10)
	for {
		line, err := readLine(lines)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, fmt.Errorf("the answer of %s was cut off before its summary", s.base)
		case bytes.HasPrefix(line, summaryLine):
			return summaryOf(line)
		case bytes.HasPrefix(line, errorLine):
			return nil, endOf(line)
		}
		if err := each(line); err != nil {
			return nil, err
		}
	}
}

// open sends a request whose answer takes as long as it takes.
func (s *service) open(ctx context.Context, path string, body any) (*http.Response, error) {
	request, err := s.request(ctx, "POST", path, body)
	if err != nil {
		return nil, err
	}
	patient := *s.http
	patient.Timeout = 0
	response, err := patient.Do(request)
	if err != nil {
		return nil, s.unreachable(err)
	}
	if response.StatusCode < http.StatusBadRequest {
		return response, nil
	}
	defer response.Body.Close()
	data, err := readLimited(response.Body, maxAnswerBytes)
	if err != nil {
		return nil, fmt.Errorf("the answer of %s: %w", s.base, err)
	}
	return nil, problemOf(response.StatusCode, data)
}

// readLine gives a line with its end, valid until the next call. A long one is copied together.
func readLine(r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	long := bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(long) > maxAnswerBytes {
			return nil, fmt.Errorf("a line is longer than %d bytes", maxAnswerBytes)
		}
		line, err = r.ReadSlice('\n')
		long = append(long, line...)
	}
	return long, err
}

func summaryOf(line []byte) (json.RawMessage, error) {
	var last struct {
		Summary json.RawMessage `json:"summary"`
	}
	err := json.Unmarshal(line, &last)
	return last.Summary, err
}

// endOf is the error that ended a stream.
func endOf(line []byte) error {
	var last struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal(line, &last); err != nil || last.Error.Code == "" {
		return errors.New("the answer ends with an error that is not flowexpr's")
	}
	return fmt.Errorf("the work was cut off: %w", &problem{Code: last.Error.Code, Detail: last.Error.Message})
}
