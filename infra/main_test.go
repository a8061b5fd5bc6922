package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/miict/immerse/shared/country"
)

// templates are what the app writes for every country, by stack; nil without Node.
var templates map[string]template

// nodeMissing says why tests of the app don't run.
const nodeMissing = "SKIPPED: the CDK runs on Node, and there is none here"

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run writes all templates once, for all tests: starting Node takes longer than the rest. The CDK's helper process is not
// closed but left to end with this one, as closing it is a data race of its own; what it keeps meanwhile goes with our
// folder.
func run(m *testing.M) int {
	if _, err := exec.LookPath("node"); err != nil {
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "immerse-infra")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	os.Setenv("TMPDIR", folder)
	os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20")
	packs, err := load(country.Codes(), country.Load)
	if err != nil {
		panic(err)
	}
	templates = synth(packs...)
	return m.Run()
}

// synth writes the templates of some countries, as if nothing was built.
func synth(packs ...*country.Pack) map[string]template {
	folder, err := os.MkdirTemp("", "immerse-infra")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	synthInto(folder, packs...)
	files, err := filepath.Glob(filepath.Join(folder, "*.template.json"))
	if err != nil {
		panic(err)
	}
	read := map[string]template{}
	for _, file := range files {
		name := filepath.Base(file)
		read[name[:len(name)-len(".template.json")]] = readTemplate(file)
	}
	return read
}

// synthInto writes the templates into a folder.
func synthInto(folder string, packs ...*country.Pack) {
	app := newApp(folder)
	for _, pack := range packs {
		newCountry(app, pack, notBuilt)
	}
	app.Synth(nil)
}

// A template as CloudFormation reads it.
type template struct {
	Resources map[string]*resource
	Outputs   map[string]any
	text      []byte // normalised
}

type resource struct {
	Type           string
	Properties     map[string]any
	DeletionPolicy string
	Metadata       map[string]any
	DependsOn      any
}

// clone gives a copy that may be changed; its text is not the copy's.
func (t template) clone() template {
	made := template{Resources: map[string]*resource{}, Outputs: cloned(t.Outputs).(map[string]any)}
	for id, r := range t.Resources {
		copied := *r
		copied.Properties, _ = cloned(r.Properties).(map[string]any)
		copied.DependsOn = cloned(r.DependsOn)
		made.Resources[id] = &copied
	}
	return made
}

func cloned(value any) any {
	switch value := value.(type) {
	case map[string]any:
		made := make(map[string]any, len(value))
		for name, member := range value {
			made[name] = cloned(member)
		}
		return made
	case []any:
		made := make([]any, len(value))
		for i, one := range value {
			made[i] = cloned(one)
		}
		return made
	}
	return value
}

// readTemplate reads a template and writes it again in one order and with one indent.
func readTemplate(file string) template {
	data, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var read template
	var plain any
	for _, into := range []any{&read, &plain} {
		if err := json.Unmarshal(data, into); err != nil {
			panic(err)
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(plain); err != nil {
		panic(err)
	}
	read.text = out.Bytes()
	return read
}

// needsNode leaves a test out where the app can't run.
func needsNode(t *testing.T) {
	t.Helper()
	if templates == nil {
		t.Skip(nodeMissing)
	}
}
