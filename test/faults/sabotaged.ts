import { resolve } from 'node:path'

export type Sabotage =
  | 'ack-first'
  | 'before-confirm'
  | 'new-id-each-time'
  | 'no-copy'
  | 'not-mandatory'
  | 'other-amount'
  | 'refuse-what-was-sent'

/** The setting that plants this fault into a service. */
export function sabotaged(by: Sabotage): Readonly<Record<'NODE_OPTIONS', string>> {
  return { NODE_OPTIONS: `--import=${resolve(__dirname, 'sabotage', `${by}.mjs`)}` }
}
