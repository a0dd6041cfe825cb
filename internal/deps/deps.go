// Package deps pins versions while the first packages are being written; it goes when they import them.
package deps

import (
	_ "github.com/alexedwards/argon2id"
	_ "github.com/gabriel-vasile/mimetype"
	_ "github.com/gin-gonic/gin"
	_ "github.com/golang-jwt/jwt/v5"
	_ "github.com/gorilla/websocket"
	_ "github.com/joho/godotenv"
	_ "github.com/pelletier/go-toml/v2"
	_ "github.com/pion/interceptor"
	_ "github.com/pion/webrtc/v4"
	_ "github.com/prometheus/client_golang/prometheus/promhttp"
	_ "github.com/spf13/cobra"
	_ "github.com/stretchr/testify/require"
	_ "github.com/swaggo/files"
	_ "github.com/swaggo/gin-swagger"
	_ "go.uber.org/goleak"
	_ "golang.org/x/time/rate"
	_ "modernc.org/sqlite"
)
