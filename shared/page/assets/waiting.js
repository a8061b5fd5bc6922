// Shows the forms that wait on this device, and those that were sent from it and whose codes nobody has kept yet.
import { all, remove } from './keep.js';
import { deliver } from './send.js';
import { make, words } from './words.js';

// showWaiting shows what there is, in place of what it showed before, and gives the kinds of form that wait.
export async function showWaiting() {
  const kept = [...(await all())].filter(([, entry]) => entry.state);
  const before = document.getElementById('waiting');
  if (!kept.length) {
    if (before) before.remove();
    return [];
  }
  const say = await words();
  const panels = kept.map(([key, entry]) => panel(say, key, entry));
  const shown = make('div', { id: 'waiting', 'aria-live': 'polite' }, ...panels);
  if (before) before.replaceWith(shown);
  else document.getElementById('main').prepend(shown);
  return kept.filter(([, entry]) => entry.state === 'waiting').map(([, entry]) => entry.kind);
}

function panel(say, key, entry) {
  const button = (label, act, style) => make('button', {
    type: 'button', class: style,
    async click(event) {
      event.target.disabled = true;
      await act();
      await showWaiting();
      document.getElementById('main').focus();
      document.dispatchEvent(new Event('immerse:kept'));
    },
  }, label);
  const title = make('h2', {}, say(entry.state + '.title'));
  if (entry.state === 'sent') return sent(say, entry, title, button(say('sent.kept'), () => remove(key), 'second'));
  const erase = button(say('waiting.erase'), async () => { await remove(key); await remove('draft-' + entry.kind); }, 'danger');
  if (entry.state === 'refused') {
    return make('section', { class: 'kept bad' }, title, make('p', {}, entry.problem.detail || entry.problem.title || ''),
      make('ul', {}, ...(entry.problem.errors || []).map(({ message }) => make('li', {}, message))),
      make('p', { class: 'turn-row' }, make('a', { class: 'button', href: entry.page }, say('refused.open')), erase));
  }
  return make('section', { class: 'kept' }, title, make('p', {}, say('waiting.text')), make('p', { class: 'hint' }, say('draft.risk')),
    make('p', { class: 'turn-row' }, button(say('waiting.now'), () => deliver(key)),
      make('a', { class: 'button second', href: entry.page }, say('waiting.show')), erase));
}

// drawn is the QR code of both codes.
function drawn(say, { size, path }) {
  const svg = (tag, name, value) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
    made.setAttribute(name, value);
    return made;
  };
  const image = svg('svg', 'viewBox', [0, 0, size, size].join(' '));
  image.setAttribute('width', 176);
  image.append(svg('path', 'd', path));
  return make('p', { role: 'img', 'aria-label': say('confirmation.qr') }, image);
}

function sent(say, entry, title, done) {
  const receipt = '/api/v1/applications/' + encodeURIComponent(entry.reference) + '/confirmation?lang=' + document.documentElement.lang;
  const code = (text) => make('dd', {}, make('code', { dir: 'ltr' }, text));
  return make('section', { class: 'kept keep' }, title, make('p', {}, say('confirmation.keep')),
    make('dl', {}, make('dt', {}, say('confirmation.reference')), code(entry.reference),
      make('dt', {}, say('confirmation.secret')), code(entry.secret)), entry.picture && drawn(say, entry.picture),
    document.querySelector('.danger:not(button)')?.cloneNode(true),
    make('p', { class: 'turn-row' }, make('a', { class: 'button', href: receipt }, say('sent.receipt')), done));
}
