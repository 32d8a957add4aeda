package redisstore

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

const (
	// patience is how long a write waits, at least and at most, for another that may be on its way. The time is drawn
	// for each, so that of two that wait for each other one goes first.
	minPatience, maxPatience = 100 * time.Millisecond, 200 * time.Millisecond
	// maxContest bounds how often a write looks at the claim of one URN.
	maxContest = 128
)

// contest finds out whether claims of others hold, and takes over those that do not. Answers are what is stored for
// the change's gains. The change has an outcome afterwards unless it has all claims.
func (s *Store) contest(ctx context.Context, c *change, answers []string) {
	for i, identity := range c.gains {
		if c.owns(answers[i : i+1]) {
			continue
		}
		s.contestOne(ctx, c, identity, answers[i])
		if c.outcome != underWay {
			return
		}
	}
}

// contestOne does so for one URN, for which there is a claim now.
func (s *Store) contestOne(ctx context.Context, c *change, identity, now string) {
	deadline := time.Now().Add(minPatience + rand.N(maxPatience-minPatience))
	for attempt := 0; attempt < maxContest && !c.owns([]string{now}); attempt++ {
		verdict, holder, err := s.judge(ctx, c, identity, now)
		switch {
		case err != nil:
		case verdict == outOfDate, verdict == pending && time.Now().After(deadline):
			err = s.takeOver(ctx, c, identity, now, holder)
		case verdict == pending:
			err = pause(ctx, attempt)
		case verdict == owned:
			s.refuse(ctx, c, identity)
			return
		default: // overtaken
			c.outcome = stale
			return
		}
		if err == nil {
			claiming := c.claiming(ctx, identity)
			s.write(ctx, []redis.Cmder{claiming})
			now, err = textOf(claiming)
			if now == "" {
				now = c.claim.String()
			}
		}
		if err != nil {
			c.fail(err)
			return
		}
	}
	if !c.owns([]string{now}) {
		c.outcome = stale
	}
}

// verdict says what a claim is worth.
type verdict uint8

const (
	owned     verdict = iota // the contact has the URN
	pending                  // the contact has not, but may be about to
	outOfDate                // neither
	overtaken                // it is of the same contact, which is not the one any more that the change replaces
)

// judge looks at the contact of a claim, which it gives too.
func (s *Store) judge(ctx context.Context, c *change, identity, text string) (verdict, held, error) {
	other, ok := parseClaim(text)
	if !ok {
		return outOfDate, held{}, nil
	}
	h, err := s.load(ctx, c.workspace, other.id)
	switch {
	case err != nil:
		return 0, held{}, err
	case other.id == c.id && h.hash() != c.before.hash():
		return overtaken, h, nil
	case !h.IsZero() && h.Has(identity):
		return owned, h, nil
	case other.pending(h):
		return pending, h, nil
	}
	return outOfDate, h, nil
}

// takeOver calls a claim void, unless the contact that it is of has changed, and then puts the change's own in its place.
func (s *Store) takeOver(ctx context.Context, c *change, identity, text string, holder held) error {
	if other, ok := parseClaim(text); ok && other.token != "" {
		keys := []string{contactKey(c.workspace, other.id), revokedKey(c.workspace, other)}
		revoking := s.scripts.revoke.calling(keys, holder.hash(), int(revokedLife.Seconds()))
		s.run(ctx, revoking)
		if answer, err := revoking.answer(); err != nil || answer == answerChanged {
			return err // it is looked at anew
		}
	}
	s.counters.takeovers.Add(1)
	replacing := s.scripts.replace.calling([]string{urnKey(c.workspace, identity)}, text, c.claim.String())
	s.run(ctx, replacing)
	return replacing.cmd.Err()
}

// refuse gives a change the outcome of a URN that another contact has; but a change that is stale as well is that first.
func (s *Store) refuse(ctx context.Context, c *change, identity string) {
	switch h, err := s.load(ctx, c.workspace, c.id); {
	case err != nil:
		c.fail(err)
	case h.hash() != c.before.hash():
		c.outcome = stale
	default:
		c.fail(contactstore.Conflict(identity))
	}
}

// pause waits a little, longer from attempt to attempt.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(time.Millisecond << min(attempt, 4))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
