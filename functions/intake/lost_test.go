package intake_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/miict/immerse/shared/store"
)

// forgetful is DynamoDB on a bad line: the write of the application takes effect and its answer is lost.
type forgetful struct{ store.DynamoDB }

func (f forgetful) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	out, err := f.DynamoDB.PutItem(ctx, in, options...)
	if in.Item["reference"] != nil && err == nil {
		return nil, errors.New("connection reset")
	}
	return out, err
}

// A write whose answer is lost has taken effect: the person gets its secret, and the case can be opened.
func TestALostAnswerOfTheWriteIsStillAnApplication(t *testing.T) {
	w := newWorld(t)
	tables := *w.store
	tables.Client = forgetful{w.store.Client}
	w.handler.Applications, w.handler.Records = &tables, &tables
	w.mustOpen(w.take(asJSON, personal))
}
