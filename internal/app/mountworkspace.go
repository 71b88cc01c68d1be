package app

import (
	"net/http"

	"kaiwa/internal/kernel/api"
)

func (a *App) mountWorkspace(server *api.Server, root map[string]http.Handler) {}

func (a *App) mountPages(root map[string]http.Handler) {}
