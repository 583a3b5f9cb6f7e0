import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deployed } from './alerts'

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets?: readonly { readonly expr: string }[]
}

export interface Dashboard {
  readonly uid: string
  readonly panels: readonly Panel[]
}

export const dashboard = JSON.parse(readFileSync(join(deployed, 'grafana', 'handoff.json'), 'utf8')) as Dashboard

/** What the dashboard asks Prometheus, as Grafana would put it. */
export const asked = dashboard.panels
  .flatMap(({ targets = [] }) => targets)
  .map(({ expr }) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$group', '.*'))

const words = new Set(['and', 'or', 'unless', 'offset', 'bool', 'by', 'on'])

/** The names of metrics in an expression: all that is no label, function, word or number. */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
  const names = [...bare.matchAll(/(?<![\w:])[a-zA-Z_][\w:]*(?!\s*\(|[\w:])/g)].map(([name]) => name)
  return [...new Set(names)].filter((name) => !words.has(name))
}
