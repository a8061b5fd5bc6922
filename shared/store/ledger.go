package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A Claim is the right to send an application's mails. The holder's name must never have been used before: the ledger
// tells by it whether it is as it was read.
type Claim struct {
	Reference, Holder string
	Until             time.Time
}

// A Posting is one write to a ledger.
type Posting struct {
	Mails    []Mail    // each as it stands now; one that is sending at its first attempt makes its entry
	Over     bool      // the holder sends no more: another need not wait for the lease to end
	Notified *HandOver // every mail has ended
}

// Claim takes an application's ledger, as it was read, and posts to it in the same write: mails are recorded as sending
// before they are handed over. A ledger whose lease is over may be taken: its holder died, and nobody knows which of the
// mails it was sending went. This is the one window in which mails may go twice. The error wraps ErrMailClaimed if
// another holds the ledger or has held it since.
func (s *Store) Claim(ctx context.Context, found Ledger, c Claim, now time.Time, p Posting) error {
	w := newWriting(c, p)
	lease := c.Until
	if p.Over {
		lease = now
	}
	w.set("holder", text(c.Holder))
	w.set("lease", unix(lease))
	w.set("expires", unix(now.Add(s.Retention)))
	w.condition = "attribute_not_exists(#holder) OR #holder = :holder" // the second is the SDK's repetition
	if found.Holder != "" {
		w.values[":found"], w.values[":now"] = text(found.Holder), unix(now)
		w.condition = "(#holder = :found AND #lease <= :now) OR #holder = :holder"
	}
	if len(found.Mails) == 0 {
		w.create(p.Mails)
	} else {
		w.post(p.Mails)
	}
	return s.write(ctx, w, ErrMailClaimed)
}

// Post records what the ledger's holder did and what it does next, in one write. Nothing else is changed, so that
// others may keep their own attributes in the ledger and its entries. The error wraps ErrState if another holds it now.
func (s *Store) Post(ctx context.Context, c Claim, p Posting) error {
	w := newWriting(c, p)
	w.post(p.Mails)
	if p.Over {
		w.set("lease", unix(time.Unix(0, 0)))
	}
	if len(w.sets) == 0 {
		return nil // all that was handed over is in doubt, and nothing follows
	}
	w.condition = "#holder = :holder"
	return s.write(ctx, w, ErrState)
}

// A writing is an update of a ledger in the making. Everything in it is set to what it shall be, never added to, so
// that a repetition by the SDK changes nothing.
type writing struct {
	claim     Claim
	sets      []string
	condition string
	names     map[string]string
	values    map[string]types.AttributeValue
	err       error
}

func newWriting(c Claim, p Posting) *writing {
	w := &writing{
		claim:  c,
		names:  map[string]string{"#holder": "holder"},
		values: map[string]types.AttributeValue{":holder": text(c.Holder)},
	}
	if p.Notified != nil {
		w.set("notified", w.encode(*p.Notified))
	}
	return w
}

func (w *writing) encode(value any) types.AttributeValue {
	encoded, err := attributevalue.Marshal(value)
	if err != nil {
		w.err = err
	}
	return encoded
}

// entry is a mail as the ledger keeps it: as short as can be, because every write is paid by the size of the whole.
func (w *writing) entry(mail Mail) types.AttributeValue {
	if mail.Attempts == 1 {
		mail.Attempts = 0
	}
	return w.encode(mail)
}

// set sets an attribute of the ledger itself.
func (w *writing) set(name string, value types.AttributeValue) {
	w.names["#"+name], w.values[":"+name] = name, value
	w.sets = append(w.sets, "#"+name+" = :"+name)
}

// create makes the first entries, if there are any.
func (w *writing) create(mails []Mail) {
	if len(mails) == 0 {
		return
	}
	entries := map[string]types.AttributeValue{}
	for _, mail := range mails {
		entries[mailKey(mail.ID)] = w.entry(mail)
	}
	w.set("mails", &types.AttributeValueMemberM{Value: entries})
}

// post makes the entries of mails that are sent for the first time, and changes those of the others attribute by
// attribute: what else is in them stays.
func (w *writing) post(mails []Mail) {
	for i, mail := range mails {
		w.names["#mails"] = "mails"
		id := strconv.Itoa(i)
		w.names["#m"+id] = mailKey(mail.ID)
		entry := w.entry(mail)
		if (mail.State == MailSending || mail.State == MailWaiting) && mail.Attempts == 1 {
			w.values[":m"+id] = entry
			w.sets = append(w.sets, "#mails.#m"+id+" = :m"+id)
			continue
		}
		attributes, ok := entry.(*types.AttributeValueMemberM)
		if !ok {
			return // encode has said why
		}
		if mail.Reason == "" && mail.State == MailSending {
			attributes.Value["reason"] = text("") // of the attempt before
		}
		for name, value := range attributes.Value {
			w.names["#"+name], w.values[":"+name+id] = name, value
			w.sets = append(w.sets, "#mails.#m"+id+".#"+name+" = :"+name+id)
		}
	}
}

func (s *Store) write(ctx context.Context, w *writing, refused error) error {
	if w.err != nil {
		return fmt.Errorf("encoding the ledger of %s: %w", w.claim.Reference, w.err)
	}
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(w.claim.Reference, ledgerItem),
		UpdateExpression: aws.String("SET " + strings.Join(w.sets, ", ")), ConditionExpression: aws.String(w.condition),
		ExpressionAttributeNames: w.names, ExpressionAttributeValues: w.values,
	})
	if err := conditionFailed(err, refused); err != nil {
		return fmt.Errorf("writing the ledger of %s: %w", w.claim.Reference, err)
	}
	return nil
}

func unix(at time.Time) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Unix(), 10)}
}
