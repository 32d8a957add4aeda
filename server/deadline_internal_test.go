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
		assert.NoError(t, d.Err())
		time.Sleep(time.Second)
		assert.ErrorIs(t, d.Err(), context.DeadlineExceeded)
	})
}

// The context of an answered request becomes that of the next one, unless somebody may hold on to it.
func TestDeadlineAgain(t *testing.T) {
	for name, test := range map[string]struct {
		use  func(d *deadline)
		free bool
	}{
		"not used":        {func(*deadline) {}, true},
		"looked at":       {func(d *deadline) { _ = d.Err() }, true},
		"waited for":      {func(d *deadline) { d.Done() }, false},
		"passed to a net": {func(d *deadline) { d.Deadline() }, false},
		"made another of": {func(d *deadline) { _, cancel := context.WithCancel(d); cancel() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeadline(time.Now().Add(time.Hour))
			test.use(d)
			d.release()
			assert.Equal(t, test.free, d.again(time.Now().Add(time.Minute)))
			if test.free {
				assert.NoError(t, d.Err())
				at, _ := d.Deadline()
				assert.Less(t, time.Until(at), time.Hour)
				return
			}
			assert.ErrorIs(t, d.Err(), context.Canceled)
		})
	}
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
