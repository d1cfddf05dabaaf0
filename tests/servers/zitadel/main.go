// The example server of zitadel/oidc, met as a stranger's server would be: opaque tokens, a token exchange that takes access,
// ID and refresh tokens and answers `N_A`, impersonation by scope, the JWT profile grant, and a log out that answers 302.
//
// The client `frontend` gets JWT access tokens, because this version ends the connection where an opaque one is exchanged (a nil
// pointer in GetTokenIDAndSubjectFromToken); `other` gets opaque ones.
//
// Prints one line of JSON when it listens: {"issuer", "assertion", "stranger", "old"}, the last three being assertions of the
// service user: a good one, one signed by a key nobody knows, and one that has ended.
// It lives as long as its standard input is open, so it cannot outlive the test that started it.
package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	_ "embed"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The private half of the key that the example's storage knows its service user by; it stands in the example itself.
//
//go:embed service-key1.pem
var serviceKey []byte

// store is the example's own, but for the format of access tokens.
type store struct{ *storage.Storage }

func (s store) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	client, err := s.Storage.GetClientByClientID(ctx, id)
	if err != nil || id != "frontend" {
		return client, err
	}
	return jwts{client}, nil
}

type jwts struct{ op.Client }

func (jwts) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	issuer := "http://" + listener.Addr().String()
	storage.RegisterClients(
		storage.NativeClient("frontend", "http://127.0.0.1/callback"),
		storage.NativeClient("other", "http://127.0.0.1/callback"),
		storage.WebClient("portal", "secret-of-portal", issuer+"/nowhere"),
		storage.WebClient("reporting", "secret-of-reporting", issuer+"/nowhere"),
	)
	users, err := storage.StoreFromFile(os.Args[1])
	if err != nil {
		return err
	}
	line, err := told(issuer)
	if err != nil {
		return err
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	router := exampleop.SetupServer(issuer, store{storage.NewStorage(users)}, quiet, false)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	fmt.Println(line)
	return http.Serve(listener, router)
}

func told(issuer string) (string, error) {
	block, _ := pem.Decode(serviceKey)
	known, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		return "", err
	}
	unknown, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", err
	}
	now := time.Now()
	good, err := assertion(known, issuer, now)
	if err != nil {
		return "", err
	}
	stranger, err := assertion(unknown, issuer, now)
	if err != nil {
		return "", err
	}
	old, err := assertion(known, issuer, now.Add(-3*time.Hour))
	if err != nil {
		return "", err
	}
	line, err := json.Marshal(map[string]string{"issuer": issuer, "assertion": good, "stranger": stranger, "old": old})
	return string(line), err
}

// assertion is one of the service user, good for an hour.
func assertion(key *rsa.PrivateKey, issuer string, at time.Time) (string, error) {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", storage.ServiceUserKeyID)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"iss": storage.ServiceUserID, "sub": storage.ServiceUserID, "aud": []string{issuer},
		"iat": at.Unix(), "exp": at.Add(time.Hour).Unix(),
	})
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
