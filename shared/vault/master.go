package vault

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// KMS is what a master key needs of AWS KMS.
type KMS interface {
	Encrypt(ctx context.Context, in *kms.EncryptInput, options ...func(*kms.Options)) (*kms.EncryptOutput, error)
	Decrypt(ctx context.Context, in *kms.DecryptInput, options ...func(*kms.Options)) (*kms.DecryptOutput, error)
}

// Master is the country's KMS key as Tink sees it. It encrypts root keysets, at most 4 KiB each, under an encryption
// context that names country and opener, which IAM policies can then tell apart: matching can't decrypt notification's.
type Master struct {
	Client KMS
	KeyID  string // id or ARN
}

// RootContext is the associated data that binds a root keyset to its country and opener.
func RootContext(country string, opener Opener) []byte { return []byte(country + "/" + string(opener)) }

// EncryptWithContext implements tink.AEADWithContext.
func (m Master) EncryptWithContext(ctx context.Context, plaintext, associatedData []byte) ([]byte, error) {
	out, err := m.Client.Encrypt(ctx, &kms.EncryptInput{
		KeyId: aws.String(m.KeyID), Plaintext: plaintext, EncryptionContext: encryptionContext(associatedData),
	})
	if err != nil {
		return nil, fmt.Errorf("encrypting with KMS: %w", err)
	}
	return out.CiphertextBlob, nil
}

// DecryptWithContext implements tink.AEADWithContext.
func (m Master) DecryptWithContext(ctx context.Context, ciphertext, associatedData []byte) ([]byte, error) {
	out, err := m.Client.Decrypt(ctx, &kms.DecryptInput{
		KeyId: aws.String(m.KeyID), CiphertextBlob: ciphertext, EncryptionContext: encryptionContext(associatedData),
	})
	if err != nil {
		return nil, fmt.Errorf("decrypting with KMS: %w", err)
	}
	return out.Plaintext, nil
}

func encryptionContext(associatedData []byte) map[string]string {
	country, opener, _ := strings.Cut(string(associatedData), "/")
	return map[string]string{"country": country, "opener": opener}
}
