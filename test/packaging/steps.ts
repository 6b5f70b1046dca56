import { join } from 'node:path'

const readme = join(import.meta.dir, '../../README.md')

/** The blocks of commands under a heading of the README, in their order, as somebody would paste them. */
export const stepsUnder = async (heading: string): Promise<readonly string[]> => {
  const text = await Bun.file(readme).text()
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`README.md has no heading "${heading}".`)
  return [...section.matchAll(/^ *```\n([^`]*)^ *```$/gm)].map(([, block = '']) => block)
}
