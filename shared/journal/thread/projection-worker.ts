import { readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import type { JournalEntry } from '../../messaging/journal-log'
import { armFailpoints } from '../../runtime/failpoints'
import { OpenedOnce } from '../../runtime/opened-once'
import { journalBehind } from '../../store/journal-behind'
import { openStore } from '../../store/open-store'
import { keepJournalClean } from '../../store/retention'
import { Projection } from '../projection'
import type { SentEntry, ThreadCalls, ThreadData, ThreadNews } from './calls'

/** Than the rest of the process, whose own may be low already. */
const lower = 10

/** Where processors are short, requests come first. On Linux each thread has a priority of its own; elsewhere they share one. */
function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')))
    setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, getPriority() + lower))
  } catch {
    // A system that does not let us be slower has us as fast as the others.
  }
}

/** The thread of {@link ProjectionThread}: a store of its own, and the projection that writes into it. */
function work(port: MessagePort, { log, storeUrl, failpoints }: ThreadData): void {
  armFailpoints(failpoints)
  const store = new OpenedOnce(() => openStore({ url: storeUrl, migrations: [] }))
  const table = journalBehind(async () => (await store.get()).journal)
  const projection = new Projection({
    log,
    table,
    events: {
      failed: ({ message }) => void news.failed.asEvent(message),
      recovered: () => void news.recovered.asEvent(),
      refused: ({ message }) => void news.refused.asEvent(message),
    },
    random: Math.random,
    projected: (entries) => void news.projected.asEvent(entries),
  })
  const endCleaning = keepJournalClean(table, ({ message }) => void news.cleaningFailed.asEvent(message))
  const calls: ThreadCalls = {
    place: () => projection.place(),
    anew: () => projection.anew(),
    take: (entries) => projection.take(entries.map(received)),
    stop: async () => {
      projection.stop()
      await endCleaning()
      await store.close((opened) => opened.close())
    },
  }
  const news = createBirpc<ThreadNews, ThreadCalls>(calls, {
    post: (data) => port.postMessage(data),
    on: (hear) => void port.on('message', hear),
    // A store may be away for hours, and the entries wait for it.
    timeout: -1,
  })
}

function received({ offset, id, body }: SentEntry): JournalEntry {
  return { offset, id, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }
}

if (parentPort !== null) {
  giveWay()
  work(parentPort, workerData as ThreadData)
}
