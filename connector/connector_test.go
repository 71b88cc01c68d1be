package connector_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kaiwa/connector"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"sentMessages":[{"id":"461230966842064897"}]}`)
	}))
	defer server.Close()
	client, err := connector.New(connector.Connection{URL: server.URL, AccessToken: "a-channel-access-token"})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := client.Run(context.Background(), "send_push_message", []byte(`{"to":"U1","messages":[{"type":"text","text":"Hi"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.StatusCode, string(result.JSONBody))
	// Output: 200 {"sentMessages":[{"id":"461230966842064897"}]}
}

func TestErrors(t *testing.T) {
	var bad *connector.InputError
	if _, err := connector.New(connector.Connection{}); !errors.As(err, &bad) {
		t.Errorf("%v", err)
	}
	if _, err := connector.Find("send_pigeon"); !errors.As(err, &bad) {
		t.Errorf("%v", err)
	}
	if _, err := connector.Receive("secret", "nonsense", []byte(`{}`)); !errors.Is(err, connector.ErrSignature) {
		t.Errorf("%v", err)
	}
	if a, err := connector.Find("send_push_message"); err != nil || a.Operation != "pushMessage" || !strings.Contains(string(connector.Manifest()), "- name: "+connector.Actions()[0].Name) {
		t.Errorf("%v %v", a, err)
	}
}
