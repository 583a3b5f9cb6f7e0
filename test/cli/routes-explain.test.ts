/** `handoff routes explain`, and with it two sets of rules over a sample of events. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { openStore } from '../../shared/store/open-store'
import type { Store } from '../../shared/store/store'
import { atEnd } from '../support/ends'
import { temporaryStoreUrl } from '../support/temporary-store'
import { runCli } from './run-cli'

const folder = mkdtempSync(join(tmpdir(), 'handoff-explain-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function fileOf(text: string): string {
  const path = join(folder, `file-${files++}`)
  writeFileSync(path, text)
  return path
}

const rules = (...each: readonly string[]) =>
  fileOf(`version: 1\nrules:${each.length === 0 ? ' []' : ''}\n${each.map((rule) => `  - { ${rule} }\n`).join('')}`)

function explain(args: readonly string[], { stdin = '', STORE_URL = 'sqlite::memory:' } = {}) {
  const environment = { BROKER_URL: 'amqp://127.0.0.1:1', STORE_URL }
  return runCli(['routes', 'explain', ...args], { environment, stdin: Readable.from([stdin]) })
}

const orderOf = (id: string, amountCents: number) =>
  JSON.stringify({
    id,
    type: 'order.placed',
    source: '/shop',
    data: { orderId: id, customerEmail: 'ada@example.com', amountCents },
  })
const capture = JSON.stringify({ id: 'P', type: 'payment.capture', data: { paymentId: 'P', amountCents: 1 } })
const large = 'name: large, match: order.placed, when: event.data.amountCents > 10, route: [mail]'
const drops = 'name: drops, match: order.*, drop: true'
const later = 'name: later, match: payment.capture, delay: 60, key: event.data.paymentId'

test('says what the rules of a file make of an event', async () => {
  const never = 'name: never, match: order.placed, attributes: { source: /other }, copy: [ledger]'
  const { code, out } = await explain(['-', '--routes', rules(large, never, drops)], { stdin: orderOf('A', 11) })
  expect(code).toBe(0)
  expect(out).toBe(`event     order.placed
id        A
source    /shop
exchange  handoff.events.v1
key       @group.mail

rule "large" of the routes file: route
    yes  event.data.amountCents > 10  event.data.amountCents is 11

rule "never" of the routes file: does not match
    no  source is "/other"  source is "/shop"

rule "drops" of the routes file: matches, and others decide before it

mail (handoff.mail.v1) takes it: the rule "large" brings it
`)
})

test('says what is dropped, delayed and ordered', async () => {
  const file = rules(drops, later)
  const dropped = await explain(['-', '--routes', file], { stdin: orderOf('A', 1) })
  expect(dropped.out).toContain('queues    none: the rule "drops" drops it\n')
  const delayed = await explain(['-', '--routes', file], { stdin: capture })
  expect(delayed.out).toContain('order by  P\ndelay     60 s\n')
  const { out } = await explain(['-', '--routes', file, '--json'], { stdin: orderOf('A', 1) })
  expect(JSON.parse(out)).toMatchObject({ droppedBy: 'drops', queues: [], groups: [] })
})

const hurries = 'name: hurries, match: order.*, when: event.data.amountCents > 10, priority: 7'

test('says which priority a rule gives, the lane that it leads to, and when it gives none', async () => {
  const args = ['-', '--routes', rules(hurries)]
  const { out } = await explain(args, { stdin: orderOf('A', 11) })
  expect(out).toContain(`key       order.placed.@urgent
priority  7

rule "hurries" of the routes file: priority
`)
  expect(out).toContain('\nledger (handoff.ledger.urgent.v1) takes it: it takes every order.placed\n')
  const ordered = JSON.stringify({ ...(JSON.parse(orderOf('A', 11)) as object), partitionkey: 'A' })
  const without = (await explain(args, { stdin: ordered })).out
  expect(without).toMatch(/^key {7}order\.placed\.@\d$/m)
  expect(without).not.toMatch(/^priority/m)
  expect(without).toContain(
    'rule "hurries" of the routes file: rule "hurries" gives it no priority: it keeps its order by its key, and overtakes nothing\n',
  )
})

test('an event that says its priority itself is explained with it, whatever the rules say', async () => {
  const own = JSON.stringify({ ...(JSON.parse(orderOf('A', 11)) as object), priority: 0 })
  const { out } = await explain(['-', '--routes', rules(hurries), '--json'], { stdin: own })
  const explained = JSON.parse(out) as { priority?: number; routingKey: string; groups: { queue: string }[] }
  expect(explained).toMatchObject({ routingKey: 'order.placed.@low', routeRules: [{ rule: 'hurries', does: [] }] })
  expect(explained).not.toHaveProperty('priority')
  expect(explained.groups.map(({ queue }) => queue)).toEqual(['handoff.ledger.low.v1', 'handoff.mail.low.v1'])
})

test('says why a rule that matches does not delay', async () => {
  const expirytime = new Date(Date.now() + 1_800_000).toISOString()
  const expiring = JSON.stringify({ ...(JSON.parse(capture) as object), expirytime })
  const rule = 'name: later, match: payment.capture, delay: 3600, key: event.data.paymentId'
  const { out } = await explain(['-', '--routes', rules(rule)], { stdin: expiring })
  expect(out).toContain(
    `rule "later" of the routes file: key; rule "later" does not delay it: it would expire at ${expirytime}, before it is due in 3600 s\n`,
  )
})

test('a change of the priority is a change of hands', async () => {
  const later = hurries.replace('priority: 7', 'priority: 0')
  const args = [fileOf([orderOf('A', 1), orderOf('B', 11)].join('\n')), '--routes', rules(hurries)]
  expect((await explain([...args, '--against', rules(later)])).out).toBe(
    'B  order.placed  priority 7 → priority 0\n1 of 2 events change hands\n',
  )
  expect((await explain([...args, '--against', rules()])).out).toContain('priority 7 → no priority\n')
})

test('lists the events that change hands, and how many do', async () => {
  const sample = [orderOf('A', 1), orderOf('B', 11), '', capture].join('\n')
  const args = [fileOf(sample), '--routes', rules(), '--against', rules(large, later)]
  expect(await explain(args)).toEqual({
    code: 0,
    err: '',
    out: `B  order.placed  ledger, mail → mail
P  payment.capture  no delay → delay 60 s; no key → key P
2 of 3 events change hands
`,
  })
  const { out } = await explain([...args, '--json'])
  expect(
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    {
      id: 'B',
      source: '/shop',
      type: 'order.placed',
      from: { groups: ['ledger', 'mail'], droppedBy: null, delaySeconds: null, partitionKey: null, priority: null },
      to: { groups: ['mail'], droppedBy: null, delaySeconds: null, partitionKey: null, priority: null },
    },
    expect.objectContaining({ id: 'P' }),
  ])
})

test('one event over several lines is a sample too, and the same rules change nothing', async () => {
  const pretty = JSON.stringify(JSON.parse(orderOf('A', 1)), undefined, 2)
  const file = rules(drops)
  expect(await explain(['-', '--routes', file, '--against', file], { stdin: pretty })).toMatchObject({
    out: '0 of 1 event changes hands\n',
  })
})

/** One message of each type, as the journal tells of it. */
async function keepInJournal(store: Store, types: readonly string[]): Promise<void> {
  const keys = types.map((type) => ({ source: '/s', id: `of ${type}` }))
  const row = { state: 'processed', correlationId: undefined, causationId: undefined, steps: '[]' }
  await store.journal.advance({
    log: 'log',
    from: undefined,
    to: { offset: 1, id: 'entry' },
    keys,
    update: () => keys.map((key) => ({ ...key, ...row, type: key.id.slice(3) })),
  })
}

