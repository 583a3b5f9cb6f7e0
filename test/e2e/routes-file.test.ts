/** Routing rules in a file, changed while messages flow: no event is lost, none is handled twice, and each change takes effect. */
import { utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../support/ends'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { startService, type RunningService } from '../support/service'
import { expectNothingLeft } from './effects'
import { sendOrders } from './load'
import { order, post, startPair, type Pair } from './pair'

const broker = useBroker()
/** Of each file that takes the place of another: looks find it by being another one. */
const wholeSecond = 1_767_225_600
const child = join(__dirname, 'routes-file-child.ts')

const file = (...rules: readonly string[]) =>
  `version: 1\nrules:${rules.length === 0 ? ' []' : ''}\n${rules.map((rule) => `  - { ${rule} }\n`).join('')}`
const copies = 'name: copies, match: order.placed, copy: [fraud]'
const moves = 'name: moves, match: order.*, route: [ledger, fraud]'
const drops = 'name: drops, match: order.placed, when: event.data.amountCents == 13, drop: true'

interface Routed {
  readonly pair: Pair
  readonly path: string
  /** Writes a file and waits until both services go by it. */
  readonly change: (text: string) => Promise<void>
}

/** One for all tests, since a start takes long: each begins with rules of its own. */
let pair: Pair
let path: string
let change: Routed['change']

beforeAll(async () => {
  ;({ pair, path, change } = await routed('routed', file()))
}, 120_000)

async function routed(namespace: string, text: string): Promise<Routed> {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-routes-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'routes.yaml')
  await writeFile(path, text)
  const env = { NAMESPACE: namespace, ROUTES_FILE: path }
  const pair = await startPair(broker.url, env, (name) => [child, name])
  const change = async (next: string) => {
    const before = [pair.producer, pair.consumer].map(changesOf)
    await replace(path, next)
    await eventually('both go by the new rules', () =>
      [pair.producer, pair.consumer].every((service, at) => changesOf(service) > (before[at] ?? 0)),
    )
  }
  return { pair, path, change }
}

