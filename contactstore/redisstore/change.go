package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/flowexpr/flowexpr/contactstore"
)

const (
	// claimLife is how long a write may take from its claims to its record. One that took longer claims anew.
	claimLife = time.Minute
	// revokedLife is how long a claim stays called void: much longer than claimLife and than a network can hold back
	// what a writer sent in time.
	revokedLife = 6 * time.Hour
	// maxContests is how many changes of a batch wait at once for what became of the claims of others.
	maxContests = 32
)

// change is one write on its way: claims, then the record, then what it gives back. See the package's documentation.
type change struct {
	workspace string
	id        contactstore.UUID
	before    held                // what it replaces, the zero value = no contact
	after     contactstore.Record // what it stores, the zero Record = none: it removes the contact
	gains     []string            // identities that it takes
	losses    []string            // identities that it gives back
	lost      []string            // what was stored for the losses before
	claim     claim               // for the gains
	claimed   time.Time

	outcome outcome
	err     error // why it is refused
}

// outcome is what became of a change.
type outcome uint8

const (
	underWay outcome = iota
	stored           // done
	stale            // another record is stored than before, or its claims were called void: nothing was done
	refused          // for the reason in err: nothing was done
	unknown          // an answer was lost, as err says: it may have been done
)

// putting makes the change that stores a record in the place of another.
func putting(before held, r contactstore.Record) *change {
	c := &change{workspace: r.Workspace(), id: r.UUID(), before: before, after: r}
	for identity := range r.Identities() {
		if before.IsZero() || !before.Has(identity) {
			c.gains = append(c.gains, identity)
		}
	}
	if !before.IsZero() {
		for identity := range before.Identities() {
			if !r.Has(identity) {
				c.losses = append(c.losses, identity)
			}
		}
	}
	return c
}

// removing makes the change that removes a contact.
func removing(before held) *change {
	c := &change{workspace: before.Workspace(), id: before.UUID(), before: before}
	for identity := range before.Identities() {
		c.losses = append(c.losses, identity)
	}
	return c
}

// fail gives a change the outcome of an error.
func (c *change) fail(err error) {
	c.outcome, c.err = unknown, err
	var ours *contactstore.Error
	var reply redis.Error
	if errors.As(err, &ours) || errors.As(err, &reply) {
		c.outcome = refused
	}
}

// apply carries out changes of different contacts that have no URN in common. Each has its outcome afterwards; the
// error is the first of those that are not about one contact.
func (s *Store) apply(ctx context.Context, changes ...*change) error {
	s.claimAll(ctx, changes)
	s.commitAll(ctx, changes)
	s.giveBackAll(ctx, changes)
	for _, c := range changes {
		var ours *contactstore.Error
		if c.err != nil && !errors.As(c.err, &ours) {
			return s.failed(ctx, c.err)
		}
		if c.outcome == stored && !c.after.IsZero() {
			s.recent.keep(held{c.after, c.after.Bytes()})
		}
	}
	return nil
}

// claimAll claims the URNs that changes gain, and looks up what is stored for those that they lose.
func (s *Store) claimAll(ctx context.Context, changes []*change) {
	var cmds []redis.Cmder
	for _, c := range changes {
		if len(c.gains) > 0 {
			c.claim, c.claimed = newClaim(c.after), time.Now()
		}
		for _, identity := range c.gains {
			cmds = append(cmds, c.claiming(ctx, identity))
		}
		for _, identity := range c.losses {
			cmds = append(cmds, redis.NewStringCmd(ctx, "get", urnKey(c.workspace, identity)))
		}
	}
	if len(cmds) == 0 {
		return
	}
	s.write(ctx, cmds)
	var contests errgroup.Group
	contests.SetLimit(maxContests)
	for _, c := range changes {
		texts := make([]string, len(c.gains)+len(c.losses))
		for i := range texts {
			var err error
			if texts[i], err = textOf(cmds[i]); err != nil && c.err == nil {
				c.fail(err)
			}
		}
		cmds = cmds[len(texts):]
		c.lost = texts[len(c.gains):]
		if c.err == nil && !c.owns(texts[:len(c.gains)]) {
			contests.Go(func() error { s.contest(ctx, c, texts[:len(c.gains)]); return nil })
		}
	}
	_ = contests.Wait()
}

// claiming makes the command that claims a URN. It gives what is stored for the URN, nothing where it was free. Sent
// again after a lost answer it finds the change's own claim.
func (c *change) claiming(ctx context.Context, identity string) redis.Cmder {
	return redis.NewStringCmd(ctx, "set", urnKey(c.workspace, identity), c.claim.String(), "nx", "get")
}

// textOf gives the answer to a command, "" for nothing.
func textOf(cmd redis.Cmder) (string, error) {
	text, err := cmd.(*redis.StringCmd).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return text, err
}

// owns reports whether all answers to its claims say that they are the change's.
func (c *change) owns(answers []string) bool {
	own := c.claim.String()
	for _, answer := range answers {
		if answer != "" && answer != own {
			return false
		}
	}
	return true
}

// commitAll writes the records of the changes that have their claims.
func (s *Store) commitAll(ctx context.Context, changes []*change) {
	var calls []*call
	var committing []*change
	for _, c := range changes {
		switch {
		case c.outcome != underWay:
		case len(c.gains) > 0 && time.Since(c.claimed) > claimLife:
			c.outcome = stale
		default:
			calls, committing = append(calls, s.committing(c)), append(committing, c)
		}
	}
	s.run(ctx, calls...)
	for i, c := range committing {
		switch answer, err := calls[i].answer(); {
		case err != nil:
			c.fail(err)
		case answer == answerDone:
			c.outcome = stored
		default:
			c.outcome = stale
		}
	}
}

// committing makes the call that writes a change's record.
func (s *Store) committing(c *change) *call {
	keys := []string{contactKey(c.workspace, c.id), idsKey(c.workspace, bucketOf(c.id))}
	if c.after.IsZero() {
		return s.scripts.remove.calling(keys, c.before.hash(), c.id.String())
	}
	if len(c.gains) > 0 {
		keys = append(keys, revokedKey(c.workspace, c.claim))
	}
	return s.scripts.put.calling(keys, c.before.hash(), c.id.String(), c.after.Bytes())
}

// giveBackAll gives back the URNs that changes lost, and the claims of those that were not done. One that fails leaves
// a claim that the next writer who wants the URN finds out of date.
func (s *Store) giveBackAll(ctx context.Context, changes []*change) {
	var calls []*call
	for _, c := range changes {
		switch c.outcome {
		case stored:
			for i, identity := range c.losses {
				if old, ok := parseClaim(c.lost[i]); ok && old.id == c.id {
					calls = append(calls, s.scripts.release.calling([]string{urnKey(c.workspace, identity)}, c.lost[i]))
				}
			}
		case stale, refused:
			for _, identity := range c.gains {
				calls = append(calls, s.scripts.release.calling([]string{urnKey(c.workspace, identity)}, c.claim.String()))
			}
		}
	}
	if len(calls) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.Timeout) // what is done is done, whoever waits for it
	defer cancel()
	s.run(ctx, calls...)
}
