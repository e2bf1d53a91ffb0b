// Buttons that copy commands and PromQL.

/** How long a button says that it copied, in milliseconds. */
const SAID_FOR = 2000;

const main = document.querySelector('main');
const words = JSON.parse(main?.dataset['words'] ?? '{}');
const spoken = document.createElement('p');
spoken.className = 'tool spoken';
spoken.setAttribute('role', 'status');
main?.append(spoken);

for (const code of document.querySelectorAll('.command-row code, .queries code, .warnings code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'tool copy';
  button.textContent = words.copy;
  button.addEventListener('click', () => copy(code, button));
  (code.closest('pre') ?? code).after(button);
}

/**
 * @param {Element} code
 * @param {HTMLButtonElement} button
 */
async function copy(code, button) {
  const said = (await isCopied(code)) ? words.copied : words.failed;
  button.textContent = said;
  spoken.textContent = said;
  setTimeout(() => {
    button.textContent = words.copy;
    spoken.textContent = '';
  }, SAID_FOR);
}

/** @param {Element} code */
async function isCopied(code) {
  const text = code.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages that are opened from a file, over http or in a sandbox have no clipboard of this kind.
    return isCopiedAsSelection(code, text);
  }
}

/**
 * @param {Element} code
 * @param {string} text
 */
function isCopiedAsSelection(code, text) {
  const selection = getSelection();
  const focused = document.activeElement;
  /** @param {ClipboardEvent} event */
  const write = (event) => {
    // A selection would be copied with the line breaks that the page shows.
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', write);
  selection?.selectAllChildren(code);
  const copied = document.execCommand('copy');
  document.removeEventListener('copy', write);
  selection?.removeAllRanges();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}
