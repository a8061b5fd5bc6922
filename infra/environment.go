package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// An environment is what a function is told: what its config.go asks for, and nothing else.
type environment map[string]*string

func environments(pack *country.Pack, n names, tables tables, queues queues, catalogue bucket, key awskms.IKey, site site) map[string]environment {
	common := func(more environment) environment {
		all := environment{
			"COUNTRY":            &n.code,
			"APPLICATIONS_TABLE": tables.applications.TableName(),
			"KEYS_TABLE":         tables.keys.TableName(),
			"KMS_KEY_ID":         key.KeyArn(),
			"CATALOGUE_BUCKET":   catalogue.BucketName(),
		}
		for name, value := range more {
			all[name] = value
		}
		return all
	}
	notification := common(environment{
		"BASE_URL":               site.url,
		"MAIL_CONFIGURATION_SET": jsii.String(n.plain()),
		"PLACES_TABLE":           tables.places.TableName(),
		"PERCOLATION_QUEUE_URL":  queues.percolation.main.QueueUrl(),
	}.with("NOTIFICATION", queues.notification, queues.notificationUrgent))
	if pack.MailReplyTo != "" {
		notification["MAIL_REPLY_TO"] = &pack.MailReplyTo
	}
	return map[string]environment{
		"intake":       common(environment{"BASE_URL": site.url, "NOTIFICATION_QUEUE_URL": queues.notification.main.QueueUrl()}.with("MATCHING", queues.matching, queues.matchingUrgent)),
		"matching":     common(environment{}.with("NOTIFICATION", queues.notification, queues.notificationUrgent)),
		"notification": notification,
		"feedback": {
			"COUNTRY": &n.code, "APPLICATIONS_TABLE": tables.applications.TableName(),
			"FEEDBACK_QUEUE_URL": queues.feedback.main.QueueUrl(), "NOTIFICATION_QUEUE_URL": queues.notification.main.QueueUrl(),
		},
		"referral": common(environment{"BASE_URL": site.url}.with("NOTIFICATION", queues.notification, queues.notificationUrgent)),
		"hsds":     {"COUNTRY": &n.code, "BASE_URL": site.url, "CATALOGUE_BUCKET": catalogue.BucketName()}, // nothing that leads to people
		"followup": environment{
			"COUNTRY": &n.code, "APPLICATIONS_TABLE": tables.applications.TableName(), "KEYS_TABLE": tables.keys.TableName(),
			"FIGURES_TABLE":    tables.figures.TableName(),
			"CATALOGUE_BUCKET": catalogue.BucketName(), "PERCOLATION_QUEUE_URL": queues.percolation.main.QueueUrl(),
			"DEAD_LETTER_QUEUE_URLS": awscdk.Fn_Join(jsii.String(","), queues.deadLetters(awssqs.Queue.QueueUrl)),
		}.with("NOTIFICATION", queues.notification, queues.notificationUrgent),
		"figures": {"COUNTRY": &n.code, "BASE_URL": site.url, "FIGURES_TABLE": tables.figures.TableName()},
		"percolation": common(environment{
			"PLACES_TABLE": tables.places.TableName(), "PERCOLATION_QUEUE_URL": queues.percolation.main.QueueUrl(),
		}.with("NOTIFICATION", queues.notification, queues.notificationUrgent)),
	}
}

// with adds where messages to a function go: to its queue, and to the one for the urgent.
func (e environment) with(name string, all, urgent queue) environment {
	e[name+"_QUEUE_URL"], e[name+"_URGENT_QUEUE_URL"] = all.main.QueueUrl(), urgent.main.QueueUrl()
	return e
}

// title writes a function's name as a logical id of the template.
func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
