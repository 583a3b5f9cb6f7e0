/** An ordering key within a group. */
export interface GroupKey {
  readonly group: string
  readonly key: string
}

/** What a message is known by. */
export interface Blocking {
  readonly source: string
  readonly id: string
}

/** What stands in the way. */
export interface InTheWay extends Blocking {
  /** The one whose place it is to take, until it has come and is blocked itself: an edit may have been cut before it was sent. */
  readonly insteadOf?: Blocking
}

export interface BlockedCount {
  readonly group: string
  readonly keys: number
}

/**
 * The table `handoff_blocked_keys`: which messages stand in the way of those that come after them with the same key, since
 * they lie among the dead letters or are about to. Rejects with StoreUnavailable like the store it belongs to.
 */
export interface BlockedKeys {
  /** The one that came first of those in the way; undefined where nothing is. */
  first(of: GroupKey): Promise<InTheWay | undefined>
  /**
   * Notes, on disk before it resolves, that these stand in the way, in their order. Who does already keeps its place, and has
   * it again where another was to take it.
   */
  block(of: GroupKey, by: readonly Blocking[]): Promise<void>
  /** Forgets that this one stood in the way, and with it what was to take its place. */
  free(of: GroupKey, from: Blocking): Promise<void>
  /** Another one is to take the place of one that stood in the way, or of what was to take it; does nothing when none did. */
  replace(of: GroupKey, from: Blocking, by: Blocking): Promise<void>
  /** How many keys each group cannot go on with; none of a group that has none. */
  counts(): Promise<readonly BlockedCount[]>
}
