package main

import (
	"os"
	"sync"
)

// swappedFile is a file that another one can take the place of between two writes.
type swappedFile struct {
	mu   sync.Mutex
	file *os.File
}

// Write writes to the file of now.
func (s *swappedFile) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.file.Write(p)
}

// swap closes the file of before.
func (s *swappedFile) swap(next *os.File) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.file
	s.file = next
	if before == nil {
		return nil
	}
	return before.Close()
}