/** As editors do it: another file takes the place of this one, which is never there in part. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await utimes(`${path}.new`, wholeSecond, wholeSecond)
  await rename(`${path}.new`, path)
}

function changesOf({ logs }: RunningService): number {
  return logs.filter(({ msg }) => msg === 'routing rules are in effect').length
}

async function checkOf({ url }: RunningService) {
  const { status, checks } = (await (await fetch(`${url}/readyz`)).json()) as {
    status: string
    checks: Record<string, { ok: boolean; detail: string }>
  }
  return { status, routes: checks['routes'] }
}

const metricsOf = async ({ url }: RunningService) => (await fetch(`${url}/metrics`)).text()

async function handledBy({ rows }: Pair, which: string): Promise<readonly string[]> {
  const from = which === 'ledger' ? 'ledger_entries' : 'mails'
  const where = { ledger: '', fraud: "where recipient = 'fraud'", mail: "where recipient <> 'fraud'" }[which] ?? ''
  return (await rows(`select message_id from ${from} ${where}`)).map((row) => String(row['message_id']))
}

const ordersEach = howMany({ sampled: 400, long: 4_000 })

test('rules change under load: every event has its groups, each once, and those of the rules that held', async () => {
  const phases = [
    { text: file(copies), groups: ['ledger', 'mail', 'fraud'] },
    { text: file(moves), groups: ['ledger', 'fraud'] },
    { text: file(), groups: ['ledger', 'mail'] },
    { text: file(moves, copies, drops), groups: ['ledger', 'fraud'] },
  ]
  const load = sendOrders(() => pair.producer.url, 'R')
  const sure: { readonly id: string; readonly groups: readonly string[] }[] = []
  for (const [phase, { text, groups }] of phases.entries()) {
    const enough = load.accepted() + ordersEach
    await eventually('enough went by the rules before', () => load.accepted() >= enough)
    await change(text)
    // Sent after the change, so that there is no doubt by which rules they went.
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => pair.post('order.placed', order(`S-${phase}-${at}`))),
    )
    sure.push(...answers.map(({ body }) => ({ id: String(body['id']), groups })))
  }
  const ids = await load.finish()
  await expectNothingLeft(broker.management, pair)
  const handled = new Map<string, readonly string[]>()
  for (const group of ['ledger', 'mail', 'fraud']) handled.set(group, await handledBy(pair, group))

  expect([...(handled.get('ledger') ?? [])].sort()).toEqual([...ids.values(), ...sure.map(({ id }) => id)].sort())
  for (const [group, all] of handled) {
    expect(new Set(all).size).toBe(all.length)
    const had = new Set(all)
    for (const { id, groups } of sure) expect([group, id, had.has(id)]).toEqual([group, id, groups.includes(group)])
  }
  // Each has gone by one set of rules as a whole: to mail, to fraud, or to both by the copies.
  const others = new Set([...(handled.get('mail') ?? []), ...(handled.get('fraud') ?? [])])
  expect([...ids.values()].filter((id) => !others.has(id))).toEqual([])
  const metrics = await metricsOf(pair.consumer)
  expect(metrics).not.toMatch(/verdict="(duplicate|dead|retry)"\} [1-9]/)
  expect(await metricsOf(pair.producer)).toMatch(/handoff_routed_total\{rule="moves",action="route"\} [1-9]\d+/)
})

test('what a rule drops is answered, counted and told, and nobody gets it', async () => {
  await change(file(drops))
  const { status, body } = await pair.post('order.placed', { ...order('D-13'), amountCents: 13 })
  expect({ status, outcome: body['outcome'] }).toEqual({ status: 202, outcome: 'dropped' })
  const key = { 'idempotency-key': 'again' }
  for (const time of ['first', 'second']) {
    const answer = await pair.post('order.placed', { ...order('D-14'), amountCents: 13 }, key)
    expect([time, answer.status, answer.body['outcome']]).toEqual([time, 202, 'dropped'])
  }
  const { body: kept } = await pair.post('order.placed', order('D-15'))
  const told = await eventually('its story', async () => {
    const answer = await fetch(`${pair.producer.url}/messages/${String(body['id'])}`)
    return answer.status === 200 ? ((await answer.json()) as { state: string; timeline: object[] }) : undefined
  })
  expect(told.state).toBe('dropped')
  expect(told.timeline).toContainEqual(expect.objectContaining({ step: 'dropped', rule: 'drops' }))
  await expectNothingLeft(broker.management, pair)
  const handled = await handledBy(pair, 'ledger')
  expect([body, kept].map(({ id }) => handled.includes(String(id)))).toEqual([false, true])
  const metrics = await metricsOf(pair.producer)
  expect(metrics).toContain('handoff_published_total{type="order.placed",outcome="dropped"} 2')
  expect(metrics).toContain('handoff_routed_total{rule="drops",action="drop"} 2')
})

test('a file that is wrong or gone leaves the rules as they were, and says so until it is mended', async () => {
  await change(file(copies))
  const both = [pair.producer, pair.consumer]
  const detail = (await checkOf(pair.producer)).routes?.detail ?? ''
  expect(detail).toMatch(/routes\.yaml [0-9a-f]{12}: 1 rule$/)
  const degraded = async (text: RegExp) => {
    for (const service of both)
      await eventually('it is told', async () => text.test((await checkOf(service)).routes?.detail ?? ''))
    expect(await checkOf(pair.producer)).toMatchObject({ status: 'degraded', routes: { ok: false } })
    const { body } = await pair.post('order.placed', order('M-1'))
    await eventually('the old rule holds', async () => (await handledBy(pair, 'fraud')).includes(String(body['id'])))
  }
  await replace(path, file('name: wrong, match: order.placed, copy: [frau]'))
  await degraded(
    /routes\.yaml:3: rule "wrong" names the group "frau", which there is not; did you mean fraud\?; still /,
  )
  await rm(path)
  await degraded(/is not there; write it/)
  await change(file(drops))
  for (const service of both) expect(await checkOf(service)).toMatchObject({ routes: { ok: true } })
  for (const { logs } of both)
    expect(logs.filter(({ msg }) => msg === 'the routes file cannot be used; the rules stay as they were').length).toBe(
      2,
    )
  expect(await metricsOf(pair.producer)).toMatch(/handoff_routes_reloaded_total\{result="refused"\} 2/)
})

test('SIGHUP has the file read again, also where looks do not, since it changes all the time', async () => {
  await change(file(copies))
  const services = [pair.producer, pair.consumer]
  const before = services.map(changesOf)
  // Two looks in a row never find the same: without the signal nobody would read it.
  const touching = setInterval(() => utimesSync(path, new Date(), new Date()), 100)
  atEnd(() => clearInterval(touching))
  writeFileSync(path, file(copies.replaceAll('copies', 'copied')))
  for (const { pid } of services) process.kill(pid, 'SIGHUP')
  await eventually('both go by the new rules', () =>
    services.every((service, at) => changesOf(service) > (before[at] ?? 0)),
  )
  const { body } = await pair.post('order.placed', order('H-1'))
  await eventually('the copy came', async () => (await handledBy(pair, 'fraud')).includes(String(body['id'])))
  expect(await metricsOf(pair.producer)).toMatch(/handoff_routed_total\{rule="copied",action="copy"\} 1/)
})

test('a rule that cannot be asked is left out, and the event goes its way', async () => {
  const when = '100 / (event.data.amountCents - 13) > 0'
  await change(file(`name: divides, match: order.placed, when: "${when}", drop: true`))
  const { body } = await pair.post('order.placed', { ...order('Q-1'), amountCents: 13 })
  expect(body['outcome']).toBe('confirmed')
  await eventually('it came', async () => (await handledBy(pair, 'ledger')).includes(String(body['id'])))
  expect(pair.producer.logs).toContainEqual(
    expect.objectContaining({
      rule: 'divides',
      messageId: body['id'],
      msg: 'a routing rule cannot be asked or followed; it, or its delay or priority, is left out',
    }),
  )
  expect(await metricsOf(pair.producer)).toContain('handoff_routed_total{rule="divides",action="none"} 1')
})

const whyNot = (named: string) => ({
  producer: [
    `producer: ${named}:3: rule "a" does nothing; give it route, copy, drop, delay, key, priority`,
    `producer: ${named}:4: rule "b" has the pattern "order.place", which no type fits; did you mean order.placed?`,
  ],
  consumer: [`consumer: ROUTES_FILE: ${named} is not there; write it, with "rules: []" for none`],
})

test.each(['producer', 'consumer'] as const)(
  'mistakes, or no file, stop the start of a %s with a line each',
  async (name) => {
    const named = `${path}.${name}`
    if (name === 'producer')
      await writeFile(named, file('name: a, match: order.placed', 'name: b, match: order.place, drop: true'))
    const env = { BROKER_URL: broker.url, ROUTES_FILE: named }
    const { exited, logs } = await startService(name, env, { until: 'spawned', instead: [child, name] })
    expect(await exited).toEqual({ code: 78, signal: null })
    expect(logs.flatMap(({ text }) => text ?? [])).toEqual(whyNot(named)[name])
  },
)

test('the explanation of the running producer says where an event then goes', async () => {
  await change(file(copies, drops))
  for (const amountCents of [12, 13]) {
    const event = { specversion: '1.0', id: `E-${amountCents}`, source: '/shop', type: 'order.placed' }
    const whole = { ...event, data: { ...order(event.id), amountCents } }
    const headers = { 'content-type': 'application/cloudevents+json' }
    const { body } = await post(`${pair.producer.url}/routes/explain`, whole, headers)
    const groups = (body['groups'] as { name: string }[]).map(({ name }) => name)
    expect({ groups, droppedBy: body['droppedBy'] }).toEqual(
      amountCents === 13
        ? { groups: [], droppedBy: 'drops' }
        : { groups: ['ledger', 'mail', 'fraud'], droppedBy: undefined },
    )
    expect((await post(`${pair.producer.url}/messages`, whole, headers)).status).toBe(202)
  }
  await expectNothingLeft(broker.management, pair)
  for (const group of ['ledger', 'mail', 'fraud'])
    expect((await handledBy(pair, group)).filter((id) => id.startsWith('E-'))).toEqual(['E-12'])
})
