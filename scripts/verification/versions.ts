import { readFileSync } from 'node:fs'
import { release, type } from 'node:os'
import { join } from 'node:path'

/** What was verified, and what it ran on. */
export function versionsOf(root: string, rabbitmq: string): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
  return { handoff: version, node: process.version, rabbitmq, [type()]: release() }
}
