/** What the names of all objects at the verification's broker begin with. */
export const namespace = 'verify'

/** Where commands are published. */
export const commandExchange = `${namespace}.commands.v1`

/** Where events that nobody wants lie, and stored commands that found no queue. */
export const unroutedQueue = `${namespace}.unrouted.v1`

export function workQueue(group: string): string {
  return `${namespace}.${group}.v1`
}

export function deadQueue(group: string): string {
  return `${namespace}.${group}.dead.v1`
}