test('of the journal it tells what needs no data, and counts the rest apart', async () => {
  const STORE_URL = await temporaryStoreUrl()
  const store = await openStore({ url: STORE_URL, migrations: [] })
  atEnd(() => store.close())
  await keepInJournal(store, ['order.placed', 'payment.capture', 'webhook.received', 'no.more'])
  const { code, out } = await explain(
    ['--journal', '--routes', rules(large), '--against', rules(drops, large, later)],
    { STORE_URL },
  )
  expect(code).toBe(0)
  expect(out.trimEnd().split('\n').sort()).toEqual([
    '0 of 4 events change hands',
    '3 of 4 cannot be told, since the journal holds neither data nor extensions',
    'of no.more  no.more  cannot be told, needs data or extensions',
    'of order.placed  order.placed  cannot be told, needs data or extensions',
    'of payment.capture  payment.capture  cannot be told, needs data or extensions',
  ])
  const plain = await explain(['--journal', '2000', '--routes', rules(later), '--against', rules(drops, later)], {
    STORE_URL,
  })
  expect(plain.out).toContain(
    'of order.placed  order.placed  ledger, mail → dropped by "drops"\n1 of 4 events change hands\n',
  )
})

test('of the journal it tells no priority and no delay, before which goes what the message says itself', async () => {
  const STORE_URL = await temporaryStoreUrl()
  const store = await openStore({ url: STORE_URL, migrations: [] })
  atEnd(() => store.close())
  await keepInJournal(store, ['order.placed', 'webhook.received'])
  const hurries = 'name: hurries, match: order.placed, priority: 9'
  const waits = 'name: waits, match: webhook.received, delay: 60'
  const { out } = await explain(['--journal', '--routes', rules(), '--against', rules(hurries, waits)], { STORE_URL })
  expect(out.trimEnd().split('\n').sort()).toEqual([
    '0 of 2 events change hands',
    '2 of 2 cannot be told, since the journal holds neither data nor extensions',
    'of order.placed  order.placed  cannot be told, needs data or extensions',
    'of webhook.received  webhook.received  cannot be told, needs data or extensions',
  ])
})

test.each<readonly [string, readonly string[], string, number, string]>([
  ['no file', [], '', 2, 'name a file with an event as JSON'],
  ['a journal without a comparison', ['--journal'], '', 2, '--journal is for --against'],
  ['a journal and a file', ['-', '--journal', '--against', 'x'], '', 2, 'leave out one of them'],
  [
    'several events to explain',
    ['-'],
    `${capture}\n${capture}`,
    2,
    'standard input holds 2 events; give one, or compare them by --against',
  ],
  [
    'a line that is no event',
    ['-'],
    `${capture}\n{"type":"order.place"}`,
    2,
    'standard input:2: there is no message type "order.place"',
  ],
  ['no event at all', ['-'], '', 2, 'standard input: the body is empty, which is not JSON'],
  ['a rules file that is not there', ['-', '--routes', '/no/such.yaml'], capture, 1, '/no/such.yaml is not there'],
])('refuses %s', async (_, args, stdin, code, why) => {
  const told = await explain(args, { stdin })
  expect({ code: told.code, out: told.out }).toEqual({ code, out: '' })
  expect(told.err).toContain(why)
})
