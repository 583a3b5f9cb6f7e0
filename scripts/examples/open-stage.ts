import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Example } from '../../examples/example'
import type { Stage } from '../../examples/stage'
import { openStore } from '../../shared/store/open-store'
import type { SystemSettings } from '../system/settings'
import type { Say } from '../terminal/say'
import { deadLettersOf } from './dead-letters-of'
import { exampleEnvironment } from './example-environment'
import { ExampleProcesses } from './example-processes'
import { ExampleProducers } from './example-producers'
import { expectKept } from './expect-kept'
import { refuseSecondRun, removeObjects } from './remove-objects'
import { untilSo } from './until-so'

export interface OpenedStage extends Stage {
  /** The last lines of the logs of what was started. */
  readonly lastWords: () => readonly string[]
  /** Ends the processes, and removes what stands at the broker and on the disk. */
  readonly close: () => Promise<void>
}

interface StageFacts {
  readonly settings: SystemSettings
  readonly brokerUrl: string
  readonly say: Say
}

const silent = pino({ level: 'silent' })

/** What an earlier run left that was killed goes first. Rejects while another run of the same example is at work there. */
export async function openStage(example: Example, { settings, brokerUrl, say }: StageFacts): Promise<OpenedStage> {
  const namespace = `example-${example.name}`
  const place = { settings, brokerUrl, namespace, groups: example.groups }
  await refuseSecondRun(place)
  await removeObjects(place)
  const folder = await mkdtemp(join(tmpdir(), `handoff-${namespace}-`))
  const environment = exampleEnvironment({ settings, brokerUrl, namespace, folder })
  const processes = new ExampleProcesses({ example: example.name, environment, folder, say })
  const storeUrl = environment['STORE_URL'] ?? ''
  const store = await openStore({ url: storeUrl, migrations: [example.tables] })
  const producers = new ExampleProducers()
  const producerOptions = { environment, source: `/examples/${example.name}`, logger: silent }
  return {
    ...{ brokerUrl, namespace, folder, say },
    expect: (promise, facts) => say(expectKept(promise, facts)),
    until: untilSo,
    rows: (sql, params = []) => store.query(sql, params),
    deadLetters: (group) => deadLettersOf(group, place),
    openProducer: ({ groups = example.groups } = {}) => producers.open({ ...producerOptions, groups }),
    startProducer: (facts) => processes.startService('producer', facts),
    startConsumer: (facts) => processes.startService('consumer', facts),
    startProgram: (command, args) => processes.startProgram(command, args),
    lastWords: () => processes.lastWords(),
    close: async () => {
      await Promise.all([processes.end(), producers.end()])
      await store.close()
      await removeObjects(place)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
