import type { Language } from '../../report/model/indicator.ts';
import type { ApiResponse, SiteRequest } from '../api/http.ts';
import { languageOf } from '../api/negotiate.ts';
import { en } from './en.ts';
import type { SignInProblem } from './provider.ts';
import { zhCN } from './zh-CN.ts';

type Words = typeof en;

const WORDS: Readonly<Record<Language, Words>> = { en, 'zh-CN': zhCN };

/** What a page about signing in is about. */
type PageKind = SignInProblem | 'signed-out' | 'confirm';

type Kind = { status: number; action: 'signIn' | 'signInAgain' | 'signOut'; isForm?: boolean };

const KINDS: Readonly<Record<PageKind, Kind>> = {
  denied: { status: 403, action: 'signInAgain' },
  expired: { status: 400, action: 'signInAgain' },
  unavailable: { status: 503, action: 'signInAgain' },
  refused: { status: 502, action: 'signInAgain' },
  'signed-out': { status: 200, action: 'signIn' },
  confirm: { status: 200, action: 'signOut', isForm: true },
};

export type SignInPage = {
  kind: PageKind;
  /** Where its link or its form leads. */
  link: string;
  /** Origins to which the service redirects the form. */
  targets?: readonly string[];
};

type View = { heading: string; text: string; link: string; action: string; isForm: boolean };

/** The styles that the page shares with the report, then those of the page. */
const STYLES = ['styles/base.css', 'pages/sign-in/page.css'];

/** Answers with a page about signing in or out, which has no text of the issuer. */
export async function signInPage(
  request: Pick<SiteRequest, 'query' | 'headers'>,
  { kind, link, targets = [] }: SignInPage,
): Promise<ApiResponse> {
  // Loaded on demand: most people who sign in see no such page.
  const [{ readStyles, renderDocument }, { template }] = await Promise.all([
    import('../../report/render/kit/document.ts'),
    import('../../report/render/kit/templates.ts'),
  ]);
  const language = languageOf(request);
  const words = WORDS[language];
  const { status, action, isForm = false } = KINDS[kind];
  const { html, policy } = renderDocument({
    language,
    title: `${words[kind].heading} – ${words.title}`,
    styles: readStyles(STYLES),
    body: template<View>('pages/sign-in/page.hbs')({ ...words[kind], link, action: words[action], isForm }),
    formTargets: isForm ? ["'self'", ...targets] : undefined,
  });
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'content-language': language,
      'referrer-policy': 'no-referrer',
      vary: 'accept-language',
    },
    body: html,
  };
}
