import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { freePorts } from '../../scripts/broker/free-ports'
import { atEnd, mustBeGone } from './ends'
import { eventually } from './eventually'

export interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing'
}

/** What Prometheus has seen; each rejects where it answers with an error. */
export interface Prometheus {
  targets(): Promise<readonly { readonly labels: Alert['labels']; readonly health: string }[]>
  /** The names of the rules whose last evaluation has not come to a good end. */
  unhealthyRules(): Promise<readonly string[]>
  alerts(name: string): Promise<readonly Alert[]>
  query(expr: string): Promise<readonly { readonly metric: Alert['labels']; readonly value: [number, string] }[]>
}

interface Config {
  readonly scrape_configs: readonly { readonly job_name: string }[]
}

const folderOfOurs = resolve(__dirname, '..', '..', 'deploy', 'prometheus')

/**
 * Starts the installed Prometheus with the configuration and rules of deploy/prometheus, looking each second at these
 * targets, by job; ended at the end of the test or file.
 */
export async function startPrometheus(targets: Readonly<Record<string, string>>): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-prometheus-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  copyFileSync(join(folderOfOurs, 'alerts.yml'), join(folder, 'alerts.yml'))
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(configOf(targets)))
  const [port = 0] = await freePorts(1)
  const places = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`]
  const args = [...places, `--web.listen-address=127.0.0.1:${port}`]
  const child = spawn('prometheus', args, { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  mustBeGone(`Prometheus (process ${child.pid})`, () => child.exitCode === null && child.signalCode === null)
  atEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const url = `http://127.0.0.1:${port}`
  await eventually('Prometheus is ready', async () => (await fetch(`${url}/-/ready`)).ok)
  return prometheusAt(url)
}

function configOf(targets: Readonly<Record<string, string>>): object {
  const config = parse(readFileSync(join(folderOfOurs, 'prometheus.yml'), 'utf8')) as Config
  const jobs = config.scrape_configs.map((job) => ({
    ...job,
    dns_sd_configs: [],
    static_configs: [{ targets: [targets[job.job_name] ?? missing(job.job_name)] }],
  }))
  return { ...config, global: { scrape_interval: '1s', evaluation_interval: '1s' }, scrape_configs: jobs }
}

function missing(job: string): never {
  throw new Error(`deploy/prometheus/prometheus.yml has the job "${job}", for which the test names no target`)
}

/** The HTTP interface of a Prometheus that runs. */
export function prometheusAt(url: string): Prometheus {
  const ask = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}/api/v1/${path}`)
    const body = (await response.json()) as { readonly status: string; readonly data: T }
    if (body.status !== 'success') throw new Error(`${path}: ${JSON.stringify(body)}`)
    return body.data
  }
  return {
    targets: async () => (await ask<{ activeTargets: [] }>('targets')).activeTargets,
    unhealthyRules: async () => {
      type Group = { readonly rules: readonly { readonly name: string; readonly health: string }[] }
      const { groups } = await ask<{ readonly groups: readonly Group[] }>('rules')
      return groups.flatMap(({ rules }) => rules.filter(({ health }) => health !== 'ok').map(({ name }) => name))
    },
    alerts: async (name) => {
      const { alerts } = await ask<{ readonly alerts: readonly Alert[] }>('alerts')
      return alerts.filter(({ labels }) => labels['alertname'] === name)
    },
    query: async (expr) => (await ask<{ result: [] }>(`query?query=${encodeURIComponent(expr)}`)).result,
  }
}
