module github.com/flowexpr/flowexpr/bench/peers

go 1.26.0

require (
	github.com/expr-lang/expr v1.17.8
	github.com/flowexpr/flowexpr v0.0.0
	github.com/stretchr/testify v1.12.1
	github.com/valyala/bytebufferpool v1.0.0
	github.com/valyala/fasttemplate v1.2.2
)

require (
	github.com/google/uuid v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/flowexpr/flowexpr => ../..
