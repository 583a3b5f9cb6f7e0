/** What is put into a spool: bytes that mean nothing to it, and the lane that they keep their order in. */
export interface SpoolEntry {
  /** At most 65,535 bytes. */
  readonly lane: string
  readonly bytes: Buffer
}

/** An entry that is on disk. Its bytes are read again when they are needed, so that a full spool takes little memory. */
export interface Kept {
  readonly lane: string
  /** Milliseconds since 1970. */
  readonly storedAtMs: number
  /** Of the entry's bytes. */
  readonly length: number
}

export interface SpoolStatus {
  readonly messages: number
  /** On disk, with what is done and not yet cleared away. */
  readonly bytes: number
  readonly maxBytes: number
  /** When what has waited for longest was stored; milliseconds since 1970. */
  readonly oldestAtMs: number | undefined
  /** Why nothing can be stored now. */
  readonly refusal: string | undefined
  /** Files with damaged entries that nobody has taken away yet. */
  readonly damagedFiles: readonly string[]
}

/**
 * Where messages wait on this machine's disk while the broker cannot take them. An entry is safe once `append` has
 * resolved: written, checksummed and flushed, many of them with one flush. It stays until `done` is called. After a crash
 * what was done shortly before may be there again, so whoever takes an entry twice must not do it twice.
 */
export interface Spool {
  /** Resolves when the entry is on disk. Rejects with {@link SpoolUnavailable}. */
  append(entry: SpoolEntry): Promise<Kept>
  /** The bytes of an entry; undefined when they are damaged, which is told and never happens to be read again. */
  read(kept: Kept): Promise<Buffer | undefined>
  /** The entry is no longer needed. */
  done(kept: Kept): void
  /** Sets the entry's bytes aside for a person, with why: it is not to be taken any more. */
  setAside(kept: Kept, why: string): Promise<void>
  status(): SpoolStatus
  /** Refuses new entries, writes what is under way, and lets another process have the folder. May be called twice. */
  close(): Promise<void>
}

/** A spool, and what was found in it, oldest first. */
export interface OpenedSpool {
  readonly spool: Spool
  readonly found: readonly Kept[]
}

export interface SpoolEvents {
  /** Bytes that are no entry as it was written, set aside in `file`. */
  damaged(facts: { readonly file: string; readonly bytes: number; readonly why: string }): void
  /** The end of a file that a crash has kept from being written whole; nobody was told that it is safe. */
  torn(facts: { readonly file: string; readonly bytes: number }): void
  /** Nothing can be stored, told once; and that something can be again. */
  failed(why: string): void
  recovered(): void
}

/** The entry was not stored: there is no room, or the disk does not take it. */
export class SpoolUnavailable extends Error {
  readonly code = 'SPOOL_UNAVAILABLE'
  override readonly name = 'SpoolUnavailable'
  /** Whether it may be on disk all the same, and so be found there after a restart. */
  readonly remains: 'no' | 'perhaps'

  constructor(message: string, { remains = 'no', cause }: { remains?: 'no' | 'perhaps'; cause?: unknown } = {}) {
    super(message, { cause })
    this.remains = remains
  }
}
