/** Callers who want the door for themselves: the others are still answered, and the broker's connection stays. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { startPair, type Pair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { commandExists } from '../support/command-exists'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'

const broker = useBroker()
const run = promisify(execFile)
const mebibyte = 1_048_576

/** A caller that keeps its one connection, which it opens with this call; answers status and time of a message. */
async function goodCaller({ producer }: Pair): Promise<() => Promise<{ status: number; ms: number }>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  atEnd(() => agent.destroy())
  const send = async () => {
    const startedAt = performance.now()
    const sent = request(`${producer.url}/messages/hello`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
    }).end('Hello!')
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
    return { status: answer.statusCode ?? 0, ms: performance.now() - startedAt }
  }
  await send()
  return send
}

function open({ producer }: Pair): Socket {
  const socket = connect(Number(new URL(producer.url).port), '127.0.0.1')
    .on('error', () => {})
    .resume()
  atEnd(() => socket.destroy())
  return socket
}

async function residentMebibytes({ producer }: Pair): Promise<number> {
  const metrics = await (await fetch(`${producer.url}/metrics`)).text()
  return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(metrics)?.[1]) / mebibyte
}

const losses = ({ producer }: Pair) => producer.logs.filter(({ msg }) => msg === 'no connection to the broker')

test('a body of 1 GiB in chunks is refused early, and not kept', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'gibibyte' })
  const before = await residentMebibytes(pair)
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
  expect((await residentMebibytes(pair)) - before).toBeLessThan(64)
})

test('a flood of silent connections does not keep others from being answered, and is ended', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'flood' })
  const send = await goodCaller(pair)
  const calm = await send()
  const sockets = Array.from({ length: howMany({ sampled: 500, long: 5_000 }) }, () => open(pair))
  const answers = []
  for (let round = 0; round < 50; round++) answers.push(await send())
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  figure('the slowest answer in calm', calm.ms, 'ms')
  figure('the slowest answer in the flood', Math.max(...answers.map(({ ms }) => ms)), 'ms')
  const withinMs = 60_000
  await eventually('the silent ones are closed', () => sockets.every(({ closed }) => closed), { withinMs })
  expect(losses(pair)).toEqual([])
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
    const sockets = Array.from({ length: 60 }, () => open(pair))
    await eventually('there are none left', () => readdirSync(`/proc/${pid}/fd`).length >= used + 9)
    for (let round = 0; round < 20; round++) expect((await send()).status).toBe(202)
    for (const socket of sockets) socket.destroy()
    await eventually(
      'a new caller is answered',
      async () => (await fetch(`${pair.producer.url}/readyz`)).status === 200,
    )
    expect(losses(pair)).toEqual([])
  },
)
