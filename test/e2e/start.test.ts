import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { isFree } from '../../scripts/broker/free-ports'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { npm, type NpmRun } from './npm'

const broker = useBroker()
const withinMs = 120_000
jest.setTimeout(300_000)

const npmStart = (settings?: Readonly<Record<string, string>>) => npm(['start'], broker.url, settings)

const said = (system: NpmRun, what: string) => eventually(what, () => system.output().includes(what), { withinMs })

/** The processes that have become ready under this name, the latest last. */
function readyProcesses(system: NpmRun, name: string): number[] {
  return [...system.output().matchAll(new RegExp(`${name}: ready \\(process (\\d+)\\)`, 'g'))].map(([, pid]) =>
    Number(pid),
  )
}

async function portsFree({ producer, consumer, console }: NpmRun): Promise<boolean> {
  return (await isFree(producer)) && (await isFree(consumer)) && (await isFree(console))
}

test('shows where everything is, and each message as it is processed; Ctrl-C ends all with exit 0', async () => {
  const system = await npmStart()
  await said(system, 'Ctrl-C stops everything')
  const url = `http://127.0.0.1:${system.producer}/messages/hello`
  expect(system.output()).toContain(`curl -H 'content-type: text/plain' -d 'Hello World!' ${url}`)
  const groups = await fetch(`http://127.0.0.1:${system.console}/dead-letters`)
  expect(await groups.json()).toMatchObject({ groups: expect.any(Array) as unknown[] })
  const headers = { 'content-type': 'text/plain' }
  const answer = await fetch(url, { method: 'POST', headers, body: 'Hello World!' })
  const { id } = (await answer.json()) as { id: string }
  await eventually('the log line of the message', () => system.output().match(new RegExp(`${id}.*"processed"`)))
  system.killGroup('SIGINT')
  const { code, output } = await system.ended
  expect(output).toContain('stopping: SIGINT')
  expect(output.match(/"msg":"stopped"/g)).toHaveLength(3)
  expect(code).toBe(0)
  expect(await portsFree(system)).toBe(true)
})

test('starts a service again that was killed, and says so', async () => {
  const system = await npmStart()
  await said(system, 'Ctrl-C stops everything')
  const [first] = readyProcesses(system, 'consumer')
  if (first === undefined) throw new Error('no consumer is ready')
  process.kill(first, 'SIGKILL')
  await said(system, 'consumer ended (ended by SIGKILL); starting it again in')
  await eventually('the next consumer is ready', () => readyProcesses(system, 'consumer').length === 2, { withinMs })
  system.killGroup('SIGINT')
  expect((await system.ended).code).toBe(0)
})

test('leaves nothing running when the process at the top is killed', async () => {
  const system = await npmStart()
  await said(system, 'Ctrl-C stops everything')
  expect(await portsFree(system)).toBe(false)
  system.killGroup('SIGKILL')
  await eventually('all services are gone', () => portsFree(system), { withinMs })
})

test('says which port is taken, by which setting to change it, and ends with exit 1', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  atEnd(() => other.close())
  const { port } = other.address() as AddressInfo
  const system = await npmStart({ CONSUMER_PORT: String(port) })
  const { code, output } = await system.ended
  expect(output).toContain(`port ${port} on 127.0.0.1, where the consumer wants to listen, is taken`)
  expect(output).toContain('CONSUMER_PORT=')
  expect(output).not.toContain('building')
  expect(code).toBe(1)
})

test('names each wrong setting before anything is started, and ends with exit 1', async () => {
  const system = await npmStart({ CONCURRENCY: 'many', NAMESPACE: 'a.b' })
  const { code, output } = await system.ended
  expect(output).toContain('handoff: CONCURRENCY is "many"')
  expect(output).toContain('handoff: NAMESPACE is "a.b"')
  expect(code).toBe(1)
})
