// The API server's own judgement of custom resources, to be compared with that of `fleetlint_flux::validate`.
//
//	cargo xtask validate FOLDER 20000 | go run . SCHEMAS
//
// in a module of its own that requires k8s.io/apiextensions-apiserver v0.36.2 (`go mod init oracle && go mod tidy`).
//
// Each line of input is {"schema", "object", "mutation", "ours": [...]}; SCHEMAS is a folder of JSON Schemas,
// `<group>/<kind>_<version>.json`. What differs is printed, and counted. With `record` after SCHEMAS every line is printed
// again with what the server says: that is `testdata/flux/validate.jsonl`.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

type kind struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
}

type question struct {
	Schema   string          `json:"schema"`
	Mutation string          `json:"mutation"`
	Object   json.RawMessage `json:"object"`
	Ours     []string        `json:"ours"`
}

// Structural schemas say this by leaving fields out.
func withoutClosed(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, inner := range value {
			if key == "additionalProperties" && inner == false {
				continue
			}
			out[key] = withoutClosed(inner)
		}
		return out
	case []any:
		for index := range value {
			value[index] = withoutClosed(value[index])
		}
	}
	return value
}

func read(path string) (*kind, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var raw any
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	text, err = json.Marshal(withoutClosed(raw))
	if err != nil {
		return nil, err
	}
	var external v1.JSONSchemaProps
	if err := json.Unmarshal(text, &external); err != nil {
		return nil, err
	}
	var internal apiextensions.JSONSchemaProps
	if err := v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&external, &internal, nil); err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(&internal)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(&internal)
	if err != nil {
		return nil, err
	}
	return &kind{structural, validator, cel.NewValidator(structural, true, 10_000_000)}, nil
}

func (k *kind) judge(text []byte) []string {
	object := map[string]any{}
	if err := utiljson.Unmarshal(text, &object); err != nil {
		return []string{"json: " + err.Error()}
	}
	var said []string
	_, _, unknown, err := objectmeta.GetObjectMetaWithOptions(object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return []string{"metadata: " + err.Error()}
	}
	defaulting.Default(object, k.structural)
	options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	unknown = append(unknown, pruning.PruneWithOptions(object, k.structural, true, options)...)
	for _, path := range unknown {
		said = append(said, "unknown "+path)
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object, k.structural)
	errors := validation.ValidateCustomResource(nil, object, k.validator)
	errors = append(errors, listtype.ValidateListSetsAndMaps(nil, k.structural, object)...)
	if len(errors) == 0 && k.rules != nil {
		broken, _ := k.rules.Validate(context.Background(), nil, k.structural, object, nil, 1_000_000_000)
		errors = append(errors, broken...)
	}
	for _, err := range errors {
		said = append(said, err.Error())
	}
	return said
}

func main() {
	kinds := map[string]*kind{}
	counts := map[string]int{}
	byKind := map[string]int{}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			break
		}
		var asked question
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		known, ok := kinds[asked.Schema]
		if !ok {
			known, err = read(filepath.Join(os.Args[1], asked.Schema))
			if err != nil {
				panic(asked.Schema + ": " + err.Error())
			}
			kinds[asked.Schema] = known
		}
		theirs := known.judge(asked.Object)
		byKind[asked.Schema]++
		if len(os.Args) > 2 && os.Args[2] == "record" {
			line, err := json.Marshal(map[string]any{"mutation": asked.Mutation, "object": asked.Object, "server": theirs})
			if err != nil {
				panic(err)
			}
			fmt.Println(string(line))
			continue
		}
		verdict := func(is bool) string {
			if is {
				return "refused"
			}
			return "taken"
		}
		outcome := fmt.Sprintf("%s by the server, %s by us", verdict(len(theirs) > 0), verdict(len(asked.Ours) > 0))
		counts[outcome]++
		if (len(theirs) > 0) != (len(asked.Ours) > 0) {
			fmt.Printf("%s: %s: %s\n  server: %s\n  ours:   %s\n  object: %s\n", asked.Schema, asked.Mutation, outcome,
				strings.Join(theirs, "; "), strings.Join(asked.Ours, "; "), asked.Object)
		}
	}
	for _, count := range []map[string]int{byKind, counts} {
		var keys []string
		for key := range count {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		for _, key := range keys {
			fmt.Fprintf(os.Stderr, "%6d %s\n", count[key], key)
		}
	}
}
