package app

import (
	"fmt"

	"github.com/spf13/cobra"

	"kaiwa/internal/connector/agent"
)

// mcpCommand offers the actions to programs that speak the Model Context Protocol.
func mcpCommand(std IO) *cobra.Command {
	var f connectionFlags
	guard := string(agent.One)
	cmd := &cobra.Command{Use: "mcp", Short: "Offer the actions as an MCP server on standard input and output", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := FromEnv(cmd.Flags(), std.Env); err != nil {
				return err
			}
			if !agent.Guard(guard).Valid() {
				return fmt.Errorf("--allow-sends %q: none, one or all", guard)
			}
			client, err := f.client(cmd, std)
			if err != nil {
				return err
			}
			version, _ := programVersion()
			err = agent.Serve(cmd.Context(), agent.Server(client, agent.Guard(guard), version), std.Stdin, std.Stdout)
			if cmd.Context().Err() != nil {
				return nil // stopped by a signal
			}
			return err
		}}
	f.bind(cmd)
	cmd.Flags().StringVar(&guard, "allow-sends", guard, "which messages may be sent: none, to one chat at a time (one), or to many people as well (all)")
	return cmd
}
