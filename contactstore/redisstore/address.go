package redisstore

import (
	"crypto/tls"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// address is what a store URL says, taken apart.
type address struct {
	hosts              []string // host:port each
	username, password string
	db                 int
	tls                bool
	master             string // name of the Sentinel master, "" = no Sentinel
	cluster            bool   // a Cluster although there is one address
	waitReplicas       int    // how many replicas acknowledge a write

	sentinelUsername, sentinelPassword string
}

// String names the servers, and never the password.
func (a address) String() string { return strings.Join(a.hosts, ",") }

// parseAddress reads one of
//
//	redis://[user[:password]@]host[:port][/db]
//	redis://host:port,host:port,…              a Cluster (each may carry the scheme again)
//	redis-sentinel://host:port,…/MASTER[/db]   the master that the Sentinels name
//
// with rediss:// and rediss-sentinel:// for TLS, and the options cluster=true and wait_replicas=N. Its errors never quote the URL, which may hold a password.
func parseAddress(raw string) (address, error) {
	scheme, rest, found := strings.Cut(strings.TrimSpace(raw), "://")
	if !found {
		return address{}, badAddress("no scheme, want redis://host:port")
	}
	var a address
	sentinel := false
	switch strings.ToLower(scheme) {
	case "redis":
	case "rediss":
		a.tls = true
	case "redis-sentinel":
		sentinel = true
	case "rediss-sentinel":
		sentinel, a.tls = true, true
	default:
		return address{}, badAddress("unknown scheme, want redis, rediss, redis-sentinel or rediss-sentinel")
	}
	rest = strings.NewReplacer(","+scheme+"://", ",").Replace(rest)
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		if err := a.setUser(authority[:at]); err != nil {
			return address{}, err
		}
		authority = authority[at+1:]
	}
	if err := a.setHosts(authority, sentinel); err != nil {
		return address{}, err
	}
	if err := a.setPath(path, sentinel); err != nil {
		return address{}, err
	}
	if err := a.setQuery(query, sentinel); err != nil {
		return address{}, err
	}
	return a, nil
}

func (a *address) setUser(userinfo string) error {
	username, password, _ := strings.Cut(userinfo, ":")
	var err1, err2 error
	a.username, err1 = url.PathUnescape(username)
	a.password, err2 = url.PathUnescape(password)
	if err1 != nil || err2 != nil {
		return badAddress("user or password is not percent-encoded text")
	}
	return nil
}

func (a *address) setHosts(list string, sentinel bool) error {
	port := "6379"
	if sentinel {
		port = "26379"
	}
	for host := range strings.SplitSeq(list, ",") {
		if host == "" {
			return badAddress("an empty host, want host:port")
		}
		name, number, err := net.SplitHostPort(host)
		if err != nil { // no port
			name, number = strings.Trim(host, "[]"), port
		}
		if n, err := strconv.Atoi(number); err != nil || n < 1 || n > 65535 {
			return badAddress("a port that is not a number between 1 and 65535")
		}
		a.hosts = append(a.hosts, net.JoinHostPort(name, number))
	}
	return nil
}

func (a *address) setPath(path string, sentinel bool) error {
	if sentinel {
		a.master, path, _ = strings.Cut(path, "/")
		if a.master == "" {
			return badAddress("no master name, want redis-sentinel://host:port/MASTER")
		}
	}
	if path == "" {
		return nil
	}
	n, err := strconv.Atoi(path)
	if err != nil || n < 0 {
		return badAddress("a database that is not a number, want redis://host:port/0")
	}
	if n > 0 && len(a.hosts) > 1 && !sentinel {
		return badAddress("a database number with several addresses: a Cluster has only database 0")
	}
	a.db = n
	return nil
}

func (a *address) setQuery(query string, sentinel bool) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return badAddress("a query that is not percent-encoded text")
	}
	for key := range values {
		value := values.Get(key)
		var err error
		switch {
		case sentinel && key == "sentinel_username":
			a.sentinelUsername = value
		case sentinel && key == "sentinel_password":
			a.sentinelPassword = value
		case !sentinel && key == "cluster":
			a.cluster, err = strconv.ParseBool(value)
		case key == "wait_replicas":
			a.waitReplicas, err = strconv.Atoi(value)
		default:
			return badAddress("unknown option " + strconv.Quote(key) + ", want wait_replicas, cluster, or with Sentinel sentinel_username and sentinel_password")
		}
		if err != nil || a.waitReplicas < 0 {
			return badAddress(key + " is neither a number nor true or false")
		}
	}
	if a.cluster && a.db > 0 {
		return badAddress("a database number with a Cluster, which has only database 0")
	}
	return nil
}

// tlsConfig is what to dial with: the caller's, or the system's certificates; nil without TLS.
func (a address) tlsConfig(given *tls.Config) *tls.Config {
	if !a.tls {
		return nil
	}
	if given != nil {
		return given.Clone()
	}
	return &tls.Config{MinVersion: tls.VersionTLS12}
}

func badAddress(what string) error {
	return &contactstore.Error{
		Code: "invalid_address", Message: "redis address: " + what,
		Hint: "for example redis://127.0.0.1:6379, or redis-sentinel://10.0.0.1:26379,10.0.0.2:26379/mymaster",
	}
}
