/** docker compose --profile observability: Prometheus finds all there is, and Grafana shows it, on this machine alone. */
import { execFile, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../../scripts/broker/free-ports'
import { ofBroker, ofQueues } from '../deploy/known-metrics'
import { order, post } from '../e2e/pair'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { prometheusAt } from '../support/prometheus'

interface Service {
  readonly image?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly ports?: readonly { readonly host_ip: string }[]
}

const run = promisify(execFile)
const root = resolve(__dirname, '../..')
const project = `handoff-test-${randomUUID().slice(0, 8)}`
const startWithinMs = 480_000
const added = ['prometheus', 'grafana'] as const
const services = configured()
const usable = {
  // Another version is better than none: what is tested is what we give it.
  prometheus: [services['prometheus']?.image ?? '', 'prom/prometheus:latest'].find(canBeUsed),
  grafana: [services['grafana']?.image ?? ''].find(canBeUsed),
}
const withPrometheus = usable.prometheus === undefined ? test.skip : test
const withGrafana = usable.grafana === undefined ? test.skip : test
const hint = (name: keyof typeof usable) => (usable[name] === undefined ? ' (skipped without its image)' : '')

let ports: readonly number[] = []

jest.setTimeout(startWithinMs)

function configured(): Readonly<Record<string, Service>> {
  const args = ['compose', '--profile', 'observability', 'config', '--format', 'json']
  const { stdout, stderr, status } = spawnSync('docker', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return (JSON.parse(stdout) as { readonly services: Record<string, Service> }).services
}

function canBeUsed(image: string): boolean {
  const docker = (...args: string[]) => spawnSync('docker', args, { timeout: 120_000 }).status === 0
  return docker('image', 'inspect', image) || docker('pull', image)
}

async function compose(...args: string[]): Promise<string> {
  const names = ['PRODUCER_PORT', 'CONSOLE_PORT', 'PROMETHEUS_PORT', 'GRAFANA_PORT']
  const env = { ...process.env, ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])) }
  const files = ['-f', 'docker-compose.yml', '-f', imagesFile()]
  const options = { cwd: root, env, maxBuffer: 64 * 1_048_576 }
  return (await run('docker', ['compose', '-p', project, ...files, '--profile', 'observability', ...args], options))
    .stdout
}

let written: string | undefined
function imagesFile(): string {
  if (written !== undefined) return written
  const folder = mkdtempSync(join(tmpdir(), 'handoff-compose-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  written = join(folder, 'images.json')
  writeFileSync(written, JSON.stringify({ services: { prometheus: { image: usable.prometheus } } }))
  return written
}

const here = (index: number) => `http://127.0.0.1:${ports[index]}`

beforeAll(async () => {
  if (usable.prometheus === undefined) return
  ports = await freePorts(4)
  imagesFile()
  atEnd(() => compose('down', '--volumes', '--rmi', 'local', '--timeout', '20'))
  const wanted = added.filter((name) => usable[name] !== undefined)
  await compose('up', '--build', '--wait', 'producer', 'consumer', 'console', ...wanted)
}, startWithinMs)

test('both are of a fixed version, may write nowhere but where they must, and are published on this machine alone', () => {
  for (const service of added.map((name) => services[name])) {
    expect(service?.image).toMatch(/^[\w/]+:v?\d+\.\d+\.\d+$/)
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    expect(service?.ports?.map(({ host_ip: address }) => address)).toEqual(['127.0.0.1'])
  }
})

withPrometheus(
  `Prometheus finds producer, consumers, console and broker, and has nothing to tell${hint('prometheus')}`,
  async () => {
    const prometheus = prometheusAt(here(2))
    expect((await post(`${here(0)}/messages/order.placed`, order('watched'))).status).toBe(202)
    await eventually('all are up', async () => {
      const targets = await prometheus.targets()
      return targets.length === 5 && targets.every(({ health }) => health === 'up')
    })
    await eventually(
      'every metric of the broker',
      async () => {
        const found = await Promise.all([...ofBroker, ...ofQueues].map((name) => prometheus.query(name)))
        return found.every((series) => series.length > 0)
      },
      { withinMs: 90_000 },
    )
    await eventually('no rule fails', async () => (await prometheus.unhealthyRules()).length === 0)
    // Before its first look at them Prometheus misses the services, which is over at the next evaluation.
    await eventually('no alert is pending or fires', async () => (await prometheus.query('ALERTS')).length === 0)
  },
)

withPrometheus(`three consumers are three targets${hint('prometheus')}`, async () => {
  await compose('up', '--wait', '--no-recreate', '--scale', 'consumer=3', 'consumer')
  const consumers = async () => {
    const targets = await prometheusAt(here(2)).targets()
    return targets.filter(({ labels, health }) => labels['job'] === 'handoff-consumer' && health === 'up').length
  }
  await eventually('all three', async () => (await consumers()) === 3, { withinMs: 90_000 })
})

withGrafana(`Grafana shows the dashboard to whoever may reach it${hint('grafana')}`, async () => {
  const answer = await fetch(`${here(3)}/api/dashboards/uid/handoff`)
  expect(await answer.json()).toMatchObject({ dashboard: { title: 'Handoff' }, meta: { canSave: false } })
})
