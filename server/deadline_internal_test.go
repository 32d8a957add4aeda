package server

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeadline(time.Now().Add(time.Second))
		at, ok := d.Deadline()
		assert.Equal(t, time.Now().Add(time.Second), at)
		assert.True(t, ok)
		assert.NoError(t, d.Err())
		<-d.Done()
		assert.ErrorIs(t, d.Err(), context.DeadlineExceeded)
		assert.Equal(t, at, time.Now())
		d.release()
	})
}

func TestDeadlineThatNobodyWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeadline(time.Now().Add(time.Second))
		time.Sleep(time.Second)
		assert.ErrorIs(t, d.Err(), context.DeadlineExceeded)
	})
}

// The answer ends what still waits for it, a context made from it too.
func TestDeadlineReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeadline(time.Now().Add(time.Hour))
		inner, cancel := context.WithTimeout(d, 2*time.Hour)
		defer cancel()
		waiting := d.Done()
		d.release()
		<-waiting
		<-inner.Done()
		<-d.Done()
		assert.ErrorIs(t, d.Err(), context.Canceled)
		assert.ErrorIs(t, inner.Err(), context.Canceled)

		never := newDeadline(time.Now().Add(time.Hour))
		never.release()
		<-never.Done()
		assert.ErrorIs(t, never.Err(), context.Canceled)
		assert.NoError(t, newDeadline(time.Now().Add(time.Hour)).Err())
	})
}
