package store

import (
	"encoding/hex"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A MessageID is SES's id of a mail. SES writes 27 bytes as 60 characters of hexadecimal digits and dashes, which would be
// half of an entry in the ledger; so those are kept as bytes. An id of any other form is kept as it is.
type MessageID string

var sesID = regexp.MustCompile(`^([0-9a-f]{16})-([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})-([0-9a-f]{6})$`)

// MarshalDynamoDBAttributeValue implements attributevalue.Marshaler.
func (id MessageID) MarshalDynamoDBAttributeValue() (types.AttributeValue, error) {
	if !sesID.MatchString(string(id)) {
		return text(string(id)), nil
	}
	packed, err := hex.DecodeString(sesID.ReplaceAllString(string(id), "$1$2$3$4$5$6$7"))
	return &types.AttributeValueMemberB{Value: packed}, err
}

// UnmarshalDynamoDBAttributeValue implements attributevalue.Unmarshaler.
func (id *MessageID) UnmarshalDynamoDBAttributeValue(value types.AttributeValue) error {
	switch value := value.(type) {
	case *types.AttributeValueMemberS:
		*id = MessageID(value.Value)
	case *types.AttributeValueMemberB:
		written := hex.EncodeToString(value.Value)
		for _, dash := range []int{16, 25, 30, 35, 40, 53} { // the places of the dashes in what is written
			if len(written) > dash {
				written = written[:dash] + "-" + written[dash:]
			}
		}
		*id = MessageID(written)
	}
	return nil
}
