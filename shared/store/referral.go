package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/vault"
)

// A referral lives in the ledger, in the entry of the mail that began it (package referral says what can happen to it).
// Which services it is about is not in the clear: that follows from the sealed result.

// ReferralID is the id of the mail that begins a referral: its entry in the ledger. An organization may be asked again about
// matches of a later round than the first, which is 0.
func ReferralID(authority string, round int) string {
	if round == 0 {
		return authorityMail + authority
	}
	return authorityMail + authority + laterRound + strconv.Itoa(round)
}

const (
	authorityMail = "authority-"
	laterRound    = "+"
)

// Authority gives the organization that a mail began a referral to, and the round; ok is false for other mails.
func (m Mail) Authority() (id string, round int, ok bool) {
	id, ok = strings.CutPrefix(m.ID, authorityMail)
	if before, after, found := strings.Cut(id, laterRound); found {
		if later, err := strconv.Atoi(after); err == nil {
			return before, later, ok
		}
	}
	return id, 0, ok
}

// Follow is the id of a mail about the referral that this mail began: a reminder, and what else may be due.
func (m Mail) Follow(what string) string { return what + "-" + strings.TrimPrefix(m.ID, authorityMail) }

// toAuthority begin the ids of the mails about a referral that go to its authority or to whoever is behind it.
var toAuthority = []string{"authority", "remind", "escalate", "fallback"}

// Asks gives the referral that a mail asks an authority about, or whoever is behind it, by the id of the mail that began it; ok is
// false for other mails.
func (m Mail) Asks() (began Mail, ok bool) {
	kind, about, _ := strings.Cut(m.ID, "-")
	return Mail{ID: authorityMail + about}, slices.Contains(toAuthority, kind)
}

// Life is what is known of the referral that a mail began: what was decided, and how far each mail about it came. The error is
// about codes that this release does not know.
func (l Ledger) Life(began Mail) (referral.Referral, error) {
	answer, err := began.Decided()
	life := referral.Referral{Answer: answer, Mails: map[string]referral.Facts{}}
	for _, kind := range toAuthority {
		if mail := l.Mail(began.Follow(kind)); mail.State != "" {
			life.Mails[mail.ID] = mail.Facts()
		}
	}
	return life, err
}

// toBehind begin the ids of those that go to whoever is behind the authority.
var toBehind = []string{"escalate", "fallback"}

// WentBehind tells whether a mail that asks an authority went to whoever is behind it.
func (m Mail) WentBehind() bool {
	kind, _, _ := strings.Cut(m.ID, "-")
	return m.Behind || slices.Contains(toBehind, kind)
}

// Unreached tells whether nothing can have reached an authority itself of the referral that a mail began: each of its mails came
// back, was refused, or went to whoever is behind it. instead is the latest that is there or on its way to them; the zero Mail
// if none is.
func (l Ledger) Unreached(began Mail) (instead Mail, unreached bool) {
	for _, kind := range toAuthority {
		mail := l.Mail(began.Follow(kind))
		state := mail.Facts().State()
		switch {
		case mail.State == "" || state == referral.Bounced:
		case !mail.WentBehind():
			return Mail{}, false
		case mail.At.After(instead.At):
			instead = mail
		}
	}
	return instead, l.Mail(began.ID).State != ""
}

// Asked tells whether an organization was ever asked about the application, or is about to be.
func (l Ledger) Asked(organization string) bool {
	return slices.ContainsFunc(l.Mails, func(m Mail) bool {
		id, _, ok := m.Authority()
		return ok && id == organization
	})
}

// Referrals are the entries of the mails that began one.
func (l Ledger) Referrals() []Mail {
	return slices.DeleteFunc(slices.Clone(l.Mails), func(m Mail) bool { return !strings.HasPrefix(m.ID, authorityMail) })
}

// An Answer is what was decided about a referral, as package referral has it, when, and by which act: the id of the form
// or request that did it, so that doing it twice is known as once.
type Answer struct {
	State   referral.State `dynamodbav:"state" json:"state"`
	Outcome string         `dynamodbav:"outcome,omitempty" json:"outcome,omitempty"`
	Reason  string         `dynamodbav:"reason,omitempty" json:"reason,omitempty"`
	At      time.Time      `dynamodbav:"at,unixtime" json:"at"`
	Act     string         `dynamodbav:"act" json:"-"`
}

