/** Ctrl-C and SIGTERM at commands that hold dead letters: they end in order, and each letter is where it was or was told as moved. */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { runProgram } from '../../cli/program'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { jsonLines, startHandoff } from './handoff'

const broker = useBroker()
const env = () => ({ BROKER_URL: broker.url, NAMESPACE: 'interrupted' })
const queue = 'interrupted.ledger.dead.v1'
const ids = idsOf(6, 'm')
let raw: Awaited<ReturnType<typeof connectRaw>>

// For its queues; nobody consumes.
beforeAll(async () => {
  await startService('producer', env())
  raw = await connectRaw(broker.url)
})
beforeEach(async () => {
  await parkOrders(raw, { namespace: 'interrupted', ids })
  await ready(ids.length)
})
afterEach(() => raw.channel.purgeQueue(queue))

const ready = (wanted: number) =>
  eventually(`${wanted} are there`, async () => (await raw.countReady(queue)) === wanted)

async function expectThere(wanted: readonly string[]): Promise<void> {
  await ready(wanted.length)
  expect((await raw.getAll(queue)).map(({ properties }) => String(properties.messageId))).toEqual(wanted)
}

/** Runs a command in this process, at a terminal; answers with what it says, and how it ends. */
async function run(args: readonly string[], interruption: () => AbortSignal, hear = (_line: string) => {}) {
  const lines: string[] = []
  const say = (line: string) => {
    lines.push(line)
    hear(line)
  }
  const taken = () => Promise.resolve()
  const around = { environment: env(), out: say, taken, err: say, stdin: new PassThrough(), isTerminal: true }
  return { code: await runProgram(['dead', ...args], { ...around, interruption }), lines }
}

/** The same, interrupted when it says such a line. */
function interruptedAt(said: RegExp, args: readonly string[]) {
  const stop = new AbortController()
  return run(
    args,
    () => stop.signal,
    (line) => said.test(line) && stop.abort(new Error('interrupted')),
  )
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a replay that %s ends, which terminal and npx may both send, says what it has moved',
  async (signal) => {
    // So slow that it still has letters left whenever this process comes to the kill.
    const run = startHandoff(['dead', 'replay', 'ledger', '--all', '--yes', '--rate', '0.2'], { env: env() })
    await eventually('one is told', () => run.stdout().includes('\n'))
    run.kill(signal)
    run.kill(signal)
    const { code, stdout, stderr } = await run.ended
    const moved = Number(/^replayed (\d) dead letters? of group ledger, of 6$/m.exec(stdout)?.[1])
    expect({ code, moved }).toEqual({ code: 1, moved: expect.any(Number) as number })
    const [audits = '', why] = stderr.split('handoff: ')
    expect(jsonLines(audits).at(-1)).toMatchObject({ step: 'end', selected: 6, moved })
    expect(why).toMatch(/^interrupted; \d dead letters stayed where they were, see: npx handoff dead list ledger\n$/)
    await expectThere(ids.slice(moved))
  },
)

test('a discard that is interrupted between two letters removes no other', async () => {
  const { code, lines } = await interruptedAt(/^discard {2}m-2/, ['discard', 'ledger', '--all', '--yes', '--why', 'w'])
  expect(code).toBe(1)
  expect(lines.slice(-2)).toEqual([
    'discarded 2 dead letters of group ledger, of 6',
    'handoff: interrupted; 4 dead letters stayed where they were, see: npx handoff dead list ledger',
  ])
  await expectThere(ids.slice(2))
})

test('interrupted at its question, it moves nothing', async () => {
  const { code, lines } = await interruptedAt(/\[y\/N\]$/, ['discard', 'ledger', '--all', '--why', 'w'])
  expect({ code, lines }).toEqual({
    code: 1,
    lines: [
      'Discard for good 6 dead letters of group ledger? [y/N]',
      'discarded 0 dead letters of group ledger, of 6',
      'handoff: nothing was discarded, since it was interrupted',
    ],
  })
  await expectThere(ids)
})

test.each([[['list', 'ledger', '--json']], [['groups', 'ledger']], [['show', 'ledger', 'm-3']]])(
  '%j that is interrupted tells of no further letter',
  async (args) => {
    const { code, lines } = await run(args, () => AbortSignal.abort(new Error('interrupted')))
    expect({ code, lines }).toEqual({ code: 1, lines: ['handoff: interrupted'] })
    await expectThere(ids)
  },
)

test('an export that is interrupted leaves no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-interrupted-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'letters.ndjson')
  const { code, lines } = await interruptedAt(/"step":"begin"/, ['export', 'ledger', '--output', file])
  expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: 'handoff: interrupted' })
  expect(lines.at(-2)).toContain('"step":"end"')
  await expect(stat(file)).rejects.toThrow('ENOENT')
  await expectThere(ids)
})
