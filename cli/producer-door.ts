import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { readCliConfig } from './config'
import { UsageError } from './usage-error'

/** How to reach the producer, as a command line says it. */
export interface DoorOptions {
  readonly url?: string
  readonly apiKeyFile?: string
}

export function withDoor(command: Command): Command {
  return command
    .option('--url <url>', 'where the producer is (default: PRODUCER_PORT on this machine)')
    .option('--api-key-file <path>', 'a file with the API key')
}

export function producerUrl(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const url = given ?? `http://127.0.0.1:${readCliConfig(environment).PRODUCER_PORT}`
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`--url is "${url}"; use http://HOST:PORT or https://HOST`)
  return url.replace(/\/+$/, '')
}

export function apiKeyOf({ apiKeyFile }: DoorOptions, environment: NodeJS.ProcessEnv): string | undefined {
  if (apiKeyFile === undefined) return environment['HANDOFF_API_KEY'] || undefined
  try {
    return readFileSync(apiKeyFile, 'utf8').trim()
  } catch (error) {
    throw new UsageError(
      `--api-key-file is "${apiKeyFile}", which cannot be read (${(error as NodeJS.ErrnoException).code})`,
    )
  }
}
