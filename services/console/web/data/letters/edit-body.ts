export interface Edited {
  readonly group: string
  readonly id: string
  /** JSON. It goes as it is written: read and written again, a long number would be another. */
  readonly data: string
  readonly expected: number
  readonly reason: string
}

export function editBody({ data, expected, reason }: Pick<Edited, 'data' | 'expected' | 'reason'>): string {
  const why = reason === '' ? '' : `,"reason":${JSON.stringify(reason)}`
  return `{"expected":${expected}${why},"data":${data}}`
}
