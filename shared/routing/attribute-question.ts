import type { AttributeCondition } from '../messages/rule'
import type { Answer } from './expression'
import type { RoutedEvent } from './routed-event'

/** A condition on one attribute, ready to be asked. */
export interface AttributeQuestion {
  readonly attribute: string
  /** `source begins with "/shop"`. */
  readonly text: string
  ask(event: RoutedEvent): Answer
}

export function attributeQuestion(attribute: string, condition: AttributeCondition): AttributeQuestion {
  const { words, wanted, fits } = testOf(condition)
  return {
    attribute,
    text: `${attribute} ${words} ${JSON.stringify(wanted)}`,
    ask: (event) => {
      const value = attributeOf(event, attribute)
      if (value === undefined) return { undecided: `the event has no ${attribute}` }
      return fits(value) ? 'yes' : 'no'
    },
  }
}

interface Test {
  readonly words: string
  readonly wanted: string
  readonly fits: (value: string) => boolean
}

function testOf(condition: AttributeCondition): Test {
  if (typeof condition === 'string') return testOf({ exact: condition })
  if ('prefix' in condition)
    return { words: 'begins with', wanted: condition.prefix, fits: (value) => value.startsWith(condition.prefix) }
  if ('suffix' in condition)
    return { words: 'ends with', wanted: condition.suffix, fits: (value) => value.endsWith(condition.suffix) }
  return { words: 'is', wanted: condition.exact, fits: (value) => value === condition.exact }
}

/** An attribute by its CloudEvents name, wherever it is kept. */
export function attributeOf(event: RoutedEvent, name: string): string | undefined {
  if (name === 'id' || name === 'source' || name === 'type' || name === 'time') return event[name]
  return Object.hasOwn(event.extensions, name) ? event.extensions[name] : undefined
}
