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
	CodeRequired          = "required"         // not answered
	CodeConsentRequired   = "consent_required" // the person did not agree to their data being processed
	CodeUnknownField      = "unknown_field"    // no field of that name
	CodeUnknownCode       = "unknown_code"     // not one of the answers offered
	CodeWrongType         = "wrong_type"       // a list for a text, and the like: only programs do that
	CodeOutOfRange        = "out_of_range"     // {min} {max}; also for what is no whole number at all
	CodeTooLong           = "too_long"         // {max} characters
	CodeTooMany           = "too_many"         // {max} entries
	CodeDuplicate         = "duplicate"        // the same field or language more than once
	CodeNoneAndOthers     = "none_and_others"  // "none of these" together with one of these
	CodeControlCharacters = "control_characters"
	CodeLevelMissing      = "level_missing" // a language without how well it is spoken
	CodeInvalidEmail      = "invalid_email"
	CodeInvalidPhone      = "invalid_phone"
	CodeInvalidLanguage   = "invalid_language"
	CodeInvalidOccupation = "invalid_occupation"
	CodeInvalidJSON       = "invalid_json" // not JSON, or nested too deep
	CodeInvalidForm       = "invalid_form" // not application/x-www-form-urlencoded
	CodeInvalidUTF8       = "invalid_utf8"
	CodeUnknownEvent      = "unknown_event"   // no event of that id that people register for here
	CodeEventOver         = "event_over"      // it has taken place
	CodeEventClosed       = "event_closed"    // {date}: registration was open until then
	CodeEventElsewhere    = "event_elsewhere" // {areas}: it is for people who live there
	CodeMoreProblems      = "more_problems"   // {max} were named, there are more
)

// Codes are all of them, for checks that each has words.
var Codes = []string{
	CodeRequired, CodeConsentRequired, CodeUnknownField, CodeUnknownCode, CodeWrongType, CodeOutOfRange, CodeTooLong,
	CodeTooMany, CodeDuplicate, CodeNoneAndOthers, CodeControlCharacters, CodeLevelMissing, CodeInvalidEmail, CodeInvalidPhone,
	CodeInvalidLanguage, CodeInvalidOccupation, CodeInvalidJSON, CodeInvalidForm, CodeInvalidUTF8,
	CodeUnknownEvent, CodeEventOver, CodeEventClosed, CodeEventElsewhere, CodeMoreProblems,
}

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
