package module

import (
	"bytes"
	"html/template"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
)

// page is what an account's admin sees: a plain form that needs no JavaScript.
type page struct {
	Module   string
	Scopes   []string
	Accounts []*channel.Channel
	Problem  string
}

var linkage = template.Must(template.New("linkage").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Attach a module</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff }
fieldset { border: 1px solid #bbb; border-radius: .5rem; margin: 1rem 0 }
label { display: block; padding: .35rem 0 }
button { font: inherit; padding: .5rem 1.5rem; margin-right: .5rem; border: 1px solid #555; border-radius: .5rem; background: #fff }
button[value=allow] { background: #1c1c1c; color: #fff }
[role=alert] { color: #a40000 }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #1c1c1c } button { background: #333; color: #eee } button[value=allow] { background: #eee; color: #1c1c1c } [role=alert] { color: #ff9d9d } }
</style>
</head>
<body>
<main>
{{- if .Module}}
<h1>{{.Module}} wants to be attached</h1>
{{- with .Problem}}<p role="alert">{{.}}</p>{{end}}
<p>It asks to use:</p>
<ul>{{range .Scopes}}<li><code>{{.}}</code></li>{{end}}</ul>
<form method="post">
{{- if .Accounts}}
<fieldset>
<legend>Official account</legend>
{{- range $i, $a := .Accounts}}
<label><input type="radio" name="botId" value="{{$a.Account.UserID}}"{{if eq $i 0}} checked{{end}}> {{$a.Account.DisplayName}} ({{$a.Account.BasicID}})</label>
{{- end}}
</fieldset>
<button name="consent" value="allow">Link</button>
{{- else}}
<p>There is no official account that it can be attached to.</p>
{{- end}}
<button name="consent" value="cancel">Cancel</button>
</form>
{{- else}}
<h1>This link does not work</h1>
<p role="alert">{{.Problem}}</p>
{{- end}}
</main>
</body>
</html>
`))

func show(status int, p page) (any, error) {
	var b bytes.Buffer
	if err := linkage.Execute(&b, p); err != nil {
		return nil, err
	}
	return api.Status{Code: status, Body: api.Binary{Type: "text/html; charset=utf-8", Length: int64(b.Len()), Body: &b}}, nil
}
