// Lists of services show at once only what fits a place, a language or words. Without this script they show everything.
const form = document.getElementById('filter');
if (form) {
  const [place, speak, text] = form.querySelectorAll('select, input');
  const shown = document.getElementById('shown');
  const lines = [...document.querySelectorAll('.listed li')];
  const plain = (words) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const has = (codes, any) => !any || any.split(' ').some((one) => codes.split(' ').includes(one));
  const show = () => {
    const asked = plain(text.value).split(/\s+/);
    for (const line of lines) {
      const said = plain(line.textContent);
      line.hidden = !(has(line.dataset.areas, place.value) && has(line.dataset.speak, speak.value) && asked.every((word) => said.includes(word)));
    }
    for (const list of document.querySelectorAll('.listed')) list.hidden = !list.querySelector('li:not([hidden])');
    shown.textContent = shown.dataset.shown.replace('{count}', lines.filter((line) => !line.hidden).length).replace('{all}', lines.length);
  };
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.classList.add('on'); // for browsers that can't tell in the style
  show();
}
