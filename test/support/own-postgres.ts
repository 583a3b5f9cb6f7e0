import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { dieWithUs } from '../../scripts/system/die-with-us'
import { findOnPath } from '../../scripts/broker/find-rabbitmq-server'
import { freePorts } from '../../scripts/broker/free-ports'
import { runCommand } from '../../scripts/broker/run-command'
import { atEnd, mustBeGone } from './ends'
import { eventually } from './eventually'

/** A PostgreSQL server of the test's own, that may come to any harm; URL and data stay the same. */
export interface OwnPostgres {
  readonly url: string
  /** Resolves when it answers; after a kill that is when it has recovered. */
  start(): Promise<void>
  /** SIGKILL for the server; the processes that it has started notice, and end. */
  kill(): Promise<void>
  /** Freezes all its processes: connections stay open and silent, and go on where they were. */
  pause(): Promise<void>
  resume(): Promise<void>
}

const startWithinMs = 60_000
// The server refuses to run as root.
const asItsUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []

/** The folder of the installed package's programs, which are not on the PATH everywhere; undefined where there is none. */
export function findPostgres(): string | undefined {
  const found = findOnPath('initdb')
  const folders = [...(found === undefined ? [] : [dirname(found)]), ...globSync('/usr/lib/postgresql/*/bin').sort()]
  return folders.findLast((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))))
}

/** Starts a server with an empty database, and these settings; ended at the end of the test or file. */
export async function startPostgres(
  bin: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnPostgres> {
  const [port = 0] = await freePorts(1)
  const directory = await runCommand(...command('mktemp', '-d', '-t', 'handoff-postgres-XXXXXX'))
  atEnd(() => rm(directory, { recursive: true, force: true }))
  await runCommand(...command(join(bin, 'initdb'), '-D', directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'))
  const places = ['-D', directory, '-k', directory, '-h', '127.0.0.1', '-p', String(port)]
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const postgres = serverOf(command(join(bin, 'postgres'), ...places, ...given), port)
  await postgres.start()
  return postgres
}

type Command = readonly [file: string, args: readonly string[]]

function command(...words: string[]): Command {
  const [file = '', ...args] = [...asItsUser, ...words]
  return [file, args]
}

function serverOf(program: Command, port: number): OwnPostgres {
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined
  const isAlive = () => server?.exitCode === null && server.signalCode === null
  const answers = async () => {
    // Until all that a killed server has left behind is gone, the next one ends at once.
    if (!isAlive()) server = launch(program)
    return login(url)
  }
  const end = async (signal: NodeJS.Signals) => {
    if (server === undefined || !isAlive()) return
    server.kill(signal)
    await once(server, 'exit')
  }
  const signalChildren = (name: string) => runCommand('pkill', [`-${name}`, '-P', String(server?.pid)])
  const resume = async () => {
    await signalChildren('CONT')
    server?.kill('SIGCONT')
  }
  mustBeGone(`the PostgreSQL server on port ${port}`, isAlive)
  atEnd(async () => {
    if (isAlive()) await resume()
    await end('SIGINT')
  })
  return {
    url,
    start: async () => void (await eventually('PostgreSQL answers', answers, { withinMs: startWithinMs })),
    kill: () => end('SIGKILL'),
    // The server first: what it began after its children were told would go on.
    pause: async () => {
      server?.kill('SIGSTOP')
      await signalChildren('STOP')
    },
    resume,
  }
}

function launch([file, args]: Command): ChildProcess {
  const server = spawn(file, args, { stdio: 'ignore' })
  server.once('exit', dieWithUs(server.pid ?? 0))
  return server
}

async function login(connectionString: string): Promise<true> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 })
  await client.connect()
  await client.end()
  return true
}
