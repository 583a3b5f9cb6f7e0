/** The same for each urgency. */
export function evenly(window: number) {
  return { urgent: window, normal: window, low: window }
}
