package locale

import "fmt"

// Reason says one reason for a match or against one, given as a code with parameters: the message "reason.<code>".
// Parameters that are themselves codes (a language, a level, a legal status) are said in words.
func (p *Printer) Reason(code string, params map[string]any) string {
	words := make(map[string]any, len(params))
	for name, value := range params {
		words[name] = p.word(name, value)
	}
	return p.T("reason."+code, words)
}

func (p *Printer) word(_ string, value any) string { return fmt.Sprint(value) }
