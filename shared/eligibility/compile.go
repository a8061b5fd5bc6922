package eligibility

import "slices"

// Rules are a service's clauses made ready to be asked about many people. They are read-only after Compile and can be
// used concurrently. The zero value is open to everyone.
type Rules struct {
	clauses []rules
}

// rules are one clause: all of them must hold. Rules on one field stand next to each other; judge relies on that.
type rules []Rule

// Rule is one constraint made ready: a question about a field, and what to say of each answer.
type Rule struct {
	field  string
	ask    func(*Facts) Verdict
	met    Reason
	missed Reason
}

// Ask answers for one person, without allocating.
func (r *Rule) Ask(facts *Facts) Verdict { return r.ask(facts) }

// Met is the reason that is given when the rule holds: what it asks for.
func (r *Rule) Met() Reason { return r.met }

// Compile reads clauses; no clauses are open to everyone. Compile validates nothing: a constraint with codes that
// nobody can have is simply never met. See Clause.Validate.
func Compile(clauses []Clause) *Rules {
	compiled := make([][]Rule, len(clauses))
	for i := range clauses {
		for _, constraint := range clauses[i].Constraints() {
			compiled[i] = append(compiled[i], constraint.Rule())
		}
	}
	return Join(compiled)
}

// Join makes rules of clauses whose constraints have been made ready one by one, each clause's in the order of
// Constraints.
func Join(clauses [][]Rule) *Rules {
	joined := &Rules{clauses: make([]rules, len(clauses))}
	for i, clause := range clauses {
		joined.clauses[i] = clause
	}
	return joined
}

// Judgement is a decision without its explanation: cheap to make, and enough to sort services by.
type Judgement struct {
	Verdict Verdict
	// Clause is the index of the clause that decided, -1 when there are none.
	Clause int
	// Failed counts the constraints of that clause that are false; a language with a lower and an upper bound counts
	// as two constraints, of which one at most can be false.
	Failed int
}

// Judge decides, without allocating.
func (r *Rules) Judge(facts *Facts) Judgement {
	if len(r.clauses) == 0 {
		return Judgement{Verdict: True, Clause: -1}
	}
	var best Judgement
	bestMissing := 0
	for i, clause := range r.clauses {
		judged, missing := clause.judge(facts)
		judged.Clause = i
		better := judged.Verdict > best.Verdict
		if judged.Verdict == best.Verdict {
			better = judged.Verdict == False && judged.Failed < best.Failed ||
				judged.Verdict == Unknown && missing < bestMissing
		}
		if i == 0 || better {
			best, bestMissing = judged, missing
		}
		if best.Verdict == True {
			break
		}
	}
	return best
}

// judge gives the clause's verdict, how many of its constraints failed, and how many different fields it lacks.
func (c rules) judge(facts *Facts) (judged Judgement, missing int) {
	judged.Verdict = True
	lastMissing := ""
	for i := range c {
		switch c[i].ask(facts) {
		case False:
			judged.Failed++
			judged.Verdict = False
		case True:
		case Unknown:
			judged.Verdict = min(judged.Verdict, Unknown)
			// Rules on one field stand next to each other (compileClause): count the changes.
			if c[i].field != lastMissing {
				missing++
				lastMissing = c[i].field
			}
		}
	}
	return judged, missing
}

// Evaluate decides and explains: see Result.
func (r *Rules) Evaluate(facts *Facts) Result {
	return r.Explain(facts, r.Judge(facts))
}

var openToAll = Reason{Code: ReasonOpenToAll}

// Explain gives the full result of a judgement that Judge made of the same facts.
func (r *Rules) Explain(facts *Facts, judged Judgement) Result {
	var clause rules
	if judged.Clause >= 0 && judged.Clause < len(r.clauses) {
		clause = r.clauses[judged.Clause]
	}
	return Explain(nil, judged.Verdict, len(clause), func(i int) (*Rule, Verdict) { return &clause[i], clause[i].ask(facts) })
}

// Explain gives the full result of the clause that decided, of which rule gives each rule and its answer: for an index,
// which knows the answers. A service without clauses is explained by a clause without rules. The reasons are appended to
// those given, of which the result's are the rest.
func Explain(reasons []Reason, verdict Verdict, rules int, rule func(i int) (*Rule, Verdict)) Result {
	result := Result{Verdict: verdict}
	if reasons == nil {
		reasons = make([]Reason, 0, max(rules, 1)+factsOfOffer)
	}
	begin := len(reasons)
	if rules == 0 {
		reasons = append(reasons, openToAll)
	}
	for i := range rules {
		switch r, answer := rule(i); {
		case answer == False:
			reasons = append(reasons, r.missed)
		case answer == Unknown && verdict == Unknown:
			result.Missing = append(result.Missing, r.field)
		case answer == True && verdict != False:
			reasons = append(reasons, r.met)
		}
	}
	slices.Sort(result.Missing)
	result.Missing = slices.Compact(result.Missing)
	for _, field := range result.Missing {
		reasons = append(reasons, toCheck[field])
	}
	result.Reasons = reasons[begin:]
	return result
}

// factsOfOffer is how many reasons package match adds at the most: room for them saves a copy.
const factsOfOffer = 5

// toCheck holds the reason of each field once, since reasons may be shared.
var toCheck = func() map[string]Reason {
	reasons := make(map[string]Reason, len(Fields))
	for _, field := range Fields {
		reasons[field] = Reason{Code: ReasonToCheck, Params: Params{"field": field}}
	}
	return reasons
}()
