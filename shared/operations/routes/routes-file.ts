import { noRoutes, RouteSet } from '../../routing/routes/route-set'
import { readRoutes } from '../../routing/routes/read-routes'
import type { Known } from '../../routing/routes/rule-of'
import type { Reading } from '../../runtime/file-watch'
import type { CheckResult } from '../../runtime/probes'
import { SettingsError } from '../../runtime/settings-error'
import { changesBetween, type RouteChanges } from './route-changes'

export interface RoutesFileParts {
  readonly path: string
  /** `named`: somebody has named it, so that it has to be there. */
  readonly presence: 'named' | 'where it exists'
  readonly known: Known
  /** Undefined where there is no such file. Rejects when it cannot be read. */
  readonly read: (path: string) => Promise<string | undefined>
  readonly events: RoutesFileEvents
}

/** Why there is no text. */
interface Unread {
  readonly isMissing: boolean
  readonly why: string
}

export interface RoutesFileEvents {
  /** Rules are in effect, those of the start too. */
  applied(set: RouteSet, changes: RouteChanges): void
  /** The file has mistakes, or is gone: the rules stay as they were. Told once for each content. */
  refused(lines: readonly string[]): void
}

/**
 * The rules of a file, and their swap for others while messages flow. A publish asks the set that it finds, and no binding
 * depends on it: there is no moment in between at which a message could be lost.
 */
export class RoutesFile {
  readonly #parts: RoutesFileParts
  #current = noRoutes
  /** What was last told, so that it is told once. */
  #trouble: readonly string[] = []
  #looking: Promise<Reading> = Promise.resolve('read')

  private constructor(parts: RoutesFileParts) {
    this.#parts = parts
  }

  /** Reads it for the first time. Rejects with a SettingsError that has a line for each mistake. */
  static async open(parts: RoutesFileParts): Promise<RoutesFile> {
    const file = new RoutesFile(parts)
    const text = await file.#text()
    if (typeof text !== 'string') {
      if (text.isMissing && parts.presence === 'where it exists') return file
      throw new SettingsError([`ROUTES_FILE: ${text.why}`])
    }
    const lines = file.#take(text)
    if (lines.length > 0) throw new SettingsError(lines)
    return file
  }

  /** For whoever publishes nothing: what is wrong with the file is told as it would be later, and there are no rules then. Never rejects. */
  static async look(parts: RoutesFileParts): Promise<RoutesFile> {
    const file = new RoutesFile(parts)
    await file.reload()
    return file
  }

  get current(): RouteSet {
    return this.#current
  }

  /** Why the file as it is now cannot be used, a line for each mistake; empty where it can. */
  get trouble(): readonly string[] {
    return this.#trouble
  }

  /** Reads it again; what is wrong with it leaves the rules as they are. Never rejects. */
  reload(): Promise<Reading> {
    this.#looking = this.#looking.then(() => this.#look())
    return this.#looking
  }

  check(): CheckResult {
    const { rules, hash } = this.#current
    const { path } = this.#parts
    const count = rules.length === 1 ? '1 rule' : `${rules.length} rules`
    const detail = this.#current === noRoutes ? `no ${path}` : `${path} ${hash}: ${count}`
    const [first] = this.#trouble
    return first === undefined ? { status: 'ok', detail } : { status: 'degraded', detail: `${first}; still ${detail}` }
  }

  async #look(): Promise<Reading> {
    const text = await this.#text()
    this.#note(typeof text === 'string' ? this.#take(text) : this.#troubleOf(text))
    return typeof text === 'string' ? 'read' : 'unread'
  }

  #troubleOf({ isMissing, why }: Unread): readonly string[] {
    const isAsBefore = isMissing && this.#current === noRoutes && this.#parts.presence === 'where it exists'
    return isAsBefore ? [] : [why]
  }

  #note(lines: readonly string[]): void {
    const isNew = lines.join('\n') !== this.#trouble.join('\n')
    this.#trouble = lines
    if (isNew && lines.length > 0) this.#parts.events.refused(lines)
  }

  /** Puts the rules of this text into effect, or answers with what is wrong with them. */
  #take(text: string): readonly string[] {
    const { path, known, events } = this.#parts
    const read = readRoutes(text, known)
    if (read.kind === 'mistakes') return read.mistakes.map(({ line, text: what }) => `${path}:${line}: ${what}`)
    const next = new RouteSet(read.rules, text)
    if (next.hash === this.#current.hash && this.#current !== noRoutes) return []
    const changes = changesBetween(this.#current.rules, next.rules)
    this.#current = next
    events.applied(next, changes)
    return []
  }

  async #text(): Promise<string | Unread> {
    const { path, read } = this.#parts
    try {
      const text = await read(path)
      if (text !== undefined) return text
      return { isMissing: true, why: `${path} is not there; write it, with "rules: []" for none` }
    } catch (error) {
      return { isMissing: false, why: `${path} cannot be read: ${(error as Error).message}` }
    }
  }
}
