const metric = 'handoff_routes_info'
const line = new RegExp(String.raw`^${metric}\{(?:[^}]*,)?hash="([0-9a-f]+)"[^}]*\} 1$`, 'm')

/** The hash of the routing rules that a service goes by, by its metrics: empty for none; undefined where it does not tell. */
export function routesHash(text: string): string | undefined {
  const found = line.exec(text)?.[1]
  if (found !== undefined) return found
  return text.includes(`# TYPE ${metric} `) ? '' : undefined
}
