export function counted(letters: number): string {
  return letters === 1 ? '1 dead letter' : `${letters} dead letters`
}
