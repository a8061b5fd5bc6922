package notification

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/workdays"
)

// Config is what the function is told by its environment.
type Config struct {
	environment.Country
	published.Config
	Applications     string        // name of the applications table
	Keys             string        // name of the keys table
	Places           string        // name of the places table
	PercolationQueue string        // URL
	Queue            string        // URL, of the queue that messages come from
	UrgentQueue      string        // URL, of the one for the urgent
	KMSKey           string        // id or ARN
	BaseURL          string        // of the site, without a slash at the end
	From             string        // "Name <address>"
	ReplyTo          string        // empty: nobody reads replies
	ConfigurationSet string        // of SES; empty: none
	MailRegion       string        // whose SES sends; empty: where the function runs
	SendTimeout      time.Duration // the most that one hand-over to SES may take
}

// LeaseMargin is how far a claim outlives its invocation. Lambda has ended the invocation by then, however much the
// clocks of two machines differ, so that whoever finds the lease expired is alone.
const LeaseMargin = 30 * time.Second

// sendTimeout is the most that one hand-over to SES may take; most take a fraction of a second. The function's own
// timeout must leave room for it, for the record after it and for what comes before. Tests on slow machines have both longer.
const sendTimeout = 4 * time.Second

// Planner plans this country's mails.
func (c Config) Planner(links Links) (Planner, error) {
	calendar, err := workdays.New(c.Pack)
	return Planner{Pack: c.Pack, BaseURL: c.BaseURL, Links: links, Calendar: calendar}, err
}

// Postbox sends this country's mails.
func (c Config) Postbox(ses SES) Postbox {
	return Postbox{SES: ses, From: c.From, ReplyTo: c.ReplyTo, ConfigurationSet: c.ConfigurationSet, Timeout: c.SendTimeout}
}

// InMailRegion makes an SES client use the country's mail region: SES is not in every region.
func (c Config) InMailRegion(options *sesv2.Options) {
	if c.MailRegion != "" {
		options.Region = c.MailRegion
	}
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	c := Config{
		Country: read.Country(), Config: published.Configured(read),
		Applications:     read.Required("APPLICATIONS_TABLE"),
		Keys:             read.Required("KEYS_TABLE"),
		Places:           read.Required("PLACES_TABLE"),
		PercolationQueue: read.Required("PERCOLATION_QUEUE_URL"),
		Queue:            read.Required("NOTIFICATION_QUEUE_URL"),
		UrgentQueue:      read.Required("NOTIFICATION_URGENT_QUEUE_URL"),
		KMSKey:           read.Required("KMS_KEY_ID"),
		BaseURL:          read.WebAddress("BASE_URL"),
		ReplyTo:          read.Optional("MAIL_REPLY_TO"),
		ConfigurationSet: read.Optional("MAIL_CONFIGURATION_SET"),
		SendTimeout:      read.Duration("MAIL_SEND_TIMEOUT", sendTimeout),
	}
	if c.ReplyTo != "" {
		if _, err := address(c.ReplyTo); err != nil {
			read.Problem(fmt.Errorf("MAIL_REPLY_TO %q: %w", c.ReplyTo, err))
		}
	}
	if c.Pack != nil {
		read.Problem(c.addPack(getenv))
	}
	return c, read.Err()
}

// addPack takes from the country's pack what the environment doesn't say.
func (c *Config) addPack(getenv func(string) string) (err error) {
	if getenv("AWS_ENDPOINT_URL") == "" {
		c.MailRegion = c.Pack.MailRegion
	}
	c.From, err = sender("Immerse "+c.Pack.Name, c.Pack.MailFrom)
	return err
}
