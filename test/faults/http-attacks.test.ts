/** Callers who want the door for themselves: the others are still answered, and the broker's connection stays. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { residentBytesOf } from '../../scripts/bench/process-facts'
import { startPair, type Pair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { commandExists } from '../support/command-exists'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { openCaller, type Posted, type Timed } from './caller'
import { percentile } from './percentile'

const broker = useBroker()
const run = promisify(execFile)
const mebibyte = 1_048_576
const mostConnections = 2_000

interface Call {
  readonly posted: Posted
  readonly status: number
}

const hello: Call = {
  posted: { type: 'hello', body: 'Hello!', headers: { 'content-type': 'text/plain' } },
  status: 202,
}
// Answered by the door alone: the broker's disk, which others use as well, has no part in the time it takes.
const invalid: Call = {
  posted: { type: 'payment.capture', body: '{}', headers: { 'content-type': 'application/json' } },
  status: 422,
}

/** Opens a connection with this call; holds that each further message is answered likewise, and answers how. */
async function goodCaller({ producer }: Pair, { posted, status }: Call = hello): Promise<() => Promise<Timed>> {
  const call = openCaller(producer)
  const send = async () => {
    const answer = await call(posted)
    expect(answer.status).toBe(status)
    return answer
  }
  await send()
  return send
}

function open({ producer }: Pair): Socket {
  const socket = connect(Number(new URL(producer.url).port), '127.0.0.1')
    .on('error', () => {})
    // A connection that only this side has, since the system at the other was flooded with them, would stay for ever.
    .setKeepAlive(true, 1_000)
    .resume()
  atEnd(() => socket.destroy())
  return socket
}

const residentMebibytes = ({ producer }: Pair) => residentBytesOf(producer.pid) / mebibyte

/**
 * How long each answer took until something is over: for at most 400 of them, since a connection ends with its
 * thousandth request and no other would be let in. The pace is that of a caller, not of a second flood.
 */
async function timesUntil(isOver: () => boolean, send: () => Promise<Timed>): Promise<readonly number[]> {
  const times: number[] = []
  while (!isOver() && times.length < 400) {
    const { ms } = await send()
    times.push(ms)
    await pause(15)
  }
  return times
}

const losses = ({ producer }: Pair) => producer.logs.filter(({ msg }) => msg === 'no connection to the broker')

test('a body of 1 GiB in chunks is refused early, and not kept', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'gibibyte' })
  const before = residentMebibytes(pair)
  const socket = open(pair)
  let answer = ''
  socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(
    'POST /messages/hello HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n',
  )
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'x'), Buffer.from('\r\n')])
  for (let sent = 0; sent < 16_384 && !socket.destroyed; sent++)
    if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  await closed
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  figure('sent before the refusal', socket.bytesWritten / mebibyte, 'MiB')
  expect(socket.bytesWritten).toBeLessThan(64 * mebibyte)
  expect(residentMebibytes(pair) - before).toBeLessThan(64)
})

/** How long a connection that says nothing is left open. */
function silence(pair: Pair): Promise<number> {
  let openedAt = performance.now()
  const socket = open(pair).once('connect', () => (openedAt = performance.now()))
  return new Promise((resolve) => socket.once('close', () => resolve(performance.now() - openedAt)))
}

test('a flood of silent connections keeps nobody waiting; what is over 2 000 is closed at once, the rest in time', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'flood' })
  const callers = await Promise.all([hello, invalid, invalid].map((each) => goodCaller(pair, each)))
  const callUntil = (isOver: () => boolean) => Promise.all(callers.map((send) => timesUntil(isOver, send)))
  const calmUntil = performance.now() + 2_000
  const calm = await callUntil(() => performance.now() > calmUntil)

  const surplus = howMany({ sampled: 200, long: 3_000 })
  const flood = Array.from({ length: mostConnections - callers.length + surplus }, () => silence(pair))
  let ended = false
  const over = Promise.all(flood).finally(() => (ended = true))
  // Awaited below; until then, a failure must not end the test process.
  over.catch(() => {})
  const flooded = await callUntil(() => ended)

  // Not the 99th: opening and losing two thousand sockets at once keeps this process itself busy for a moment each.
  const [calmMs, floodedMs] = [calm, flooded].map(([, ...ofDoor]) => percentile(ofDoor.flat(), 95)) as [number, number]
  figure("the door's p95 in calm", calmMs, 'ms')
  figure("the door's p95 in the flood", floodedMs, 'ms')
  expect(floodedMs).toBeLessThan(Math.max(3 * calmMs, 500))
  const silentMs = (await over).sort((a, b) => a - b)
  figure('the surplus closed after, at most', silentMs[surplus - 1] as number, 'ms')
  figure('the silent ones closed after, at most', silentMs.at(-1) as number, 'ms')
  // Those that were let in have five seconds for their headers. Connections of the start may still be open, too. By the
  // widest gap, since all of them are later where the process stood still.
  const gapsMs = silentMs.slice(1).map((ms, at) => ms - (silentMs[at] as number))
  const widestMs = Math.max(...gapsMs)
  const closedAtOnce = gapsMs.indexOf(widestMs) + 1
  expect(widestMs).toBeGreaterThan(2_000)
  expect(closedAtOnce).toBeGreaterThanOrEqual(surplus)
  expect(closedAtOnce).toBeLessThan(surplus + 10)
  expect(silentMs.at(-1)).toBeLessThan(15_000)
  expect(losses(pair)).toEqual([])
})

test('callers who come while the process is held still wait in its listen backlog, and are answered when it goes on', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'backlog' })
  const send = await goodCaller(pair)
  const systemsLimit = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
  pair.producer.kill('SIGSTOP')
  const sockets = Array.from({ length: Math.min(1_500, systemsLimit) }, () => open(pair))
  const connected = () => sockets.filter((socket) => !socket.connecting).length
  // One for whom there is no place is not told so: its system asks again after one second, three, seven and so on.
  await eventually('all are connected', () => connected() === sockets.length, { withinMs: 20_000 })
  const answers = sockets.map(async (socket) => {
    const answer = once(socket, 'data')
    socket.write('GET /livez HTTP/1.1\r\nhost: a\r\n\r\n')
    const [bytes] = (await answer) as [Buffer]
    return bytes.toString('latin1').slice(0, 12)
  })
  pair.producer.kill('SIGCONT')
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200']))
  await send()
})

const withLimits = commandExists('prlimit') ? test : test.skip

withLimits(
  'without file descriptors left, what is connected goes on; new callers come in when there are some',
  async () => {
    const pair = await startPair(broker.url, { NAMESPACE: 'descriptors' })
    const { pid } = pair.producer
    const send = await goodCaller(pair)
    const used = readdirSync(`/proc/${pid}/fd`).length
    await run('prlimit', ['--pid', String(pid), `--nofile=${used + 10}:`])
    const sockets: Socket[] = []
    // The silent ones among them are closed after some seconds, and a machine that is busy may look later than that.
    const crowd = () => {
      while (sockets.filter(({ destroyed }) => !destroyed).length < 60) sockets.push(open(pair))
    }
    await eventually('there are none left', () => {
      crowd()
      return readdirSync(`/proc/${pid}/fd`).length >= used + 9
    })
    for (let round = 0; round < 20; round++) await send()
    for (const socket of sockets) socket.destroy()
    await eventually(
      'a new caller is answered',
      async () => (await fetch(`${pair.producer.url}/readyz`)).status === 200,
    )
    expect(losses(pair)).toEqual([])
  },
)
