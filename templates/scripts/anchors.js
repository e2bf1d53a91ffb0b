// Links to incidents and indicators, and folds that open for what is in them.

const words = JSON.parse(document.querySelector('main')?.dataset['words'] ?? '{}');

for (const article of document.querySelectorAll('article[id]')) {
  const link = document.createElement('a');
  link.className = 'tool anchor';
  link.href = `#${article.id}`;
  link.textContent = '#';
  link.setAttribute('aria-label', words.anchor);
  article.querySelector('h3')?.append(link);
}

/** @param {string} hash */
function unfold(hash) {
  let target = document.getElementById(decoded(hash));
  for (; target !== null; target = target.parentElement)
    if (target instanceof HTMLDetailsElement) target.open = true;
}

/** @param {string} hash */
function decoded(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}

// Before the browser looks for the target.
document.addEventListener(
  'click',
  ({ target }) => {
    const link = target instanceof Element ? target.closest('a[href^="#"]') : null;
    if (link !== null) unfold(link.getAttribute('href') ?? '');
  },
  true,
);
addEventListener('hashchange', () => unfold(location.hash));
unfold(location.hash);
