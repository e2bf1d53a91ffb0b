import type { Unit } from '../../../model/indicator.ts';
import {
  count,
  enumerate,
  PERIODS_BEFORE,
  processes,
  spaced,
  spacedText,
} from '../../kit/languages/chinese.ts';
import { join, type Phrase } from '../../kit/phrase.ts';
import type { SubjectLabel } from '../../kit/words/facts.ts';
import type { en } from './en.ts';
import { type CauseFacts, type FindingFacts, isCountOfSame } from './facts.ts';

/** Units whose noun names the problem; other units need the title of the indicator. */
const SELF_EXPLANATORY: readonly Unit[] = ['failed-bundles', 'retries', 'evictions', 'reconnections'];

const isSelfExplanatory = ({ kind, unit }: FindingFacts) =>
  kind === 'counted' && SELF_EXPLANATORY.includes(unit);

/** How far a value went, and the threshold. */
function reached({ places, value, isBelow, threshold, relative }: FindingFacts): string {
  if (relative !== null) {
    if (relative.usual === null) return spacedText`偏离平时水平超过 ${relative.share}`;
    const [verb, side] = isBelow ? ['降至', '低'] : ['升至', '高出'];
    return spacedText`${verb} ${value}，比平时的 ${relative.usual} ${side} ${relative.share} 以上`;
  }
  const limit = spacedText`（${isBelow ? '下限' : '阈值'} ${threshold}）`;
  if (places.length > 1) return spacedText`${isBelow ? '最低降至' : '最高达到'} ${value}${limit}`;
  return spacedText`${isBelow ? '降至' : '达到'} ${value}${limit}`;
}

/** "node-1 的"; empty for the whole cluster, which needs no place. */
const whose = (places: readonly SubjectLabel[]) =>
  places.every(({ kind }) => kind === 'cluster' || kind === 'everything')
    ? spaced``
    : spaced`${enumerate(places)} 的 `;

/** What happened, without the threshold of what is counted, and where `hasPlace` is false also without the subject. */
function whatHappened(facts: FindingFacts, hasPlace = true): Phrase {
  const { kind, title, places, amount, counted, value } = facts;
  const isMany = places.length > 1;
  if (kind === 'missing-agents') return spaced`${counted} 缺失`;
  if (kind === 'restarts') {
    const process = hasPlace ? spaced`${processes(places)} ` : spaced``;
    return spaced`${process}${isMany ? (amount === 1 ? '各' : '最多') : ''}重启 ${count(amount)} 次`;
  }
  if (kind === 'not-scraped') {
    const process = hasPlace ? spaced`${processes(places)} ` : spaced``;
    return spaced`${process}${isMany ? '最长' : ''}有 ${value}没有采集到数据`;
  }
  const titleWithPlace = spaced`${hasPlace ? whose(places) : spaced``}${title}`;
  if (kind === 'state') return titleWithPlace;
  if (isSelfExplanatory(facts)) return spaced`${titleWithPlace}（${counted}）`;
  return kind === 'counted'
    ? spaced`${titleWithPlace}：${isMany ? '最多 ' : ''}${counted}`
    : spaced`${titleWithPlace}${reached(facts)}`;
}

/** What happened first, with the agents that counted as missing because of it. */
function firstWithMissing(first: FindingFacts, missing: FindingFacts | undefined): Phrase[] {
  if (missing === undefined) return [whatHappened(first)];
  const { amount, counted } = missing;
  if (amount === 1)
    return [whatHappened(first), first.places.length === 1 ? spaced`计为缺失` : spaced`每次缺失 ${counted}`];
  return [whatHappened(first), spaced`最多同时缺失 ${counted}`];
}

function causedByFirst({ kind }: Pick<CauseFacts, 'kind'>): string {
  return `由${kind === 'restarts' ? '重启' : kind === 'not-scraped' ? '采集中断' : '首项'}引起`;
}

