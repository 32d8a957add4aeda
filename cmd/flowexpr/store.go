package main

import (
	"context"
	"fmt"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
)

// storeFlags choose where contacts are.
type storeFlags struct {
	Data      string `type:"path" placeholder:"DIR" help:"Folder of the embedded store (default: ${data_folder})."`
	URL       string `name:"url" placeholder:"URL" help:"Work through a running flowexpr service."`
	Token     string `placeholder:"TOKEN" help:"Token for the service at --url."`
	Redis     string `placeholder:"URL" help:"Keep contacts in Redis: redis://HOST:PORT/DB, rediss://…, or redis-sentinel://…"`
	Workspace string `default:"default" placeholder:"NAME" help:"Workspace to work in (default: default)."`
}

// check refuses flags that contradict each other.
func (f *storeFlags) check() error {
	chosen := 0
	for _, flag := range []string{f.Data, f.URL, f.Redis} {
		if flag != "" {
			chosen++
		}
	}
	switch {
	case chosen > 1:
		return usageError{fmt.Errorf("--data, --redis and --url exclude each other: give one")}
	case f.URL != "" && f.Workspace != "default":
		return usageError{fmt.Errorf("--workspace does not go with --url: the token chooses the workspace")}
	case f.URL == "" && f.Token != "":
		return usageError{fmt.Errorf("--token goes with --url")}
	}
	return nil
}

// open opens the store of this machine or of Redis; a service at --url is opened by openService.
func (f *storeFlags) open(ctx context.Context) (contactstore.Store, error) {
	if f.Redis != "" {
		redisstore.SilenceDriver()
		return redisstore.Open(ctx, f.Redis, redisstore.Options{})
	}
	return embedded.Open(f.folder(), embedded.Options{})
}

func (f *storeFlags) folder() string {
	if f.Data == "" {
		return defaultDataFolder()
	}
	return f.Data
}

// describe says where contacts are, without passwords.
func (f *storeFlags) describe(store contactstore.Store) string {
	if s, ok := store.(*redisstore.Store); ok {
		return "Redis at " + s.Address()
	}
	return "the embedded store in " + f.folder()
}
