/**
 * Test files that take longer than others and stand beside one that shows the same in short: the longest first, so that
 * dealing them out makes turns of about the same length.
 */
export const longFiles: readonly string[] = [
  'faults/outbox',
  'contract/rabbitmq-migration',
  'faults/verify',
  'compose/cluster',
  'browser/faults',
  'cluster/cluster',
  'faults/store-away',
  'faults/handlers',
  'e2e/reply',
  'e2e/shutdown',
  'faults/suspects',
  'compose/observability',
  'faults/following',
  'faults/sabotage',
  'faults/network-slow',
  'faults/spool-broker',
  'e2e/dead-move',
  'e2e/dead-import',
  'faults/sabotage-early-answer',
  'e2e/schedules',
  'e2e/broker-restart',
  'e2e/routes-file',
  'e2e/dead-look',
  'faults/migration',
  'support/brokers/open-handles',
  'faults/store-harmed',
  'faults/network-cuts',
  'contract/rabbitmq-connection',
  'contract/rabbitmq-silence',
  'examples/saga',
  'faults/broker-user',
  'faults/half-open',
  'faults/alarms',
  'faults/schema-versions',
  'faults/kills/consumer-on-postgres',
  'e2e/topology',
  'e2e/console-topology',
  'browser/routes',
  'e2e/queue-input',
  'e2e/rules',
  'e2e/reply-restart',
  'faults/silent-broker',
  'e2e/webhooks',
  'contract/store-following',
  'e2e/dead-edit',
  'e2e/dead-export',
  'e2e/delay-restart',
  'support/brokers/broker',
  'scripts/broker/docker-broker',
  'contract/store-full',
  'faults/stops',
  'e2e/verify',
  'faults/kills/spool-on-sqlite',
  'faults/kills/spool-on-postgres',
  'examples/scheduled-reminder',
  'support/brokers/own-broker',
  'e2e/load',
  'e2e/console-look',
  'faults/unsafe-policy',
  'e2e/reset',
  'examples/request-reply',
  'faults/broker-timers',
  'faults/kills/commands',
  'faults/foreign-policy',
  'examples/work-queue',
  'faults/backlog',
  'faults/slow-handshake',
  'faults/busy-queue',
  'faults/kills/producer-on-postgres',
  'examples/publish-subscribe',
  'faults/full-queue',
]

/** After so many turns each of them has been run. */
export const turns = 4

/** A turn from 0, or `all`; unset is all as well, so that a file may be run by its name. */
export const turnSetting = 'HANDOFF_TEST_TURN'

/** Patterns of the files that rest in this turn; none rests when all have it. */
export function restingIn(turn: number | 'all'): readonly string[] {
  if (turn === 'all') return []
  return longFiles.filter((_file, index) => index % turns !== turn).map((file) => `**/test/${file}.test.ts`)
}

/** Throws when the setting is neither a turn nor `all`. */
export function turnIn(env: NodeJS.ProcessEnv): number | 'all' {
  const given = env[turnSetting] ?? 'all'
  if (given === 'all') return given
  const turn = Number(given)
  if (/^\d+$/.test(given) && turn < turns) return turn
  throw new Error(`${turnSetting} is "${given}", but must be a whole number from 0 to ${turns - 1}, or all`)
}
