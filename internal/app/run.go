package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// Exit codes of the program.
const (
	ok       = 0
	failed   = 1
	unusable = 2 // wrong flags, an unusable world or store: nothing was changed
)

// IO is what a run of the program reads and writes.
type IO struct {
	Env            []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run is the program. It returns the exit code.
func Run(ctx context.Context, args []string, std IO) int {
	code := ok
	root := &cobra.Command{Use: "kaiwa", Short: "The LINE platform that you can run yourself", SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true}}
	root.SetArgs(args)
	root.SetIn(std.Stdin)
	root.SetOut(std.Stdout)
	root.SetErr(std.Stderr)
	root.AddCommand(serveCommand(std, &code), benchCommand(std), envCommand(std), runCommand(std, &code), versionCommand(), actionCommand(std, &code), mcpCommand(std))
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(std.Stderr, "kaiwa: %s\n", strings.NewReplacer(":\n\t", ": ", "\n", "; ", "\t", "").Replace(err.Error()))
		return unusable
	}
	return code
}

func serveCommand(std IO, code *int) *cobra.Command {
	var config Config
	cmd := &cobra.Command{Use: "serve", Short: "Run everything on one port", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := FromEnv(cmd.Flags(), std.Env); err != nil {
				return err
			}
			for _, kv := range std.Env {
				if v, ok := strings.CutPrefix(kv, "KAIWA_SIM_TOKEN="); ok {
					config.SimToken = v
				}
			}
			collectSeldom(std.Env)
			signal.Ignore(syscall.SIGPIPE) // who read the log may leave; the server stays
			a, err := Start(cmd.Context(), config, std.Stderr)
			if err != nil && cmd.Context().Err() != nil {
				return nil // stopped before it was ready: that is how it was asked to end
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(std.Stdout, "kaiwa ready %s\n", a.URL())
			if config.LogFormat == "text" { // who reads JSON is no person
				a.greet(cmd.Context(), std.Stderr)
			}
			a.giveMemoryBack(cmd.Context())
			stop, cancel := context.WithTimeout(context.WithoutCancel(cmd.Context()), 10*time.Second)
			defer cancel()
			if err := a.Stop(stop); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				fmt.Fprintf(std.Stderr, "kaiwa: %v\n", err)
				*code = failed
			}
			return nil
		}}
	config.Flags(cmd.Flags())
	return cmd
}

// greet tells a person at a terminal what to do next; on standard error,
// because standard output is for programs.
func (a *App) greet(ctx context.Context, w io.Writer) {
	fmt.Fprintf(w, "\nOpen %s/_/ in a browser, or push a message:\n", a.ownURL())
	for _, ch := range a.channels.List() {
		value, err := a.tokens.LongLived(ctx, ch.ID)
		to := a.somebody(ctx, ch)
		if err != nil || to == "" {
			continue
		}
		fmt.Fprintf(w, "\n  curl %s/v2/bot/message/push -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\\n"+
			"    -d '{\"to\":\"%s\",\"messages\":[{\"type\":\"text\",\"text\":\"Hello from curl\"}]}'\n\n", a.ownURL(), value, to)
		return
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Version, Go version, commit", Args: cobra.NoArgs, Run: func(cmd *cobra.Command, _ []string) {
		version, commit := programVersion()
		fmt.Fprintf(cmd.OutOrStdout(), "kaiwa %s %s %s\n", version, runtime.Version(), commit)
	}}
}

// programVersion is what the build says of itself.
func programVersion() (version, commit string) {
	version, commit = "(devel)", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" {
			version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	return version, commit
}
