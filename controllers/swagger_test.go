package controllers_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"lectern/controllers"
	"lectern/docs"
)

// outside lists the routes beside the API: for operators, and the socket, which PROTOCOL.md describes.
var outside = []string{"GET /healthz", "GET /readyz", "GET /metrics", "GET /swagger", "GET /swagger/*any", "GET /ws"}

func TestEveryRouteIsDocumentedAndEveryDocumentedRouteExists(t *testing.T) {
	var document struct {
		BasePath string
		Paths    map[string]map[string]struct {
			Summary   string
			Security  []map[string][]string
			Responses map[string]any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(docs.SwaggerInfo.ReadDoc()), &document))
	require.Equal(t, "/api/v1", document.BasePath)
	var documented []string
	for path, methods := range document.Paths {
		for method, route := range methods {
			name := strings.ToUpper(method) + " " + document.BasePath + path
			documented = append(documented, name)
			require.NotEmpty(t, route.Summary, name)
			require.NotEmpty(t, route.Responses, name)
			if len(route.Security) > 0 {
				require.Contains(t, route.Responses, "401", name)
			}
		}
	}
	param := regexp.MustCompile(`:(\w+)`)
	var served []string
	for _, route := range router().Routes() {
		name := route.Method + " " + param.ReplaceAllString(route.Path, "{$1}")
		if !slices.Contains(outside, name) {
			served = append(served, name)
		}
	}
	require.ElementsMatch(t, served, documented, "run make gen, and annotate new handlers")
}

// router has all routes; they are not called.
func router() *gin.Engine {
	return controllers.Router(controllers.Deps{Metrics: prometheus.NewRegistry()})
}
