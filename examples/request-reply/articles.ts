export interface Article {
  readonly priceCents: number
  /** What it takes to find the price. */
  readonly workMs: number
}

/** What is sold. An organ is built to measure, and its price is not found in a second. */
export const articles: ReadonlyMap<string, Article> = new Map([
  ['lamp', { priceCents: 4200, workMs: 150 }],
  ['organ', { priceCents: 9_900_000, workMs: 2_000 }],
])
