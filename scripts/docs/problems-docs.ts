import { problems } from '../../shared/runtime/problem'
import { markdownTable } from './markdown-table'

/** The reference page of the problems that a service answers with. */
export function problemsPage(): string {
  const rows = Object.entries(problems).map(([code, { status, title, whatToDo }]) => [
    `\`${code}\``,
    String(status),
    title,
    whatToDo,
  ])
  return [
    '# Problems',
    'Generated from `shared/runtime/problem.ts` by `scripts/generate-docs.ts`.',
    'Every answer that says no is `application/problem+json` (RFC 9457): `type` leads to `/problems/CODE` of the same service, ' +
      '`code` is stable, `detail` is for a person, `requestId` is in the log (what could not be read as a request has none). From status 500 on the detail says what to do and ' +
      'the log says what happened.',
    'A `4xx` means that nothing was published. A `503` to a message has an `outcome`, and its `id` once the message ' +
      'was read: `not_accepted` and `unroutable` were not published, `unknown` may have been. An `invalid-data` has `errors` with a JSON Pointer, a detail ' +
      'and the keyword of the schema that said no.',
    `${markdownTable([['Code', 'Status', 'Title', 'What to do'], ...rows])}\n`,
  ].join('\n\n')
}
