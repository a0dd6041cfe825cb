// Netem is the bad network as a program, for tests in other languages:
//
//	go run ./sfu/sfutest/netem/cmd/netem -server 127.0.0.1:7882 -seed 1
//
// prints the address to send to as its first line, then obeys one line of JSON at a time on its standard input and
// answers each with the counts so far, or an error:
//
//	{"up": {}, "down": {"delay": 30, "rate": 300000, "loss": 0.01}}
//	{"up": {"Passed": 812, …}, "down": {…}}
//
// Times are in milliseconds, rates in bits per second; what is left out is perfect, and an empty line only asks. It ends with its input.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"lectern/sfu/sfutest/netem"
)

func main() {
	server := flag.String("server", "", "host:port of the server's media port on this machine")
	seed := flag.Uint64("seed", 1, "what decides")
	flag.Parse()
	if err := run(*server, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(server string, seed uint64) error {
	p, err := netem.Start(server, seed)
	if err != nil {
		return err
	}
	defer p.Close()
	fmt.Println(p.Addr())
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := answers.Encode(obey(p, lines.Bytes())); err != nil {
			return err
		}
	}
	return lines.Err()
}

// obey sets the conditions that a line names and gives the answer to it.
func obey(p *netem.Proxy, line []byte) any {
	if len(line) > 0 {
		var c struct{ Up, Down netem.Conditions }
		err := json.Unmarshal(line, &c)
		if err == nil {
			err = p.Set(c.Up, c.Down)
		}
		if err != nil {
			return map[string]string{"error": err.Error()}
		}
	}
	up, down := p.Stats()
	return map[string]netem.Stats{"up": up, "down": down}
}
