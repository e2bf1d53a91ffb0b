// Marks the section of the page that is read in the table of contents.

/** The part of the window in which a section counts as read: just below its top. */
const READ = '-12% 0px -80% 0px';
/** Distance to the end of the page that counts as the end, in pixels. */
const AT_END = 4;

/** @type {Map<Element, Element>} */
const links = new Map();
for (const link of document.querySelectorAll('.contents a')) {
  const section = document.getElementById(link.getAttribute('href')?.slice(1) ?? '');
  if (section !== null) links.set(section, link);
}
/** @type {Set<Element>} */
const visible = new Set();
/** @type {Element | null} */
let current = null;

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) visible.add(target);
      else visible.delete(target);
    mark();
  },
  { rootMargin: READ },
);
for (const section of links.keys()) observer.observe(section);
// The last sections are too short to reach the top of the window.
addEventListener('scroll', mark, { passive: true });
addEventListener('hashchange', mark);

function mark() {
  const page = document.documentElement;
  const isAtEnd = scrollY > 0 && scrollY + innerHeight >= page.scrollHeight - AT_END;
  const [first] = [...links.keys()].filter((section) => visible.has(section));
  const chosen = isAtEnd ? atEnd() : first;
  if (chosen === undefined || chosen === current) return;
  if (current !== null) links.get(current)?.removeAttribute('aria-current');
  links.get(chosen)?.setAttribute('aria-current', 'true');
  current = chosen;
}

/** Returns the section that the address names, if it is in the window, or the last one. */
function atEnd() {
  const target = document.getElementById(location.hash.slice(1));
  const named =
    target === null ? undefined : [...links.keys()].findLast((section) => section.contains(target));
  const isInWindow = named !== undefined && named.getBoundingClientRect().bottom > 0;
  return isInWindow ? named : [...links.keys()].findLast((section) => section.checkVisibility());
}
