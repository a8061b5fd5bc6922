package ses

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
)

var (
	headerName  = regexp.MustCompile(`^[A-Za-z0-9-]{1,126}$`)
	controlRune = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)
	words       mime.WordDecoder
)

// reserved headers are SES's own to set.
var reserved = map[string]bool{
	"from": true, "to": true, "cc": true, "bcc": true, "subject": true, "date": true, "message-id": true,
	"reply-to": true, "return-path": true, "sender": true, "mime-version": true, "content-type": true,
	"content-transfer-encoding": true,
}

func readSimple(in simple) (Mail, error) {
	if in.Subject.Data == "" || in.Body.Text == nil && in.Body.Html == nil {
		return Mail{}, bad("A subject and a body are needed")
	}
	if controlRune.MatchString(in.Subject.Data) {
		return Mail{}, bad("The subject contains a control character")
	}
	m := Mail{Subject: in.Subject.Data, Headers: map[string]string{}}
	for _, h := range in.Headers {
		if !headerName.MatchString(h.Name) || reserved[strings.ToLower(h.Name)] {
			return Mail{}, bad("Invalid header name '" + h.Name + "'")
		}
		if h.Value == "" || len(h.Value) > 870 || controlRune.MatchString(h.Value) {
			return Mail{}, bad("Invalid value of the header '" + h.Name + "'")
		}
		m.Headers[h.Name] = h.Value
	}
	if in.Body.Text != nil {
		m.Text = in.Body.Text.Data
	}
	if in.Body.Html != nil {
		m.HTML = in.Body.Html.Data
	}
	return m, nil
}

// bare checks an address and takes the display name off. Like SES, it wants the part before the @ in ASCII, and
// non-ASCII display names encoded.
func bare(address, what string) (string, error) {
	if controlRune.MatchString(address) {
		return "", bad("The " + what + " address contains control or whitespace")
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || !strings.Contains(parsed.Address, "@") {
		return "", bad("Illegal " + what + " address")
	}
	for _, r := range address {
		if r > 0x7e {
			return "", bad("The " + what + " address contains non-ASCII")
		}
	}
	return parsed.Address, nil
}

// readRaw reads a MIME message.
func readRaw(data []byte) (Mail, error) {
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return Mail{}, bad("The raw message cannot be read: " + err.Error())
	}
	m := Mail{Headers: map[string]string{}}
	for name, values := range message.Header {
		value := decodeWords(strings.Join(values, ", "))
		switch name {
		case "From":
			m.From = strings.Join(values, ", ")
		case "To", "Cc", "Bcc":
			list, err := message.Header.AddressList(name)
			if err != nil {
				return Mail{}, bad("Illegal address in " + name)
			}
			for _, a := range list {
				m.To = append(m.To, a.Address)
			}
		case "Subject":
			m.Subject = value
		default:
			m.Headers[name] = value
		}
	}
	err = m.readPart(message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body, 0)
	return m, err
}

func decodeWords(s string) string {
	if decoded, err := words.DecodeHeader(s); err == nil {
		return decoded
	}
	return s
}

// readPart takes the first text and the first HTML out of a body, however its parts are nested.
func (m *Mail) readPart(contentType, encoding string, body io.Reader, depth int) error {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && depth < 10 {
		parts := multipart.NewReader(body, parameters["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return bad("The raw message's parts cannot be read: " + err.Error())
			}
			if err := m.readPart(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, depth+1); err != nil {
				return err
			}
		}
	}
	text, err := io.ReadAll(decoder(encoding, body))
	if err != nil {
		return bad("A part of the raw message cannot be decoded: " + err.Error())
	}
	switch {
	case kind == "text/plain" && m.Text == "":
		m.Text = string(text)
	case kind == "text/html" && m.HTML == "":
		m.HTML = string(text)
	}
	return nil
}

func decoder(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}
