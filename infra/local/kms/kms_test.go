package kms_test

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/miict/immerse/infra/local/kms"
)

func client(t *testing.T) (*awskms.Client, string) {
	t.Helper()
	server := &kms.Server{Region: "eu-south-2"}
	arn := server.Create("alias/immerse-es")
	server.Create("alias/other")
	http := httptest.NewServer(server.Operations())
	t.Cleanup(http.Close)
	return awskms.New(awskms.Options{
		Region: "eu-south-2", BaseEndpoint: aws.String(http.URL),
		Credentials: credentials.NewStaticCredentialsProvider("AKIALOCALTEST", "local", ""),
	}), arn
}

func TestWhatIsSealedOpensUnderTheSameContextOnly(t *testing.T) {
	t.Parallel()
	c, arn := client(t)
	context := map[string]string{"reference": "ABC", "part": "contact"}
	sealed, err := c.Encrypt(t.Context(), &awskms.EncryptInput{KeyId: &arn, Plaintext: []byte("key"), EncryptionContext: context})
	if err != nil {
		t.Fatal(err)
	}
	open := func(blob []byte, context map[string]string) ([]byte, error) {
		out, err := c.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: blob, EncryptionContext: context})
		if err != nil {
			return nil, err
		}
		return out.Plaintext, nil
	}
	if got, err := open(sealed.CiphertextBlob, context); err != nil || string(got) != "key" {
		t.Errorf("got %q, %v", got, err)
	}
	changed := bytes.Clone(sealed.CiphertextBlob)
	changed[len(changed)-1] ^= 1
	for name, try := range map[string]struct {
		blob    []byte
		context map[string]string
	}{
		"no context":       {sealed.CiphertextBlob, nil},
		"another value":    {sealed.CiphertextBlob, map[string]string{"reference": "ABC", "part": "profile"}},
		"moved boundaries": {sealed.CiphertextBlob, map[string]string{"part": "contactreference", "": "ABC"}},
		"a changed text":   {changed, context},
		"a short text":     {[]byte("x"), context},
	} {
		_, err := open(try.blob, try.context)
		var invalid *types.InvalidCiphertextException
		if !errors.As(err, &invalid) {
			t.Errorf("%s: got %v, want InvalidCiphertextException", name, err)
		}
	}
}

func TestKeysAreFoundByIDARNAndAlias(t *testing.T) {
	t.Parallel()
	c, arn := client(t)
	id := arn[len(arn)-36:]
	for _, name := range []string{arn, id, "alias/immerse-es", "arn:aws:kms:eu-south-2:000000000000:alias/immerse-es"} {
		out, err := c.DescribeKey(t.Context(), &awskms.DescribeKeyInput{KeyId: &name})
		if err != nil || *out.KeyMetadata.Arn != arn {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := c.Encrypt(t.Context(), &awskms.EncryptInput{KeyId: aws.String("alias/nobody"), Plaintext: []byte("x")})
	var missing *types.NotFoundException
	if !errors.As(err, &missing) {
		t.Errorf("got %v, want NotFoundException", err)
	}
}

func TestDataKeys(t *testing.T) {
	t.Parallel()
	c, arn := client(t)
	made, err := c.GenerateDataKey(t.Context(), &awskms.GenerateDataKeyInput{KeyId: &arn, KeySpec: types.DataKeySpecAes256})
	if err != nil || len(made.Plaintext) != 32 {
		t.Fatalf("got %d bytes, %v", len(made.Plaintext), err)
	}
	opened, err := c.Decrypt(t.Context(), &awskms.DecryptInput{KeyId: &arn, CiphertextBlob: made.CiphertextBlob})
	if err != nil || !bytes.Equal(opened.Plaintext, made.Plaintext) {
		t.Errorf("the data key does not open: %v", err)
	}
	_, err = c.Decrypt(t.Context(), &awskms.DecryptInput{KeyId: aws.String("alias/other"), CiphertextBlob: made.CiphertextBlob})
	var incorrect *types.IncorrectKeyException
	if !errors.As(err, &incorrect) {
		t.Errorf("got %v, want IncorrectKeyException", err)
	}
}
