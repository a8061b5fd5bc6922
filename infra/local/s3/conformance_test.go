package s3_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/miict/immerse/infra/local/independent"
	"github.com/miict/immerse/infra/local/s3"
	"github.com/miict/immerse/shared/bucket"
)

const name = "immerse-xx-catalogue"

func TestConformance(t *testing.T) {
	t.Parallel()
	server := &s3.Server{}
	server.Create(name)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	conform(t, config(listening.URL), nil)
}

// TestIndependent holds the suite itself, and our own small reader, to an S3 that we did not write.
func TestIndependent(t *testing.T) {
	t.Parallel()
	config := config(independent.Fauxqs(t))
	_, err := client(config).CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String(name)})
	must(t, err)
	conform(t, config, map[string]string{
		"written only where nothing is":       "fauxqs 2.4.1 writes without looking at conditions; AWS has done so since 2024",
		"written only over what is known":     "fauxqs 2.4.1 writes without looking at conditions; AWS has done so since 2024",
		"only the buckets with a prefix come": "fauxqs 2.4.1 lists all buckets; AWS has the prefix since 2024",
	})
}

func config(endpoint string) aws.Config {
	return aws.Config{
		BaseEndpoint: aws.String(endpoint), Region: "eu-south-2", Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

func client(config aws.Config) *awss3.Client {
	return awss3.NewFromConfig(config, func(o *awss3.Options) { o.UsePathStyle = true })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// code is S3's code of an error.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// conform is what publishing and reading a catalogue rely on.
func conform(t *testing.T, config aws.Config, differs map[string]string) {
	writer, reader := client(config), bucket.New(config, name)
	put := func(key, body string, change func(*awss3.PutObjectInput)) (string, error) {
		input := &awss3.PutObjectInput{Bucket: aws.String(name), Key: aws.String(key), Body: bytes.NewReader([]byte(body))}
		if change != nil {
			change(input)
		}
		written, err := writer.PutObject(t.Context(), input)
		if err != nil {
			return "", err
		}
		return aws.ToString(written.ETag), nil
	}
	const key = "catalogue/a b+c.snapshot"
	etag, err := put(key, "0123456789", nil)
	must(t, err)
	try := func(what string, check func(*testing.T)) {
		t.Run(what, func(t *testing.T) {
			if why := differs[what]; why != "" {
				t.Skip("SKIPPED: " + why)
			}
			check(t)
		})
	}
	try("what is written is read", func(t *testing.T) {
		got, err := reader.Get(t.Context(), key, "", 10)
		if err != nil || string(got.Body) != "0123456789" || got.ETag != etag {
			t.Errorf("%s %s, %v; written under %s", got.Body, got.ETag, err, etag)
		}
		theirs, err := writer.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String(name), Key: aws.String(key)})
		must(t, err)
		if body, err := io.ReadAll(theirs.Body); err != nil || string(body) != "0123456789" {
			t.Errorf("through the SDK: %s, %v", body, err)
		}
	})
	try("what did not change is not read again", func(t *testing.T) {
		if _, err := reader.Get(t.Context(), key, etag, 10); !errors.Is(err, bucket.ErrUnchanged) {
			t.Errorf("error %v", err)
		}
		if got, err := reader.Get(t.Context(), key, `"other"`, 10); err != nil || len(got.Body) != 10 {
			t.Errorf("another ETag: %s, %v", got.Body, err)
		}
	})
	try("a part is read", func(t *testing.T) {
		if part, err := reader.Range(t.Context(), key, 3, 4); err != nil || string(part) != "3456" {
			t.Errorf("%s, %v", part, err)
		}
		if part, err := reader.Range(t.Context(), key, 8, 5); err == nil {
			t.Errorf("beyond the end: %s", part)
		}
		if part, err := reader.Range(t.Context(), key, 20, 5); err == nil {
			t.Errorf("behind the end: %s", part)
		}
	})
	try("too much is refused", func(t *testing.T) {
		if _, err := reader.Get(t.Context(), key, "", 9); !errors.Is(err, bucket.ErrTooLarge) {
			t.Errorf("error %v", err)
		}
	})
	try("what isn't there is absent", func(t *testing.T) {
		if _, err := reader.Get(t.Context(), "catalogue/none", "", 9); !errors.Is(err, bucket.ErrAbsent) {
			t.Errorf("error %v", err)
		}
		if _, err := bucket.New(config, "no-such-bucket").Get(t.Context(), key, "", 9); !errors.Is(err, bucket.ErrAbsent) {
			t.Errorf("without a bucket: %v", err)
		}
	})
	try("written only where nothing is", func(t *testing.T) {
		fresh := func(i *awss3.PutObjectInput) { i.IfNoneMatch = aws.String("*") }
		if _, err := put("catalogue/once", "1", fresh); err != nil {
			t.Error(err)
		}
		if _, err := put("catalogue/once", "2", fresh); code(err) != "PreconditionFailed" {
			t.Errorf("the second: %v", err)
		}
	})
	try("written only over what is known", func(t *testing.T) {
		first, err := put("catalogue/over", "1", nil)
		must(t, err)
		over := func(i *awss3.PutObjectInput) { i.IfMatch = aws.String(first) }
		if _, err := put("catalogue/over", "2", over); err != nil {
			t.Error(err)
		}
		if _, err := put("catalogue/over", "3", over); code(err) != "PreconditionFailed" {
			t.Errorf("the second: %v", err)
		}
		if _, err := put("catalogue/nothing-there", "3", over); code(err) != "NoSuchKey" {
			t.Errorf("over nothing: %v", err)
		}
	})
	try("objects are listed by prefix, in order", func(t *testing.T) {
		for _, other := range []string{"list/b", "list/a", "other"} {
			_, err := put(other, "x", nil)
			must(t, err)
		}
		listed, err := writer.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: aws.String(name), Prefix: aws.String("list/")})
		must(t, err)
		if len(listed.Contents) != 2 || *listed.Contents[0].Key != "list/a" || *listed.Contents[0].Size != 1 || listed.Contents[0].LastModified == nil {
			t.Errorf("%+v", listed.Contents)
		}
	})
	try("only the buckets with a prefix come", func(t *testing.T) {
		for prefix, want := range map[string]int{"immerse-xx-": 1, "other": 0} {
			listed, err := writer.ListBuckets(t.Context(), &awss3.ListBucketsInput{Prefix: aws.String(prefix)})
			must(t, err)
			if len(listed.Buckets) != want {
				t.Errorf("%s: %d buckets", prefix, len(listed.Buckets))
			}
		}
	})
}

// A read that fails for a moment is tried again; one that is refused isn't.
func TestReadingTriesAgain(t *testing.T) {
	t.Parallel()
	server := &s3.Server{}
	server.Create(name)
	asked, fail := 0, http.StatusServiceUnavailable
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked < 3 {
			w.WriteHeader(fail)
			return
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(listening.Close)
	reader := bucket.New(config(listening.URL), name)
	if _, err := reader.Get(t.Context(), "none", "", 1); !errors.Is(err, bucket.ErrAbsent) || asked != 3 {
		t.Errorf("%d tries: %v", asked, err)
	}
	asked, fail = 0, http.StatusBadRequest
	if _, err := reader.Get(t.Context(), "none", "", 1); err == nil || asked != 1 {
		t.Errorf("%d tries: %v", asked, err)
	}
	listening.Close()
	if _, err := reader.Get(t.Context(), "none", "", 1); err == nil || errors.Is(err, bucket.ErrAbsent) {
		t.Errorf("nobody answers: %v", err)
	}
}
