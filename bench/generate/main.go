// Command generate writes contacts as JSON lines, to be imported.
//
//	go run ./bench/generate -n 100000 > contacts.jsonl
//
// The same seed gives the same contacts.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/flowexpr/flowexpr/bench/corpus"
)

func main() {
	n := flag.Int("n", 1000, "number of contacts")
	seed := flag.Uint64("seed", 1, "seed of the contacts")
	flag.Parse()
	if err := generate(os.Stdout, *n, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(out io.Writer, n int, seed uint64) error {
	contacts := corpus.NewContacts(seed)
	w := bufio.NewWriterSize(out, 1<<16)
	for range n {
		line, err := contacts.Next()
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return w.Flush()
}
