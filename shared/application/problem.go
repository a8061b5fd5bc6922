package application

// A Problem is one thing that is wrong with what was sent. Field is the dotted name of design §7 ("languages.0.code"),
// empty when the whole body is meant; Code is one of the codes below; Params are what the message "error.<code>" in the
// locale files names ("{max}"). A problem never holds what the person wrote.
type Problem struct {
	Field  string
	Code   string
	Params map[string]any
}

// The codes of problems. Each has a message "error.<code>" in the locale files.
const (
	CodeRequired        = "required"           // not answered
	CodeConsentRequired = "consent_required"   // the person did not agree to their data being processed
	CodeUnknownField    = "unknown_field"      // no field of that name
	CodeUnknownCode     = "unknown_code"       // not one of the answers offered
	CodeWrongType       = "wrong_type"         // a list for a text, and the like: only programs do that
	CodeNotWhole        = "not_a_whole_number" // a number with letters or decimals
	CodeOutOfRange      = "out_of_range"       // {min} {max}
	CodeTooLong         = "too_long"           // {max} characters
	CodeTooMany         = "too_many"           // {max} entries
	CodeGivenTwice      = "given_twice"        // the same field or language more than once
	CodeBadCharacter    = "bad_character"      // line breaks, control or invisible characters
	CodeBadEmail        = "bad_email"
	CodeBadPhone        = "bad_phone"
	CodeBadLanguage     = "bad_language"
	CodeBadOccupation   = "bad_occupation"
	CodeNoneAndOthers   = "none_and_others" // "none of these" together with one of these
	CodeNotJSON         = "not_json"
	CodeNotForm         = "not_a_form"
	CodeNotUTF8         = "not_utf8"
	CodeTooDeep         = "too_deep"      // {max} levels of nesting
	CodeMoreProblems    = "more_problems" // {max} were named, there are more
)

// MaxProblems is how many problems are named before CodeMoreProblems ends the list.
const MaxProblems = 50

// problems collects without ever growing past MaxProblems and the one entry that says so.
type problems []Problem

// add notes a problem; params are names and values in turn.
func (p *problems) add(field, code string, params ...any) {
	switch {
	case len(*p) > MaxProblems:
		return
	case len(*p) == MaxProblems:
		field, code, params = "", CodeMoreProblems, []any{"max", MaxProblems}
	}
	problem := Problem{Field: field, Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if problem.Params == nil {
			problem.Params = map[string]any{}
		}
		problem.Params[params[i].(string)] = params[i+1]
	}
	*p = append(*p, problem)
}
