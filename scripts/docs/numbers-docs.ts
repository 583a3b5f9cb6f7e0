import { formulas, ranges } from '../../services/console/views/numbers'
import { markdownTable } from './markdown-table'

/** The reference page of the numbers that the console shows. */
export function numbersPage(): string {
  const rows = Object.entries(formulas).map(([name, formula]) => [`\`${name}\``, formula])
  const times = Object.entries(ranges).map(([name, { seconds, bucketSeconds }]) => [
    `\`${name}\``,
    `${seconds / bucketSeconds} of ${bucketSeconds} s`,
  ])
  return [
    '# Numbers',
    'Generated from `services/console/views/numbers.ts` by `scripts/generate-docs.ts`.',
    'What the [console](../how-to/look-at-the-console.md) counts and times, and `GET /numbers` and `GET /system` answer with. The steps are those of [the journal](../explanation/journal.md), each at the time of the clock of whoever took ' +
      'it, in whole milliseconds; a difference below 0, as by clocks that differ, counts as 0. With `JOURNAL_SAMPLE` below 1 all are of that share.',
    markdownTable([['Number', 'Formula'], ...rows]),
    'Percentiles are of the nearest rank, from buckets that are right to 2 %, rounded to three digits. Only whole buckets are shown, and none before it is 1.5 seconds old: services gather what they tell for a quarter of a second.',
    `${markdownTable([['Time', 'Buckets'], ...times])}\n`,
  ].join('\n\n')
}
