/** A broker object exists with other properties than ours, which cannot be changed: no start until a person decides. */
export class TopologyMismatch extends Error {
  readonly code = 'TOPOLOGY_MISMATCH'
  override readonly name = 'TopologyMismatch'
  /** Starting again cannot help. */
  readonly permanent = true
}

const inequivalent =
  /inequivalent arg '([^']+)' for (queue|exchange) '([^']+)' in vhost '([^']*)': received (.+?) but current is (.+?)"?$/

/** What a 406 says: the object, the argument that differs, and its value as declared and as found; `none` stands for no value. */
export interface Mismatch {
  readonly argument: string
  readonly kind: string
  readonly name: string
  readonly vhost: string
  readonly wanted: string
  readonly current: string
}

/** The broker's 406 in its parts; undefined for any other error. */
export function readMismatch(error: Error): Mismatch | undefined {
  const found = inequivalent.exec(error.message)
  if (found === null) return undefined
  const [argument = '', kind = '', name = '', vhost = '', wanted = '', current = ''] = found.slice(1)
  return { argument, kind, name, vhost, wanted: bare(wanted), current: bare(current) }
}

/** The broker's 406 as one sentence naming object, argument, wanted and found value; undefined for any other error. */
export function asMismatch(error: Error): TopologyMismatch | undefined {
  const found = readMismatch(error)
  if (found === undefined) return undefined
  const { argument, kind, name, vhost, wanted, current } = found
  return new TopologyMismatch(
    `${kind} "${name}" in vhost "${vhost}" has ${argument} ${shown(current)}, but Handoff needs ${shown(wanted)}; ` +
      `npx handoff topology plan shows all differences. ${wayOut[kind] ?? ''}`,
    { cause: error },
  )
}

const wayOut: Readonly<Record<string, string>> = {
  queue:
    'Raise the version of its group in groups.ts (docs/how-to/change-the-topology.md), or choose another NAMESPACE',
  exchange: 'Choose another NAMESPACE, or stop the services, delete the exchange and start them again',
}

// 'the value 'quorum' of type 'longstr'' → quorum; 'none' stays.
function bare(value: string): string {
  return /^(?:the value )?'(.*?)'(?: of type '.*')?$/.exec(value)?.[1] ?? value
}

function shown(value: string): string {
  return value === 'none' ? value : `"${value}"`
}
