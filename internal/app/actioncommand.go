package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kaiwa/internal/connector"
)

// unanswered is the exit code of an action that got no answer of the API.
const unanswered = 3

// connectionFlags are the options of a connection.
type connectionFlags struct {
	connection connector.Connection
	verifySSL  string
}

func (f *connectionFlags) bind(cmd *cobra.Command) {
	c, flags := &f.connection, cmd.Flags()
	flags.StringVar(&c.URL, "url", "", "base URL of the Messaging API, such as https://api.line.me")
	flags.StringVar(&c.TokenURL, "token-url", "", "URL that gives access tokens by OAuth 2.0 client credentials")
	flags.StringVar(&c.ClientID, "client-id", "", "channel id")
	flags.StringVar(&c.ClientSecret, "client-secret", "", "channel secret")
	flags.StringVar(&c.AccessToken, "access-token", "", "a fixed channel access token, instead of the three above")
	flags.StringVar(&c.APIKey, "api-key", "", "API key of a workspace, for the actions that read its history; left out: the access token")
	// A text, so that "--verify-ssl false" is understood as well as "--verify-ssl=false".
	flags.StringVar(&f.verifySSL, "verify-ssl", "true", "whether certificates are checked: true or false")
	flags.StringVar(&c.HTTPProxy, "http-proxy", "", "URL of a proxy for all requests; left out: as the environment says")
}

// client makes the client that flags and environment describe.
func (f *connectionFlags) client(cmd *cobra.Command, std IO) (*connector.Client, error) {
	verify, err := strconv.ParseBool(f.verifySSL)
	if err != nil {
		return nil, fmt.Errorf("--verify-ssl %q: true or false", f.verifySSL)
	}
	c := f.connection
	c.AnyCertificate, c.Now = !verify, time.Now
	if dir, err := os.UserCacheDir(); err == nil {
		c.CacheDir = filepath.Join(dir, "kaiwa")
	}
	client, err := connector.New(c)
	if err == nil && !verify {
		fmt.Fprintln(std.Stderr, "kaiwa: warning: certificates are not checked (--verify-ssl=false)")
	}
	return client, err
}

func actionCommand(std IO, code *int) *cobra.Command {
	cmd := &cobra.Command{Use: "action", Short: "Run LINE actions against any Messaging API URL", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return errors.New("say what: action list, describe or run") }}
	cmd.AddCommand(actionList(std), actionDescribe(std), actionRun(std, code))
	return cmd
}

func actionList(std IO) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the actions", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		table := tabwriter.NewWriter(std.Stdout, 0, 8, 2, ' ', 0)
		for _, a := range connector.Actions() {
			for _, name := range a.Names() {
				fmt.Fprintf(table, "%s\t%s\t%s\n", name, a.Method, a.Path)
			}
		}
		return table.Flush()
	}}
}

func actionDescribe(std IO) *cobra.Command {
	format := "json"
	cmd := &cobra.Command{Use: "describe [NAME]", Short: "Print an action's JSON Schema, or the connector's whole manifest", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s := connector.Manifest()
			if len(args) == 0 && !cmd.Flags().Changed("format") {
				format = "yaml"
			}
			if len(args) == 1 {
				action, err := connector.Find(args[0])
				if err != nil {
					return err
				}
				s = action.Describe()
			}
			var err error
			switch format {
			case "json":
				_, err = fmt.Fprintf(std.Stdout, "%s\n", connector.AsJSON(s))
			case "yaml":
				_, err = std.Stdout.Write(connector.YAML(s))
			default:
				err = fmt.Errorf("--format %q: json or yaml", format)
			}
			return err
		}}
	cmd.Flags().StringVar(&format, "format", format, "json or yaml; the manifest is YAML if left out")
	return cmd
}

func actionRun(std IO, code *int) *cobra.Command {
	var f connectionFlags
	var input string
	var dry bool
	cmd := &cobra.Command{Use: "run NAME", Short: "Run an action and print the API's answer as one JSON object", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := FromEnv(cmd.Flags(), std.Env); err != nil {
				return err
			}
			if _, err := connector.Find(args[0]); err != nil {
				return err
			}
			client, err := f.client(cmd, std)
			if err != nil {
				return err
			}
			text, err := readInput(input, std.Stdin)
			if err != nil {
				return err
			}
			var answer any
			if dry {
				answer, err = client.DryRun(cmd.Context(), args[0], text)
			} else {
				answer, err = client.Run(cmd.Context(), args[0], text)
			}
			if none := (*connector.NoAnswerError)(nil); errors.As(err, &none) {
				fmt.Fprintf(std.Stderr, "kaiwa: %v\n", err)
				*code = unanswered
				return nil
			}
			if err == nil {
				_, err = fmt.Fprintf(std.Stdout, "%s\n", connector.JSON(answer))
			}
			return err
		}}
	f.bind(cmd)
	cmd.Flags().StringVar(&input, "input", "", "file with the input, a JSON object; - is standard input; left out: an empty object")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "send nothing: validate, and say who would receive it and what it would cost of the quota")
	return cmd
}

// readInput reads the input from where the flag says.
func readInput(from string, stdin io.Reader) ([]byte, error) {
	switch from {
	case "":
		return nil, nil
	case "-":
		return io.ReadAll(stdin)
	}
	return os.ReadFile(from)
}
