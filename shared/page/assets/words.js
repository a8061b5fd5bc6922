// The words of this page's language, and making elements that say them. Text is only ever set as text.
let loading;

// words loads the messages once; the page names the file.
export function words() {
  loading ||= fetch(document.documentElement.dataset.words).then((answer) => answer.json()).then((messages) =>
    (key, params = {}) => (messages[key] || key).replace(/\{(\w+)\}/g, (mark, name) => (name in params ? params[name] : mark)));
  return loading;
}

// make makes an element: make('p', {class: 'hint'}, 'text', other).
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...inside.filter((one) => one != null));
  return element;
}
