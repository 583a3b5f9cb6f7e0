import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../broker/free-ports'
import { startProxy } from '../network/tcp-proxy'
import { makeEffects } from './effects'
import type { Stage } from './faults/fault'
import { namespace } from './names'
import { startOwnNode, writeDownQueues, type OwnNode } from './own-node'
import { OwnService, type ServiceFacts } from './own-service'

/** A broker, a store and a pair that nobody else uses. */
export interface OwnPair extends Omit<Stage, 'random'> {
  /** Ends and removes all of it. */
  readonly close: () => Promise<void>
}

export interface PairFacts {
  readonly root: string
  /** Where the services' logs are kept. */
  readonly report: string
  /** Settings of both services beside those that keep the pair apart. */
  readonly settings: NodeJS.ProcessEnv
  /** A module that both services load first. */
  readonly preload: string | undefined
  readonly say: (line: string) => void
}

const readyWithinMs = 120_000

/** Starts all of it and resolves when both services are ready; rejects, with nothing left, when they do not become so. */
export async function startOwnPair(facts: PairFacts): Promise<OwnPair> {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-verify-'))
  const ends: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    return { ...(await startIn(folder, facts, (end) => ends.push(end))), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startIn(
  folder: string,
  { root, report, say, preload, settings }: PairFacts,
  atEnd: (end: () => unknown) => void,
): Promise<Omit<OwnPair, 'close'>> {
  const storePath = join(folder, 'store.sqlite')
  makeEffects(storePath)
  await mkdir(report, { recursive: true })
  say('starting a broker, a producer and a consumer of its own')
  const node = await startOwnNode(join(folder, 'broker'))
  atEnd(() => node.stop())
  const paths = [await startProxy({ targetPort: node.port }), await startProxy({ targetPort: node.port })] as const
  const [producerPort = 0, consumerPort = 0] = await freePorts(2)
  const shared = { root, preload, settings, folder: report, say, storePath, spoolPath: join(folder, 'spool') }
  const producer = serviceOf({ ...shared, name: 'producer', port: producerPort, broker: throughPath(node, paths[0]) })
  const consumer = serviceOf({ ...shared, name: 'consumer', port: consumerPort, broker: throughPath(node, paths[1]) })
  for (const path of paths) atEnd(() => path.close())
  for (const service of [producer, consumer]) {
    atEnd(() => service.end('SIGKILL'))
    service.start()
  }
  await untilBothReady({ producer, consumer })
  await writeDownQueues(node)
  return { producer, consumer, node, paths, storePath }
}

/** Rejects, naming the one that is not, after two minutes. */
export async function untilBothReady({ producer, consumer }: Pick<Stage, 'producer' | 'consumer'>): Promise<void> {
  for (const service of [consumer, producer])
    if (!(await service.isReadyWithin(readyWithinMs)))
      throw new Error(`the ${service.name} was not ready within ${readyWithinMs / 1_000} s; its log is in the report`)
}

function throughPath({ url }: OwnNode, { port }: { readonly port: number }): string {
  const through = new URL(url)
  through.port = String(port)
  return through.href
}

interface Given extends Pick<ServiceFacts, 'name' | 'root' | 'folder' | 'preload' | 'say'> {
  readonly settings: NodeJS.ProcessEnv
  readonly port: number
  readonly broker: string
  readonly storePath: string
  readonly spoolPath: string
}

function serviceOf({ port, broker, storePath, spoolPath, settings, ...facts }: Given): OwnService {
  const env = {
    ...settings,
    PATH: process.env['PATH'],
    BROKER_URL: broker,
    BROKER_MANAGEMENT_URL: 'off',
    NAMESPACE: namespace,
    STORE_URL: `sqlite:${storePath}`,
    SPOOL_PATH: spoolPath,
    [`${facts.name.toUpperCase()}_PORT`]: String(port),
  }
  return new OwnService({ ...facts, url: `http://127.0.0.1:${port}`, env })
}
