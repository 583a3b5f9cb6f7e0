import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts, isFree } from './free-ports'
import { until } from './until'

export interface NodePorts {
  readonly amqp: number
  readonly distribution: number
  readonly epmd: number
  readonly management: number
}

/** What must stay the same from start to start, so that a node finds its data again. */
export interface NodeIdentity {
  readonly name: string
  readonly ports: NodePorts
  /** The process that runs the node, for another one that finds it running. */
  readonly owner: number
}

/** The identity kept in a folder, or undefined where no node has lived yet. */
export async function readIdentity(directory: string): Promise<NodeIdentity | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(directory), 'utf8')) as NodeIdentity
  } catch {
    return undefined
  }
}

/** The process that runs a node in this folder now, or undefined. */
export async function ownerOf(directory: string): Promise<number | undefined> {
  const kept = await readIdentity(directory)
  return kept !== undefined && isAlive(kept.owner) && !(await isFree(kept.ports.distribution)) ? kept.owner : undefined
}

/**
 * Takes a folder's identity for this process, or makes a new one. Ports that someone else has taken meanwhile are
 * replaced, but not one that was asked for: then it rejects. It also rejects while a process runs a node there.
 */
export async function claimIdentity(directory: string, wantedPort: number | undefined): Promise<NodeIdentity> {
  const owner = await ownerOf(directory)
  if (owner !== undefined) throw new Error(`process ${owner} runs a RabbitMQ node in ${directory}; stop it first`)
  const kept = await readIdentity(directory)
  if (kept !== undefined) await leftoverGone(kept)
  if (wantedPort !== undefined && !(await isFree(wantedPort)))
    throw new Error(`port ${wantedPort} on 127.0.0.1 is taken; stop what listens there or choose another port`)
  const ports = await usablePorts(kept?.ports, wantedPort)
  const identity = {
    name: kept?.name ?? `handoff-${randomBytes(4).toString('hex')}@localhost`,
    ports,
    owner: process.pid,
  }
  await mkdir(directory, { recursive: true })
  await writeFile(fileIn(directory), `${JSON.stringify(identity, null, 2)}\n`)
  return identity
}

// The node of a process that was killed ends a little later by itself; two nodes on one folder would ruin its data. A
// port that stays taken longer than a node may take to end is somebody else's by now.
async function leftoverGone({ ports }: NodeIdentity): Promise<void> {
  await until('the end of the last node', 40_000, () => isFree(ports.distribution)).catch(() => {})
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function usablePorts(kept: NodePorts | undefined, amqp: number | undefined): Promise<NodePorts> {
  const [a = 0, b = 0, c = 0, d = 0] = await freePorts(4)
  const fresh = { amqp: a, distribution: b, epmd: c, management: d }
  const wished = { ...fresh, ...kept, ...(amqp === undefined ? {} : { amqp }) }
  const usable = await Promise.all(Object.values(wished).map(isFree))
  const names = Object.keys(wished) as (keyof NodePorts)[]
  const taken = names.filter((_, index) => usable[index] === false).map((name) => [name, fresh[name]])
  return { ...wished, ...(Object.fromEntries(taken) as Partial<NodePorts>) }
}

function fileIn(directory: string): string {
  return join(directory, 'node.json')
}
