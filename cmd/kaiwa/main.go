// Command kaiwa is the LINE platform that you can run yourself.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"kaiwa/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], app.IO{Env: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr})
	stop()
	os.Exit(code)
}
