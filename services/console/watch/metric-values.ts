/** `name value`, as the Prometheus text format has a metric without labels. */
const line = /^(handoff_[a-z0-9_]*|process_start_time_seconds) (\S+)/

/** The values of those of a service's own metrics, and of its start, that have no labels but its name; by their names. */
export function metricValues(text: string): Readonly<Record<string, number>> {
  const values: Record<string, number> = {}
  for (const each of text.split('\n')) {
    const [, name, value] = line.exec(each.replace(/\{service="[^"]*"\}/, '')) ?? []
    if (name !== undefined && Number.isFinite(Number(value))) values[name] = Number(value)
  }
  return values
}
