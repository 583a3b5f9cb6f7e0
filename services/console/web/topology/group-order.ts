import type { TopologyNode } from '../../views/topology'

const roles: readonly string[] = ['work', 'lane', 'partition', 'retry', 'dead', 'wait']

/** The objects of a group in the order in which a message may meet them, and then what nobody declared; to be compared as text with numbers in it. */
export function groupOrder({ role, name, facts, state }: TopologyNode): string {
  if (state === 'extra') return `9 ${name}`
  const ttl = facts['x-message-ttl']
  return `${roles.indexOf(role)} ${typeof ttl === 'number' ? ttl : ''} ${name}`
}

export function inGroupOrder(a: TopologyNode, b: TopologyNode): number {
  return groupOrder(a).localeCompare(groupOrder(b), 'en', { numeric: true })
}
