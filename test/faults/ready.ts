/** What a service says of itself to whoever watches it. */
import { eventually } from '../support/eventually'

export interface Readiness {
  readonly code: number
  readonly status: 'ready' | 'degraded' | 'not_ready'
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>
}

async function readinessOf({ url }: { readonly url: string }): Promise<Readiness> {
  const answer = await fetch(`${url}/readyz`)
  return { code: answer.status, ...((await answer.json()) as Omit<Readiness, 'code'>) }
}

/** Waits until the service calls itself so; answers with all that it says. */
export function eventuallySays(
  service: { readonly url: string },
  status: Readiness['status'],
  limits?: { readonly withinMs: number },
): Promise<Readiness> {
  const says = async () => {
    const readiness = await readinessOf(service)
    if (readiness.status !== status) throw new Error(JSON.stringify(readiness))
    return readiness
  }
  return eventually(`the service is ${status}`, says, limits)
}

/** The metric's value, all labels given; 0 while nothing was counted. */
export async function metricOf({ url }: { readonly url: string }, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}
