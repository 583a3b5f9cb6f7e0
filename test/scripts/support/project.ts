import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { newFolder, type Folder } from './folder'
import { start, type Running } from './process'

/** A small project with the real bootstrap, one task, and an `npm` of our own that only notes that it was called. */
export interface Project extends Folder {
  bootstrap(...args: string[]): Running
  /** The arguments of each call of npm, oldest first. */
  npmCalls(): string[]
}

const repository = join(__dirname, '..', '..', '..')

/** What stands for `npm ci`: packages of the real project, linked. It waits while a file named `hold` is there. */
const npm = `#!/bin/sh
echo "$@" >> npm-calls
while [ -e hold ]; do sleep 0.05; done
if [ -e broken ]; then echo 'npm error: the registry is away'; exit 3; fi
rm -rf node_modules && mkdir node_modules
for package in "${join(repository, 'node_modules')}"/* "${join(repository, 'node_modules')}/.bin"; do ln -s "$package" node_modules/; done
`

export function newProject(task: string): Project {
  const folder = newFolder()
  for (const part of ['scripts/bootstrap.mjs', 'scripts/bootstrap', 'tsconfig.json'])
    cpSync(join(repository, part), join(folder.path, part), { recursive: true })
  folder.write('package.json', '{}')
  folder.write('package-lock.json', '{"packages":{"node_modules/a":{"integrity":"sha512-a"}}}')
  folder.write('scripts/task.ts', task)
  folder.write('bin/npm', npm, 0o755)
  const env = { ...process.env, PATH: [join(folder.path, 'bin'), process.env['PATH']].join(delimiter) }
  return {
    ...folder,
    bootstrap: (...args) => start(process.execPath, ['scripts/bootstrap.mjs', ...args], { cwd: folder.path, env }),
    npmCalls: () => linesOf(join(folder.path, 'npm-calls')),
  }
}

/** Changes what a lock file says, as a changed dependency would. */
export function changeLock({ path }: Folder): void {
  const file = join(path, 'package-lock.json')
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('sha512-a', 'sha512-b'))
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
}
