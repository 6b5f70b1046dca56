import type { Dialect } from './dialect.ts'
import type { Finding } from './lint.ts'
import type { Node } from './python-regex/nodes.ts'
import { PatternError } from './python-regex/tokens.ts'
import { formatLimit, type Matcher } from './matcher.ts'

type FormatFinding = Pick<Finding, 'level' | 'message' | 'advice'>

/** What is wrong or surprising with one format by itself. */
export function lintFormat(dialect: Dialect, format: string): readonly FormatFinding[] {
  if (format === '') {
    return [warning(
      'The format is empty: it fits an empty command only.',
      'Write the words of the command.',
    )]
  }
  if (format.length > formatLimit) {
    return [failure(
      `It has ${format.length} characters; the bot reads formats of ${formatLimit} at most.`,
      'Split it into several formats.',
    )]
  }
  let matcher: Matcher
  try {
    matcher = dialect.matcher(format)
  } catch (error) {
    if (error instanceof PatternError) return [patternFinding(error)]
    if (!(error instanceof RangeError)) throw error
    return [failure('It is nested too deeply to be read.', 'Make it simpler.')]
  }
  return [...textFindings(format), ...patternFindings(matcher)]
}

const warning = (message: string, advice: string): FormatFinding => ({
  level: 'warning',
  message,
  advice,
})

const failure = (message: string, advice: string): FormatFinding => ({
  level: 'error',
  message,
  advice,
})

const poison = 'As long as it is enabled, StackStorm answers 500 to every match.'

function patternFinding({ message, reason }: PatternError): FormatFinding {
  if (reason.startsWith('redefinition of group name')) {
    return failure(
      `The same placeholder stands in it twice (${message}). ${poison}`,
      'Give each placeholder its own name.',
    )
  }
  if (reason.startsWith('bad character in group name')) {
    return failure(
      `A placeholder's name is not allowed (${message}). ${poison}`,
      'Use letters, digits and underscores, and no digit first.',
    )
  }
  if (reason.startsWith('global flags not at the start')) {
    return failure(
      `Flags such as (?i) do not work here: StackStorm puts its anchor in front, ` +
        `and from Python 3.11 on that is an error (${message}). ${poison}`,
      'Write (?i:...) around the words, or begin with (?i)^\\s* and the words.',
    )
  }
  return failure(
    `It is no valid regular expression (${message}). ${poison}`,
    'A format is a regular expression: put a backslash before ( ) [ ] * + ? . \\ | where you mean the character.',
  )
}

function textFindings(format: string): readonly FormatFinding[] {
  const findings: FormatFinding[] = []
  const outside = format.replace(/\{\{.*?\}+\}/gs, '{}')
  if (/[\t\n\r]/.test(outside)) {
    findings.push(warning(
      'It holds a tab or a line break, which people must then type.',
      'Use one blank between words.',
    ))
  }
  if (/ {2}/.test(outside)) {
    findings.push(warning(
      'It holds several blanks in a row, and StackStorm asks for exactly as many.',
      'Use one blank between words.',
    ))
  }
  if (/\s$/.test(format)) {
    findings.push(warning(
      'It ends with a blank. StackStorm asks for it.',
      'Remove it.',
    ))
  }
  if (/^\s*\{\{[^}]*\}\}\s*$/.test(format)) {
    findings.push(warning(
      'It is a placeholder alone and fits every command, so that others become ambiguous.',
      'Begin with a fixed word.',
    ))
  }
  if (/\{\{[^}]*\S\s+[^=\s}][^=}]*\}\}/.test(format) && !format.includes('=')) {
    findings.push(warning(
      'A placeholder with a blank inside its name stays literal text.',
      'Write {{name}}.',
    ))
  }
  const opened = (format.match(/\{\{/g) ?? []).length
  const closed = (format.match(/\}\}/g) ?? []).length
  if (opened !== closed) {
    findings.push(warning(
      `It has ${opened} "{{" and ${closed} "}}": what does not pair stays literal text.`,
      'Close every placeholder with }}.',
    ))
  }
  return findings
}

function patternFindings(matcher: Matcher): readonly FormatFinding[] {
  const { inexpressible } = matcher
  const pattern = matcher.pattern()
  const findings: FormatFinding[] = []
  const missing = pattern.defaults.find(([name]) => !pattern.tree.names.has(name))
  if (missing !== undefined) {
    findings.push(failure(
      `The default of ${
        missing[0]
      } spans lines; StackStorm fails with 500 on every command that fits.`,
      'Write the default on one line.',
    ))
  }
  const reason = inexpressible()
  if (reason !== undefined) {
    findings.push(warning(
      `It uses ${reason}, which cannot be matched in linear time: it runs apart, with a limit of 200 ms.`,
      'Write it without, if you can.',
    ))
  }
  if (neverMatches(pattern.tree.nodes)) {
    findings.push(failure(
      'It can never match: StackStorm pads every command with a blank on both sides.',
      'Write ^\\s* in front instead of ^, and \\s*$ at the end instead of $, or leave both out.',
    ))
  }
  if (holds(pattern.tree.nodes, isYoungSyntax)) {
    findings.push(warning(
      'It uses (?>...) or a possessive repeat, which StackStorm reads on Python 3.11 and later only.',
      'Write it without.',
    ))
  }
  return findings
}

/** Whether the pattern asks for a character that is no blank right behind its start or before its end. */
function neverMatches(nodes: readonly Node[]): boolean {
  const edge = (at: number, next: number, places: readonly string[]) => {
    const anchor = nodes.at(at)
    const beside = nodes.at(next)
    return anchor?.op === 'at' && places.includes(anchor.place) && beside?.op === 'literal' &&
      beside.code > 32
  }
  return edge(0, 1, ['beginning', 'beginning-string']) || edge(-1, -2, ['end', 'end-string'])
}

const isYoungSyntax = (node: Node): boolean =>
  node.op === 'atomic' || (node.op === 'repeat' && node.mode === 'possessive')

function holds(nodes: readonly Node[], test: (node: Node) => boolean): boolean {
  return nodes.some((node) => {
    if (test(node)) return true
    if (node.op === 'branch') return node.branches.some((branch) => holds(branch, test))
    if (node.op === 'conditional') return holds(node.yes, test) || holds(node.no, test)
    return 'body' in node && holds(node.body, test)
  })
}
