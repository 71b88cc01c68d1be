package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"kaiwa/internal/edge"
)

// envFlags say which server is meant.
type envFlags struct{ url, listen string }

func (f *envFlags) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.url, "url", "", "URL of the running server")
	cmd.Flags().StringVar(&f.listen, "listen", Defaults.Listen, "the --listen that it was given, if no --url")
}

// environment asks the server and makes what its clients need.
func (f *envFlags) environment(cmd *cobra.Command, env []string) ([]edge.Variable, edge.Ways, error) {
	listenGiven := cmd.Flags().Changed("listen") && !cmd.Flags().Changed("url") // a flag beats any variable, also the other's
	if err := FromEnv(cmd.Flags(), env); err != nil {
		return nil, edge.Ways{}, err
	}
	if f.url == "" || listenGiven {
		f.url = "http://" + f.listen
	}
	values := map[string]string{}
	for _, kv := range env {
		if k, v, ok := strings.Cut(kv, "="); ok {
			values[k] = v
		}
	}
	w, err := edge.Ask(cmd.Context(), f.url, values["KAIWA_SIM_TOKEN"])
	if err != nil {
		return nil, w, err
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, w, err
	}
	list, err := w.Environment(filepath.Join(dir, "kaiwa"), values["NODE_OPTIONS"])
	return list, w, err
}

func envCommand(std IO) *cobra.Command {
	var f envFlags
	cmd := &cobra.Command{Use: "env", Short: "Print the shell lines that send an unmodified client to the running server", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, w, err := f.environment(cmd, std.Env)
			if err == nil {
				_, err = fmt.Fprint(std.Stdout, edge.Shell(list, w))
			}
			return err
		}}
	f.bind(cmd)
	return cmd
}

func runCommand(std IO, code *int) *cobra.Command {
	var f envFlags
	cmd := &cobra.Command{Use: "run -- COMMAND [ARGUMENT...]", Short: "Run a command that finds the running server under the platform's host names", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, _, err := f.environment(cmd, std.Env)
			if err != nil {
				return err
			}
			env := std.Env
			for _, v := range list {
				env = append(env, v.Name+"="+v.Value)
			}
			*code, err = runWith(cmd.Context(), env, std, args)
			return err
		}}
	f.bind(cmd)
	return cmd
}

// runWith runs a command to its end and gives its exit code. A stop of this
// program is one of the command's: it may end as it likes.
func runWith(ctx context.Context, env []string, std IO, args []string) (int, error) {
	child := exec.CommandContext(context.WithoutCancel(ctx), args[0], args[1:]...) //nolint:gosec // to run what it is told is what it is for
	child.Env, child.Stdin, child.Stdout, child.Stderr = env, std.Stdin, std.Stdout, std.Stderr
	if err := child.Start(); err != nil {
		return unusable, err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	defer signal.Stop(signals)
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				child.Process.Signal(s)
			case <-ctx.Done():
				child.Process.Signal(syscall.SIGTERM)
				<-ended
				return
			case <-ended:
				return
			}
		}
	}()
	err := child.Wait()
	close(ended)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if status := exit.ExitCode(); status >= 0 {
			return status, nil
		}
		return failed, nil // a signal ended it
	}
	return ok, err
}
