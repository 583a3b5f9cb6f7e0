export function counted(messages: number): string {
  return messages === 1 ? '1 message' : `${messages} messages`
}
