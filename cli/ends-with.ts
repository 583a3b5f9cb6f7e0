/** A command has said all there is to say, and ends with this exit code. */
export class EndsWith extends Error {
  override readonly name = 'EndsWith'
  readonly code: number

  constructor(code: number) {
    super(`exit code ${code}`)
    this.code = code
  }
}
