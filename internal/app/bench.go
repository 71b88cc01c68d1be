package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kaiwa/internal/bench"
	"kaiwa/internal/platform/schema"
)

// benches are the subcommands of kaiwa bench.
var benches = []struct {
	name, short string
	connections int
	duration    time.Duration
	run         func(context.Context, bench.Options) (*bench.Figures, error)
}{
	{"push", "Push messages: requests a second, latency, CPU of each", 64, 10 * time.Second, bench.Push},
	{"webhook", "A person's message to its webhook at the receiver: latency", 1, 10 * time.Second, bench.Webhook},
	{"broadcast", "Broadcasts to many friends: latency, rows, how soon a chat shows it", 1, 10 * time.Second, bench.Broadcast},
	{"history", "Reading a long history: pages at its start and end, and a stream of all", 1, 5 * time.Second, bench.History},
}

func benchCommand(std IO) *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: "Measure a server: one line of JSON on standard output", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("say what: bench push, webhook, broadcast or history")
		}}
	for _, b := range benches {
		var o bench.Options
		sub := &cobra.Command{Use: b.name, Short: b.short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Connections < 1 || o.Requests < 0 || o.Duration <= 0 && o.Requests == 0 {
				return errors.New("--connections is at least 1, and --duration or --requests above 0")
			}
			if cmd.Flags().Lookup("friends") != nil && o.Friends < 1 {
				return errors.New("--friends is at least 1")
			}
			if o.Requests > 0 {
				o.Duration = 0
			}
			var err error
			if o.Program, err = os.Executable(); err != nil {
				return err
			}
			o.Migrations, o.Progress = schema.Files(), std.Stderr
			f, err := b.run(cmd.Context(), o)
			if err != nil {
				return err
			}
			line, err := f.JSON()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(std.Stdout, "%s\n", line)
			return err
		}}
		flags := sub.Flags()
		flags.IntVar(&o.Connections, "connections", b.connections, "how many connections send at the same time")
		flags.DurationVar(&o.Duration, "duration", b.duration, "how long to measure")
		flags.Int64Var(&o.Requests, "requests", 0, "how many requests to measure, instead of a duration")
		switch b.name {
		case "push":
			flags.Int64Var(&o.Friends, "friends", 64, "how many people the messages go to in turn")
		case "broadcast":
			flags.Int64Var(&o.Friends, "friends", 1_000_000, "how many friends the account has")
		case "history":
			flags.Int64Var(&o.Messages, "messages", 1_000_000, "how many messages the history has")
		}
		flags.StringVar(&o.Target, "target", "", "URL of a server that runs already, http://HOST:PORT; left out: one is started with a store of its own")
		flags.StringVar(&o.Token, "token", "", "with --target: a channel access token (history: an API key)")
		flags.StringVar(&o.ChannelID, "channel", "", "with --target: the channel of the token")
		flags.StringVar(&o.To, "to", "", "with --target: the user id of a friend")
		cmd.AddCommand(sub)
	}
	return cmd
}