export const zhCN: typeof en = {
  heading: '事件详情',
  details: '图表与排查步骤',
  more: (incidents) => spacedText`另有 ${count(incidents)} 个事件`,

  headline: (facts, { amount, severity }) => {
    const { kind, title, places, counted, threshold } = facts;
    const level = severity === 'critical' ? '严重' : '警告';
    if (kind === 'restarts')
      return spaced`${whatHappened(facts)}（${amount === 1 ? '重启即为' : spacedText`达到 ${threshold} 次为`}${level}）`;
    if (kind === 'level' || kind === 'state') return whatHappened(facts);
    if (kind === 'counted')
      return spaced`${whose(places)}${title}：${places.length > 1 ? '最多 ' : ''}${counted}（正常为 0）`;
    return spaced`${whatHappened(facts)}（${kind === 'not-scraped' ? spacedText`阈值 ${threshold}` : '正常为 0'}）`;
  },
  headlineOfSeveral: (first, following, { more, related }) => {
    const missing = following.find((facts) => isCountOfSame(first, facts));
    const clauses = (areLater: boolean) =>
      following
        .filter((facts) => facts !== missing && facts.isLater === areLater)
        .map((facts) => {
          const verb = isSelfExplanatory(facts) ? '出现 ' : '';
          return spaced`${verb}${whatHappened(facts, !facts.isSamePlace)}`;
        });
    const [later, simultaneous] = [clauses(true), clauses(false)];
    const sentence = join(
      [
        ...firstWithMissing(first, missing),
        ...(later.length > 0 ? [spaced`随后 ${join(later, '，')}`] : []),
        ...(simultaneous.length > 0 ? [spaced`同时 ${join(simultaneous, '，')}`] : []),
        ...(more > 0 ? [spaced`另有 ${more} 项异常`] : []),
      ],
      '，',
    );
    return related > 0 ? spaced`${sentence}，另有 ${related} 项相关发现` : sentence;
  },
  unknown: '报告文件中缺少该事件的详情',

  upgrade: ({ component, from, to, isFinished }, when) =>
    spaced`${component === 'agent' ? 'Agent' : 'Controller'} 的版本由 ${from} 变更为 ${to}（${when}${isFinished ? '' : '，尚未完成'}）。`,

  timeline: '时间线',
  why: '关联依据',
  causedBy: (cause) =>
    cause.kind === 'restarts' || cause.kind === 'not-scraped'
      ? causedByFirst(cause)
      : spacedText`由 ${cause.title} 引起`,
  causedByFirst,
  seeAlso: (causedBy) => spacedText`${causedBy}，见：`,
  separator: '；',

  restarts: (starts, places) => {
    const process = places.length === 0 ? spaced`` : spaced`${enumerate(places)} `;
    const isOneEach = starts === Math.max(1, places.length);
    return spaced`${process}${isOneEach ? '进程启动' : spacedText`进程启动 ${count(starts)} 次`}`;
  },
  begins: (facts, places, hasValue) => {
    if (facts.kind === 'not-scraped') return spaced`${whose(places)}采集中断`;
    if (facts.kind === 'missing-agents' && hasValue) return spaced`${facts.counted} 缺失`;
    if (facts.kind === 'state') return spaced`${whose(places)}${facts.title}`;
    const level = spacedText`${facts.isBelow ? '降至' : '达到'} ${facts.value}`;
    return spaced`${whose(places)}${facts.title}${hasValue ? level : '越过阈值'}`;
  },
  ends: (facts, places) => {
    if (facts.kind === 'not-scraped') return spaced`${whose(places)}采集恢复`;
    if (facts.kind === 'missing-agents') return spaced`不再缺失 Agent`;
    return spaced`${whose(places)}${facts.title}恢复正常`;
  },
  events: (facts, places) =>
    SELF_EXPLANATORY.includes(facts.unit)
      ? spaced`${whose(places)}${facts.counted}`
      : spaced`${whose(places)}${facts.title} ${facts.counted}`,

  stillOngoing: '仍在持续',
  someStillOngoing: (ongoing, all) => spacedText`${count(all)} 个中有 ${count(ongoing)} 个仍在持续`,
  lasted: (duration) => spacedText`持续 ${duration}`,
  episodes: (episodes, areMoments) => spacedText`共 ${count(episodes)} ${areMoments ? '次' : '个时段'}`,
  inTotal: (duration) => spacedText`合计 ${duration}`,
  wholePeriod: '整个统计周期',
  barTitle: (subject) => spacedText`越限时段：${subject}`,
  barDescription: (subject, ranges, further) =>
    spacedText`${subject}：${ranges.join('；')}${further > 0 ? spacedText`；另有 ${count(further)} 个时段` : ''}`,

  ongoing: '仍在持续',
  isNew: '新增',
  someNew: (fresh, all) => spacedText`${count(all)} 个中有 ${count(fresh)} 个为新增`,
  worse: (before) => `比${PERIODS_BEFORE[before]}严重`,
  better: (before) => `比${PERIODS_BEFORE[before]}轻`,
  unchanged: (before) => `${PERIODS_BEFORE[before]}也有`,
  weekBefore: '一周前也有',
  onlyWeekBefore: (before) => `${PERIODS_BEFORE[before]}没有，一周前有`,
  sinceBefore: (fresh, resolved, before) => {
    const parts = [
      fresh === null ? '' : fresh === 0 ? '无新增' : spacedText`新增 ${fresh} 项`,
      resolved > 0 ? spacedText`恢复 ${resolved} 项` : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? '' : spacedText`与${PERIODS_BEFORE[before]}相比，${parts.join('，')}。`;
  },
};
