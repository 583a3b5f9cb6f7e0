/** `handoff verify --no-faults`, against doors that stand for producers which do not do as they should. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groups } from '../../shared/messages/groups'
import type { Report } from '../../shared/verification/report'
import { atEnd } from '../support/ends'
import { startDoor, type Asked, type Told } from './fake-door'
import { runCli } from './run-cli'

const ready: Told = { status: 200, body: { status: 'ready', checks: {} } }
const notAccepted: Told = {
  status: 503,
  body: { title: 'Not accepted', outcome: 'not_accepted', id: '1', detail: 'send it again' },
}

/** Two messages, unless more is said, with a patience of a second. */
async function verify(answerTo: (asked: Asked) => Told | Promise<Told>, ...more: string[]) {
  const url = await startDoor((asked) => (asked.path === '/readyz' ? ready : answerTo(asked)))
  return verifyAt(url, more)
}

async function verifyAt(url: string, more: readonly string[] = [], stop = new AbortController().signal) {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-verify-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  const args = ['verify', '--no-faults', '--url', url, '--messages', '2', '--patience', '1', '--report', folder]
  const { code, ...text } = await runCli([...args, ...more], { interruption: () => stop })
  const file = (name: string) => readFileSync(join(folder, name), 'utf8')
  return {
    code,
    ...text,
    report: () => JSON.parse(file('report.json')) as Report,
    page: () => file('report.html'),
    history: () => file('history.ndjson').trim().split('\n'),
  }
}

test('where nothing was accepted, the run was not brought to its end', async () => {
  const { code, out, err, report, page } = await verify(() => notAccepted)
  const why =
    '2 of 2 messages were not accepted within 1 s; the last answer was: 503 Not accepted (outcome not_accepted, id 1): send it again'
  expect(code).toBe(1)
  expect(err).toContain('handoff: the run was not brought to its end: see above\n')
  expect(out).toContain(`not brought to its end: ${why}\n`)
  expect(out).toContain('no bound: the run was not brought to its end\n')
  expect(report()).toMatchObject({ result: 'not brought to its end', unfinished: [why], tally: { accepted: 0 } })
  expect(page()).toContain(why)
  expect(page()).toContain('<body class="gap">')
})

test('a producer that is not ready is sent nothing, and the reason is told', async () => {
  const asked: string[] = []
  const checks = { broker: { ok: false, detail: 'not connected' }, store: { ok: true, detail: 'answers' } }
  const url = await startDoor(({ path }) => {
    asked.push(path)
    return { status: 503, body: { status: 'not_ready', checks } }
  })
  const { code, err } = await verifyAt(url)
  expect(code).toBe(1)
  expect(err).toBe(`handoff: the producer at ${url} is not ready (503; broker: not connected); try again when it is\n`)
  expect(asked).toEqual(['/readyz'])
})

test('accepted messages that nobody can be asked about are not lost', async () => {
  let ids = 0
  const { code, out, report } = await verify(({ method }) =>
    method === 'POST'
      ? { status: 202, body: { id: String(ids++) } }
      : { status: 503, body: { title: 'Journal away', detail: 'the store does not answer' } },
  )
  expect(code).toBe(1)
  expect(report().verdict).toMatchObject({ lost: [], unsettled: [expect.any(String), expect.any(String)] })
  expect(out).toContain('of 2 messages the producer did not say at last what has become of them: 503 Journal away')
})

test('a refusal that no repeat can help ends all of it, and each request is in the history by then', async () => {
  let posts = 0
  const { code, err, history } = await verify(
    () => (++posts === 1 ? { status: 401, body: { title: 'No key' } } : notAccepted),
    ...['--patience', '60', '--messages', '1000', '--rate', '1000'],
  )
  expect(code).toBe(1)
  expect(err).toContain('handoff: the producer refuses the messages: 401 No key\n')
  expect(history()).toHaveLength(posts)
})

test('interrupted, it sends nothing more, follows what has begun to its end, and judges that', async () => {
  const stop = new AbortController()
  let posts = 0
  const taking = groups.filter(({ types }) => types.some(({ name }) => name === 'hello')).map(({ name }) => name)
  const url = await startDoor(({ method, path }) => {
    if (path === '/readyz') return ready
    if (method === 'POST') {
      if (++posts === 5) stop.abort()
      return { status: 202, body: { id: String(posts) } }
    }
    const states = taking.map((name) => ({ name, state: 'processed' }))
    return { status: 200, body: { groups: states, timeline: taking.map((group) => ({ step: 'processed', group })) } }
  })
  const { code, out, err, report } = await verifyAt(url, ['--messages', '1000', '--patience', '60'], stop.signal)
  expect(code).toBe(1)
  expect(err).toContain('interrupted: nothing more is sent, and what has begun is followed to its end')
  expect(out).toContain(`not brought to its end: interrupted when ${posts} of 1000 messages were sent\n`)
  const { result, tally, samples } = report()
  expect({ result, tally }).toMatchObject({
    result: 'not brought to its end',
    tally: { sent: posts, accepted: posts, processed: posts * taking.length },
  })
  expect(posts).toBeLessThan(1_000)
  expect(samples.at(-1)).toMatchObject({ sent: tally.sent, accepted: tally.accepted, processed: tally.processed })
})
