import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryLogin } from '../../../scripts/broker/amqp-login'
import { freePorts, isFree } from '../../../scripts/broker/free-ports'
import { readIdentity } from '../../../scripts/broker/node-identity'
import { packageBroker } from '../../../scripts/broker/package-broker'
import { startPrivateNode, type PrivateNode, type PrivateNodeOptions } from '../../../scripts/broker/private-node'
import { connectRaw } from '../../support/amqp-client'
import { atEnd, mustBeGone } from '../../support/ends'
import { eventually } from '../../support/eventually'

const childFile = join(__dirname, 'private-node-child.ts')
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }

async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'handoff private node '))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function start(options: PrivateNodeOptions): Promise<PrivateNode> {
  const node = await startPrivateNode(options)
  atEnd(() => node.stop())
  const ports = Object.values((await readIdentity(options.directory))?.ports ?? {})
  mustBeGone(`a port of the node in ${options.directory}`, async () =>
    (await Promise.all(ports.map(isFree))).includes(false),
  )
  return node
}

test('a node that is stopped and started again in its folder has its port and its durable messages', async () => {
  const directory = await newFolder()
  const first = await start({ directory, management: 'on' })
  expect(await tryLogin(first.url, 5_000)).toEqual({ ok: true, version: first.version })
  expect((await fetch(`${first.managementUrl}/api/overview`)).status).toBe(401)
  const before = await connectRaw(first.url)
  await before.channel.assertQueue('kept', quorum)
  await before.publishRaw('', 'kept', Buffer.from('hello'), { persistent: true })
  await first.stop()
  await first.stop()
  expect(await isFree(first.port)).toBe(true)

  const second = await start({ directory })
  expect([second.port, second.managementUrl]).toEqual([first.port, undefined])
  const after = await connectRaw(second.url)
  const message = await eventually('the message', () => after.get('kept'))
  expect(message.content.toString()).toBe('hello')
  await second.kill()
  expect(await isFree(second.port)).toBe(true)
})

test('a node listens on loopback only, keeps its cookie to itself, can be asked and frozen', async () => {
  const directory = await newFolder()
  const [port = 0] = await freePorts(1)
  const node = await start({ directory, port })
  expect(node.port).toBe(port)
  expect((await stat(join(directory, 'home', '.erlang.cookie'))).mode & 0o077).toBe(0)
  expect(await node.ctl('list_vhosts')).toBe('name\n/')
  const held = 'dead_letter_worker_publisher_confirm_timeout'
  expect(await node.ctl('eval', `application:get_env(rabbit, ${held}).`)).toBe('{ok,15000}')
  expect(await readFile('deploy/rabbitmq/advanced.config', 'utf8')).toContain(`{${held}, 15000}`)
  await expect(node.ctl('delete_vhost', 'nowhere')).rejects.toThrow(/nowhere/)
  const sockets = await node.ctl('eval', '[inet:sockname(Port) || Port <- erlang:ports()].')
  expect(sockets).toContain(`{ok,{{127,0,0,1},${port}}}`)
  expect(sockets).not.toMatch(/\{0,0,0,0\}|\{0,0,0,0,0,0,0,0\}/)

  node.pause()
  expect(await tryLogin(node.url, 500)).toMatchObject({ ok: false })
  node.resume()
  await eventually('it answers again', async () => (await tryLogin(node.url, 2_000)).ok)
})

test('a folder in which a node runs is shared, not started twice, and left running', async () => {
  const directory = await newFolder()
  const node = await start({ directory })
  await expect(startPrivateNode({ directory })).rejects.toThrow(`process ${process.pid} runs a RabbitMQ node in`)
  const way = await packageBroker({ directory, env: {}, say: () => {}, ask: undefined })
  if (!('broker' in way)) throw new Error(way.why)
  expect(way.broker.url).toBe(node.url)
  await way.broker.stop()
  expect(await tryLogin(node.url, 5_000)).toMatchObject({ ok: true })
})

test('a port that somebody else has is refused by name', async () => {
  const directory = await newFolder()
  const node = await start({ directory })
  const other = startPrivateNode({ directory: await newFolder(), port: node.port })
  await expect(other).rejects.toThrow(`port ${node.port} on 127.0.0.1 is taken`)
})

test('a node ends with the process that started it, also by SIGKILL, and the next start takes its folder over', async () => {
  const directory = await newFolder()
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', childFile, directory], {
    stdio: 'pipe',
  })
  atEnd(() => child.kill('SIGKILL'))
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const url = said.toString().trim()
  expect(await tryLogin(url, 5_000)).toMatchObject({ ok: true })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const node = await start({ directory })
  expect(node.url).toBe(url)
})

test('a server that ends while it starts is an error with its last words', async () => {
  const directory = await newFolder()
  await (await start({ directory })).stop()
  await rm(join(directory, 'data'), { recursive: true })
  await writeFile(join(directory, 'data'), 'not a folder')
  await expect(startPrivateNode({ directory })).rejects.toThrow(/did not start: it ended while it started/)
})
