/** What a shop did in the last minutes, told to the journal as its services would have. */
import { contentText } from '../../shared/journal/content'
import { entryText, recordText } from '../../shared/journal/entry'
import type { Step, StepKind } from '../../shared/journal/step'
import { rawOf } from '../../shared/journal/step-text'
import type { RawClient } from '../support/amqp-client'

const recordsAtOnce = 250

export interface History {
  readonly namespace: string
  /** In milliseconds. */
  readonly lasts: number
}

/** Appends the steps of some thousand messages to the namespace's journal. The same each time, but for when it is. */
export async function tellHistory(raw: RawClient, { namespace, lasts }: History): Promise<void> {
  const now = Date.now()
  const records: string[] = []
  for (let second = 0; second < lasts / 1_000; second++) {
    const perSecond = Math.round(9 + 6 * Math.sin(second / 23) + 3 * Math.sin(second / 7))
    for (let each = 0; each < perSecond; each++)
      records.push(recordOf(now - lasts + second * 1_000 + each * 61, records.length))
  }
  for (let from = 0, entry = 1; from < records.length; from += recordsAtOnce, entry++) {
    const some = records.slice(from, from + recordsAtOnce)
    const contents = some.map((_, at) => carriedBy(from + at, now - lasts))
    const text = entryText('history', entry, some, contents)
    await raw.publishRaw(`${namespace}.journal.v1`, '', Buffer.from(text), {
      messageId: `history-${entry}`,
      persistent: true,
    })
  }
}

const messageOf = (number: number) => ({
  id: `01a22fb5-5140-7da7-8518-${String(number).padStart(12, '0')}`,
  source: '/shop/producer',
  type: number % 3 === 0 ? 'payment.capture' : 'order.placed',
})

function carriedBy(number: number, at: number): string {
  const data = {
    orderId: `A-${number}`,
    customerEmail: 'ada@example.com',
    amountCents: 4_200 + number,
    currency: 'EUR',
  }
  const text = JSON.stringify(data)
  return contentText({
    ...{ ...messageOf(number), time: new Date(at).toISOString(), contentType: 'application/json', bytes: text.length },
    ...{ attributes: { tenant: 'acme' }, data: { kind: 'kept', text, redacted: [] } },
  })
}

function recordOf(at: number, number: number): string {
  const message = messageOf(number)
  const { type } = message
  const groups = type === 'order.placed' ? ['ledger', 'mail'] : ['payments']
  const steps = [
    step('accepted', at),
    step('published', at),
    step('routed', at + 2 + (number % 4), { facts: { groups } }),
    ...groups.flatMap((group, place) => stepsOf(group, at + 4 + (number % 5) + place, number)),
  ]
  return recordText(number + 1, message, steps)
}

/** One in forty fails once and is done half a second later; of those one in ten dies. */
function stepsOf(group: string, at: number, number: number) {
  const takes = 6 + ((number * 7) % 23) + (number % 97 === 0 ? 400 : 0)
  const of = { group, attempt: 1, replays: 0 }
  const begun = step('delivered', at, of)
  if (number % 40 !== 7) return [begun, step('processed', at + takes, of)]
  const facts = { reason: 'failed', error: `Error: ${group} did not answer within ${takes} ms` }
  if (number % 400 === 7) return [begun, step('dead', at + takes, { ...of, facts })]
  const again = { group, attempt: 2, replays: 0 }
  return [
    begun,
    step('failed', at + takes, { ...of, facts }),
    step('waiting', at + takes, { ...of, facts: { afterMs: 500 } }),
    step('delivered', at + takes + 500, again),
    step('processed', at + takes + 512, again),
  ]
}

function step(kind: StepKind, at: number, facts: Partial<Omit<Step, 'kind' | 'at'>> = {}) {
  return rawOf({ kind, ...facts }, at)
}
