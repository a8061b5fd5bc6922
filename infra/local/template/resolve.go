package template

import (
	"fmt"
	"regexp"
	"strings"
)

// resolve replaces the intrinsics in a value, however deep. Where tells a reader of an error the place.
func (t *Template) resolve(value any, where string) (any, error) {
	switch value := value.(type) {
	case map[string]any:
		if name, argument, ok := intrinsic(value); ok {
			return t.call(name, argument, where)
		}
		made := make(map[string]any, len(value))
		for key, one := range value {
			resolved, err := t.resolve(one, where+"."+key)
			if err != nil {
				return nil, err
			}
			made[key] = resolved
		}
		return made, nil
	case []any:
		made := make([]any, len(value))
		for i, one := range value {
			resolved, err := t.resolve(one, fmt.Sprintf("%s[%d]", where, i))
			if err != nil {
				return nil, err
			}
			made[i] = resolved
		}
		return made, nil
	}
	return value, nil
}

// intrinsic recognises an object with the one member Ref, Condition or Fn::….
func intrinsic(value map[string]any) (name string, argument any, ok bool) {
	if len(value) != 1 {
		return "", nil, false
	}
	for name, argument = range value {
		_, isText := argument.(string)
		ok = name == "Ref" && isText || strings.HasPrefix(name, "Fn::")
	}
	return name, argument, ok
}

func (t *Template) call(name string, argument any, where string) (any, error) {
	switch name {
	case "Ref":
		if target, ok := argument.(string); ok {
			return t.ref(target, where)
		}
	case "Fn::GetAtt":
		if target, attribute, ok := attributeOf(argument); ok {
			return t.attribute(target, attribute, where)
		}
	case "Fn::Join":
		return t.join(argument, where)
	case "Fn::Sub":
		return t.sub(argument, where)
	default:
		return nil, fmt.Errorf("%s: the laptop doesn't understand %s", where, name)
	}
	return nil, fmt.Errorf("%s: %s of %v", where, name, argument)
}

// attributeOf reads ["Id", "Attribute"] and "Id.Attribute".
func attributeOf(argument any) (target, attribute string, ok bool) {
	if text, isText := argument.(string); isText {
		return cut(text)
	}
	parts, _ := argument.([]any)
	if len(parts) != 2 {
		return "", "", false
	}
	target, isText := parts[0].(string)
	attribute, isTextToo := parts[1].(string)
	return target, attribute, isText && isTextToo
}

func cut(text string) (target, attribute string, ok bool) { return strings.Cut(text, ".") }

func (t *Template) join(argument any, where string) (any, error) {
	parts, _ := argument.([]any)
	if len(parts) != 2 {
		return nil, fmt.Errorf("%s: Fn::Join of %v", where, argument)
	}
	separator, isText := parts[0].(string)
	resolved, err := t.resolve(parts[1], where)
	if err != nil {
		return nil, err
	}
	list, isList := resolved.([]any)
	if !isText || !isList {
		return nil, fmt.Errorf("%s: Fn::Join of %v", where, argument)
	}
	texts := make([]string, len(list))
	for i, one := range list {
		if texts[i], isText = one.(string); !isText {
			return nil, fmt.Errorf("%s: Fn::Join of %v, which is no text", where, one)
		}
	}
	return strings.Join(texts, separator), nil
}

var variable = regexp.MustCompile(`\$\{([^!}][^}]*)\}`)

// sub fills in ${Name}, ${Name.Attribute} and ${!literal}; the form with a map of variables isn't ours.
func (t *Template) sub(argument any, where string) (any, error) {
	text, ok := argument.(string)
	if !ok {
		return nil, fmt.Errorf("%s: the laptop doesn't understand Fn::Sub with variables of its own", where)
	}
	var failure error
	filled := variable.ReplaceAllStringFunc(text, func(found string) string {
		name := strings.TrimSpace(found[2 : len(found)-1])
		value, err := t.ref(name, where)
		if target, attribute, isAttribute := cut(name); isAttribute {
			value, err = t.attribute(target, attribute, where)
		}
		if err != nil {
			failure = err
		}
		return fmt.Sprint(value)
	})
	return strings.ReplaceAll(filled, "${!", "${"), failure
}
