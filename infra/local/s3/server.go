// Package s3 is AWS S3 in memory, as far as Immerse uses it: reading objects, whole, in part and on the condition that
// they changed; writing them on the condition that nobody else did; listing. The bucket's name stands in the path.
package s3

import (
	"crypto/md5" //nolint:gosec // S3's ETags are MD5 sums
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/miict/immerse/infra/local/protocol"
)

// Server holds the buckets. The zero value is ready to use, also by several at once.
type Server struct {
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// MayList tells whether the caller of a request may list a bucket: who may not is told "forbidden" of an object that
	// isn't there. Everyone may when nil.
	MayList func(r *http.Request, bucket string) bool

	mu      sync.Mutex
	buckets map[string]map[string]object
}

type object struct {
	body     []byte
	etag     string
	modified time.Time
	kind     string
}

// Create makes an empty bucket, unless it is there.
func (s *Server) Create(bucket string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buckets == nil {
		s.buckets = map[string]map[string]object{}
	}
	if s.buckets[bucket] == nil {
		s.buckets[bucket] = map[string]object{}
	}
}

func split(path string) (bucket, key string) {
	bucket, key, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return bucket, key
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := s.serve(w, r); err != nil {
		Fail(w, err)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) error {
	name, key := split(r.URL.Path)
	call, _ := protocol.Describe(r, nil)
	switch call.Action {
	case "ListBuckets":
		return s.listBuckets(w, r.URL.Query().Get("prefix"))
	case "ListObjectsV2":
		return s.list(w, name, r.URL.Query().Get("prefix"))
	case "GetObject", "HeadObject":
		return s.get(w, r, name, key)
	case "PutObject":
		return s.put(w, r, name, key)
	}
	return &protocol.Error{Status: http.StatusNotImplemented, Type: "NotImplemented", Message: "the local system does not have this call"}
}

func (s *Server) find(bucket, key string) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	objects, ok := s.buckets[bucket]
	if !ok {
		return object{}, &protocol.Error{Status: http.StatusNotFound, Type: "NoSuchBucket", Message: "The specified bucket does not exist"}
	}
	found, ok := objects[key]
	if !ok {
		return object{}, &protocol.Error{Status: http.StatusNotFound, Type: "NoSuchKey", Message: "The specified key does not exist."}
	}
	return found, nil
}

func (s *Server) get(w http.ResponseWriter, r *http.Request, bucket, key string) error {
	found, err := s.find(bucket, key)
	if err != nil {
		if s.MayList != nil && !s.MayList(r, bucket) {
			return &protocol.Error{Status: http.StatusForbidden, Type: "AccessDenied", Message: "Access Denied"}
		}
		return err
	}
	header := w.Header()
	header.Set("ETag", found.etag)
	header.Set("Last-Modified", found.modified.UTC().Format(http.TimeFormat))
	if match := r.Header.Get("If-Match"); match != "" && match != found.etag {
		return failedCondition
	}
	if r.Header.Get("If-None-Match") == found.etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	header.Set("Accept-Ranges", "bytes")
	header.Set("Content-Type", found.kind)
	body, status := found.body, http.StatusOK
	if asked := r.Header.Get("Range"); asked != "" {
		from, to, err := span(asked, len(body))
		if err != nil {
			return err
		}
		header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(body)))
		body, status = body[from:to], http.StatusPartialContent
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a caller that has left cannot be told
	}
	return nil
}

// span reads "bytes=from-to", with the last byte in it; other forms of a range aren't used.
func span(asked string, size int) (from, to int, err error) {
	first, last, _ := strings.Cut(strings.TrimPrefix(asked, "bytes="), "-")
	from, err = strconv.Atoi(first)
	if err == nil {
		to, err = strconv.Atoi(last)
	}
	if err != nil || from > to || from >= size {
		return 0, 0, &protocol.Error{Status: http.StatusRequestedRangeNotSatisfiable, Type: "InvalidRange", Message: "The requested range is not satisfiable"}
	}
	return from, min(to+1, size), nil
}

var failedCondition = &protocol.Error{
	Status: http.StatusPreconditionFailed, Type: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold",
}

func (s *Server) put(w http.ResponseWriter, r *http.Request, bucket, key string) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return &protocol.Error{Type: "IncompleteBody", Message: "the body could not be read"}
	}
	if strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return &protocol.Error{Status: http.StatusNotImplemented, Type: "NotImplemented", Message: "the local system does not read chunked uploads"}
	}
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	sum := md5.Sum(body) //nolint:gosec // as S3 does
	made := object{body: body, etag: `"` + hex.EncodeToString(sum[:]) + `"`, modified: now(), kind: r.Header.Get("Content-Type")}
	s.mu.Lock()
	defer s.mu.Unlock()
	objects, ok := s.buckets[bucket]
	if !ok {
		return &protocol.Error{Status: http.StatusNotFound, Type: "NoSuchBucket", Message: "The specified bucket does not exist"}
	}
	before, exists := objects[key]
	match := r.Header.Get("If-Match")
	switch {
	case match != "" && !exists:
		return &protocol.Error{Status: http.StatusNotFound, Type: "NoSuchKey", Message: "The specified key does not exist."}
	case match != "" && match != before.etag, exists && r.Header.Get("If-None-Match") == "*":
		return failedCondition
	}
	objects[key] = made
	w.Header().Set("ETag", made.etag)
	return nil
}

type listing struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name     string
	Prefix   string
	KeyCount int
	MaxKeys  int
	Contents []listed
}

type listed struct {
	Key          string
	LastModified string
	ETag         string
	Size         int
	StorageClass string
}

func (s *Server) list(w http.ResponseWriter, bucket, prefix string) error {
	s.mu.Lock()
	objects, ok := s.buckets[bucket]
	answer := listing{Name: bucket, Prefix: prefix, MaxKeys: 1000}
	for key, o := range objects {
		if strings.HasPrefix(key, prefix) {
			answer.Contents = append(answer.Contents, listed{key, stamp(o.modified), o.etag, len(o.body), "STANDARD"})
		}
	}
	s.mu.Unlock()
	if !ok {
		return &protocol.Error{Status: http.StatusNotFound, Type: "NoSuchBucket", Message: "The specified bucket does not exist"}
	}
	slices.SortFunc(answer.Contents, func(a, b listed) int { return strings.Compare(a.Key, b.Key) })
	answer.KeyCount = len(answer.Contents)
	return write(w, http.StatusOK, answer)
}

type buckets struct {
	XMLName xml.Name                `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Buckets []struct{ Name string } `xml:"Buckets>Bucket"`
}

func (s *Server) listBuckets(w http.ResponseWriter, prefix string) error {
	s.mu.Lock()
	var answer buckets
	for name := range s.buckets {
		if strings.HasPrefix(name, prefix) {
			answer.Buckets = append(answer.Buckets, struct{ Name string }{name})
		}
	}
	s.mu.Unlock()
	return write(w, http.StatusOK, answer)
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// Fail writes an error as S3 does. What isn't a *protocol.Error is a fault of ours.
func Fail(w http.ResponseWriter, err error) {
	e := &protocol.Error{Status: http.StatusInternalServerError, Type: "InternalError", Message: fmt.Sprint(err)}
	if known := new(protocol.Error); errors.As(err, &known) {
		e = known
	}
	status := e.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	_ = write(w, status, struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: e.Code(), Message: e.Message}) // texts can always be written
}

func write(w http.ResponseWriter, status int, answer any) error {
	text, err := xml.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encoding an answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), text...)) // a caller that has left cannot be told
	return nil
}
