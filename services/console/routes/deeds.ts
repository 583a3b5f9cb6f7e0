import type { RouteActions } from '../../../shared/routing/routes/route-rule'
import type { DeedView } from '../views/routes'

/** What a rule does, in words and in the order in which a person asks. */
export function deedsOf({ route, copy, drop, delaySeconds, key, priority }: RouteActions): readonly DeedView[] {
  return [
    ...(drop === true ? [{ action: 'drop', words: 'drops it' } as const] : []),
    ...(route === undefined ? [] : [{ action: 'route', words: `only to ${route.join(', ')}` } as const]),
    ...(copy === undefined ? [] : [{ action: 'copy', words: `also to ${copy.join(', ')}` } as const]),
    ...(delaySeconds === undefined ? [] : [{ action: 'delay', words: `delays it by ${spell(delaySeconds)}` } as const]),
    ...(key === undefined ? [] : [{ action: 'key', words: 'keeps it in order by', expression: key } as const]),
    ...(priority === undefined ? [] : [{ action: 'priority', words: priorityWords(priority) } as const]),
  ]
}

const units = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** `90 s`, `2 h`: in the largest unit of which it is a whole number. */
function spell(seconds: number): string {
  const [length, unit] = units.find(([each]) => seconds % each === 0) ?? [1, 's']
  return `${seconds / length} ${unit}`
}

function priorityWords(priority: number): string {
  if (priority === 4) return 'priority 4, as good as none'
  return priority > 4 ? `priority ${priority}: overtakes others` : `priority ${priority}: waits for others`
}
