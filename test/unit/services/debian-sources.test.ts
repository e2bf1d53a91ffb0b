import { describe, expect, it } from 'vitest';
import { sourceOfSuite } from '../../services/debian-sources.ts';

const PARAGRAPHS = `# made by an installer
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
# a key ring
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;

describe('the source of a newer suite', () => {
  it('is derived from the paragraph of this machine’s release', () => {
    expect(sourceOfSuite([{ name: 'debian.sources', text: PARAGRAPHS }], 'bookworm', 'forky')).toEqual({
      name: 'forky.sources',
      text: [
        'Types: deb',
        'URIs: http://mirror.example/debian',
        'Suites: forky',
        'Components: main',
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
        '',
      ].join('\n'),
    });
  });

  it('is derived from the line of this machine’s release with its options', () => {
    const text = [
      '# deb http://old.example/debian bookworm main',
      'deb-src http://mirror.example/debian bookworm main',
      'deb http://mirror.example/debian-security bookworm-security main',
      'deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main contrib',
    ].join('\n');
    expect(sourceOfSuite([{ name: 'sources.list', text }], 'bookworm', 'forky')).toEqual({
      name: 'forky.list',
      text: 'deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian forky main\n',
    });
  });

  it('is derived from the first file that has the release', () => {
    const files = [
      { name: 'sources.list', text: '# see sources.list.d\n' },
      {
        name: 'other.sources',
        text: 'Types: deb\nURIs: http://other.example\nSuites: stable\nComponents: main\n',
      },
      { name: 'debian.sources', text: PARAGRAPHS },
    ];
    expect(sourceOfSuite(files, 'bookworm', 'forky')?.text).toContain('http://mirror.example/debian\n');
  });

  it('is undefined if no enabled source has the release', () => {
    const off = PARAGRAPHS.replace('Types:', 'Enabled: no\nTypes:');
    expect(sourceOfSuite([{ name: 'debian.sources', text: off }], 'bookworm', 'forky')).toBeUndefined();
    expect(sourceOfSuite([{ name: 'debian.sources', text: PARAGRAPHS }], 'noble', 'forky')).toBeUndefined();
  });
});
