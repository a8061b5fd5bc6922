package awsconfig

import (
	"strings"
	"testing"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestEveryProblemIsNamed(t *testing.T) {
	_, err := FromEnv(env(map[string]string{"AWS_ENDPOINT_URL": "nowhere"}))
	if err == nil {
		t.Fatal("an empty environment is accepted")
	}
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q doesn't name %s", err, name)
		}
	}
}

func TestReadsWhatALambdaIsGiven(t *testing.T) {
	config, err := FromEnv(env(map[string]string{
		"AWS_REGION": "eu-south-2", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_SESSION_TOKEN": "token",
		"AWS_ENDPOINT_URL": "http://localhost:8080",
	}))
	if err != nil {
		t.Fatal(err)
	}
	credentials, err := config.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if config.Region != "eu-south-2" || *config.BaseEndpoint != "http://localhost:8080" ||
		credentials.AccessKeyID != "id" || credentials.SecretAccessKey != "key" || credentials.SessionToken != "token" {
		t.Errorf("config %+v, credentials %+v", config, credentials)
	}
}
