/** A broker object exists with other properties than ours, which cannot be changed: no start until a person decides. */
export class TopologyMismatch extends Error {
  readonly code = 'TOPOLOGY_MISMATCH'
  override readonly name = 'TopologyMismatch'
  /** Starting again cannot help. */
  readonly permanent = true
}

const inequivalent =
  /inequivalent arg '([^']+)' for (queue|exchange) '([^']+)' in vhost '([^']*)': received (.+?) but current is (.+?)"?$/

/** The broker's 406 as one sentence naming object, argument, wanted and found value; undefined for any other error. */
export function asMismatch(error: Error): TopologyMismatch | undefined {
  const found = inequivalent.exec(error.message)
  if (found === null) return undefined
  const [, argument, kind, name, vhost, wanted, current] = found as unknown as string[]
  return new TopologyMismatch(
    `${kind} "${name}" in vhost "${vhost}" has ${argument} ${plain(current)}, but Handoff needs ${plain(wanted)}; ` +
      `empty and delete the ${kind}, or choose another NAMESPACE`,
    { cause: error },
  )
}

// 'the value 'quorum' of type 'longstr'' → "quorum"; 'none' stays.
function plain(value: string | undefined): string {
  const quoted = /^(?:the value )?'(.*?)'(?: of type '.*')?$/.exec(value ?? '')
  return quoted?.[1] === undefined ? (value ?? 'unknown') : `"${quoted[1]}"`
}
