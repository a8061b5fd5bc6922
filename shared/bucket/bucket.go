// Package bucket reads objects of one S3 bucket: signed requests made by hand, as the SDK's whole client would make a
// function a quarter larger (docs/decisions/1202). It knows what Immerse needs: conditional and partial reads.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

var (
	// ErrUnchanged is for an object that still has the ETag which the caller knows.
	ErrUnchanged = errors.New("bucket: unchanged")
	// ErrAbsent is for an object that isn't there, or that may not be read: who may not list a bucket is told
	// "forbidden" in both cases.
	ErrAbsent = errors.New("bucket: the object isn't there, or may not be read")
	// ErrTooLarge is for an object of more bytes than the caller takes.
	ErrTooLarge = errors.New("bucket: the object is too large")
)

// A Bucket reads one bucket's objects. New makes one.
type Bucket struct {
	name, region string
	endpoint     string // without a slash at its end; empty: AWS's own
	credentials  aws.CredentialsProvider
	client       aws.HTTPClient
	signer       *v4.Signer
}

// New makes a Bucket of a function's AWS configuration. With a base endpoint, the bucket's name stands in the path, as
// emulators have it.
func New(config aws.Config, name string) *Bucket {
	b := &Bucket{
		name: name, region: config.Region, endpoint: aws.ToString(config.BaseEndpoint), credentials: config.Credentials,
		client: config.HTTPClient,
		signer: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }), // S3 signs paths as they are
	}
	if b.client == nil {
		b.client = awshttp.NewBuildableClient()
	}
	return b
}

// An Object is an object's contents, and the ETag that says so again.
type Object struct {
	Body []byte
	ETag string
}

// Get reads an object of at most so many bytes. With an ETag that is still the object's, the error wraps ErrUnchanged.
func (b *Bucket) Get(ctx context.Context, key, etag string, most int64) (Object, error) {
	headers := http.Header{}
	if etag != "" {
		headers.Set("If-None-Match", etag)
	}
	return b.read(ctx, key, headers, http.StatusOK, most)
}

// Range reads length bytes of an object from an offset on. Fewer are an error.
func (b *Bucket) Range(ctx context.Context, key string, offset, length int64) ([]byte, error) {
	if length <= 0 {
		return nil, nil
	}
	headers := http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", offset, offset+length-1)}}
	object, err := b.read(ctx, key, headers, http.StatusPartialContent, length)
	if err == nil && int64(len(object.Body)) != length {
		err = fmt.Errorf("bucket: %d bytes of %s instead of %d", len(object.Body), key, length)
	}
	return object.Body, err
}

// A read is tried so often, with a pause before each further try; one try may take so long.
const (
	tries   = 3
	pause   = 100 * time.Millisecond
	longest = 3 * time.Second
)

func (b *Bucket) read(ctx context.Context, key string, headers http.Header, want int, most int64) (object Object, err error) {
	for try := range tries {
		again := false
		if object, again, err = b.try(ctx, key, headers, want, most); !again || ctx.Err() != nil {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause << try):
		}
	}
	if err != nil {
		return Object{}, fmt.Errorf("reading %s of bucket %s: %w", key, b.name, err)
	}
	return object, nil
}

// try makes one request; again tells whether another may fare better.
func (b *Bucket) try(ctx context.Context, key string, headers http.Header, want int, most int64) (object Object, again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	request, err := b.request(ctx, key, headers)
	if err != nil {
		return Object{}, false, err
	}
	response, err := b.client.Do(request)
	if err != nil {
		return Object{}, true, err
	}
	defer response.Body.Close()
	switch code := response.StatusCode; code {
	case want:
	case http.StatusNotModified:
		return Object{}, false, ErrUnchanged
	case http.StatusNotFound, http.StatusForbidden:
		return Object{}, false, fmt.Errorf("%w (%s)", ErrAbsent, response.Status)
	default:
		_, _ = io.CopyN(io.Discard, response.Body, 4<<10) // so that the connection can be used again
		return Object{}, code >= http.StatusInternalServerError || code == http.StatusTooManyRequests, errors.New(response.Status)
	}
	body, err := readAll(response, most)
	return Object{body, response.Header.Get("ETag")}, err != nil && !errors.Is(err, ErrTooLarge), err
}

// readAll reads a body into one piece of memory of the right size.
func readAll(response *http.Response, most int64) ([]byte, error) {
	length := response.ContentLength
	if length > most {
		return nil, ErrTooLarge
	}
	if length >= 0 {
		body := make([]byte, length)
		_, err := io.ReadFull(response.Body, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, most+1))
	if int64(len(body)) > most {
		return nil, ErrTooLarge
	}
	return body, err
}

// nothing is the SHA-256 of an empty body.
const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func (b *Bucket) request(ctx context.Context, key string, headers http.Header) (*http.Request, error) {
	address := "https://" + b.name + ".s3." + b.region + ".amazonaws.com/"
	if b.endpoint != "" {
		address = b.endpoint + "/" + b.name + "/"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+(&url.URL{Path: key}).EscapedPath(), nil)
	if err != nil {
		return nil, err
	}
	for name, values := range headers {
		request.Header[name] = values
	}
	request.Header.Set("X-Amz-Content-Sha256", nothing)
	credentials, err := b.credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	return request, b.signer.SignHTTP(ctx, credentials, request, nothing, "s3", b.region, time.Now())
}
