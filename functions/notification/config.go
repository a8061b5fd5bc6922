package notification

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/miict/immerse/shared/country"
)

// Config is what the function is told by its environment.
type Config struct {
	Country          string // ISO 3166-1 alpha-2
	Pack             *country.Pack
	Applications     string // name of the applications table
	Keys             string // name of the keys table
	KMSKey           string // id or ARN
	BaseURL          string // of the site, without a slash at the end
	From             string // "Name <address>"
	ReplyTo          string // empty: nobody reads replies
	ConfigurationSet string // of SES; empty: none
	MailRegion       string // whose SES sends; empty: where the function runs
}

// sendTimeout is the most that one hand-over to SES may take; most take a fraction of a second. The function's own
// timeout must leave room for it, for the record after it and for what comes before: 30 seconds are plenty.
const sendTimeout = 4 * time.Second

// Planner plans this country's mails.
func (c Config) Planner() Planner { return Planner{Pack: c.Pack, BaseURL: c.BaseURL} }

// Postbox sends this country's mails.
func (c Config) Postbox(ses SES) Postbox {
	return Postbox{SES: ses, From: c.From, ReplyTo: c.ReplyTo, ConfigurationSet: c.ConfigurationSet, Timeout: sendTimeout}
}

// Retention is how long the country keeps what is recorded about a mail.
func (c Config) Retention() time.Duration {
	return time.Duration(c.Pack.RetentionDays) * 24 * time.Hour
}

// InMailRegion makes an SES client use the country's mail region: SES is not in every region.
func (c Config) InMailRegion(options *sesv2.Options) {
	if c.MailRegion != "" {
		options.Region = c.MailRegion
	}
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	var problems []error
	required := func(name string) string {
		value := getenv(name)
		if value == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
		return value
	}
	problem := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	c := Config{
		Country:          strings.ToUpper(required("COUNTRY")),
		Applications:     required("APPLICATIONS_TABLE"),
		Keys:             required("KEYS_TABLE"),
		KMSKey:           required("KMS_KEY_ID"),
		BaseURL:          strings.TrimRight(required("BASE_URL"), "/"),
		ReplyTo:          getenv("MAIL_REPLY_TO"),
		ConfigurationSet: getenv("MAIL_CONFIGURATION_SET"),
	}
	if c.BaseURL != "" && webAddress(c.BaseURL) == "" {
		problem(fmt.Errorf("BASE_URL %q is not a web address", c.BaseURL))
	}
	if c.ReplyTo != "" {
		if _, err := address(c.ReplyTo); err != nil {
			problem(fmt.Errorf("MAIL_REPLY_TO %q: %w", c.ReplyTo, err))
		}
	}
	if c.Country != "" {
		problem(c.addPack(getenv))
	}
	return c, errors.Join(problems...)
}

// addPack takes from the country's pack what the environment doesn't say.
func (c *Config) addPack(getenv func(string) string) (err error) {
	if c.Pack, err = country.Load(c.Country); err != nil {
		return fmt.Errorf("COUNTRY %q: %w", c.Country, err)
	}
	if getenv("AWS_ENDPOINT_URL") == "" {
		c.MailRegion = c.Pack.MailRegion
	}
	c.From, err = sender("Immerse "+c.Pack.Name, c.Pack.MailFrom)
	return err
}
