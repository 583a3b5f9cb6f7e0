import { levelPattern, levelSeconds } from './delay-levels'
import { namesOf, type Names } from './names'
import { type QueuePlan, type TopologyPlan } from './topology'

/**
 * The delay levels of a namespace. Apart from the rest: they are made with the first message that waits, so that who
 * delays nothing has none of them.
 */
export function planDelay(namespace: string): TopologyPlan {
  const names = namesOf(namespace)
  const levels = levelSeconds.map((seconds, level) => ({ level, seconds, name: names.delayLevel(level) }))
  return {
    exchanges: levels.map(({ name }) => ({ name, type: 'topic', alternateExchange: undefined })),
    queues: levels.map(({ name, level, seconds }) => levelQueue(name, seconds, below(names, level))),
    bindings: levels.map(({ name, level }) => ({
      exchange: name,
      queue: name,
      routingKey: levelPattern(level, 'wait'),
    })),
    links: levels.map(({ name, level }) => ({
      exchange: name,
      destination: below(names, level),
      routingKey: levelPattern(level, 'pass'),
    })),
  }
}

/** It names no dead-letter routing key, so that a message keeps the one that says where it waits next. */
function levelQueue(name: string, seconds: number, next: string): QueuePlan {
  return {
    name,
    arguments: {
      'x-queue-type': 'quorum',
      'x-message-ttl': seconds * 1_000,
      'x-dead-letter-exchange': next,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  }
}

function below(names: Names, level: number): string {
  return level === 0 ? names.due : names.delayLevel(level - 1)
}
