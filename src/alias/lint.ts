import { type Alias, AliasProblem, badFormats, readAlias, refOf } from './alias.ts'
import { createDialect, type Dialect } from './dialect.ts'
import { lintFormat } from './lint-format.ts'

/** Something about an alias that will surprise its author or its users. */
export type Finding = {
  readonly level: 'error' | 'warning'
  readonly ref: string
  readonly file?: string
  readonly format?: string
  readonly message: string
  readonly advice: string
}

export type LintSource = { readonly document: unknown; readonly file?: string }

/**
 * Checks alias documents as `GET /v1/actionalias` or `readPacks` gives them, each alone and all together.
 * Findings come in the order of the documents.
 */
export function lint(documents: readonly unknown[]): readonly Finding[] {
  return lintSources(documents.map((document) => ({ document })))
}

/** The same, with the file that each document comes from. */
export function lintSources(sources: readonly LintSource[]): readonly Finding[] {
  const findings: Finding[] = []
  const seen: Seen = { names: new Map(), formats: new Map() }
  const dialect = createDialect()
  for (const { document, file } of sources) {
    const at = file === undefined ? {} : { file }
    for (const finding of lintDocument(document, dialect, seen)) {
      findings.push({ ...finding, ...at })
    }
  }
  return findings
}

type Seen = {
  readonly names: Map<string, string>
  readonly formats: Map<string, string>
}

function lintDocument(document: unknown, dialect: Dialect, seen: Seen): readonly Finding[] {
  let alias: Alias
  try {
    alias = readAlias(document)
  } catch (error) {
    if (!(error instanceof AliasProblem)) throw error
    return [{
      level: 'error',
      ref: refOf(document),
      message: `It is not an alias: ${error.reason}`,
      advice: 'Give it name, pack, action_ref and a list of formats.',
    }]
  }
  const findings: Finding[] = badFormats(document).map(({ at, reason }) => ({
    level: 'error',
    ref: alias.ref,
    message: `Format ${at + 1} is not usable: ${reason}`,
    advice: 'Write a format as text, or as an object with display and representation.',
  }))
  if (alias.formats.length === 0 && findings.length === 0) {
    findings.push({
      level: 'warning',
      ref: alias.ref,
      message: 'It has no formats, so nobody can call it.',
      advice: 'Add at least one format.',
    })
  }
  findings.push(...nameFindings(alias, seen))
  for (const format of alias.formats) {
    findings.push(...shapeFindings(alias, format))
    for (const representation of format.representations) {
      for (const finding of lintFormat(dialect, representation)) {
        findings.push({ ...finding, ref: alias.ref, format: representation })
      }
      findings.push(...sharedFindings(alias, representation, seen))
    }
  }
  return findings
}

function nameFindings(alias: Alias, seen: Seen): readonly Finding[] {
  const findings: Finding[] = []
  const owner = seen.names.get(alias.name)
  if (owner !== undefined) {
    findings.push({
      level: 'error',
      ref: alias.ref,
      message: `${owner} has the same name. StackStorm looks aliases up by name only, ` +
        'so one of the two can never be run.',
      advice: 'Give one of them another name.',
    })
  } else seen.names.set(alias.name, alias.ref)
  if (alias.actionRef === '') {
    findings.push({
      level: 'error',
      ref: alias.ref,
      message: 'It names no action.',
      advice: 'Set action_ref to pack.action.',
    })
  }
  return findings
}

function shapeFindings(alias: Alias, format: Alias['formats'][number]): readonly Finding[] {
  if (format.stringRepresentation) {
    return [{
      level: 'error',
      ref: alias.ref,
      ...shown(format.representations[0]),
      message:
        'representation is plain text. StackStorm finds the alias by it but then refuses to run it.',
      advice: 'Make it a list: representation: ["..."].',
    }]
  }
  if (format.representations.length === 0) {
    return [{
      level: 'warning',
      ref: alias.ref,
      ...shown(format.display),
      message:
        'It has a display text but no representation: people see it in help and cannot call it.',
      advice: 'Add a representation, or leave it if it is meant as help text only.',
    }]
  }
  if (format.display !== undefined) return []
  return [{
    level: 'warning',
    ref: alias.ref,
    ...shown(format.representations[0]),
    message: 'It has no display text, so help cannot show it.',
    advice: 'Add a display text.',
  }]
}

const shown = (format: string | undefined): { format?: string } =>
  format === undefined ? {} : { format }

function sharedFindings(alias: Alias, format: string, seen: Seen): readonly Finding[] {
  if (!alias.enabled) return []
  const shape = format.replace(
    /\{\{\s*[^\s{}=]+\s*(=[^{}]*)?\}\}/g,
    (_, value) => value ? '{=}' : '{}',
  )
  const owner = seen.formats.get(shape)
  seen.formats.set(shape, owner ?? alias.ref)
  if (owner === undefined) return []
  return [{
    level: 'warning',
    ref: alias.ref,
    format,
    message: owner === alias.ref
      ? 'The alias has this format twice: every such command is ambiguous.'
      : `${owner} has the same format: every such command is ambiguous.`,
    advice: 'Change a fixed word in one of them.',
  }]
}
