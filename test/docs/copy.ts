import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { newFolder } from '../scripts/support/folder'
import { start } from '../scripts/support/process'
import { blocksOf, root } from './documents'

const left = ['.git', '.handoff', 'coverage', 'dist', 'node_modules']

/** A copy of the project to be changed, with the packages linked: installing them would take a minute. */
export interface Copy {
  readonly path: string
  read(file: string): string
  write(file: string, text: string): void
  /** Runs a block of a document as a shell does, ending at the first failure. */
  run(commands: string): Promise<{ readonly code: number | null; readonly output: string }>
}

export function copyOfProject(): Copy {
  const { path } = newFolder()
  const filter = (file: string) => !left.includes(basename(file))
  for (const name of readdirSync(root).filter(filter))
    cpSync(join(root, name), join(path, name), { recursive: true, filter })
  linkPackages(path)
  return {
    path,
    read: (file) => readFileSync(join(path, file), 'utf8'),
    write: (file, text) => {
      mkdirSync(dirname(join(path, file)), { recursive: true })
      writeFileSync(join(path, file), text)
    },
    run: (commands) => start('sh', ['-ec', commands], { cwd: path, env: environment(path) }).ended,
  }
}

/** Adds the files and lines that a document prints, as a reader of it would; answers with the files that they went into. */
export function follow(document: string, copy: Copy): readonly string[] {
  const touched = new Set<string>()
  const touching = { ...copy, write: (file: string, text: string) => (touched.add(file), copy.write(file, text)) }
  for (const { language, text, place } of blocksOf(document)) {
    const file = /^(?:\/\/|--) (\S+\.(?:ts|sql))\n/.exec(text)?.[1]
    if (file !== undefined) touching.write(file, `${text.slice(text.indexOf('\n') + 1)}\n`)
    if (language === 'diff') for (const part of text.split(/^--- /m).slice(1)) change(touching, part, place)
  }
  return [...touched]
}

/** Each folder of packages is linked by itself, so that caches under node_modules stay the copy's own. */
function linkPackages(path: string): void {
  mkdirSync(join(path, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules')).filter((name) => name !== '.cache'))
    symlinkSync(join(root, 'node_modules', name), join(path, 'node_modules', name))
}

/** One file's part of a diff: a line that goes is replaced by those behind it, an import goes to the top. */
function change(copy: Copy, part: string, place: string): void {
  const [file = '', ...lines] = part.trimEnd().split('\n')
  const imports = lines.filter((line) => line.startsWith('+import ')).map((line) => line.slice(1))
  const old = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1))
  const added = lines
    .filter((line) => line.startsWith('+') && !line.startsWith('+import '))
    .map((line) => line.slice(1))
  const text = copy.read(file)
  if (!`\n${text}`.includes(`\n${old.join('\n')}\n`)) throw new Error(`${place}: ${file} has no line ${old.join('\n')}`)
  copy.write(
    file,
    imports.map((line) => `${line}\n`).join('') + text.replace(`${old.join('\n')}\n`, () => `${added.join('\n')}\n`),
  )
}

/** Without what Jest has set for its own workers. */
function environment(path: string): NodeJS.ProcessEnv {
  const { NODE_ENV: _node, JEST_WORKER_ID: _worker, ...rest } = process.env
  return { ...rest, PATH: `${join(path, 'node_modules', '.bin')}:${process.env['PATH']}` }
}
