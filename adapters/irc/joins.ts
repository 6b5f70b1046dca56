import { type Command, command, longestLine, secretCommand } from './command.ts'
import type { WantedRoom } from './setup.ts'

/** As few JOIN lines as `most` channels a line and its length allow. */
export const joinsOf = (rooms: readonly WantedRoom[], most: number): readonly Command[] => {
  const lines: Command[] = []
  let names: string[] = []
  let keys: string[] = []
  const end = (): void => {
    if (names.length === 0) return
    const list = names.join(',')
    lines.push(
      keys.length === 0 ? command('JOIN', list) : secretCommand(1, 'JOIN', list, keys.join(',')),
    )
    names = []
    keys = []
  }
  for (const { name, key } of rooms) {
    const size = Buffer.byteLength(['JOIN', [...names, name], [...keys, key ?? '']].join(' '))
    if (names.length >= most || size > longestLine - 4) end()
    names.push(name)
    if (key !== undefined) keys.push(key)
  }
  end()
  return lines
}
