import { startPrivateNode, type PrivateNode } from '../broker/private-node'

/** A broker that may come to harm; its address and data stay the same. */
export interface OwnNode {
  readonly url: string
  readonly port: number
  readonly version: string
  start(): Promise<void>
  /** In order. */
  stop(): Promise<void>
  kill(): Promise<void>
  pause(): void
  resume(): void
  ctl(...args: string[]): Promise<string>
}

const tries = 4

/** Starts the installed RabbitMQ package as a node of this run alone; it ends with this process. */
export async function startOwnNode(directory: string): Promise<OwnNode> {
  let node: PrivateNode = await startPrivateNode({ directory })
  const { url, port, version } = node
  return {
    ...{ url, port, version },
    start: async () => {
      node = await startPrivateNode({ directory, port })
    },
    stop: () => node.stop(),
    kill: () => node.kill(),
    pause: () => node.pause(),
    resume: () => node.resume(),
    ctl: (...args) => triedAgain(() => node.ctl(...args)),
  }
}

/** A busy machine may keep a command from its end in time, and a run of hours must not be lost to that; all of ours may be repeated. */
async function triedAgain<T>(run: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left--)
    try {
      return await run()
    } catch (error) {
      if (left === 0) throw error
    }
}

/**
 * By itself a node writes down which queues it has some seconds after they were declared; killed before that, it does
 * not find their logs again. A queue that nobody has used yet is not what is verified here.
 */
export async function writeDownQueues(node: Pick<OwnNode, 'ctl'>): Promise<void> {
  await node.ctl('eval', '[dets:sync(Table) || Table <- dets:all()].')
}
