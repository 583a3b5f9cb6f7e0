import { timeNames } from './timing'

/** Names of CloudEvents have no capitals, and these read better with one. */
const alsoSpelt = Object.entries({ deliverAt: timeNames.due, expiryTime: timeNames.expiry })

type Attributes = Readonly<Record<string, unknown>>

/** The attributes with its times under their CloudEvents names; where one is there twice, a sentence that says so. */
export function withTimesRenamed(attributes: Attributes): Attributes | string {
  if (!alsoSpelt.some(([spelt]) => attributes[spelt] !== undefined)) return attributes
  const renamed: Record<string, unknown> = { ...attributes }
  for (const [spelt, name] of alsoSpelt) {
    if (renamed[spelt] === undefined) continue
    if (renamed[name] !== undefined) return `it has both "${spelt}" and "${name}", which are one attribute`
    renamed[name] = renamed[spelt]
    delete renamed[spelt]
  }
  return renamed
}