// AnswerOf is what to store of a decision.
func AnswerOf(decided referral.Answer, at time.Time, act string) Answer {
	return Answer{State: decided.State(), Outcome: decided.Outcome(), Reason: decided.Reason(), At: at, Act: act}
}

// Decided is the referral's answer, the zero value if there is none yet. The error is about codes that this release does
// not know.
func (m Mail) Decided() (referral.Answer, error) {
	if m.Answer == nil {
		return referral.Answer{}, nil
	}
	return referral.RestoreAnswer(m.Answer.State, m.Answer.Outcome, m.Answer.Reason)
}

// A Question is what an authority asks the person. Text is sealed for the person (package vault, Dialogue).
type Question struct {
	ID   string    `dynamodbav:"id" json:"id"` // the act's
	At   time.Time `dynamodbav:"at,unixtime" json:"at"`
	Code string    `dynamodbav:"code" json:"code"`
	Text []byte    `dynamodbav:"text,omitempty" json:"-"`

	Reply *Reply `dynamodbav:"-" json:"reply,omitempty"` // nil until the person answers
}

// The most that a ledger holds: whoever asks or looks again and again gets no further. Each entry of a trail takes about
// 100 bytes.
const (
	MostQuestions = 5
	MostTrail     = 200
)

// A Step is a change of one referral, with the line of the audit trail that says so: one write.
type Step struct {
	Reference, Authority string
	Round                int
	Found                Ledger // as it was read
	Audit                Audit
}

func (s Step) id() string { return ReferralID(s.Authority, s.Round) }

// entry is the referral as it was found.
func (s Step) entry() Mail { return s.Found.Mail(s.id()) }

// Answer records a decision. The error wraps ErrState if the referral isn't as it was found; unless by this very act, whose
// repetition changes nothing.
func (s *Store) Answer(ctx context.Context, step Step, answer Answer) error {
	c := newStepping(step, "answered")
	c.set("#mails.#m.#answer", "answer", answer)
	if was := step.entry().Answer; was == nil {
		c.want("attribute_exists(#mails.#m.#s) AND attribute_not_exists(#mails.#m.#answer)")
	} else {
		c.name("state", "act")
		c.values[":was"], c.values[":by"] = text(string(was.State)), text(was.Act)
		c.want("#mails.#m.#answer.#state = :was AND #mails.#m.#answer.#act = :by")
	}
	return s.step(ctx, step, c, func(now Mail) bool { return now.Answer != nil && now.Answer.Act == answer.Act })
}

// Ask records a question to the person. The error wraps ErrState if other questions have come since the referral was
// found, or if there are MostQuestions.
func (s *Store) Ask(ctx context.Context, step Step, question Question) error {
	c := newStepping(step, "asked")
	asked := step.entry().Questions
	if len(asked) >= MostQuestions {
		return fmt.Errorf("asking about %s: %w", step.Reference, ErrState)
	}
	c.set("#mails.#m.#questions", "questions", append(slices.Clone(asked), question))
	if len(asked) == 0 {
		c.want("attribute_exists(#mails.#m.#s) AND attribute_not_exists(#mails.#m.#questions)")
	} else {
		c.values[":count"] = number(len(asked))
		c.want("size(#mails.#m.#questions) = :count")
	}
	return s.step(ctx, step, c, func(now Mail) bool {
		return slices.ContainsFunc(now.Questions, func(q Question) bool { return q.ID == question.ID })
	})
}

// What became of an accepted referral's contact.
const (
	ContactReleased = "released" // the authority may see it
	ContactWithheld = "withheld" // the person did not consent to that
)

// Contact records whether the contact was released. The error wraps ErrState if the referral has no answer, or if that was
// recorded otherwise before.
func (s *Store) Contact(ctx context.Context, step Step, state string) error {
	c := newStepping(step, "contact "+state)
	c.set("#mails.#m.#contact", "contact", state)
	c.name("answer")
	c.want("attribute_exists(#mails.#m.#answer) AND attribute_not_exists(#mails.#m.#contact)")
	return s.step(ctx, step, c, func(now Mail) bool { return now.Contact == state })
}

// Viewed records that a referral's contact is about to be shown. The error wraps ErrState if the referral's answer has
// changed since it was found.
func (s *Store) Viewed(ctx context.Context, step Step) error {
	c := newStepping(step, "viewed")
	answer := step.entry().Answer
	if answer == nil {
		return fmt.Errorf("showing a contact of %s: %w", step.Reference, ErrState)
	}
	c.name("answer", "act")
	c.values[":by"] = text(answer.Act)
	c.want("#mails.#m.#answer.#act = :by")
	return s.step(ctx, step, c, func(Mail) bool { return false }) // a view that is recorded twice is no harm
}

