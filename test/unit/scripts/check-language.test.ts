import { describe, expect, it } from 'vitest';
import { commentsOf, findProblems, paragraphsOf } from '../../../scripts/check-language.ts';

const wordsIn = (text: string) => findProblems([{ line: 1, text }]).map(({ words }) => words);

describe('the words of a sentence', () => {
  it.each([
    ['Whoever holds the lock puts one object.', 'Whoever'],
    ['Whose metrics it exposes.', 'Whose'],
    ['It shows whose data is missing.', 'whose'],
    ['Three reports, of which one failed.', 'of which'],
    ['They collide for want of a label.', 'for want of'],
    ['So many values are enough for a median.', 'So many'],
    ['It rises by so much a day.', 'so much'],
    ['Of more, every so manieth is kept.', 'so manieth'],
    ['Nobody is told of it.', 'told'],
    ['It tells the targets apart.', 'tells'],
    ['Thirty seconds unless told otherwise.', 'told'],
    ['What was learnt of the server.', 'learnt'],
    ['Somebody mends the configuration.', 'mends'],
    ['Where the agents dwell.', 'dwell'],
    ['A report for each queue apart.', 'apart'],
    ['Each has a folder of its own.', 'its own'],
    ['They go to a folder of their own\nbelow it.', 'their own'],
    ['May be one of one’s own, with a token.', 'one’s own'],
    ['The reason stands beside the message.', 'beside'],
    ['No element ends within it.', 'within it'],
    ['The key is to be kept secret.', 'is to be kept'],
    ['It waits, lest it overwrite the report.', 'lest'],
  ])('%j contain %j', (sentence, words) => {
    expect(wordsIn(sentence)).toContain(words);
  });

  it.each([
    'The test works around it, however long it takes.',
    'There are so many series that the server refuses the query.',
    'Restarts ten minutes apart are two episodes, apart from those of a rollout.',
    'Each worker has its own lock and runs on its own.',
    'Nodes whose agent is gone, and reports, some of which failed.',
    'Its own process writes to their own bucket.',
    'It also fits; besides, the amendment is recommended.',
    'The gap is within the period, and the answer came within 5 s.',
    'Seconds within which two labels are moved apart where they are too close.',
    'The goal is to be fast.',
    'Everybody who holds the lock can read the lesson.',
  ])('%j are all fine', (sentence) => {
    expect(wordsIn(sentence)).toEqual([]);
  });

  it('are found on their line, also across a line break', () => {
    const problems = findProblems([{ line: 10, text: 'One\ntwo for\n want of three' }]);
    expect(problems).toMatchObject([{ line: 11, words: 'for want of' }]);
  });
});

describe('comments', () => {
  const textsOf = (source: string) => commentsOf(source).map(({ line, text }) => [line, text.trim()]);

  it('are those of a block, and lines that follow each other as one', () => {
    const source = 'const a = 1; // one\n// two\n\n/** three */\n/*\n * four\n */\n';
    expect(textsOf(source)).toEqual([
      [1, 'one\n two'],
      [4, 'three'],
      [5, 'four'],
    ]);
  });

  it('do not begin in strings, templates and regular expressions', () => {
    const source = [
      "const a = 'https://x /* y */ \\' // z';",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
      'const b = `// ${c ? `/* ${"//"} */` : {}} // d`; // e',
      String.raw`const f = /[/"]\/\/'/.test(g) ? h / 2 : /\*/; // i`,
      'const j = (k) / 2; // l "m',
      "return /`/; // n's",
    ].join('\n');
    expect(textsOf(source)).toEqual([
      [2, 'e'],
      [3, 'i'],
      [4, 'l "m'],
      [5, "n's"],
    ]);
  });
});

describe('paragraphs of a document', () => {
  it('are its prose, without code and addresses', () => {
    const markdown =
      '# Told\n\nSee [it](told.md) and `told`\nof its own `x`.\n\n```sh\ntold\n```\n| told | x |\n';
    const found = findProblems(paragraphsOf(markdown));
    expect(found.map(({ line, words }) => [line, words])).toEqual([
      [1, 'Told'],
      [9, 'told'],
    ]);
  });
});
