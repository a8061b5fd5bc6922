// The form works without this script. With it, a form that is sent twice is taken once, and the time it was opened at
// is known. Nothing is stored and nothing is sent before the person presses the button.
(function () {
  'use strict';
  var form = document.getElementById('application');
  if (!form) return;

  function hidden(name, value) {
    if (form.elements[name]) return; // a form that came back to be mended keeps what it had
    var input = document.createElement('input');
    input.type = 'hidden';
    input.name = name;
    input.value = value;
    form.appendChild(input);
  }

  function randomKey() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
  }

  hidden('idempotency_key', randomKey());
  hidden('started_at', String(Date.now()));

  var errors = document.getElementById('errors');
  if (errors) errors.focus();

  var button = form.querySelector('button[type=submit]');
  var words = button.textContent;
  form.addEventListener('submit', function () {
    button.setAttribute('aria-disabled', 'true');
    button.textContent = form.getAttribute('data-sending');
  });
  // Coming back with the browser's back button shows the page as it was left: make it ready again.
  window.addEventListener('pageshow', function () {
    button.removeAttribute('aria-disabled');
    button.textContent = words;
  });
})();
