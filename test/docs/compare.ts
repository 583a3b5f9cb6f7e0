/**
 * What is wrong with an output, held against the block that a document shows for it; undefined when nothing is. Ids and
 * times may differ, and `…` stands for anything. Of a text each shown line has to come, in the order shown.
 */
export function difference(language: string, shown: string, output: string): string | undefined {
  if (language !== 'json') return missingLine(shown.split('\n'), output.split('\n'))
  try {
    return differentJson(JSON.parse(shown), JSON.parse(output), '')
  } catch (error) {
    return `${(error as Error).message} in ${output}`
  }
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const time = '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z?'

function missingLine(shown: readonly string[], lines: readonly string[]): string | undefined {
  let from = 0
  for (const line of shown) {
    const found = lines.findIndex((candidate, index) => index >= from && patternOf(line).test(candidate))
    if (found < 0) return `there is no line like "${line}" in:\n${lines.join('\n')}`
    from = found + 1
  }
  return undefined
}

function differentJson(shown: unknown, found: unknown, pointer: string): string | undefined {
  if (typeof shown === 'string' && typeof found === 'string' && patternOf(shown).test(found)) return undefined
  if (typeof shown !== 'object' || typeof found !== 'object' || shown === null || found === null)
    return Object.is(shown, found) ? undefined : `${pointer} is ${JSON.stringify(found)}, not ${JSON.stringify(shown)}`
  const names = [...new Set([...Object.keys(shown), ...Object.keys(found)])]
  return names
    .map((name) =>
      differentJson(
        (shown as Record<string, unknown>)[name],
        (found as Record<string, unknown>)[name],
        `${pointer}/${name}`,
      ),
    )
    .find((different) => different !== undefined)
}

function patternOf(text: string): RegExp {
  const plain = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const free = plain
    .replace(new RegExp(uuid, 'g'), uuid)
    .replace(new RegExp(time.replaceAll('\\.', '\\\\\\.'), 'g'), time)
    .replaceAll('…', '.*')
  return new RegExp(`^${free}$`)
}
