package server

// Routes gives method and path of each call, for the tests that hold them against the API's document.
func Routes() (list []string) {
	for _, r := range routes() {
		list = append(list, r.method+" "+r.path)
	}
	return list
}
