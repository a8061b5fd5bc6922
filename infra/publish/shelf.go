// Package publish puts compiled catalogues where the functions of a country read them (package published).
//
// A file is uploaded under its digest and read back; only then is the pointer switched, on the condition that nobody else
// has switched it meanwhile. Whatever stops the work before that leaves the former catalogue in use; doing it again goes
// on from there.
package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

var (
	// ErrOvertaken is for a pointer that somebody else has switched since it was read.
	ErrOvertaken = errors.New("somebody else has published in the meantime")
	// ErrNoBucket is for a country without a bucket for its catalogue.
	ErrNoBucket = errors.New("there is no bucket for the catalogue")
)

// A Shelf is a country's bucket of catalogues.
type Shelf struct {
	Client *s3.Client
	Bucket string
}

// Open finds the shelf of a country by what its bucket's name begins with. The error wraps ErrNoBucket.
func Open(ctx context.Context, config aws.Config, prefix string) (Shelf, error) {
	client := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = config.BaseEndpoint != nil })
	listed, err := client.ListBuckets(ctx, &s3.ListBucketsInput{Prefix: aws.String(prefix)})
	if err != nil {
		return Shelf{}, fmt.Errorf("looking for the bucket %s…: %w", prefix, err)
	}
	var found []string
	for _, bucket := range listed.Buckets {
		if name := aws.ToString(bucket.Name); strings.HasPrefix(name, prefix) {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		return Shelf{}, fmt.Errorf("%w: %d have a name that begins with %s", ErrNoBucket, len(found), prefix)
	}
	return Shelf{client, found[0]}, nil
}

// Pointer reads the pointer and its ETag; both are empty before anything was published.
func (s Shelf) Pointer(ctx context.Context) (published.Pointer, string, error) {
	text, etag, err := s.read(ctx, published.PointerKey)
	if status(err) == http.StatusNotFound {
		return published.Pointer{}, "", nil
	}
	if err != nil {
		return published.Pointer{}, "", err
	}
	pointer, err := published.ParsePointer(text)
	return pointer, etag, err
}

// File reads a release's file and checks every byte of it.
func (s Shelf) File(ctx context.Context, release published.Release) ([]byte, error) {
	file, _, err := s.read(ctx, release.Key())
	if err != nil {
		return nil, err
	}
	opened, err := snapshot.Open(file)
	if err != nil {
		return nil, err
	}
	manifest, err := opened.Verify()
	if err == nil && manifest.Digest != release.Digest {
		err = fmt.Errorf("%w: its digest is %s", snapshot.ErrDamaged, manifest.Digest)
	}
	if err != nil {
		return nil, fmt.Errorf("release %s: %w", release.Digest, err)
	}
	return file, nil
}

// Publish makes a compiled catalogue the current one; fromPack says that it is a deployment's pack. If its digest is the
// current one's already, nothing changes.
func (s Shelf) Publish(ctx context.Context, file []byte, fromPack bool, at time.Time) (published.Release, error) {
	opened, err := snapshot.Open(file)
	if err != nil {
		return published.Release{}, err
	}
	manifest, err := opened.Verify()
	if err != nil {
		return published.Release{}, err
	}
	pointer, etag, err := s.Pointer(ctx)
	if err != nil {
		return published.Release{}, err
	}
	release := published.Release{Manifest: manifest, PublishedAt: at.UTC().Truncate(time.Second), FromPack: fromPack}
	if pointer.Current.Digest == manifest.Digest {
		return pointer.Current, nil
	}
	if err := s.upload(ctx, release, file); err != nil {
		return published.Release{}, err
	}
	return release, s.point(ctx, pointer.Next(release), etag)
}

// upload writes a file unless it is there, and reads it back.
func (s Shelf) upload(ctx context.Context, release published.Release, file []byte) error {
	_, err := s.Client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.Bucket, Key: aws.String(release.Key()), Body: bytes.NewReader(file), IfNoneMatch: aws.String("*"),
		ContentType: aws.String("application/octet-stream"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	if err != nil && status(err) != http.StatusPreconditionFailed {
		return fmt.Errorf("uploading %s: %w", release.Key(), err)
	}
	_, err = s.File(ctx, release)
	return err
}

// Back makes a former release the current one again, once its file has been looked at.
func (s Shelf) Back(ctx context.Context, digest string, at time.Time) (published.Release, error) {
	pointer, etag, err := s.Pointer(ctx)
	if err != nil {
		return published.Release{}, err
	}
	release, ok := pointer.Find(digest)
	if !ok {
		return published.Release{}, fmt.Errorf("release %s: %w", digest, published.ErrGone)
	}
	if _, err := s.File(ctx, release); err != nil {
		return published.Release{}, err
	}
	if release.Digest == pointer.Current.Digest {
		return release, nil
	}
	release.PublishedAt = at.UTC().Truncate(time.Second)
	return release, s.point(ctx, pointer.Next(release), etag)
}

// point switches the pointer, unless it is no longer the one that was read.
func (s Shelf) point(ctx context.Context, pointer published.Pointer, etag string) error {
	text, err := json.Marshal(pointer)
	if err != nil {
		return fmt.Errorf("encoding the pointer: %w", err)
	}
	input := &s3.PutObjectInput{
		Bucket: &s.Bucket, Key: aws.String(published.PointerKey), Body: bytes.NewReader(text),
		ContentType: aws.String("application/json"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	}
	if etag == "" {
		input.IfNoneMatch = aws.String("*")
	} else {
		input.IfMatch = &etag
	}
	_, err = s.Client.PutObject(ctx, input)
	switch status(err) {
	case http.StatusPreconditionFailed, http.StatusConflict, http.StatusNotFound:
		// A try whose answer was lost may have been ours: then the pointer says what we wanted.
		if now, _, readErr := s.Pointer(ctx); readErr == nil && now.Current.Digest == pointer.Current.Digest {
			return nil
		}
		return fmt.Errorf("%w (%w)", ErrOvertaken, err)
	}
	if err != nil {
		return fmt.Errorf("switching the pointer: %w", err)
	}
	return nil
}

func (s Shelf) read(ctx context.Context, key string) (body []byte, etag string, err error) {
	got, err := s.Client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.Bucket, Key: &key})
	if err != nil {
		return nil, "", fmt.Errorf("reading %s of %s: %w", key, s.Bucket, err)
	}
	defer got.Body.Close()
	body, err = io.ReadAll(got.Body)
	return body, aws.ToString(got.ETag), err
}

// status is the HTTP status of a refusal; 0 if there was none.
func status(err error) int {
	var refused *smithyhttp.ResponseError
	if errors.As(err, &refused) {
		return refused.HTTPStatusCode()
	}
	return 0
}
