package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/flowexpr/flowexpr/contactstore"
)

// remoteStore is the contacts of a running service as a contactstore.Store, for import and export. The service knows
// the workspace; the name here only has to be the same in all calls.
type remoteStore struct {
	service   *service
	workspace string
	cursors   map[contactstore.UUID]string // where a listing goes on after its last contact
}

var _ contactstore.Store = (*remoteStore)(nil)

// remoteCalls is how many calls of one batch are under way at once.
const remoteCalls = 16

func remotePath(id contactstore.UUID) string { return "/v1/contacts/" + id.String() }

// Get gives one contact.
func (s *remoteStore) Get(ctx context.Context, _ string, id contactstore.UUID) (contactstore.Record, error) {
	a, err := s.service.call(ctx, "GET", remotePath(id), nil)
	if err != nil {
		return contactstore.Record{}, err
	}
	return s.record(a)
}

// record makes a record of an answer, whose ETag is the version.
func (s *remoteStore) record(a *answer) (contactstore.Record, error) {
	c, err := contactstore.ParseContact(a.body)
	if err != nil {
		return contactstore.Record{}, err
	}
	if c.Version, err = a.version(); err != nil {
		return contactstore.Record{}, err
	}
	c.Workspace = s.workspace
	return contactstore.Encode(c)
}

// GetMany gives several contacts.
func (s *remoteStore) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	records := make([]contactstore.Record, len(ids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(remoteCalls)
	for i, id := range ids {
		group.Go(func() error {
			var err error
			if records[i], err = s.Get(ctx, workspace, id); errors.Is(err, contactstore.ErrNotFound) {
				return nil
			}
			return err
		})
	}
	return records, group.Wait()
}

// Find gives the contact that has a URN.
func (s *remoteStore) Find(ctx context.Context, _ string, urn contactstore.URN) (contactstore.Record, error) {
	a, err := s.service.call(ctx, "GET", "/v1/contacts?urn="+url.QueryEscape(urn.Identity()), nil)
	if err != nil {
		return contactstore.Record{}, err
	}
	return s.record(a)
}

// List gives a page.
func (s *remoteStore) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	cursor := ""
	if after != (contactstore.UUID{}) {
		known := false
		if cursor, known = s.cursors[after]; !known {
			return nil, nil // the page before was the last
		}
	}
	ids, next, err := s.service.page(ctx, cursor, limit)
	if err != nil {
		return nil, err
	}
	s.cursors = nil
	if next != "" && len(ids) > 0 {
		s.cursors = map[contactstore.UUID]string{ids[len(ids)-1]: next}
	}
	return s.GetMany(ctx, workspace, ids)
}

// page lists the contacts of a page, and tells the cursor of the next one, empty after the last.
func (s *service) page(ctx context.Context, cursor string, limit int) (ids []contactstore.UUID, next string, err error) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	a, err := s.call(ctx, "GET", "/v1/contacts?"+query.Encode(), nil)
	if err != nil {
		return nil, "", err
	}
	var page struct {
		Contacts []struct {
			UUID contactstore.UUID `json:"uuid"`
		} `json:"contacts"`
		Next string `json:"next_cursor"`
	}
	if err := json.Unmarshal(a.body, &page); err != nil {
		return nil, "", err
	}
	for _, c := range page.Contacts {
		ids = append(ids, c.UUID)
	}
	return ids, page.Next, nil
}

// Put stores a contact over the version before its own.
func (s *remoteStore) Put(ctx context.Context, r contactstore.Record) error {
	c, err := r.Contact()
	if err != nil {
		return err
	}
	condition := []string{"If-None-Match", "*"}
	if r.Version() > 1 {
		condition = []string{"If-Match", strconv.Quote(strconv.FormatUint(r.Version()-1, 10))}
	}
	_, err = s.service.call(ctx, "PUT", remotePath(r.UUID()), contactstore.AppendJSON(nil, c), condition...)
	return err
}

// PutMany stores contacts, several at once. What the service refuses is a contact's own error; anything else ends the
// call.
func (s *remoteStore) PutMany(ctx context.Context, rs []contactstore.Record) ([]error, error) {
	errs := make([]error, len(rs))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(remoteCalls)
	for i, r := range rs {
		group.Go(func() error {
			err := s.Put(ctx, r)
			var refused *problem
			if errors.As(err, &refused) && refused.Status < 500 && refused.Status != 401 && refused.Status != 403 {
				errs[i] = err
				return nil
			}
			return err
		})
	}
	return errs, group.Wait()
}

// Delete removes a contact.
func (s *remoteStore) Delete(ctx context.Context, _ string, id contactstore.UUID, version uint64) error {
	var condition []string
	if version != 0 {
		condition = []string{"If-Match", strconv.Quote(strconv.FormatUint(version, 10))}
	}
	_, err := s.service.call(ctx, "DELETE", remotePath(id), nil, condition...)
	return err
}

// Settings gives the service's settings, its defaults where nothing was set.
func (s *remoteStore) Settings(ctx context.Context, _ string) ([]byte, uint64, error) {
	a, err := s.service.call(ctx, "GET", "/v1/settings", nil)
	if err != nil {
		return nil, 0, err
	}
	version, err := a.version()
	return a.body, version, err
}

var errNotRemote = errors.New("settings are changed through the service's own calls")

// PutSettings is not for a remote store.
func (s *remoteStore) PutSettings(context.Context, string, []byte, uint64) error { return errNotRemote }

// Ping asks whether the service and its store answer.
func (s *remoteStore) Ping(ctx context.Context) error {
	_, err := s.service.call(ctx, "GET", "/readyz", nil)
	return err
}

// Close lets the service go.
func (s *remoteStore) Close() error { return s.service.close() }
