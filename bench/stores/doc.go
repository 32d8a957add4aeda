// Package stores measures the stores beside each other and beside what their servers give to a bare client: the time
// and memory to import contacts, what they take up, and the latency of reads by UUID and by URN.
//
//	go test ./bench/stores -run TestStores -timeout 1h -contacts 1000000 -write ../README.md
//
// It is a test, because it runs real servers as the tests of the stores do; with few contacts, the default, it checks
// that every store gives every contact and puts its table nowhere.
package stores
