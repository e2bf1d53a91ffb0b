import { COVERAGE_CHECKS } from '../../src/report/catalog/coverage/index.ts';
import { KNOWN_DEFECTS } from '../../src/report/catalog/defects/index.ts';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import type { KnownDefect } from '../../src/report/model/defect.ts';
import type { Language } from '../../src/report/model/indicator.ts';

const WORDS = {
  en: {
    title: 'Known defects of Antrea',
    intro: `A report shows these defects with findings of the kind that they cause, and those of the version at the end of the period in a list.
This page is generated from the records in \`src/report/catalog/defects/\`; edit the records, not this page.

- The catalog has only defects that show in metrics, and whose releases are certain: the faulty code is in each release tag of the range.
- The version is exact if kube-state-metrics is scraped: it has the images of the containers (\`kube_pod_container_info\`).
  Otherwise it is a range of releases that follows from the metrics of Antrea that are present.
- If every release that may be running has the defect, the report says that the version has it.
  If only some of them have it, or if the image is a build with another tag than the release, the report says that it may have it.
- A version that is unknown has no known defects.
`,
    affected: 'Affected',
    fixed: 'Fixed by',
    component: 'Component',
    shows: 'Shows in',
    workaround: 'Until the upgrade',
    range: (since: string, before: string) => `from ${since}, fixed in ${before}`,
    components: { agent: 'Agent', controller: 'Controller' },
    comma: ', ',
    semicolon: '; ',
  },
  'zh-CN': {
    title: 'Antrea 的已知缺陷',
    intro: `报告在可能由这些缺陷引起的异常旁说明缺陷，并列出期末所运行版本的全部已知缺陷。本文由 \`src/report/catalog/defects/\` 中的记录生成，请修改记录本身。

- 只收录会体现在指标上、且受影响版本确定的缺陷：范围内的每个发布标签都含有问题代码。
- 若采集了 kube-state-metrics，版本取自容器镜像（\`kube_pod_container_info\`），是确切的；否则根据现有的 Antrea 指标推断出一个版本范围。
- 可能运行的各版本都有该缺陷时，报告说明该版本有此缺陷；只有部分版本有，或镜像标签与发布版本不同（由他人构建）时，报告说明可能有。
- 版本未知时，不列出已知缺陷。
`,
    affected: '受影响版本',
    fixed: '修复',
    component: '组件',
    shows: '体现于',
    workaround: '升级之前',
    range: (since: string, before: string) => `自 ${since} 起，${before} 修复`,
    components: { agent: 'Agent', controller: 'Controller' },
    comma: '、',
    semicolon: '；',
  },
} as const;

/** Returns docs/defects.md, which has every known defect. */
export function defectReference(language: Language): string {
  const words = WORDS[language];
  return `# ${words.title}\n\n${words.intro}\n${KNOWN_DEFECTS.map((defect) => section(defect, language)).join('\n')}`;
}

function section(defect: KnownDefect, language: Language): string {
  const words = WORDS[language];
  const { pullRequest, affected, indicators, component } = defect;
  const stop = language === 'en' ? '.' : '。';
  const rows: [string, string][] = [
    [words.component, words.components[component]],
    [words.affected, affected.map(({ since, before }) => words.range(since, before)).join(words.semicolon)],
    [
      words.fixed,
      `[antrea-io/antrea#${pullRequest}](https://github.com/antrea-io/antrea/pull/${pullRequest})`,
    ],
    [words.shows, indicators.map((id) => titleOf(id, language)).join(words.comma)],
    [words.workaround, defect.workaround[language]],
  ];
  return [
    `## \`${defect.id}\`\n`,
    `${defect.title[language]}${stop}${language === 'en' ? ' ' : ''}${defect.explanation[language]}\n`,
    '| | |\n|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}

const RECORDS = new Map([...INDICATORS, ...COVERAGE_CHECKS].map((record) => [record.id as string, record]));

function titleOf(id: string, language: Language): string {
  return RECORDS.get(id)?.title[language] ?? `\`${id}\``;
}
