import { Eta } from 'eta/core'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, parse } from 'node:path'
import type { Log } from '../log.ts'
import { templates, type Words } from './templates/index.ts'

/** Words a message: the template's name and what it may speak of give the text. Never throws. */
export type Wording = <Name extends keyof Words>(name: Name, words: Words[Name]) => string

/** An operator's templates by name, as `readTemplates` found them. */
export type Templates = Readonly<Record<string, string>>

const isKnown = (name: string): name is keyof Words => Object.hasOwn(templates, name)

/**
 * The wording of everything that the bot says by itself: built in, or the operator's template of the same name.
 * Each template is compiled once, a built-in one when it is first needed: all of them at the start would cost 4 ms.
 * An operator's that does not compile or fails is named in the log, and the built-in one speaks.
 */
export const createWording = (log: Log, own: Templates = {}): Wording => {
  const builtIn = new Eta({ autoEscape: false, autoTrim: false })
  const operators = new Eta({ autoEscape: false, autoTrim: false })
  const compiled = new Set<string>()
  const replaced = new Set<string>()
  for (const [name, text] of Object.entries(own)) {
    if (!isKnown(name)) {
      log.warn(`There is no message "${name}": its template is not used.`, {
        known: Object.keys(templates).join(' '),
      })
      continue
    }
    try {
      operators.loadTemplate(`@${name}`, operators.compile(text))
      replaced.add(name)
    } catch (error) {
      log.warn(`The template "${name}" does not compile; the built-in wording is used.`, {
        error: error instanceof Error ? error : new Error(String(error)),
      })
    }
  }
  return function word(name, words) {
    if (replaced.has(name)) {
      try {
        return operators.render(`@${name}`, words).trimEnd()
      } catch (error) {
        log.warn(`The template "${name}" failed; the built-in wording is used.`, {
          error: error instanceof Error ? error : new Error(String(error)),
        })
      }
    }
    if (!compiled.has(name)) {
      builtIn.loadTemplate(`@${name}`, templates[name])
      compiled.add(name)
    }
    return builtIn.render(`@${name}`, words).trimEnd()
  }
}

/** To read a named pipe would wait for ever. */
const readTemplate = (path: string): string => {
  if (!statSync(path).isFile()) throw new Error(`${path} is not a file`)
  return readFileSync(path, 'utf8')
}

/**
 * The operator's templates: the `*.eta` files of a folder, by their names.
 * Throws what the file system throws when the folder or one of them cannot be read, and an Error for one that is no file.
 */
export const readTemplates = (folder: string): Templates =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith('.eta'))
      .map((file) => [parse(file).name, readTemplate(join(folder, file))]),
  )
