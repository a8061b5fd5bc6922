// Package ses is Amazon SES v2 as far as Immerse uses it: SendEmail, into a mailbox that keeps everything. It refuses
// what SES refuses, and fails on purpose for the addresses that simulator.go lists.
package ses

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"time"

	"github.com/miict/immerse/infra/local/protocol"
)

// Path is where SDKs send e-mails.
const Path = "/v2/email/outbound-emails"

// Server accepts e-mails. Its methods may be called at the same time.
type Server struct {
	Mailbox Mailbox
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Report hears SES's events about mails that were accepted; nobody does when nil.
	Report func(event []byte)

	simulator simulator
}

// ServeHTTP serves POST /v2/email/outbound-emails.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protocol.Serve(w, r, protocol.Op(s.send))
}

type content struct{ Data, Charset string }

type header struct{ Name, Value string }

type sendInput struct {
	FromEmailAddress     string
	ReplyToAddresses     []string
	Destination          struct{ ToAddresses, CcAddresses, BccAddresses []string }
	EmailTags            []struct{ Name, Value string }
	ConfigurationSetName string
	Content              struct {
		Simple *simple
		Raw    *struct{ Data []byte }
	}
}

type simple struct {
	Subject content
	Body    struct{ Text, Html *content } //nolint:revive // AWS's spelling
	Headers []header
}

type sendOutput struct {
	MessageId string //nolint:revive // AWS's spelling
}

func (s *Server) send(_ context.Context, in sendInput) (sendOutput, error) {
	mail, err := s.read(in)
	if err != nil {
		return sendOutput{}, err
	}
	if err := s.simulator.fate(mail.To); err != nil {
		return sendOutput{}, err
	}
	mail.ID, mail.At = newID(), s.now().UTC()
	s.Mailbox.add(mail)
	s.report(mail, in)
	return sendOutput{mail.ID}, nil
}

// read checks a request and makes the mail of it.
func (s *Server) read(in sendInput) (Mail, error) {
	if (in.Content.Simple == nil) == (in.Content.Raw == nil) {
		return Mail{}, bad("Exactly one of Content.Simple and Content.Raw is needed")
	}
	var mail Mail
	var err error
	if in.Content.Raw != nil {
		mail, err = readRaw(in.Content.Raw.Data)
	} else {
		mail, err = readSimple(*in.Content.Simple)
	}
	if err != nil {
		return Mail{}, err
	}
	return address(mail, in)
}

// address fills in sender and recipients; a raw mail may bring its own.
func address(mail Mail, in sendInput) (Mail, error) {
	if in.FromEmailAddress != "" {
		mail.From = in.FromEmailAddress
	}
	if _, err := bare(mail.From, "From"); err != nil {
		return Mail{}, err
	}
	d := in.Destination
	recipients := append(append(append([]string{}, d.ToAddresses...), d.CcAddresses...), d.BccAddresses...)
	if len(recipients) == 0 {
		recipients = mail.To
	}
	if len(recipients) == 0 {
		return Mail{}, bad("Missing required destination")
	}
	if len(recipients) > 50 {
		return Mail{}, bad("Recipient count exceeds 50.")
	}
	mail.To = make([]string, len(recipients))
	for i, recipient := range recipients {
		to, err := bare(recipient, "recipient")
		if err != nil {
			return Mail{}, err
		}
		mail.To[i] = to
	}
	return mail, addReplyTo(&mail, in)
}

func addReplyTo(mail *Mail, in sendInput) error {
	for _, replyTo := range in.ReplyToAddresses {
		if _, err := bare(replyTo, "Reply-To"); err != nil {
			return err
		}
		if mail.Headers["Reply-To"] != "" {
			replyTo = mail.Headers["Reply-To"] + ", " + replyTo
		}
		mail.Headers["Reply-To"] = replyTo
	}
	return nil
}

func (s *Server) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// newID makes an id of the form that SES's have.
func newID() string {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return fmt.Sprintf("%x-%x-%x-%x-%x-%x-000000", b[:8], b[8:12], b[12:14], b[14:16], b[16:18], b[18:24])
}

func bad(message string) error { return &protocol.Error{Type: "BadRequestException", Message: message} }
