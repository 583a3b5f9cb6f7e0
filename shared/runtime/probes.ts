import type { FastifyInstance } from 'fastify'
import { withDeadline } from './deadline'
import type { Metrics } from './metrics'

export interface CheckResult {
  /** `degraded`: the service works, though not fully. */
  readonly status: 'ok' | 'degraded' | 'failed'
  /** For a person, without secrets: `connected to RabbitMQ 4.3.6`. */
  readonly detail: string
}

/** What readiness depends on, by name. A check that rejects or takes too long has failed. */
export type Checks = Readonly<Record<string, () => CheckResult | Promise<CheckResult>>>

const livePath = '/livez'
const readyPath = '/readyz'

/** Where probes are answered, also to a caller without a key. */
export const probePaths: readonly string[] = [livePath, readyPath]

const checkDeadlineMs = 2_000
const statusOf = { ok: 'ready', degraded: 'degraded', failed: 'not_ready' } as const

/** `/livez`, which asks nobody, and `/readyz`, which runs every check; both answer without a key. */
export function addProbes(app: FastifyInstance, checks: Checks): void {
  app.get(livePath, () => ({ status: 'alive' }))
  app.get(readyPath, async (_request, reply) => {
    const results = await Promise.all(Object.entries(checks).map(([name, check]) => runCheck(name, check)))
    const worst = (['failed', 'degraded', 'ok'] as const).find((status) => results.some((one) => one.status === status))
    const status = statusOf[worst ?? 'ok']
    void reply.code(status === 'not_ready' ? 503 : 200).header('cache-control', 'no-store')
    return {
      status,
      checks: Object.fromEntries(results.map(({ name, status, detail }) => [name, { ok: status === 'ok', detail }])),
    }
  })
}

/** `/metrics` in the Prometheus text format. */
export function addMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', async (_request, reply) => {
    void reply.type(metrics.registry.contentType)
    return metrics.text()
  })
}

async function runCheck(name: string, check: Checks[string]): Promise<CheckResult & { readonly name: string }> {
  try {
    const running = Promise.resolve().then(check)
    return { name, ...(await withDeadline(running, checkDeadlineMs, `the check "${name}"`)) }
  } catch (error) {
    return { name, status: 'failed', detail: (error as Error).message }
  }
}
