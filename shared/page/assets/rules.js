// The rules of the API (package application), for a form that is not sent yet: same codes, same parameters. What a
// browser's form can't hold, such as a code that it does not offer, is left to the API. A test holds both to the same
// answers.

const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xff10];
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Noncharacter_Code_Point}\u2028\u2029\ufffd]/u;
const UNSEEN = /[\p{Cc}\p{Noncharacter_Code_Point}\ufffd\u202d\u202e]/u;
const ADDRESS = /^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*@(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])\.)+([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])$/;

// latin writes digits of other scripts as 0 to 9.
export function latin(text) {
  return Array.from(text, (sign) => {
    const code = sign.codePointAt(0);
    const zero = ZEROS.find((first) => code >= first && code <= first + 9);
    return zero ? String(code - zero) : sign;
  }).join('');
}

// clean reads one line as the API does: null when there are signs in it that no line has.
function clean(text) {
  let out = '';
  let last = '';
  for (const sign of text) {
    if (sign === '\u200e' || sign === '\u200f' || sign === '\u061c') continue;
    const joiner = sign === '\u200c' || sign === '\u200d';
    if (joiner ? !/[\p{L}\p{M}]/u.test(last) : HIDDEN.test(sign)) return null;
    out += sign;
    last = sign;
  }
  return trim(out);
}

function phone(text) {
  let number = latin(text).replace(/[\p{Cf}\p{Zs}\-‐‑‒–—−().[\]/]/gu, '');
  if (number.startsWith('00')) number = '+' + number.slice(2);
  return /^(\+[1-9]\d{6,14}|\d{6,15})$/.test(number);
}

function email(text) {
  const at = text.lastIndexOf('@');
  return text.length <= 254 && at <= 64 && ADDRESS.test(text) && /[^\d.]/.test(text.slice(text.lastIndexOf('.')));
}

const trim = (text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
const length = (text) => Array.from(text).length;

// Each kind of field reads its answers and gives a problem's code and parameters, or nothing.
const reading = {
  text(rule, text) {
    const line = clean(text);
    if (line === null) return ['control_characters'];
    if (length(line) > rule.max) return ['too_long', { max: rule.max }];
    if (rule.format === 'isco-08' && !/^\d{1,4}$/.test(latin(line))) return ['invalid_occupation'];
  },
  long_text(rule, text) {
    const said = trim(text.replace(/\r\n?/g, '\n'));
    if (UNSEEN.test(said.replace(/[\n\t]/g, ''))) return ['control_characters'];
    if (length(said) > rule.max) return ['too_long', { max: rule.max }];
  },
  email(rule, text) {
    const line = clean(text);
    if (line === null) return ['control_characters'];
    if (length(line) > rule.max) return ['too_long', { max: rule.max }];
    if (!email(line)) return ['invalid_email'];
  },
  phone(rule, text) {
    if (!phone(text)) return ['invalid_phone'];
  },
  whole(rule, text) {
    const digits = latin(trim(text));
    const number = Number(digits);
    if (!/^[+-]?\d+$/.test(digits) || number < rule.min || number > rule.max) {
      return ['out_of_range', { min: rule.min, max: rule.max }];
    }
  },
};

// check gives the problems of a form's data (a FormData or URLSearchParams), in the order of the rules.
export function check(rules, data) {
  const found = [];
  const add = (field, code, params = {}) => found.push({ field, code, params });
  for (const rule of rules) {
    if (rule.kind === 'languages') {
      languages(rule, data, add);
      continue;
    }
    const given = data.getAll(rule.name).filter((text) => trim(text) !== '');
    if (given.length === 0) {
      if (rule.required) add(rule.name, rule.kind === 'agreement' ? 'consent_required' : 'required');
    } else if (rule.kind === 'choices') {
      if (rule.none && new Set(given).size > 1 && given.includes('none')) add(rule.name, 'none_and_others');
    } else if (reading[rule.kind]) {
      const problem = reading[rule.kind](rule, given[0]);
      if (problem) add(rule.name, ...problem);
    }
  }
  return found;
}

function languages(rule, data, add) {
  const spoken = new Map();
  for (let i = 0; i < rule.rows; i++) {
    const path = rule.name + '.' + i;
    const code = data.get(path + '.code') || '';
    const level = data.get(path + '.level') || '';
    if (!code && !level) continue;
    if (!code) add(path + '.code', 'required');
    if (!level) add(path + '.level', 'level_missing');
    if (spoken.has(code) && spoken.get(code) !== level) add(path + '.code', 'duplicate');
    else if (code) spoken.set(code, level);
  }
}
