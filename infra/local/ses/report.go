package ses

import (
	"encoding/json"
	"strings"
	"time"
)

// Reported are the addresses of the simulator about which SES tells something else, after it took a mail, than that it was
// delivered. The names are those of SES's own simulator, as far as it has them.
var reported = map[string][]string{
	"bounce":          {"Bounce/Permanent/General"},
	"suppressionlist": {"Bounce/Permanent/OnAccountSuppressionList"},
	"softbounce":      {"DeliveryDelay", "Bounce/Transient/MailboxFull"},
	"complaint":       {"Delivery", "Complaint"},
	"ooto":            {"Delivery", "Bounce/Transient/General"}, // an automatic reply
	"delay":           {"DeliveryDelay", "Delivery"},
	"blackhole":       {}, // nothing is ever heard of it
}

// report tells of a mail that was accepted, as SES's event publishing does.
func (s *Server) report(mail Mail, in sendInput) {
	if s.Report == nil || in.ConfigurationSetName == "" {
		return // SES tells of mails with a configuration set only
	}
	for _, to := range mail.To {
		said := []string{"Delivery"}
		local, domain, _ := strings.Cut(to, "@")
		name, _, _ := strings.Cut(strings.ToLower(local), "+")
		if events, ok := reported[name]; ok && strings.EqualFold(domain, SimulatorDomain) {
			said = events
		}
		for _, what := range said {
			event, err := json.Marshal(eventOf(what, to, mail, in))
			if err == nil {
				s.Report(event)
			}
		}
	}
}

// eventOf is SES's event of what happened to one recipient's mail: "Bounce/<type>/<subtype>", or a type alone.
func eventOf(what, to string, mail Mail, in sendInput) map[string]any {
	at := mail.At.Format(time.RFC3339Nano)
	tags := map[string][]string{"ses:configuration-set": {in.ConfigurationSetName}, "ses:operation": {"SendEmail"}}
	for _, tag := range in.EmailTags {
		tags[tag.Name] = append(tags[tag.Name], tag.Value)
	}
	kind, detail, _ := strings.Cut(what, "/")
	event := map[string]any{"eventType": kind, "mail": map[string]any{
		"timestamp": at, "messageId": mail.ID, "source": mail.From, "destination": mail.To, "tags": tags,
		"commonHeaders": map[string]any{"from": []string{mail.From}, "to": mail.To, "subject": mail.Subject},
	}}
	recipients := []map[string]any{{"emailAddress": to}}
	switch kind {
	case "Delivery":
		event["delivery"] = map[string]any{"timestamp": at, "recipients": []string{to}, "smtpResponse": "250 OK"}
	case "DeliveryDelay":
		event["deliveryDelay"] = map[string]any{"timestamp": at, "delayType": "TransientCommunicationFailure", "delayedRecipients": recipients}
	case "Complaint":
		event["complaint"] = map[string]any{"timestamp": at, "complainedRecipients": recipients, "complaintFeedbackType": "abuse"}
	case "Bounce":
		bounceType, subType, _ := strings.Cut(detail, "/")
		event["bounce"] = map[string]any{"timestamp": at, "bounceType": bounceType, "bounceSubType": subType, "bouncedRecipients": recipients}
	}
	return event
}
