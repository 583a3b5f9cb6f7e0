/** Something that a person has to change before a table can be followed; the message says what, and how. */
export class FollowProblem extends Error {
  override readonly name = 'FollowProblem'
}
