package notification

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

func settings(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestEveryProblemOfTheEnvironmentIsNamed(t *testing.T) {
	_, err := Load(settings(map[string]string{"BASE_URL": "ftp://x", "MAIL_REPLY_TO": "nobody", "COUNTRY": "xx"}))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"COUNTRY", "APPLICATIONS_TABLE", "KEYS_TABLE", "PLACES_TABLE", "PERCOLATION_QUEUE_URL", "NOTIFICATION_QUEUE_URL", "NOTIFICATION_URGENT_QUEUE_URL", "CATALOGUE_BUCKET", "KMS_KEY_ID", "BASE_URL", "MAIL_REPLY_TO"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
}

func TestMailLeavesFromThePacksRegionExceptOnALaptop(t *testing.T) {
	values := map[string]string{
		"COUNTRY": "es", "APPLICATIONS_TABLE": "a", "KEYS_TABLE": "k", "PLACES_TABLE": "p", "PERCOLATION_QUEUE_URL": "https://sqs/percolation", "CATALOGUE_BUCKET": "c", "KMS_KEY_ID": "key",
		"BASE_URL": "https://es.immerse.example/", "NOTIFICATION_QUEUE_URL": "https://sqs/n", "NOTIFICATION_URGENT_QUEUE_URL": "https://sqs/u",
	}
	options := sesv2.Options{Region: "eu-south-2"}
	config, err := Load(settings(values))
	check(t, err)
	if config.InMailRegion(&options); options.Region != config.Pack.MailRegion {
		t.Errorf("region %s, want the pack's %s", options.Region, config.Pack.MailRegion)
	}
	if config.SendTimeout != sendTimeout || config.BaseURL != "https://es.immerse.example" || config.Pack.Code != "ES" || !strings.Contains(config.From, config.Pack.MailFrom) {
		t.Errorf("config %+v", config)
	}
	values["AWS_ENDPOINT_URL"] = "http://localhost:8080"
	options = sesv2.Options{Region: "eu-south-2"}
	config, err = Load(settings(values))
	check(t, err)
	if config.InMailRegion(&options); options.Region != "eu-south-2" {
		t.Errorf("region %s with an endpoint of one's own", options.Region)
	}
}
