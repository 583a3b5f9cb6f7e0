/** What is wrong with a filter, and what would be right. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}
