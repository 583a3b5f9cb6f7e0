/**
 * Presses, and with the next number again where that answers with nothing: a measured fact says that the press came too
 * late for what it was to show. Fails when three came too late.
 */
export async function pressed<T>(press: (time: number) => Promise<T | undefined>): Promise<T> {
  for (let time = 1; time <= 3; time++) {
    const shown = await press(time)
    if (shown !== undefined) return shown
  }
  throw new Error('three times it was too late for what is to be seen')
}
