/** Where standard output is slow, full or gone: nothing is removed that could not be told, and nothing torn passes for whole. */
import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, mkdtempSync, openSync, readSync, statfsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { smallDisk, withSmallDisk } from '../support/small-disk'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { handoff, jsonLines, startHandoff } from './handoff'
import { order } from './pair'

const broker = useBroker()
/** What a pipe holds that nobody reads. */
const pipeBytes = 65_536
const partBytes = 4_096
// Linux has it.
const whereFull = existsSync('/dev/full') ? test : test.skip
const big = Buffer.from(JSON.stringify({ ...order('big'), pad: 'x'.repeat(100_000) }))

const env = () => ({ BROKER_URL: broker.url, NAMESPACE: 'output' })
const queue = 'output.ledger.dead.v1'
let raw: Awaited<ReturnType<typeof connectRaw>>

// For its queues; nobody consumes.
beforeAll(async () => {
  await startService('producer', env())
  raw = await connectRaw(broker.url)
})
afterEach(() => raw.channel.purgeQueue(queue))

const ready = (wanted: number) =>
  eventually(`${wanted} are there`, async () => (await raw.countReady(queue)) === wanted)

async function parked(count: number, body?: Buffer) {
  const ids = idsOf(count, 'm')
  await parkOrders(raw, { namespace: 'output', ids, ...(body && { body }) })
  await ready(count)
  return ids
}

async function expectThere(ids: readonly string[]): Promise<void> {
  await ready(ids.length)
  expect((await raw.getAll(queue)).map(({ properties }) => String(properties.messageId))).toEqual(ids)
}

/** A pipe with a reader that reads what it is told to. */
function pipe() {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-pipe-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const into = openSync(path, 'w')
  const readPart = (): string => {
    const part = Buffer.alloc(partBytes)
    try {
      return part.toString('utf8', 0, readSync(reader, part))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return ''
      throw error
    }
  }
  return {
    into,
    /** Reads on until it has so many lines, and no more than a part beyond them. */
    readLines: async (count: number) => {
      let text = ''
      const hasAll = () => text !== '' && text.split('\n').length > count
      await eventually(`${count} lines are read`, () => {
        for (let part = readPart(); part !== ''; part = hasAll() ? '' : readPart()) text += part
        return hasAll()
      })
      return text.split('\n').slice(0, count)
    },
    leave: () => closeSync(reader),
  }
}

function fullDevice(): number {
  const into = openSync('/dev/full', 'w')
  atEnd(() => closeSync(into))
  return into
}

test('a discard waits for its reader, and what he had no chance to read is still there when he leaves', async () => {
  const ids = await parked(9, big)
  const { into, readLines, leave } = pipe()
  const run = startHandoff(['dead', 'discard', 'ledger', '--all', '--yes', '--why', 'w', '--json'], {
    env: env(),
    into,
  })
  closeSync(into)
  const told = await readLines(3)
  expect(jsonLines(told.join('\n')).map(({ id }) => id)).toEqual(ids.slice(0, 3))
  // It holds the next one, of which reader and pipe have not taken everything.
  expect(told[0]?.length).toBeGreaterThan(pipeBytes + partBytes)
  await ready(9 - 3 - 1)
  leave()
  const { code, stderr } = await run.ended
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('handoff: standard output takes no more: write EPIPE') as string,
  })
  expect(jsonLines(stderr.split('handoff:')[0] ?? '').at(-1)).toMatchObject({ step: 'end', selected: 9, moved: 3 })
  await expectThere(ids.slice(3))
})

whereFull('a discard into a full file removes nothing', async () => {
  const ids = await parked(3)
  const args = ['dead', 'discard', 'ledger', '--all', '--yes', '--why', 'w']
  for (const shape of [[], ['--json']])
    expect(await handoff([...args, ...shape], { env: env(), into: fullDevice() })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('handoff: standard output takes no more: ENOSPC') as string,
    })
  await expectThere(ids)
})

whereFull('a discard whose audit goes into a full file removes nothing', async () => {
  const ids = await parked(3)
  const args = ['dead', 'discard', 'ledger', '--all', '--yes', '--why', 'w']
  expect(await handoff(args, { env: env(), errorsInto: fullDevice() })).toMatchObject({ code: 1 })
  await expectThere(ids)
})

whereFull.each([
  [['export', 'ledger']],
  [['list', 'ledger']],
  [['list', 'ledger', '--json']],
  [['groups', 'ledger']],
  [['show', 'ledger', 'm-0']],
  [['--help']],
])('%j into a full file fails, and says so', async (args) => {
  const ids = await parked(2)
  expect(await handoff(['dead', ...args], { env: env(), into: fullDevice() })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('handoff: standard output takes no more: ENOSPC') as string,
  })
  await expectThere(ids)
})

withSmallDisk('on a disk that has room for a part of a letter', () => {
  test('an export does not pass for whole, and a discard removes nothing', async () => {
    const ids = await parked(1, big)
    const folder = smallDisk()
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize - pipeBytes))
    for (const args of [['export'], ['discard', '--why', 'w', '--json']]) {
      const into = openSync(join(folder, 'letters'), 'w')
      const [action = '', ...options] = args
      const { code, stderr } = await handoff(['dead', action, 'ledger', 'm-0', ...options], { env: env(), into })
      closeSync(into)
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('ENOSPC') as string })
    }
    await expectThere(ids)
  })
})

test.each([
  [0, ['list', 'ledger', '--json']],
  [0, ['show', 'ledger', 'm-0']],
  [1, ['export', 'ledger']],
  [1, ['replay', 'ledger', '--all', '--yes', '--json']],
])('exit code %d when the reader of %j has gone, and the letters are in their order', async (code, args) => {
  const ids = await parked(5, big)
  const { into, readLines, leave } = pipe()
  const run = startHandoff(['dead', ...args], { env: env(), into })
  closeSync(into)
  // The beginning of the first.
  await readLines(0)
  leave()
  expect(await run.ended).toMatchObject({ code })
  await expectThere(ids)
})
