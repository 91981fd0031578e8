// Prints the fields of kustomization files: a path and a type per line.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
)

func main() {
	walk("", reflect.TypeOf(types.Kustomization{}))
}

func walk(path string, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if path != "" {
		fmt.Printf("%s\t%s\n", path, name(t))
	}
	switch t.Kind() {
	case reflect.Struct:
		fields := map[string]reflect.Type{}
		collect(t, fields)
		names := []string{}
		for name := range fields {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			walk(strings.TrimPrefix(path+"."+name, "."), fields[name])
		}
	case reflect.Slice:
		walk(path+"[]", t.Elem())
	case reflect.Map:
		walk(path+"{}", t.Elem())
	}
}

func collect(t reflect.Type, fields map[string]reflect.Type) {
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("json"), ",")
		inline := len(tag) > 1 && tag[1] == "inline" || field.Anonymous && tag[0] == ""
		inner := field.Type
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case inline && inner.Kind() == reflect.Struct:
			collect(inner, fields)
		case tag[0] == "-" || !field.IsExported():
		case tag[0] == "":
			fields[strings.ToLower(field.Name[:1])+field.Name[1:]] = field.Type
		default:
			fields[tag[0]] = field.Type
		}
	}
}

func name(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct:
		return "object"
	case reflect.Slice:
		return "list"
	case reflect.Map:
		return "map"
	case reflect.Bool:
		return "boolean"
	case reflect.Interface:
		return "any"
	case reflect.String:
		return "string"
	}
	return "integer"
}
