package ses_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"github.com/miict/immerse/infra/local/ses"
)

func serve(t *testing.T) (*ses.Server, *sesv2.Client) {
	t.Helper()
	server := &ses.Server{}
	http := httptest.NewServer(server)
	t.Cleanup(http.Close)
	return server, sesv2.New(sesv2.Options{
		Region: "eu-south-2", BaseEndpoint: aws.String(http.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIALOCALTEST", "local", ""),
	})
}

func email(to ...string) *sesv2.SendEmailInput {
	return &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("Immerse <no-reply@immerse.example>"),
		Destination:      &types.Destination{ToAddresses: to},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("طلب جديد"), Charset: aws.String("UTF-8")},
			Headers: []types.MessageHeader{{Name: aws.String("Auto-Submitted"), Value: aws.String("auto-generated")}},
			Body: &types.Body{
				Text: &types.Content{Data: aws.String("مرحبا")}, Html: &types.Content{Data: aws.String(`<p dir="rtl">مرحبا</p>`)},
			},
		}},
		ReplyToAddresses: []string{"help@immerse.example"},
	}
}

func TestAMailIsKeptAsItWasSent(t *testing.T) {
	t.Parallel()
	server, client := serve(t)
	out, err := client.SendEmail(t.Context(), email("Inbox <inbox@granada.example>", "second@granada.example"))
	if err != nil {
		t.Fatal(err)
	}
	mails := server.Mailbox.All()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[0]
	if m.ID != *out.MessageId || m.From != "Immerse <no-reply@immerse.example>" || m.Subject != "طلب جديد" ||
		strings.Join(m.To, " ") != "inbox@granada.example second@granada.example" || m.Text != "مرحبا" ||
		m.HTML != `<p dir="rtl">مرحبا</p>` || m.Headers["Auto-Submitted"] != "auto-generated" || m.Headers["Reply-To"] != "help@immerse.example" {
		t.Errorf("got %+v", m)
	}
}

func TestBadMailsAreRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*sesv2.SendEmailInput){
		"no sender":    func(in *sesv2.SendEmailInput) { in.FromEmailAddress = nil },
		"no recipient": func(in *sesv2.SendEmailInput) { in.Destination.ToAddresses = nil },
		"no address":   func(in *sesv2.SendEmailInput) { in.Destination.ToAddresses = []string{"nobody"} },
		"line break in address": func(in *sesv2.SendEmailInput) {
			in.Destination.ToAddresses = []string{"a@b.example\r\nBcc: c@d.example"}
		},
		"letters beyond ASCII": func(in *sesv2.SendEmailInput) { in.Destination.ToAddresses = []string{"josé@b.example"} },
		"51 recipients": func(in *sesv2.SendEmailInput) {
			in.Destination.ToAddresses = strings.Split(strings.Repeat("a@b.example ", 51), " ")[:51]
		},
		"line break in subject":  func(in *sesv2.SendEmailInput) { in.Content.Simple.Subject.Data = aws.String("a\r\nBcc: c@d.example") },
		"line break in header":   func(in *sesv2.SendEmailInput) { in.Content.Simple.Headers[0].Value = aws.String("a\nb") },
		"bad name of a header":   func(in *sesv2.SendEmailInput) { in.Content.Simple.Headers[0].Name = aws.String("a b") },
		"a header of SES's own":  func(in *sesv2.SendEmailInput) { in.Content.Simple.Headers[0].Name = aws.String("From") },
		"no subject":             func(in *sesv2.SendEmailInput) { in.Content.Simple.Subject.Data = aws.String("") },
		"line break in reply-to": func(in *sesv2.SendEmailInput) { in.ReplyToAddresses = []string{"a@b.example\n"} },
		"raw mail that is no mail": func(in *sesv2.SendEmailInput) {
			in.Content = &types.EmailContent{Raw: &types.RawMessage{Data: []byte("no mail")}}
		},
	} {
		server, client := serve(t)
		in := email("inbox@granada.example")
		spoil(in)
		_, err := client.SendEmail(t.Context(), in)
		var bad *types.BadRequestException
		if !errors.As(err, &bad) {
			t.Errorf("%s: got %v, want BadRequestException", name, err)
		}
		if n := len(server.Mailbox.All()); n != 0 {
			t.Errorf("%s: it was sent all the same", name)
		}
	}
}

func TestTheSimulatorDecidesTheFate(t *testing.T) {
	t.Parallel()
	for local, want := range map[string]string{
		"success": "", "bounce": "", "complaint": "", "anything": "",
		"reject": "MessageRejected", "unverified": "MailFromDomainNotVerifiedException", "paused": "SendingPausedException",
		"quota": "LimitExceededException", "throttle": "TooManyRequestsException", "outage": "InternalServiceErrorException",
	} {
		server, client := serve(t)
		_, err := client.SendEmail(t.Context(), email(local+"@"+ses.SimulatorDomain))
		var api smithy.APIError
		if want == "" && err != nil || want != "" && (!errors.As(err, &api) || api.ErrorCode() != want) {
			t.Errorf("%s: got %v, want %q", local, err, want)
		}
		if sent := len(server.Mailbox.All()) == 1; sent != (want == "") {
			t.Errorf("%s: sent is %v", local, sent)
		}
	}
}

func TestSomeFailuresPass(t *testing.T) {
	t.Parallel()
	server, client := serve(t)
	for n, want := range []bool{true, true, false, false} {
		_, err := client.SendEmail(t.Context(), email("throttle+2@"+ses.SimulatorDomain))
		var throttled *types.TooManyRequestsException
		if errors.As(err, &throttled) != want {
			t.Errorf("attempt %d: got %v", n+1, err)
		}
	}
	if n := len(server.Mailbox.All()); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
}

const rawMail = "From: Immerse <no-reply@immerse.example>\r\nTo: inbox@granada.example\r\n" +
	"Subject: =?UTF-8?B?2LfZhNioINis2K/ZitiP?=\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n" +
	"Content-Type: multipart/alternative; boundary=x\r\n\r\n" +
	"--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C2=A1Hola!\r\n" +
	"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+SG9sYTwvcD4=\r\n--x--\r\n"

func TestARawMailIsRead(t *testing.T) {
	t.Parallel()
	server, client := serve(t)
	_, err := client.SendEmail(t.Context(), &sesv2.SendEmailInput{
		Content: &types.EmailContent{Raw: &types.RawMessage{Data: []byte(rawMail)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := server.Mailbox.All()[0]
	if m.Text != "¡Hola!" || m.HTML != "<p>Hola</p>" || !strings.HasPrefix(m.Subject, "طلب") || m.To[0] != "inbox@granada.example" ||
		m.From != "Immerse <no-reply@immerse.example>" || m.Headers["Auto-Submitted"] != "auto-generated" {
		t.Errorf("got %+v", m)
	}
}

func TestWaitingForMail(t *testing.T) {
	t.Parallel()
	server, client := serve(t)
	time.AfterFunc(50*time.Millisecond, func() { _, _ = client.SendEmail(t.Context(), email("inbox@granada.example")) })
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if mails, err := server.Mailbox.Wait(ctx, 1); err != nil || len(mails) != 1 {
		t.Errorf("got %d mails, %v", len(mails), err)
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := server.Mailbox.Wait(short, 2); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
