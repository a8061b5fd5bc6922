package laptop

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/template"
)

func readFunctions(t *template.Template, d *Definition) error {
	root, err := lambda.Root()
	if err != nil {
		return err
	}
	domains, err := siteDomains(t)
	if err != nil {
		return err
	}
	for _, id := range t.Of("AWS::Lambda::Function") {
		var f struct {
			FunctionName, Role                                string
			Timeout, MemorySize, ReservedConcurrentExecutions int
			Environment                                       struct{ Variables map[string]string }
			LoggingConfig                                     struct{ LogGroup, LogFormat, SystemLogLevel, ApplicationLogLevel string }
			TracingConfig                                     struct{ Mode string }
		}
		if err := t.Into(id, &f); err != nil {
			return err
		}
		short := strings.TrimPrefix(f.FunctionName, "immerse-"+d.Country+"-")
		folder := "functions/" + short + "/lambda"
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(folder))); err != nil {
			return fmt.Errorf("function %s has no program: there is no folder %s", f.FunctionName, folder)
		}
		role, err := ReadRole(t, f.Role)
		if err != nil {
			return fmt.Errorf("function %s: %w", f.FunctionName, err)
		}
		d.Functions = append(d.Functions, Function{
			Name: short, Deployed: f.FunctionName, Folder: folder, Env: here(f.Environment.Variables, domains),
			Timeout: seconds(f.Timeout), MemoryMB: f.MemorySize, Concurrency: f.ReservedConcurrentExecutions,
			LogGroup: f.LoggingConfig.LogGroup,
			Logging:  lambda.Logging{Format: f.LoggingConfig.LogFormat, System: f.LoggingConfig.SystemLogLevel, Application: f.LoggingConfig.ApplicationLogLevel},
			Traced:   f.TracingConfig.Mode == "Active", Role: role,
		})
	}
	return nil
}

// siteDomains are those that the site has in AWS.
func siteDomains(t *template.Template) ([]string, error) {
	domains := []string{template.Site}
	for _, id := range t.Of("AWS::CloudFront::Distribution") {
		distribution := t.Resources[id].Properties["DistributionConfig"]
		members, _ := distribution.(map[string]any)
		aliases, _ := members["Aliases"].([]any)
		for _, alias := range aliases {
			text, ok := alias.(string)
			if !ok {
				return nil, fmt.Errorf("%s: an alias of the site is %v, not a text", id, alias)
			}
			domains = append(domains, text)
		}
	}
	return domains, nil
}

// here is an environment for this machine: one rule, that the site has its address here and not the deployed one.
func here(variables map[string]string, domains []string) map[string]string {
	made := map[string]string{}
	for name, value := range variables {
		for _, domain := range domains {
			value = strings.ReplaceAll(value, "https://"+domain, "${base}")
		}
		made[name] = value
	}
	return made
}

// ReadRole finds a role by its ARN, with what is attached to it.
func ReadRole(t *template.Template, arn string) (*Role, error) {
	for _, id := range t.Of("AWS::IAM::Role") {
		if found, err := t.ARN(id); err != nil || found != arn {
			continue
		}
		var role struct {
			Policies          []struct{ PolicyDocument any }
			ManagedPolicyArns []string
		}
		if err := t.Into(id, &role); err != nil {
			return nil, err
		}
		if len(role.ManagedPolicyArns) > 0 {
			return nil, fmt.Errorf("role %s has managed policies, which the laptop doesn't know: %v", id, role.ManagedPolicyArns)
		}
		name, err := t.Name(id)
		if err != nil {
			return nil, err
		}
		made := &Role{Name: name, ARN: arn}
		for _, policy := range t.Of("AWS::IAM::Policy") {
			if err := attach(t, policy, made); err != nil {
				return nil, err
			}
		}
		if len(role.Policies) > 0 || len(t.Of("AWS::IAM::ManagedPolicy")) > 0 {
			return nil, fmt.Errorf("role %s: the laptop reads policies of type AWS::IAM::Policy only", id)
		}
		return made, nil
	}
	return nil, fmt.Errorf("there is no role %q", arn)
}

func attach(t *template.Template, policy string, role *Role) error {
	var attached struct{ Roles []string }
	if err := t.Into(policy, &attached); err != nil {
		return err
	}
	if !slices.Contains(attached.Roles, role.Name) {
		return nil
	}
	found, err := statements(t, policy, "PolicyDocument")
	role.Statements = append(role.Statements, found...)
	return err
}
