// The form one group at a time, with its answers kept on this device, checked before they are sent, and sent when there is
// a connection. Without this script the form works too: then a function checks it and shows the answers.
import { DAYS, read, remove, write } from './keep.js';
import { check } from './rules.js';
import { deliver } from './send.js';
import { showWaiting } from './waiting.js';
import { make, words } from './words.js';

const form = document.getElementById('application');
const { kind } = form.dataset; // of a registration, with the event
const draft = 'draft-' + kind;
const title = document.title;

let say;
let rules;
let steps;
let now = 0;

async function start() {
  steps = [...form.querySelectorAll('.step')];
  steps[0].classList.add('now');
  form.classList.add('stepped'); // before the words are there: nothing may jump
  try {
    [say, rules] = await Promise.all([words(), fetch(form.dataset.rules).then((answer) => answer.json())]);
  } catch {
    form.classList.remove('stepped');
    return;
  }
  form.elements.review.remove();
  hidden('idempotency_key', [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  hidden('started_at', String(Date.now()));
  steps.push(checkStep());
  form.append(steps.at(-1), keptNote());
  form.addEventListener('click', turn);
  form.addEventListener('submit', submit);
  form.addEventListener('input', () => { clearTimeout(saving); saving = setTimeout(save, 250); });
  addEventListener('popstate', () => {
    if (!location.hash || steps.some((step) => '#' + step.id === location.hash)) show(named(location.hash), true);
  });
  document.addEventListener('immerse:kept', () => location.reload());
  const restored = await restore();
  if (location.hash === '#erased') erased();
  const at = named(location.hash);
  if (at > 0 && (!restored || firstWrong() < at)) history.replaceState(null, '', '#' + steps[0].id);
  else if (at > 0) show(at, true);
  await waits();
}

function hidden(name, value) {
  if (!form.elements[name]) form.append(make('input', { type: 'hidden', name, value }));
}

// --- turning pages

const named = (hash) => Math.max(0, steps.findIndex((step) => '#' + step.id === hash));

function show(to, returning) {
  now = to;
  if (to === steps.length - 1) fillCheck();
  steps.forEach((step, i) => step.classList.toggle('now', i === to));
  document.querySelector('.intro').hidden = to > 0;
  document.getElementById('errors')?.remove();
  if (!returning) history.pushState(null, '', '#' + steps[to].id);
  document.title = steps[to].querySelector('h2').textContent.trim() + ' – ' + title;
  steps[to].focus({ preventScroll: true });
  (to > 0 ? steps[to] : document.getElementById('main')).scrollIntoView();
}

function turn(event) {
  const link = event.target.closest('.next, .back, .change');
  if (!link) return;
  event.preventDefault();
  const to = named(link.hash);
  if (to <= now || !wrongIn(now)) show(to);
}

async function submit(event) {
  event.preventDefault();
  if (now === steps.length - 1) return send();
  if (wrongIn(now)) return;
  if (now === steps.length - 2) {
    const wrong = firstWrong();
    if (wrong < now) show(wrong);
    if (wrong <= now && wrongIn(wrong)) return;
  }
  show(now + 1);
}

// --- mistakes

function asked(step) {
  return rules.filter((rule) => form.querySelector('#' + step.id + ' [name="' + (rule.kind === 'languages' ? rule.name + '.0.code' : rule.name) + '"]'));
}

// firstWrong is the first step with a mistake, or the one with all answers.
function firstWrong() {
  const data = new FormData(form);
  const wrong = steps.findIndex((step) => check(asked(step), data).length > 0);
  return wrong < 0 ? steps.length - 1 : wrong;
}

function wrongIn(step) {
  const found = check(asked(steps[step]), new FormData(form));
  showErrors(found.map(({ field, code, params }) => ({ field, message: say('error.' + code, params) })));
  return found.length > 0;
}

const input = (field) => document.getElementById('f-' + field.replaceAll('.', '-'))
  || document.getElementById('f-' + field.replaceAll('.', '-') + '-0-code') || form.elements[field]?.[0];

// showErrors marks the fields, and lists what is wrong above them with links to them.
function showErrors(errors) {
  document.getElementById('errors')?.remove();
  for (const old of form.querySelectorAll('.error')) old.remove();
  for (const old of form.querySelectorAll('.wrong')) old.classList.remove('wrong');
  for (const old of form.querySelectorAll('[aria-invalid]')) {
    old.removeAttribute('aria-invalid');
    describe(old, '-error', false);
  }
  if (!errors.length) return;
  const lines = errors.map(({ field, message }) => {
    const target = field && input(field);
    if (!target) return make('li', {}, message);
    mark(target, message);
    const label = question(target).querySelector('.box') && !question(target).querySelector('legend') ? '' : labelOf(question(target)) + ' – ';
    return make('li', {}, make('a', {
      href: '#' + target.id,
      click(event) {
        event.preventDefault();
        setTimeout(() => { target.focus(); question(target).scrollIntoView(); }, 50); // or the same Enter sends the form
      },
    }, label + message));
  });
  const count = say('form.errors.some');
  const summary = make('div', { class: 'summary', id: 'errors', role: 'alert', tabindex: '-1', 'aria-labelledby': 'errors-title' },
    make('h2', { id: 'errors-title' }, count), make('ul', {}, ...lines));
  steps[now].prepend(summary);
  document.title = say('form.error') + ' ' + title;
  summary.focus();
  summary.scrollIntoView();
}

const question = (target) => target.closest('.q');

function mark(target, message) {
  const box = question(target);
  if (!box.classList.contains('wrong')) {
    box.classList.add('wrong');
    const error = make('p', { class: 'error', id: target.id + '-error' }, make('span', { class: 'away' }, say('form.error') + ' '), message);
    const before = box.querySelector('input, select, textarea');
    (before.closest('.box, .row') || before).before(error);
  } else {
    box.querySelector('.error').append(' ' + message);
  }
  target.setAttribute('aria-invalid', 'true');
  describe(target, '-error', true);
}

function describe(target, end, on) {
  const ids = (target.getAttribute('aria-describedby') || '').split(' ').filter((id) => id && !id.endsWith(end));
  if (on) ids.push(question(target).querySelector('.error').id);
  if (ids.length) target.setAttribute('aria-describedby', ids.join(' '));
  else target.removeAttribute('aria-describedby');
}

// --- the page with all answers

function checkStep() {
  return make('section', { class: 'step', id: 'step-check', tabindex: '-1', 'aria-labelledby': 'group-check' },
    make('h2', { id: 'group-check' }, say('check.title')), make('p', { class: 'lead' }, say('check.lead')),
    make('div', { class: 'all' }),
    make('p', { class: 'turn' }, make('button', { type: 'submit' }, say('form.send')),
      make('a', { class: 'back', href: '#' + steps.at(-1).id }, say('form.back'))),
    make('p', { class: 'hint' }, say('form.send.hint')));
}

function labelOf(box) {
  const label = (box.querySelector('legend, .label') || box.querySelector('label')).cloneNode(true);
  for (const mark of label.querySelectorAll('.optional')) mark.remove();
  return label.textContent.trim();
}

function answersOf(box) {
  const said = [];
  const agreement = !box.querySelector('legend') && box.querySelector('[type=checkbox]');
  if (agreement) return [say(agreement.checked ? 'answer.yes' : 'answer.no')];
  for (const one of box.querySelectorAll('.box input:checked')) said.push(one.parentNode.textContent.trim());
  for (const row of box.querySelectorAll('.row')) {
    const parts = [...row.querySelectorAll('select')].filter((list) => list.value).map((list) => list.selectedOptions[0].textContent);
    if (parts.length) said.push(parts.join(say('list.comma')));
  }
  for (const one of box.querySelectorAll('select, textarea, input:not([type=checkbox]):not([type=radio])')) {
    if (one.closest('.row') || !one.value.trim()) continue;
    said.push(one.matches('select') ? one.selectedOptions[0].textContent : one.value.trim());
  }
  return said;
}

function fillCheck() {
  const groups = steps.slice(0, -1).map((step) => {
    const heading = step.querySelector('h2');
    const list = make('dl');
    for (const box of step.querySelectorAll('.q')) {
      const said = answersOf(box);
      list.append(make('dt', {}, labelOf(box)), make('dd', {}, ...(said.length
        ? said.map((one) => make('bdi', {}, one)) : [make('span', { class: 'hint' }, say('check.empty'))])));
    }
    const change = make('a', { class: 'change', href: '#' + step.id }, say('check.edit'), make('span', { class: 'away' }, ': ' + heading.textContent.trim()));
    return make('section', { class: 'group answers' }, make('h3', {}, heading.textContent.trim()), list, make('p', {}, change));
  });
  steps.at(-1).querySelector('.all').replaceChildren(...groups);
}

// --- the draft

let saving;

const values = () => [...new FormData(form)].filter(([name, value]) => name !== 'website' && value !== '');

async function save() {
  if (!document.documentElement.hidden) await write(draft, { values: values() }).catch(() => {}); // hidden: left fast
}

async function restore() {
  const kept = await read(draft).catch(() => null);
  if (!kept || kept.at < Date.now() - DAYS * 86400e3) return false;
  for (const [name, value] of kept.values) {
    if (name === 'language' || name === 'consent.version' || name === 'kind') continue; // of this page, not of that one
    for (const one of form.querySelectorAll('[name="' + CSS.escape(name) + '"]')) {
      if (one.type !== 'checkbox' && one.type !== 'radio') one.value = value;
      else if (one.value === value) one.checked = true;
    }
  }
  const found = make('div', { class: 'kept', id: 'found' }, make('p', {}, say('draft.found')), eraseButton());
  document.querySelector('h1').after(found);
  return true;
}

const eraseButton = () => make('button', {
  type: 'button', class: 'second',
  async click() {
    clearTimeout(saving);
    await remove(draft);
    form.reset();
    history.replaceState(null, '', '#erased');
    location.reload();
  },
}, say('draft.erase'));

// erased says what the page was opened anew for, where who can't see it is told, too.
function erased() {
  const done = make('p', { class: 'note', role: 'status', tabindex: '-1' }, say('draft.erased'));
  document.querySelector('h1').before(done);
  history.replaceState(null, '', location.pathname + location.search);
  done.focus();
}

const keptNote = () => make('div', { class: 'keeps hint' },
  make('p', {}, say('draft.kept', { days: DAYS }) + ' ' + say('draft.risk')), eraseButton());

// --- sending

async function send() {
  const wrong = firstWrong();
  if (wrong < steps.length - 1) {
    show(wrong);
    wrongIn(wrong);
    return;
  }
  const button = steps.at(-1).querySelector('button');
  if (button.getAttribute('aria-disabled')) return;
  button.setAttribute('aria-disabled', 'true');
  button.textContent = form.dataset.sending;
  clearTimeout(saving);
  const key = 'waiting-' + form.elements.idempotency_key.value;
  const page = location.pathname + location.search + '#step-check';
  const body = new URLSearchParams(values()).toString();
  let entry;
  try {
    await save();
    await write(key, { state: 'waiting', kind, page, body });
    entry = await deliver(key);
  } catch {
    form.submit(); // nothing can be kept here: the browser sends it, and shows what comes back
    return;
  }
  button.removeAttribute('aria-disabled');
  button.textContent = say('form.send');
  if (entry.state === 'sent') {
    location.assign('/api/v1/applications/' + entry.reference + '/confirmation?lang=' + document.documentElement.lang);
  } else if (entry.state === 'refused') {
    await remove(key);
    refused(entry.problem);
  } else {
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register('send')).catch(() => {});
    await waits();
  }
}

function refused(problem) {
  const errors = (problem.errors || []).map(({ field, message }) => ({ field, message }));
  const first = errors.map(({ field }) => input(field)?.closest('.step')).find(Boolean);
  if (first) show(steps.indexOf(first));
  showErrors(errors.length ? errors : [{ message: problem.detail || problem.title }]);
}

// waits hides the form while one of its kind waits: what was said is what will be sent.
async function waits() {
  const kinds = await showWaiting().catch(() => []);
  const waiting = kinds.includes(kind);
  form.classList.toggle('waits', waiting);
  document.getElementById('found')?.toggleAttribute('hidden', waiting);
  if (!waiting) return;
  show(steps.length - 1, true);
  const panel = document.getElementById('waiting');
  panel.tabIndex = -1;
  panel.focus();
  panel.scrollIntoView();
}

// A form that a function gave back has all its groups on one page, and its mistakes named.
if (form.dataset.rules) start();
else document.getElementById('errors')?.focus();