// Read records that what the person answered to the questions about a referral is about to be shown. The error wraps ErrState if there is
// no such referral.
func (s *Store) Read(ctx context.Context, step Step) error {
	c := newStepping(step, "read")
	c.want("attribute_exists(#mails.#m.#s)")
	return s.step(ctx, step, c, func(Mail) bool { return false }) // recorded twice is no harm
}

// Revoke makes the links of a referral void that were sent so far: those made from now on are of the next generation.
func (s *Store) Revoke(ctx context.Context, step Step) error {
	c := newStepping(step, "revoked")
	found := step.entry().Generation
	next := found + 1
	c.set("#mails.#m.#generation", "generation", next)
	if found == 0 {
		c.want("attribute_exists(#mails.#m.#s) AND attribute_not_exists(#mails.#m.#generation)")
	} else {
		c.values[":found"] = number(found)
		c.want("#mails.#m.#generation = :found")
	}
	return s.step(ctx, step, c, func(now Mail) bool { return now.Generation == next })
}

// A stepping is the update of a step in the making.
type stepping struct {
	what       string
	sets       []string
	conditions []string
	names      map[string]string
	values     map[string]types.AttributeValue
	err        error
}

func newStepping(step Step, what string) *stepping {
	c := &stepping{what: what, names: map[string]string{}, values: map[string]types.AttributeValue{}}
	c.name("mails", "trail", "s")
	c.names["#m"] = mailKey(step.id())
	c.set("#trail", "trail", []Audit{step.Audit})
	c.sets[0] = "#trail = list_append(if_not_exists(#trail, :none), :trail)"
	c.values[":none"] = &types.AttributeValueMemberL{}
	return c
}

func (c *stepping) name(names ...string) {
	for _, name := range names {
		c.names["#"+name] = name
	}
}

func (c *stepping) want(condition string) { c.conditions = append(c.conditions, condition) }

func (c *stepping) set(path, name string, value any) {
	encoded, err := attributevalue.Marshal(value)
	c.err = errors.Join(c.err, err)
	c.name(name)
	c.values[":"+name] = encoded
	c.sets = append(c.sets, path+" = :"+name)
}

// step makes the write. Refused, it looks whether the same write has been made before: the SDK repeats one whose answer was
// lost.
func (s *Store) step(ctx context.Context, step Step, c *stepping, done func(now Mail) bool) error {
	switch {
	case c.err != nil:
		return fmt.Errorf("encoding a referral of %s: %w", step.Reference, c.err)
	case len(step.Found.Trail) >= MostTrail:
		return fmt.Errorf("the trail of %s is full: %w", step.Reference, ErrState)
	}
	condition := strings.Join(c.conditions, " AND ")
	if !strings.Contains(condition, ".#s)") {
		delete(c.names, "#s")
	}
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(step.Reference, ledgerItem),
		UpdateExpression: aws.String("SET " + strings.Join(c.sets, ", ")), ConditionExpression: aws.String(condition),
		ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values,
	})
	err = conditionFailed(err, ErrState)
	if errors.Is(err, ErrState) {
		now, readErr := s.application(ctx, step.Reference)
		if readErr == nil && done(now.Ledger.Mail(step.id())) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("%s of %s, %s: %w", step.id(), step.Reference, c.what, err)
	}
	return nil
}

func number(n int) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.Itoa(n)}
}

// AddWrap adds a data key that was released to the keys of a person (package vault, Release). The error wraps ErrNotFound
// if the keys are gone: what was erased does not come back.
func (s *Store) AddWrap(ctx context.Context, keys vault.Keys, name string, wrapped []byte) error {
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.KeysTable), Key: map[string]types.AttributeValue{"id": text(keys.ID)},
		UpdateExpression:          aws.String("SET #wraps.#name = :wrapped"),
		ConditionExpression:       aws.String("attribute_exists(#wraps)"),
		ExpressionAttributeNames:  map[string]string{"#wraps": "wraps", "#name": name},
		ExpressionAttributeValues: map[string]types.AttributeValue{":wrapped": &types.AttributeValueMemberB{Value: wrapped}},
	})
	if err := conditionFailed(err, ErrNotFound); err != nil {
		return fmt.Errorf("adding a key: %w", err)
	}
	return nil
}
