/**
 * The projects that Jest runs. Node could read this file by itself, but not what it imports, hence the loader.
 *
 * @jest-config-loader ts-node
 * @jest-config-loader-options {"compilerOptions": {"module": "CommonJS", "esModuleInterop": true}}
 */
import type { Config } from 'jest'
import { availableParallelism } from 'node:os'
import { restingIn, turnIn, turns } from './scripts/testing/long-files'
import { chosenBrokers } from './test/support/brokers/chosen-brokers'
import type { BrokerKind } from './test/support/brokers/running-brokers'
import { howMany, isLongRun } from './test/support/how-many'

type Project = Exclude<NonNullable<Config['projects']>[number], string>

// Packages that exist as ES modules only: Jest must translate them.
const esmOnly = [
  'birpc',
  'eventsource-parser',
  're2js',
  '@marcbachmann/cel-js',
  'typebox',
  'cookie',
  'content-disposition',
]
// One that calls import(), which Jest cannot do.
const importing = ['@opentelemetry/otlp-exporter-base']

const base = {
  testEnvironment: 'node',
  transform: {
    '\\.[cm]?[jt]s$': ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${[...esmOnly, ...importing].join('|')})/)`],
  moduleFileExtensions: ['ts', 'mts', 'mjs', 'js', 'json', 'node'],
  // The built services and their package files are not what is tested by name.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.handoff/'],
} satisfies Project

const turn = turnIn(process.env)
const resting = {
  native: patternsNot(restingIn(turn)),
  // Half a round later, so that a file's turns on the two brokers are not the same.
  container: patternsNot(restingIn(turn === 'all' ? turn : (turn + turns / 2) % turns)),
}
const unit = ['shared', 'services', 'cli', 'scripts', 'support', 'deploy'].map(
  (room) => `<rootDir>/test/${room}/**/*.test.ts`,
)
// Jest knows no <rootDir> behind an exclamation mark, hence the stars.
const findingBrokers = '**/test/scripts/broker/*.test.ts'
const findingContainers = '**/test/scripts/broker/docker-*.test.ts'
const stores = '**/test/contract/store*.test.ts'
const supportOnBroker = '**/test/support/brokers/*.test.ts'
const contract = ['<rootDir>/test/contract/*.test.ts', supportOnBroker, `!${stores}`]
// It starts a run of Jest, with a broker of its own, to look at that run.
const aboutJest = '**/test/support/brokers/open-handles.test.ts'
// Every migration waits until figures cannot be late any more; e2e has one on each broker.
const longOnEach = '**/test/contract/rabbitmq-migration.test.ts'
const e2e = ['<rootDir>/test/e2e/**/*.test.ts']
const faults = ['<rootDir>/test/faults/**/*.test.ts']
// Patterns are about our code; that each broker keeps what they need is shown above.
const examples = ['<rootDir>/test/examples/*.test.ts']
// What a person sees of a broker is told by the services, which are tested with each.
const browser = ['<rootDir>/test/browser/*.test.ts']
// Where one broker may behave otherwise than the next; the rest is about our processes, and one broker will do.
const brokersDiffer = {
  e2e: named('e2e', [
    'broker-restart',
    'dead-look',
    'dead-replayed-copy',
    'load',
    'delay',
    'delay-restart',
    'order',
    'pair',
    'priority',
    'queue-input',
    'reply-restart',
    'retries',
    'rules',
    'topology',
  ]),
  faults: named('faults', [
    'alarms',
    'broker-timers',
    'broker-user',
    'busy-queue',
    'foreign-headers',
    'full-queue',
    'memory-fault',
    'silent-broker',
    'suspects',
    'topology-faults',
    'unsafe-policy',
  ]),
}

const withoutBroker = [
  project('unit', [...unit, `!${findingBrokers}`, `!${supportOnBroker}`]),
  project('store', [stores]),
  project('simulation', ['<rootDir>/test/simulation/*.test.ts']),
]

function named(room: string, names: readonly string[]): string[] {
  return names.map((name) => `<rootDir>/test/${room}/${name}.test.ts`)
}

function withBroker(kind: BrokerKind, brokers: readonly BrokerKind[]): readonly Project[] {
  if (kind === 'native')
    return [
      project('scripts', [findingBrokers, `!${findingContainers}`]),
      project('contract-native', contract, 'native'),
      project('e2e-native', e2e, 'native'),
      project('faults-native', faults, 'native'),
      project('examples-native', examples, 'native'),
      project('browser', browser, 'native'),
    ]
  const isWhole = isLongRun || brokers.length === 1
  return [
    project('scripts-4', [findingContainers]),
    project(
      'contract-4',
      [...contract, `!${aboutJest}`, ...(isWhole ? [] : [`!${longOnEach}`, `!${supportOnBroker}`])],
      'container',
    ),
    project('e2e-4', isWhole ? e2e : brokersDiffer.e2e, 'container'),
    project('faults-4', isWhole ? faults : brokersDiffer.faults, 'container'),
    project('compose', ['<rootDir>/test/compose/**/*.test.ts']),
    project('cluster', ['<rootDir>/test/cluster/**/*.test.ts']),
  ]
}

function patternsNot(patterns: readonly string[]): string[] {
  return patterns.map((pattern) => `!${pattern}`)
}

/** A project with a broker starts it before its first test file, once for the run, and ends it after the last. */
function project(displayName: string, testMatch: string[], broker?: BrokerKind): Project {
  const inTurn = [...testMatch, ...resting[broker ?? 'native']]
  if (broker === undefined) return { ...base, displayName, testMatch: inTurn }
  const hooks = `<rootDir>/test/support/brokers/${broker}`
  const lifetime = { globalSetup: `${hooks}-setup.ts`, globalTeardown: `${hooks}-teardown.ts` }
  return { ...base, displayName, testMatch: inTurn, ...lifetime, globals: { handoffBroker: broker } }
}

export default async function config(): Promise<Config> {
  const brokers = await chosenBrokers(process.env['HANDOFF_TEST_BROKERS'], console.error)
  const projects = [...withoutBroker, ...brokers.flatMap((kind) => withBroker(kind, brokers))]
  // One more would fill the pauses of a fast machine, and make a slow one late for what tests wait for.
  return {
    projects,
    maxWorkers: availableParallelism(),
    testTimeout: howMany({ sampled: 120_000, long: 3_600_000 }),
  }
}
