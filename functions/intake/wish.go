package intake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// Wishes records what people do about their case. *store.Store is the real one. Each call is one conditional write, and doing
// it twice is the same as once; any error that is not named leaves it open whether the write took effect.
type Wishes interface {
	// Withdraw takes the whole application back. The error wraps store.ErrState if it is erased.
	Withdraw(ctx context.Context, found store.Application, reason string, at time.Time) error
	// Answer records a decision about one referral. The error wraps store.ErrState if it isn't as it was found.
	Answer(ctx context.Context, step store.Step, answer store.Answer) error
	// Reply records the answer to a question. The error wraps store.ErrExists if there is one.
	Reply(ctx context.Context, found store.Application, reply store.Reply) error
	// Rate records whether a referral helped. The error wraps store.ErrState if it isn't as it was found.
	Rate(ctx context.Context, step store.Step, code string) error
}

// A wish is what a person posts about their case: the secret in it was theirs.
type wish struct {
	found  store.Application
	secret string
	form   url.Values
	now    time.Time
}

// mail is the entry of the referral that it is about; its state is empty if there is none.
func (w wish) mail() store.Mail {
	mail := w.found.Ledger.Mail(w.form.Get("referral"))
	if _, _, ok := mail.Authority(); !ok {
		return store.Mail{}
	}
	return mail
}

// step begins a change of the referral, as it was found.
func (w wish) step(action string) store.Step {
	authority, round, _ := w.mail().Authority()
	return store.Step{
		Reference: w.found.Reference, Authority: authority, Round: round, Found: w.found.Ledger,
		Audit: store.Audit{At: w.now, Actor: "person", Action: action + ":" + authority},
	}
}

// problem shows the case with what could not be done.
func (h *Handler) problem(ctx context.Context, r request, w wish, status int, code string) response {
	answer := h.showPerson(ctx, r, w.found, w.secret, func(v *page.StatusView) {
		v.Problem, v.Sent = code, page.Sent{Question: w.form.Get("question"), Text: w.sent()}
	})
	if answer.status == http.StatusOK {
		answer.status, answer.note.outcome = status, "refused: "+code
	}
	return answer
}

// granted shows the case as it stands after a write: the person sees what came of it. A write that was refused came too late.
func (h *Handler) granted(ctx context.Context, r request, w wish, notice string, err error) response {
	late := errors.Is(err, store.ErrState) || errors.Is(err, store.ErrExists)
	if err != nil && !late {
		return h.failed(r, w.found.Reference, err)
	}
	if w.found, err = h.Applications.Application(ctx, w.found.Reference); err != nil {
		return h.failed(r, w.form.Get("reference"), err)
	}
	if late {
		return h.problem(ctx, r, w, http.StatusConflict, "late")
	}
	answer := h.showPerson(ctx, r, w.found, w.secret, func(v *page.StatusView) { v.Notice = notice })
	if answer.status == http.StatusOK {
		answer.note.outcome = notice
	}
	return answer
}

// withdraw takes back the whole case, or what one organization was asked. Notification is told first: it does nothing unless
// the write follows (decision 0501).
func (h *Handler) withdraw(ctx context.Context, r request, w wish) response {
	reason := w.form.Get("reason")
	if reason == "" {
		reason = referral.NotSaid
	}
	act, err := referral.NewAct(referral.Withdraw, "", reason)
	switch {
	case err != nil || reason == referral.Erased:
		return h.problem(ctx, r, w, http.StatusUnprocessableEntity, "reason") // no page of ours offers that
	case w.form.Get("confirm") != "yes":
		return h.problem(ctx, r, w, http.StatusUnprocessableEntity, "confirm")
	case !w.form.Has("referral"):
		return h.withdrawAll(ctx, r, w, reason)
	}
	mail := w.mail()
	answer, err := mail.Decided()
	if err != nil {
		return h.failed(r, w.found.Reference, err)
	}
	if answer.State() == referral.Withdrawn {
		return h.granted(ctx, r, w, "withdrawn", nil) // the same form, sent twice
	}
	next, err := answer.After(act)
	if err != nil || mail.State == "" {
		return h.problem(ctx, r, w, http.StatusConflict, "late")
	}
	step := w.step(next.Code())
	if err := h.tell(ctx, r, w, &events.ReferralDecidedV1{
		Country: h.Pack.Code, Authority: step.Authority, Round: step.Round, Step: events.StepWithdrawn, Act: store.ActOfPerson,
	}); err != nil {
		return h.failed(r, w.found.Reference, err)
	}
	err = h.Wishes.Answer(ctx, step, store.AnswerOf(next, w.now, store.ActOfPerson))
	return h.granted(ctx, r, w, "withdrawn", err)
}

func (h *Handler) withdrawAll(ctx context.Context, r request, w wish, reason string) response {
	if w.found.State != store.Erased && w.found.Withdrawn == nil {
		if err := h.tell(ctx, r, w, &events.ApplicationWithdrawnV1{Country: h.Pack.Code}); err != nil {
			return h.failed(r, w.found.Reference, err)
		}
		if err := h.Wishes.Withdraw(ctx, w.found, reason, w.now); err != nil {
			return h.granted(ctx, r, w, "", err)
		}
	}
	return h.granted(ctx, r, w, "withdrawn_all", nil)
}

// rate records whether a referral that is over helped: a code, and no words.
func (h *Handler) rate(ctx context.Context, r request, w wish) response {
	code, mail := w.form.Get("rating"), w.mail()
	answer, err := mail.Decided()
	if err != nil {
		return h.failed(r, w.found.Reference, err)
	}
	switch {
	case !slices.Contains(referral.Ratings, code):
		return h.problem(ctx, r, w, http.StatusUnprocessableEntity, "rating")
	case !answer.State().Final(), answer.State() == referral.Withdrawn:
		return h.problem(ctx, r, w, http.StatusConflict, "late")
	}
	return h.granted(ctx, r, w, "rated", h.Wishes.Rate(ctx, w.step("rated"), code))
}

// tell sends notification what is about to be written.
func (h *Handler) tell(ctx context.Context, r request, w wish, payload events.Payload) error {
	event, err := events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(h.Pack.Code, "intake"), Subject: w.found.Reference, Time: w.now, TraceParent: r.Trace,
	}, payload)
	if err != nil {
		return err
	}
	if err := h.Told.Send(ctx, event); err != nil {
		return fmt.Errorf("telling notification of %s: %w", w.found.Reference, err)
	}
	return nil
}
