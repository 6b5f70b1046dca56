import { describe, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completionScript, type Shell } from '../../src/cli/completion.ts'
import { createProgram } from '../../src/cli/program.ts'
import { Capture } from './capture.ts'

const script = (shell: Shell) => completionScript(shell, createProgram(new Capture().io, () => {}))

/** Runs a shell's own program over text and gives what it prints, one word a line, sorted. */
const run = async (command: readonly string[], text: string): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'completion-'))
  try {
    await writeFile(join(folder, 'script'), text)
    const child = Bun.spawn([...command, join(folder, 'script')], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      env: { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'dumb' },
    })
    const [output, errors] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ])
    expect({ errors, code: await child.exited }).toEqual({ errors: '', code: 0 })
    return output.split('\n').filter((word) => word !== '').sort()
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What bash offers after these words; the last one is being typed. */
const inBash = (...words: readonly string[]) => {
  const list = ['st2chatops', ...words].map((word) => `'${word}'`).join(' ')
  return run(
    ['bash', '--norc', '--noprofile'],
    `${script('bash')}
COMP_WORDS=(${list}); COMP_CWORD=${words.length}
_st2chatops
printf '%s\\n' "\${COMPREPLY[@]}"
`,
  )
}

describe.skipIf(Bun.which('bash') === null)('bash', () => {
  test('offers every command at the start', async () => {
    expect(await inBash('')).toEqual([
      'aliases',
      'check',
      'completion',
      'config',
      'deadletters',
      'demo',
      'help',
      'parse',
      'run',
      'sandbox',
      'shell',
      'slack-manifest',
      'version',
    ])
  })

  test('narrows down to what is typed', async () => {
    expect(await inBash('co')).toEqual(['completion', 'config'])
  })

  test('knows subcommands and their options', async () => {
    expect(await inBash('aliases', 'l')).toEqual(['lint', 'list'])
    expect(await inBash('aliases', 'list', '--')).toEqual([
      '--env-file',
      '--help',
      '--json',
      '--packs',
    ])
  })

  test('offers the options of run where no command stands', async () => {
    expect(await inBash('--dis')).toEqual(['--disable-httpd'])
    expect(await inBash('--log-format', 'js')).toEqual(['json'])
  })

  test('knows the chat services, and does not take a value for a command', async () => {
    expect(await inBash('run', '--adapter', 'she')).toEqual(['shell'])
    expect(await inBash('--name', 'config', 'ch')).toEqual(['check'])
  })

  test('offers words where an argument has a choice, and commands for help', async () => {
    expect(await inBash('completion', '')).toEqual(['bash', 'fish', 'zsh'])
    expect(await inBash('help', 'aliases')).toEqual(['aliases'])
  })
})

describe.skipIf(Bun.which('zsh') === null)('zsh', () => {
  /** The two functions of zsh that offer words are replaced by ones that print them. */
  const inZsh = (...words: readonly string[]) => {
    const list = ['st2chatops', ...words].map((word) => `'${word}'`).join(' ')
    return run(
      ['zsh', '-f'],
      `compdef() { : }
${script('zsh')}
_describe() { local name=$argv[-1]; print -l -- \${(P)name%%:*} }
compadd() { shift; print -l -- $@ }
words=(${list}); CURRENT=${words.length + 1}
_st2chatops
`,
    )
  }

  test('walks the same tree', async () => {
    expect(await inZsh('')).toContain('aliases')
    expect(await inZsh('aliases', '')).toEqual(['help', 'lint', 'list', 'search'])
    expect(await inZsh('config', 'show', '--')).toEqual(['--env-file', '--help', '--json', '-h'])
    expect(await inZsh('--log-format', '')).toEqual(['auto', 'journal', 'json', 'pretty'])
    expect(await inZsh('--name', 'config', '')).toContain('check')
  })
})

describe.skipIf(Bun.which('fish') === null)('fish', () => {
  const inFish = async (line: string) => {
    const offered = await run(
      ['fish', '--no-config'],
      `${script('fish')}\ncomplete -C '${line}'\n`,
    )
    return offered.map((word) => word.split('\t')[0])
  }

  test('walks the same tree', async () => {
    expect(await inFish('st2chatops aliases ')).toEqual(['help', 'lint', 'list', 'search'])
    expect(await inFish('st2chatops co')).toEqual(['completion', 'config'])
    expect(await inFish('st2chatops config show --')).toEqual(['--env-file', '--help', '--json'])
    expect(await inFish('st2chatops --log-format js')).toEqual(['json'])
    expect(await inFish('st2chatops --name config ch')).toEqual(['check'])
  })
})
