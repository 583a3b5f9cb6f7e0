import { join } from 'node:path'
import { freePorts } from '../broker/free-ports'
import type { BenchParts } from './bench-row'

/** Where a process of a contestant runs. */
export interface Place {
  readonly root: string
  readonly brokerUrl: string
  readonly port: number
}

/** So many places, each with a free port. */
export async function placesFor(count: number, { root, broker }: BenchParts): Promise<readonly Place[]> {
  return (await freePorts(count)).map((port) => ({ root, brokerUrl: broker.url, port }))
}

export function placeAt(places: readonly Place[], at: number): Place {
  const place = places[at]
  if (place === undefined) throw new Error(`there are ${places.length} ports; number ${at} was wanted`)
  return place
}

/** A store in the folder that is removed at the end. */
export function sqliteUrl({ directory }: BenchParts, name: string): string {
  return `sqlite:${join(directory, `${name}.sqlite`)}`
}
